// Ends of connections, and groups of them, by the names people use.

const WHOLE: Readonly<Record<string, string>> = {
  '0.0.0.0-255.255.255.255': 'anywhere outside (IPv4)',
  '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff': 'anywhere outside (IPv6)',
};

/** `shop/cart[Deployment]` → `shop/cart`. Ranges keep their form; a whole address family gets a name. */
export function shortName(end: string): string {
  return WHOLE[end] ?? end.replace(/\[[A-Za-z]+\]$/, '');
}

/** A range of addresses, an end outside the cluster: others are `ns/name`, and a namespace has neither a dot nor a colon. */
export function isOutsideEnd(end: string): boolean {
  return /^[^/]*[.:]/.test(end);
}

/** As answer/map-groups.ts finds them. */
type EndGroup =
  | { readonly kind: 'end'; readonly end: string }
  | { readonly kind: 'outside' }
  | { readonly kind: 'namespace'; readonly namespace: string; readonly count: number }
  | { readonly kind: 'every-workload'; readonly count: number }
  | { readonly kind: 'each-other' };

/** `shop/cart`, `all of shop (12)`, `every workload (40)`, `anywhere outside`, `each other`. */
export function endGroupName(group: EndGroup): string {
  switch (group.kind) {
    case 'end':
      return shortName(group.end);
    case 'outside':
      return 'anywhere outside';
    case 'namespace':
      return `all of ${group.namespace} (${group.count})`;
    case 'every-workload':
      return `every workload (${group.count})`;
    case 'each-other':
      return 'each other';
  }
}
