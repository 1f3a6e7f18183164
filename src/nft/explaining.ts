// The form that can be read: one chain per distinct set of selecting policies, one named counter per rule, sets named after their rule.
// Peers are never single rules: a chain costs one lookup per policy rule, however many pods a rule means.
import type { Pod } from '../model/cluster.ts';
import { DIRECTIONS, type Direction, type Policy, printRuleRef, type RuleRef } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import { isolates, orderedGroups, type Stage, standsIn } from '../program/stages.ts';
import { SUBJECT } from './elements.ts';
import {
  beforePolicies,
  DENIED,
  denyingChains,
  exemptSets,
  FAMILIES,
  type FrameOptions,
  recordedSets,
  sparingOwnNode,
  stamp,
} from './frame.ts';
import { type Members, partsOf, readingFor, valuesOf } from './members.ts';
import { groupName, nftComment, policyName, short, uniquely } from './names.ts';
import type { Chain, Counter, MapEntry, Meaning, NftMap, NftVerdict, Rule, Ruleset } from './ruleset.ts';
import { beyondBlocksSets, type Shape, shapeOf } from './shapes.ts';

/** Pods that the same policies select. They share a chain. */
interface Group {
  readonly direction: Direction;
  readonly policies: readonly Policy[];
  readonly pods: Pod[];
}

/** `subjects`: whose isolation these rules enforce; on a node, the pods of that node. */
export function explaining(members: Members, subjects: readonly Pod[], options: FrameOptions): Omit<Ruleset, 'table' | 'comment'> {
  const { stages } = readingFor(members.cluster, members.semantics);
  const groups = DIRECTIONS.flatMap((direction) => groupsOf(members, subjects, direction));
  const chainName = uniquely(({ direction, policies }: Group) => groupName(direction, policies));
  const nameOf = uniquely(policyName);
  const counterOf = ({ policy, direction, rule }: RuleRef) =>
    // A kind that names its rules has two lists of them in one direction: `ingressDeny[0]` beside `ingress[0]`.
    `${nameOf(policy)}.${short(direction)}${rule.label === undefined ? '' : rule.action}${rule.index}`;

  const rules = distinctRules(groups).map(({ ref, pods }) => ({
    ref,
    shape: shapeOf(members, counterOf(ref), partsOf(members, ref.policy, ref.direction, ref.rule), pods),
  }));
  const shapes = new Map(rules.map(({ ref, shape }) => [ref.rule, shape]));
  const meanings: [Counter, Meaning][] = [
    ...rules.map(({ ref }): [Counter, Meaning] => [
      { name: counterOf(ref), comment: nftComment(printRuleRef(ref)) },
      { kind: 'rule', rule: ref },
    ]),
    ...groups.map((group): [Counter, Meaning] => [
      { name: `${chainName(group)}.denied`, comment: nftComment(`denied: ${group.policies.map(({ ref }) => ref).join(' ')}`) },
      { kind: 'denied', direction: group.direction, policies: group.policies },
    ]),
  ];

  const dispatch = DIRECTIONS.flatMap((direction) =>
    FAMILIES.map(
      (family): NftMap => ({
        name: `${short(direction)}${family}`,
        fields: [SUBJECT[direction][family]],
        interval: false,
        to: 'verdict',
        entries: groups.filter((group) => group.direction === direction).flatMap((group) => entriesOf(group, family, chainName(group))),
      }),
    ),
  );
  const lookUp = (direction: Direction): Rule[] =>
    FAMILIES.map((family) => [{ kind: 'vmap', fields: [SUBJECT[direction][family]], map: `${short(direction)}${family}` }]);
  const end = stamp(options);
  const base: Chain = {
    name: 'base',
    hook: options.hook,
    rules: [...beforePolicies(options), ...lookUp('egress'), ...lookUp('ingress'), ...(end.length > 0 ? [end] : [])],
  };
  return {
    counters: meanings.map(([counter]) => counter),
    legend: new Map(meanings.map(([{ name }, meaning]) => [name, meaning])),
    sets: [...recordedSets(), ...exemptSets(members, options), ...beyondBlocksSets(members), ...rules.flatMap(({ shape }) => shape.sets)],
    maps: dispatch,
    chains: [
      ...groups.flatMap((group) =>
        chainsOf(stages, group, chainName(group), {
          shape: (ref) => shapeIn(shapes, ref),
          counterOf,
          sparing: sparingOwnNode(members, group.direction, options),
        }),
      ),
      ...denyingChains(options.denials),
      base,
    ],
  };
}

function shapeIn(shapes: ReadonlyMap<RuleRef['rule'], Shape>, ref: RuleRef): Shape {
  const shape = shapes.get(ref.rule);
  if (shape === undefined) throw new Error(`no shape was made for ${printRuleRef(ref)}`);
  return shape;
}

/** Every rule that some group asks, once, with all the pods it is asked for. */
function distinctRules(groups: readonly Group[]): { readonly ref: RuleRef; readonly pods: readonly Pod[] }[] {
  const found = new Map<RuleRef['rule'], { readonly ref: RuleRef; readonly pods: Pod[] }>();
  for (const { direction, policies, pods } of groups) {
    for (const ref of policies.flatMap((policy) => refsOf(policy, direction))) {
      const known = found.get(ref.rule);
      if (known === undefined) found.set(ref.rule, { ref, pods: [...pods] });
      else known.pods.push(...pods);
    }
  }
  return [...found.values()];
}

function groupsOf(members: Members, subjects: readonly Pod[], direction: Direction): Group[] {
  const groups = new Map<string, Group>();
  const idOf = new Map<Policy, number>(members.cluster.policies.map((policy, i) => [policy, i]));
  for (const pod of subjects) {
    const policies = members.policiesOn(direction, pod);
    if (policies.length === 0) continue;
    const key = policies.map((policy) => idOf.get(policy)).join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { direction, policies, pods: [pod] });
    else group.pods.push(pod);
  }
  return [...groups.values()];
}

function entriesOf({ pods }: Group, family: Family, chain: string): MapEntry[] {
  const addresses = new Set(pods.flatMap((pod) => valuesOf(pod.addresses, family)));
  return [...addresses].map((value) => ({ key: [value], value: { kind: 'jump', chain } }));
}

interface ChainParts {
  readonly shape: (ref: RuleRef) => Shape;
  readonly counterOf: (ref: RuleRef) => string;
  /** What comes before a denial for want of a rule. */
  readonly sparing: readonly Rule[];
}

/**
 * The tiers, in their order (semantics B.2): admin rules one by one, then the union of NetworkPolicies, else the baseline rules.
 * Leaving with `return` means: this direction lets the packet through.
 */
function chainsOf(
  stages: readonly Stage[],
  { direction, policies }: Group,
  name: string,
  { shape, counterOf, sparing }: ChainParts,
): Chain[] {
  const deny: readonly Rule[] = [
    ...sparing,
    [
      { kind: 'count', counter: `${name}.denied` },
      { kind: 'goto', chain: DENIED[direction] },
    ],
  ];
  const comment = nftComment(policies.map(({ ref }) => ref).join(' '));
  const chains: Chain[] = [];
  const rulesOf = (refs: readonly RuleRef[], pass: NftVerdict): Rule[] =>
    refs.flatMap((ref) =>
      shape(ref).lookups.map((lookup): Rule => [...lookup, { kind: 'count', counter: counterOf(ref) }, verdictOf(ref, direction, pass)]),
    );
  /** The rules of the stages from here on; `otherwise`: what is left when none of them decides. */
  const from = (stages: readonly Stage[], otherwise: readonly Rule[]): readonly Rule[] => {
    const [stage, ...rest] = stages;
    if (stage === undefined) return otherwise;
    const here = policies.filter((policy) => standsIn(policy, stage));
    if (here.length === 0) return from(rest, otherwise);
    const isolating = here.some((policy) => isolates(policy, direction));
    const shut = isolating && stage.end === 'deny';
    if (!isolating && stage.endsForSelected === true) return otherwise;
    const after = (): readonly Rule[] => from(rest, isolating && stage.end === 'deny-last' ? deny : otherwise);
    if (stage.combine === 'union') {
      const refs = here.flatMap((policy) => refsOf(policy, direction));
      const denies = refs.filter(({ rule }) => rule.action === 'deny');
      const allows = refs.filter(({ rule }) => rule.action !== 'deny');
      return [...rulesOf([...denies, ...allows], { kind: 'return' }), ...(shut ? deny : after())];
    }
    const refs = orderedGroups(here, stage)
      .flat(2)
      .flatMap((policy) => refsOf(policy, direction));
    const behind = after();
    if (behind.length === 0) return [...rulesOf(refs, { kind: 'return' }), ...(shut ? deny : [])];
    const chain = `${name}.after-${stage.tier.replace(/[^A-Za-z0-9]+/g, '-')}`;
    chains.push({ name: chain, comment, rules: behind });
    return [...rulesOf(refs, { kind: 'goto', chain }), ...(shut ? deny : [[{ kind: 'goto', chain } as const]])];
  };
  const rules = from(stages, []);
  return [...chains, { name, comment, rules }];
}

function verdictOf({ rule }: RuleRef, direction: Direction, pass: NftVerdict): NftVerdict {
  if (rule.action === 'pass') return pass;
  return rule.action === 'allow' ? { kind: 'return' } : { kind: 'goto', chain: DENIED[direction] };
}

function refsOf(policy: Policy, direction: Direction): RuleRef[] {
  const rules = policy[direction];
  return rules === 'not-governed' ? [] : rules.map((rule) => ({ policy, direction, rule }));
}
