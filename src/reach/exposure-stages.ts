// What stays open to pods that nobody has seen, where more than one stage is asked: port by port the first rule that speaks of them decides.
import type { Direction, Policy, Rule } from '../model/policy.ts';
import { ALL_PORTS, intersectPorts, isNoPorts, NO_PORTS, type PortSet, subtractPorts, unionPorts } from '../net/port-set.ts';
import { isolates, orderedGroups, type Reading } from '../program/stages.ts';

/** `{ allowed: TCP 9090, isAll: false }`; `named`: rules that allow and have port names, which may open more. */
export interface OpenThroughStages {
  readonly allowed: PortSet;
  readonly naming: readonly Rule[];
  /** Rules that may speak of these pods and then change something. */
  readonly perhaps: readonly Rule[];
}

interface Asking {
  readonly speaks: (rule: Rule) => boolean;
  readonly maySpeak: (rule: Rule) => boolean;
  readonly portsOf: (rule: Rule) => PortSet;
}

/** `speaks`: does the rule mean these pods for sure? `maySpeak`: perhaps? `portsOf`: the numbers that a rule names. */
export function openThroughStages(
  { stages }: Reading,
  policies: readonly Policy[],
  direction: Direction,
  { speaks, maySpeak, portsOf }: Asking,
): OpenThroughStages {
  let allowed: PortSet = NO_PORTS;
  let left: PortSet = ALL_PORTS;
  let isIsolated = false;
  const naming: Rule[] = [];
  const inDoubt: { readonly rule: Rule; readonly ports: PortSet }[] = [];
  const rulesOf = (policy: Policy): readonly Rule[] => (policy[direction] === 'not-governed' ? [] : policy[direction]);
  for (const stage of stages) {
    const here = policies.filter(({ tier }) => tier === stage.tier);
    if (here.length === 0) continue;
    const isolating = here.some((policy) => isolates(policy, direction));
    const rules = stage.combine === 'ordered' ? orderedGroups(here, stage).flat(2).flatMap(rulesOf) : unionOrder(here.flatMap(rulesOf));
    let passed: PortSet = NO_PORTS;
    for (const rule of rules) {
      const ports = intersectPorts(left, portsOf(rule));
      if (!speaks(rule)) {
        if (maySpeak(rule)) inDoubt.push({ rule, ports });
        continue;
      }
      if (rule.action === 'allow') allowed = unionPorts(allowed, ports);
      if (rule.action === 'pass') passed = unionPorts(passed, ports);
      if (rule.action === 'allow' && rule.ports !== 'every-port' && rule.ports.some(({ kind }) => kind === 'named')) naming.push(rule);
      left = subtractPorts(left, ports);
    }
    if (isolating && stage.end === 'deny') left = NO_PORTS;
    isIsolated ||= isolating && stage.end === 'deny-last';
    left = unionPorts(left, passed);
  }
  const open = isIsolated ? allowed : unionPorts(allowed, left);
  const changes = ({ rule, ports }: (typeof inDoubt)[number]) =>
    rule.action === 'pass'
      ? !isNoPorts(ports)
      : !isNoPorts(rule.action === 'allow' ? subtractPorts(ports, open) : intersectPorts(ports, open));
  return { allowed: open, naming, perhaps: inDoubt.filter(changes).map(({ rule }) => rule) };
}

/** In a union a deny comes before everything. */
function unionOrder(rules: readonly Rule[]): readonly Rule[] {
  return [...rules.filter(({ action }) => action === 'deny'), ...rules.filter(({ action }) => action !== 'deny')];
}
