// What `map --exposure` says.

export const EXPOSURE_TITLES: Readonly<Record<'ingress' | 'egress', string>> = {
  ingress: 'What else could reach them: pods that are not in the input, the internet',
  egress: 'What else they could reach',
};

export const NO_POLICY = 'no policy in this direction';
export const NOTHING_ELSE = 'nothing else';

/** `names`: of policies, already shortened. */
export function uncertainWords(names: string): string {
  return `uncertain, because these policies cannot be read: ${names}`;
}

/** `rules`: already shortened. */
export function byAddressWords(rules: string): string {
  return `uncertain for pods whose address these rules match: ${rules}`;
}

export function leftOutWords(names: string): string {
  return `left out, because they use the host network or have no running pod: ${names}`;
}

type Peer = 'entire-cluster' | { readonly namespace?: string; readonly namespaces: string; readonly pods: string };

/** `every pod in the cluster`, `pods with app=web in namespace shop`, `every pod in namespaces with team=red`. */
export function exposedPeerWords(peer: Peer): string {
  if (peer === 'entire-cluster') return 'every pod in the cluster';
  const pods = peer.pods === '' ? 'every pod' : `pods with ${peer.pods}`;
  if (peer.namespace !== undefined) return `${pods} in namespace ${peer.namespace}`;
  return peer.namespaces === '' ? `${pods} in every namespace` : `${pods} in namespaces with ${peer.namespaces}`;
}
