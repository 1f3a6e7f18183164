// Promises: what holds of every pod, also of those that nobody has created yet, and what breaks it.
import { printPlace } from '../../explain/place.ts';
import { type Policy, printRuleRef, type RuleRef } from '../../model/policy.ts';
import { ALL_PORTS, isAllPorts, type PortSet, PROTOCOLS, printPortSet, subtractPorts } from '../../net/port-set.ts';
import type { Doubt, FamilyVerdict } from '../../policy/verdict.ts';
import type { PromiseCheck } from '../../question/intents-promise.ts';
import type { Covered, PromiseDoubt } from '../../question/promises.ts';
import { causeSentence } from './cause.ts';
import { CAUSES_UNDECIDED } from './cause-undecided.ts';
import { endErrorSentence } from './end-error.ts';
import { counted } from './lists.ts';
import { didYouMean, type Said } from './said.ts';

/** A pod of a counter-example, as documents have it. */
export interface ShownPod {
  readonly pod: string;
  readonly isToCome: boolean;
  readonly newNamespace?: Readonly<Record<string, string>>;
  readonly portNames?: readonly string[];
}

/** `web/app=frontend (any new pod with these labels)`. */
function examplePodWords({ pod, isToCome, newNamespace, portNames = [] }: ShownPod): string {
  if (!isToCome) return pod;
  const names = portNames.length === 0 ? '' : `, which calls the port ${portNames.map((name) => `\`${name}\``).join(' and ')}`;
  const labels = Object.entries(newNamespace ?? {}).filter(([key]) => key !== 'kubernetes.io/metadata.name');
  const list = labels.map(([key, value]) => `${key}=${value}`).join(',');
  const where = newNamespace === undefined ? '' : list === '' ? ' in a new namespace' : ` in a new namespace with ${list}`;
  const what = pod.endsWith('/') ? 'a new pod without labels' : 'a new pod with these labels';
  return `${pod} (${what}${where}${names})`;
}

/** `web/app=frontend (a new pod with these labels) can connect to shop/cart on 8080/TCP`. */
export function exampleWords(from: ShownPod, to: ShownPod, on: string, outcome: string): string {
  const how =
    outcome === 'allowed'
      ? 'can connect to'
      : outcome === 'partial'
        ? 'can connect over one address family only to'
        : outcome === 'broken'
          ? 'has no address family in common with'
          : 'cannot connect to';
  return `${examplePodWords(from)} ${how} ${examplePodWords(to)} on ${on}`;
}

/** `any pod in namespace shop, port 8080`; `zone payments, every port but 8080/TCP`. */
export function promiseTarget(to: string, ports: PortSet): string {
  if (isAllPorts(ports)) return to;
  const ranges = PROTOCOLS.flatMap((protocol) => ports[protocol]);
  const [first] = ranges;
  if (first !== undefined && ranges.length === 1 && first.from === first.to) return `${to}, port ${first.from}`;
  return `${to}, every port but ${printPortSet(subtractPorts(ALL_PORTS, ports))}`;
}

/** How a promise fares; `example` is said where it is broken. */
export function promiseSentence(expect: 'never' | 'always', check: PromiseCheck, example: string | undefined): Said {
  const { answer, error, unmatched, noPods } = check;
  if (noPods !== undefined)
    return {
      text: `\`${noPods}\` is not pods`,
      hint: 'a promise is about pods: name a workload, a pattern, labels or `any pod`, and the port of the pods',
    };
  if (error !== undefined) return endErrorSentence(error);
  if (unmatched !== undefined) return { text: 'an end matches nothing', hint: didYouMean(unmatched.nearest) };
  switch (answer?.kind) {
    case undefined:
      return { text: 'the reason is not known' };
    case 'holds':
      return { text: `${expect}, for ${coveredWords(answer.covered)}` };
    case 'broken':
      return { text: `expected ${expect}, but ${example}` };
    case 'undecided':
      return { text: `expected ${expect}, but it is undecided` };
    case 'nothing':
      return {
        text: `\`${check[answer.side]}\` means no pod`,
        hint: 'the namespace does not exist, its pods all run in the network of their nodes, or no pod can have these labels',
      };
  }
}

/** `3 existing pods and 5 kinds of new pods`. */
function coveredWords({ existing, toCome }: Covered): string {
  const pods = counted(existing, 'existing pod');
  return toCome === 0 ? pods : `${pods} and ${counted(toCome, 'kind of new pods', 'kinds of new pods')}`;
}

/** What a promise leaves out. */
export function hostNetworkWords(count: number): string {
  return `${counted(count, 'pod')} in the network of ${count === 1 ? 'its node is' : 'their nodes are'} not covered: policies see the node`;
}

export function promiseDoubtSentence(doubt: PromiseDoubt): Said {
  switch (doubt.code) {
    case 'beyond-labels':
      return {
        text: 'policies select pods by more than their labels, such as a ServiceAccount or a node, and new pods may differ in that',
        hint: 'select these pods by label',
      };
    case 'too-many-kinds':
      return {
        text: `the policies tell too many kinds of new pods apart${doubt.keys.length === 0 ? '' : ` (by ${doubt.keys.slice(0, 6).join(', ')})`}`,
        hint: 'promise less at a time: name a namespace or labels at both ends',
      };
    case 'verdict': {
      const { text, hint } = doubtSentence(doubt.doubt);
      return { text: isAllPorts(doubt.ports) ? text : `on ${printPortSet(doubt.ports)}, ${text}`, hint };
    }
  }
}

/** What is open, and what would decide it. */
export function doubtSentence(doubt: Doubt): Said {
  if (doubt.code === 'policy-unreadable')
    return {
      text: `${doubt.policy.kind} ${doubt.policy.ref} cannot be read (${printPlace(doubt.policy.origin)})`,
      hint: 'netverdict lint says what is wrong with it',
    };
  if (doubt.code === 'families-differ') return { text: 'IPv4 and IPv6 get different verdicts' };
  const code = doubt.code in CAUSES_UNDECIDED ? (doubt.code as keyof typeof CAUSES_UNDECIDED) : 'profile-differs';
  return causeSentence({ code, facts: factsOf(doubt) } as Parameters<typeof causeSentence>[0]);
}

function factsOf(doubt: Doubt): Readonly<Record<string, string>> {
  return {
    ...('end' in doubt ? { end: doubt.end } : {}),
    ...('cell' in doubt ? { cell: doubt.cell } : {}),
    ...('port' in doubt ? { port: doubt.port } : {}),
    ...('because' in doubt ? { because: doubt.because } : {}),
    ...('endpoint' in doubt ? { endpoint: doubt.endpoint.name } : {}),
    ...('policies' in doubt ? { policies: doubt.policies.map(({ ref }) => ref).join(' and ') } : {}),
    ...('rule' in doubt && doubt.rule !== undefined ? { rule: printRuleRef(doubt.rule) } : {}),
  };
}

/** `ingress: shop/cart ingress[0] allows it (k8s/cart.yaml:12:5)`. */
export function deciderSentence(direction: 'ingress' | 'egress', verdict: FamilyVerdict): string {
  switch (verdict.outcome) {
    case 'allowed':
      return `${direction}: ${refWords(verdict.rules[0])} allows it`;
    case 'denied':
      return verdict.rule === undefined
        ? `${direction}: isolated by ${verdict.policies.slice(0, 3).map(policyWords).join(' and ')}; no rule allows it`
        : `${direction}: ${refWords(verdict.rule)} denies it`;
    case 'not-isolated':
      return `${direction}: no policy isolates the pod`;
    case 'exempt':
      return `${direction}: no policy applies`;
    case 'undecided':
      return `${direction}: undecided`;
  }
}

function refWords(ref: RuleRef): string {
  const at = printPlace(ref.rule.origin);
  return at === '' ? printRuleRef(ref) : `${printRuleRef(ref)} (${at})`;
}

function policyWords(policy: Policy): string {
  const at = printPlace(policy.origin);
  return at === '' ? policy.ref : `${policy.ref} (${at})`;
}
