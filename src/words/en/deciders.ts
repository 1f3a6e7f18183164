// Who enforces a policy that netverdict does not evaluate: those that have no proper name.

const NAMES: Readonly<Record<string, string>> = {
  'service-mesh': 'the service mesh',
  'ingress-node-firewall': 'the Ingress Node Firewall',
  'secondary-networks': 'the controller of secondary networks',
  'cni-if-supported': 'the CNI, if it supports this kind',
  'vpc-security-groups': 'the security groups of the VPC',
  'network-policy-api': 'the network-policy API',
};

/** `service-mesh` → `the service mesh`; a proper name, such as `Istio`, comes back as it is. */
export function deciderName(decides: string): string {
  return Object.hasOwn(NAMES, decides) ? (NAMES[decides] ?? decides) : decides;
}
