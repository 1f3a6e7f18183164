// Kind `explain`: verdict, connections, and which policies and rules are named, per section of a pair. Wording is not compared.
import type { Cluster } from '../../src/model/cluster.ts';
import { DIRECTIONS, type Direction, printRuleRef, type RuleRef } from '../../src/model/policy.ts';
import { ALL_PORTS, NO_PORTS, samePorts, unionPorts } from '../../src/net/port-set.ts';
import { rulesOf } from '../../src/policy/decide.ts';
import type { Connection } from '../../src/policy/end.ts';
import { peersMatch } from '../../src/policy/peer-matches.ts';
import { portsMatch } from '../../src/policy/port-matches.ts';
import type { DirectionVerdict } from '../../src/policy/verdict.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { atomIn, type PortAtom, portAtoms } from './atoms.ts';
import { expectedMap } from './compare-connectivity.ts';
import { type Comparison, type Difference, fit, lets, type Openness, tally } from './comparison.ts';
import type { CorpusCase } from './corpus-case.ts';
import type { CaseCluster } from './ends-of-case.ts';
import type { Ask } from './evaluators.ts';
import type { Explain, ExplainedSection } from './expected.ts';
import { type OrderedRule, readReasons, type SaidOfDirection } from './explain-reasons.ts';
import { parseConns, parseEnd, parseRange } from './notation.ts';
import { isInFocus, type Party, pairsOf } from './workload-pairs.ts';

export interface ExplainOptions {
  readonly semantics: Semantics;
  readonly openness: Openness;
  readonly options: CorpusCase['options'];
}

/** Pairs whose source is the ingress controller are for compare-ingress-controller.ts. */
export function compareExplain(setting: CaseCluster, expected: Explain, ask: Ask, how: ExplainOptions): Comparison {
  const { cell, open, result } = tally();
  const listed = expected.pairs.filter(({ src }) => src !== '{ingress-controller}');
  const conns = listed.flatMap(({ sections }) => sections.map((section) => parseConns(section.conns)));
  const rows = [...listed, ...expected.systemDefault.filter(isRow)].map(({ src, dst }) => ({ src, dst, allowed: 'All Connections' }));
  const { parties } = expectedMap(setting, rows, 'workload');
  const atoms = portAtoms(setting.cluster, conns);
  const seen = new Set<string>();

  const check = (from: Party, to: Party, section: ExplainedSection, atom: PortAtom): void => {
    for (const source of from.ends) {
      for (const destination of to.ends) {
        const connection = { source, destination, protocol: atom.protocol, port: atom.from };
        const verdict = ask(connection);
        const where = `${from.name} -> ${to.name} ${atom.protocol} ${atom.from}`;
        const touches = from.hostNetwork || to.hostNetwork ? ({ touches: 'host-network' } as const) : {};
        const fits = fit(section.verdict === 'allowed', verdict, how.openness);
        if (fits === 'open') open();
        cell(fits === 'missed' ? { where, expected: section.verdict, got: verdict.outcome, ...touches } : undefined);
        if (fits === 'open') continue;
        const said = readReasons(section.reasons);
        for (const direction of DIRECTIONS) {
          const of = said[direction];
          if (of === undefined) continue;
          const difference = compareReasons(setting, how.semantics, direction, of, verdict[direction], connection, where);
          cell(difference === undefined ? undefined : { ...difference, ...touches });
        }
      }
    }
  };

  for (const { src, dst, sections } of listed) {
    const whole = sections.map((section) => parseConns(section.conns)).reduce(unionPorts, NO_PORTS);
    const isWhole = how.options.explainOnly === undefined && how.options.focusConn === undefined;
    if (isWhole && !samePorts(whole, ALL_PORTS)) throw new Error(`the sections of ${src} -> ${dst} do not cover all ports`);
    for (const [from, to] of partiesNamed(parties, src).flatMap((from) => partiesNamed(parties, dst).map((to) => [from, to] as const))) {
      seen.add(`${from.name} ${to.name}`);
      for (const section of sections) {
        const ports = parseConns(section.conns);
        for (const atom of atoms) if (atomIn(ports, atom)) check(from, to, section, atom);
      }
    }
  }
  const byDefault: ExplainedSection = {
    verdict: 'allowed',
    conns: '',
    reasons: ['Egress', 'Ingress'].map((direction) => `${direction} (Allowed) due to the system default (Allow all)`),
  };
  for (const { src, dst } of expected.systemDefault.filter(isRow)) {
    for (const [from, to] of partiesNamed(parties, src).flatMap((from) => partiesNamed(parties, dst).map((to) => [from, to] as const))) {
      seen.add(`${from.name} ${to.name}`);
      for (const atom of atoms) check(from, to, byDefault, atom);
    }
  }
  // The other way round: a pair that the report leaves out would be one that it could not explain.
  if (how.options.explainOnly !== undefined) return result();
  for (const { from, to } of pairsOf(parties).filter(({ from, to }) => isInFocus(how.options, from, to))) {
    const where = `${from.name} -> ${to.name}`;
    cell(seen.has(`${from.name} ${to.name}`) ? undefined : { where, expected: 'not listed', got: 'a pair of this input' });
  }
  return result();
}

/** Rows about pods that are not in the input belong to the exposure part. */
function isRow({ src, dst }: { readonly src: string; readonly dst: string }): boolean {
  return [src, dst].every((text) => ['workload', 'range'].includes(parseEnd(text).kind));
}

function partiesNamed(parties: readonly Party[], text: string): Party[] {
  const range = parseRange(text);
  if (range === undefined) return parties.filter(({ name }) => name === text);
  return parties.filter((party) => party.range?.family === 4 && party.range.from >= range.from && party.range.to <= range.to);
}

/** What one direction of a section says against what our verdict says: policies, rules, and rules that only the port misses. */
export function compareReasons(
  { cluster }: CaseCluster,
  semantics: Semantics,
  direction: Direction,
  said: SaidOfDirection,
  verdict: DirectionVerdict,
  connection: Connection,
  where: string,
): Difference | undefined {
  const peer = direction === 'ingress' ? connection.source : connection.destination;
  const passing = said.ordered.filter(({ does }) => does === 'passes').map((one) => orderedRule(cluster, direction, one));
  const idle = passing.find((ref) => !matches(cluster, semantics, ref, connection));
  if (idle !== undefined)
    return { where: `${where} ${direction}`, expected: `${printRuleRef(idle)} passes it on`, got: 'it does not match' };
  const deciding = said.ordered.filter(({ does }) => does !== 'passes').map((one) => orderedRule(cluster, direction, one));
  const ours = {
    lets: lets(verdict),
    policies:
      verdict.outcome === 'allowed'
        ? verdict.rules.map(({ policy }) => policy.ref)
        : verdict.outcome === 'denied'
          ? verdict.policies.map(({ ref }) => ref)
          : [],
    rules:
      verdict.outcome === 'allowed'
        ? firstOfEachPolicy(verdict.rules)
        : verdict.outcome === 'denied' && verdict.rule !== undefined
          ? [verdict.rule]
          : [],
    portMisses:
      verdict.outcome === 'denied' && verdict.rule === undefined
        ? firstOfEachPolicy(
            verdict.policies
              .flatMap((policy) => rulesOf(policy, direction))
              .filter((ref) => peersMatch(cluster, semantics, ref, peer, undefined) === 'yes'),
          )
        : [],
  };
  const expected = print(
    said.lets,
    [...said.policies, ...deciding.map(({ policy }) => policy.ref)],
    [...said.rules, ...deciding.map(printRuleRef)],
    said.portMisses,
  );
  const got = print(ours.lets, ours.policies, ours.rules.map(printRuleRef), ours.portMisses.map(printRuleRef));
  return expected === got ? undefined : { where: `${where} ${direction}`, expected, got };
}

/** The rule that a line names by its `name`, or by its number from 1 where it has none. */
function orderedRule({ policies }: Cluster, direction: Direction, { policy, rule }: OrderedRule): RuleRef {
  const named = policies.find(({ ref, tier }) => ref === policy && tier !== 'namespaced');
  const found = (named === undefined ? [] : rulesOf(named, direction)).find((ref) => {
    const written = (named?.value as Written | undefined)?.spec?.[direction]?.[ref.rule.index]?.name;
    return (written ?? `#${ref.rule.index + 1}`) === rule;
  });
  if (found === undefined) throw new Error(`the input has no ${direction} rule ${rule} of ${policy}`);
  return found;
}

type Written = { readonly spec?: Partial<Record<Direction, readonly { readonly name?: string }[]>> };

function matches(cluster: Cluster, semantics: Semantics, ref: RuleRef, { source, destination, protocol, port }: Connection): boolean {
  const peer = ref.direction === 'ingress' ? source : destination;
  return (
    peersMatch(cluster, semantics, ref, peer, undefined) === 'yes' &&
    protocol !== 'ICMP' &&
    portsMatch(semantics, ref, destination, protocol, port) === 'yes'
  );
}

/** We name every rule that matches; the tool behind these cases stops at the first one of a policy. */
function firstOfEachPolicy(rules: readonly RuleRef[]): RuleRef[] {
  return rules.filter(({ policy }, i) => rules.findIndex((other) => other.policy === policy) === i);
}

function print(lets: boolean, policies: readonly string[], rules: readonly string[], portMisses: readonly string[]): string {
  const list = (names: readonly string[]) => [...new Set(names)].sort().join(', ') || '-';
  return `${lets ? 'lets through' : 'denies'}; policies ${list(policies)}; rules ${list(rules)}; port misses ${list(portMisses)}`;
}
