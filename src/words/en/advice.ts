// What allows a connection with a node where no edit of a NetworkPolicy surely does.
import type { Advice } from '../../explain/advice.ts';

/** One sentence, lower case, no full stop. */
export function adviceSentence({ code, facts }: Advice): string {
  const [list, rule] = facts.direction === 'egress' ? ['toEntities', 'egress'] : ['fromEntities', 'ingress'];
  const port = `port ${facts.port}/${facts.protocol}`;
  if (code === 'node-entity') {
    const entities = (facts.entities as readonly string[]).join(', ');
    return `no ipBlock matches a node on this CNI. Use a CiliumNetworkPolicy: ${rule} with ${list}: [${entities}] and toPorts ${port}; or set policy-cidr-match-mode: nodes in the Cilium configuration and use an ipBlock`;
  }
  const addresses = (facts.addresses as readonly string[]).join(', ') || 'of the node’s addresses';
  return `if ipBlocks match nodes here (the profile ${facts.cni} does not say), this rule is enough: ${rule} ipBlock ${addresses}, ${port}`;
}
