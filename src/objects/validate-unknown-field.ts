// A field the API does not know: what was probably meant. The known field with nearly that name, and the level where it belongs
// when it stands one too high or too low, which is how most policies that "do nothing" are wrong.
import type { StructShape } from './decode-shapes.ts';

/** Where the field would be known: `under-pod-selector` for `matchLabels` written straight into a peer. */
export type UnknownFieldHint =
  | 'under-pod-selector'
  | 'under-match-labels'
  | 'under-match-expressions'
  | 'under-ip-block'
  | 'under-peers'
  | 'under-ports'
  | 'in-rule'
  | 'in-spec'
  | 'in-metadata'
  | 'other-direction';

const MISPLACED: ReadonlyMap<string, UnknownFieldHint> = new Map([
  ...each('NetworkPolicyPeer', 'under-pod-selector', 'matchLabels', 'matchExpressions'),
  ...each('NetworkPolicyPeer', 'under-ip-block', 'cidr', 'except'),
  ...each('NetworkPolicyPeer', 'in-rule', 'ports', 'from', 'to'),
  ...each('NetworkPolicyPeer', 'under-ports', 'port', 'protocol', 'endPort'),
  ...each('NetworkPolicyPort', 'in-rule', 'from', 'to'),
  ...each('NetworkPolicyPort', 'under-peers', 'podSelector', 'namespaceSelector', 'ipBlock'),
  ...['NetworkPolicyIngressRule', 'NetworkPolicyEgressRule'].flatMap((rule) => [
    ...each(rule, 'under-peers', 'podSelector', 'namespaceSelector', 'ipBlock'),
    ...each(rule, 'under-ports', 'port', 'protocol', 'endPort'),
    ...each(rule, 'in-spec', 'ingress', 'egress', 'policyTypes'),
  ]),
  ...each('NetworkPolicyIngressRule', 'other-direction', 'to'),
  ...each('NetworkPolicyEgressRule', 'other-direction', 'from'),
  ...each('NetworkPolicySpec', 'under-pod-selector', 'matchLabels', 'matchExpressions'),
  ...each('NetworkPolicySpec', 'in-rule', 'from', 'to', 'ports'),
  ...each('NetworkPolicySpec', 'in-metadata', 'name', 'namespace', 'labels', 'annotations'),
  ...each('NetworkPolicy', 'in-spec', 'podSelector', 'ingress', 'egress', 'policyTypes'),
  ...each('NetworkPolicy', 'in-metadata', 'name', 'namespace', 'labels', 'annotations'),
  ...each('ObjectMeta', 'in-spec', 'podSelector', 'ingress', 'egress', 'policyTypes'),
  ...each('LabelSelector', 'under-match-expressions', 'key', 'operator', 'values'),
]);

function each(owner: string, hint: UnknownFieldHint, ...fields: readonly string[]): [string, UnknownFieldHint][] {
  return fields.map((field) => [`${owner}.${field}`, hint]);
}

/** `lables` in ObjectMeta → `{ nearest: 'labels' }`; `matchLabels` in a peer → `{ hint: 'under-pod-selector' }`; `{}` when nothing is near. */
export function placeOfUnknownField(field: string, { name: owner, fields }: StructShape): { nearest?: string; hint?: UnknownFieldHint } {
  const misplaced = MISPLACED.get(`${owner}.${field}`);
  if (misplaced === 'other-direction') return { hint: misplaced, nearest: field === 'to' ? 'from' : 'to' };
  if (misplaced !== undefined) return { hint: misplaced };
  const nearest = nearestOf(field, [...fields.keys()]);
  if (nearest !== undefined) return { nearest };
  // Any other name in a selector is a label that lacks its matchLabels: `podSelector: { app: cart }`.
  return owner === 'LabelSelector' ? { hint: 'under-match-labels' } : {};
}

/** The same but for case, or at most two typing slips away (one in a short name). */
function nearestOf(field: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestSlips = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const slips = field.toLowerCase() === candidate.toLowerCase() ? 0 : slipsBetween(field, candidate);
    const allowed = candidate.length <= 4 ? 1 : 2;
    if (slips <= allowed && slips < bestSlips) [best, bestSlips] = [candidate, slips];
  }
  return best;
}

/** Letters to add, drop, change, or swap with the next one. 3 for everything that is clearly further apart. */
function slipsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let slips = Math.min(change, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) slips = Math.min(slips, (before[j - 2] ?? 0) + 1);
      row.push(slips);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 3;
}
