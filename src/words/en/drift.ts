// Where a cluster differs from the files that would be applied to it.

export const DRIFT_LABEL = 'drift';
export const DRIFT_TITLE = 'Where the cluster differs from these files';

/** `NetworkPolicy shop/cart differs in the cluster (port: 7070 → port: 8080)`. `places`: values that differ, where single ones do. */
export function driftWords(drift: {
  readonly kind: string;
  readonly name: string;
  readonly state: 'missing' | 'differs';
  readonly places?: readonly { readonly was?: string; readonly now?: string }[];
}): string {
  const object = `${drift.kind} ${drift.name}`;
  if (drift.state === 'missing') return `${object} is not in the cluster`;
  const values = (drift.places ?? []).filter(({ was, now }) => was !== undefined || now !== undefined);
  const [first] = values;
  if (first === undefined) return `${object} differs in the cluster`;
  const more = values.length > 1 ? ` and ${values.length - 1} more` : '';
  return `${object} differs in the cluster: ${first.was ?? 'nothing'} there, ${first.now ?? 'nothing'} here${more}`;
}

/** `cells`: of the profile, as docs/cni-profiles.md names them. `head`: the new state. */
export function settingsDifferWords(cells: readonly string[], head: string): string {
  return `the CNI's settings differ between the two states (${cells.join(', ')}): both are read with those of ${head}, so what the settings themselves open or close is not listed`;
}
