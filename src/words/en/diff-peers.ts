// What `diff` says of policies and peers that match nothing.

/** Which pods a peer asks for. '' means all. */
export type AskedPeer =
  | { readonly kind: 'pods'; readonly pods: string; readonly namespaces?: string; readonly namespace?: string }
  | { readonly kind: 'other' };

/** `policy`: `NetworkPolicy shop/cart`. */
export function inertPolicyWords(policy: string): string {
  return `${policy} no longer selects any pod, so it protects nothing`;
}

/** `peer`: `NetworkPolicy shop/cart ingress[0].from[1]`. */
export function inertPeerWords(peer: string): string {
  return `${peer} no longer matches any pod, so it opens nothing`;
}

/** `pods app=prometheus in namespaces team=ops are not in this input, so what NetworkPolicy … opens to them is not shown`. */
export function unseenWords(asked: AskedPeer, places: string): string {
  return `${askedWords(asked)} are not in this input, so what ${places} opens to them is not shown`;
}

function askedWords(asked: AskedPeer): string {
  if (asked.kind === 'other') return 'its peers';
  const pods = asked.pods === '' ? 'pods' : `pods ${asked.pods}`;
  if (asked.namespaces === undefined) return `${pods} in ${asked.namespace ?? ''}`;
  return `${pods} in ${asked.namespaces === '' ? 'any namespace' : `namespaces ${asked.namespaces}`}`;
}
