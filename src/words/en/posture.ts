// What `map --posture` says around its numbers.
import { andMore, counted } from './lists.ts';

interface Counts {
  readonly isolated: number;
  readonly open: number;
  readonly undecided: number;
  readonly exempt: number;
}

/** `12 pods of 4 workloads in 3 namespaces`. */
export function postureHead(pods: number, workloads: number, namespaces: number): string {
  return `${counted(pods, 'pod')} of ${counted(workloads, 'workload')} in ${counted(namespaces, 'namespace')}`;
}

/** `6 NetworkPolicies with 14 rules`; `no policies`. */
export function policyCountWords(
  policies: readonly { readonly kind: string; readonly policies: number; readonly rules: number }[],
): string {
  if (policies.length === 0) return 'no policies';
  const kind = (name: string, count: number) => (count === 1 ? name : name.replace(/y$/, 'ies'));
  return policies.map((each) => `${each.policies} ${kind(each.kind, each.policies)} with ${counted(each.rules, 'rule')}`).join(', ');
}

/** `9 of 12 pods isolated, 1 undecided, 2 in the network of their node`. */
export function coverageWords({ isolated, open, undecided, exempt }: Counts): string {
  return [
    `${isolated} of ${counted(isolated + open + undecided + exempt, 'pod')} isolated`,
    ...(undecided === 0 ? [] : [`${undecided} undecided`]),
    ...(exempt === 0 ? [] : [`${exempt} in the network of their node`]),
  ].join(', ');
}

export const NEW_POD: Readonly<Record<'isolated' | 'open' | 'undecided', string>> = { isolated: 'yes', open: 'no', undecided: 'undecided' };

export const POSTURE_COLUMNS = [
  'namespace',
  'pods',
  'policies',
  'isolated ingress',
  'default-deny ingress',
  'isolated egress',
  'default-deny egress',
] as const;

/** `5 of 5`, `4 of 5 (1 undecided)`. */
export function cellWords({ isolated, open, undecided, exempt }: Counts): string {
  const more = [...(undecided === 0 ? [] : [`${undecided} undecided`]), ...(exempt === 0 ? [] : [`${exempt} on the node's network`])];
  return `${isolated} of ${isolated + open + undecided + exempt}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
}

export const NOT_ENFORCED_POSTURE = 'this CNI does not enforce policies: every pod counts as open';
export const DOUBTED_POSTURE = 'whether this CNI enforces policies is not known; the numbers are what the policies say';

/** `namespace payments: 3 policies; ingress 5 of 5 isolated, a new pod too; egress 0 of 5 isolated, a new pod is open`. */
export function namespaceWords({
  namespace,
  policies,
  ingress,
  egress,
}: {
  readonly namespace: string;
  readonly policies: number;
  readonly ingress: Counts & { readonly newPod: 'isolated' | 'open' | 'undecided' };
  readonly egress: Counts & { readonly newPod: 'isolated' | 'open' | 'undecided' };
}): string {
  const newPod = { isolated: 'a new pod is isolated too', open: 'a new pod is not isolated', undecided: 'a new pod is undecided' };
  const side = (name: string, counts: typeof ingress) => `${name} ${cellWords(counts)} isolated, ${newPod[counts.newPod]}`;
  return `namespace ${namespace}: ${counted(policies, 'policy', 'policies')}; ${side('ingress', ingress)}; ${side('egress', egress)}`;
}

interface Reached {
  readonly workloads: number;
  readonly namespaces: readonly string[];
  readonly outside: boolean;
  readonly ingressController: boolean;
  readonly undecided: number;
}

/** `3 workloads of shop, web; the internet or another address outside; the ingress controller`. */
export function reachedByWords({ workloads, namespaces, outside, ingressController, undecided }: Reached): string {
  const from = [
    ...(workloads === 0 ? [] : [`${counted(workloads, 'workload')} of ${andMore(namespaces, 4)}`]),
    ...(outside ? ['addresses outside the cluster'] : []),
    ...(ingressController ? ['the ingress controller'] : []),
  ];
  const open = undecided === 0 ? '' : `; undecided for ${counted(undecided, 'source')}`;
  return `reached by ${from.length === 0 ? 'nothing' : from.join(', ')}${open}`;
}

export const MARK_WITHOUT_END = 'not in the input';
