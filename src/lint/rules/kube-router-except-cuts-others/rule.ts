// Several ipBlocks in one rule: for kube-router the `except` of one cuts the others too (semantics D.5, `except`).
import type { Edit, Plain } from '../../../model/edit.ts';
import { at } from '../../../model/origin.ts';
import type { BlockPeer, PortRule, Rule } from '../../../model/policy.ts';
import { printCidr } from '../../../net/cidr.ts';
import { intersectIps, ipSetOfCidrs, isEmptyIps } from '../../../net/ip-set.ts';
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';

export const kubeRouterExceptCutsOthers = defineRule({
  id: 'kube-router-except-cuts-others',
  catalogue: ['NP034'],
  severity: 'error',
  needs: ['profile'],
  fixable: true,
  since: '0.1.0',
  messages: ['cut'],
  check(context, report) {
    if (context.semantics.departures !== 'kube-router') return;
    for (const { rule, policy, name, direction } of rulesInForce(context)) {
      if (rule.peers === 'anyone' || policy.tier !== 'namespaced') continue;
      const blocks = rule.peers.filter((peer): peer is BlockPeer => peer.kind === 'block');
      const found = blocks.flatMap((block) => cutsOf(block, blocks))[0];
      if (found === undefined) continue;
      const { block, hole, other } = found;
      const list = at(policy.origin, 'spec', direction);
      const edits: Edit[] = [
        { kind: 'remove', at: block.origin },
        { kind: 'add-item', at: list, value: ruleOf(direction === 'ingress' ? 'from' : 'to', block, rule) },
      ];
      const facts = { policy: policy.ref, name, hole, cidr: printCidr(block.cidr), other: printCidr(other.cidr) };
      report('cut', facts, block.origin, { related: [other.origin], fix: { edits, keepsMeaning: false } });
    }
  },
});

/** The exceptions of a block that lie in another block of the rule and are not narrower-written there: the longer prefix decides. */
function cutsOf(block: BlockPeer, blocks: readonly BlockPeer[]) {
  return blocks.flatMap((other) =>
    other === block
      ? []
      : block.except
          .filter((hole) => hole.prefixBits > other.cidr.prefixBits && !isEmptyIps(intersectIps(ipSetOfCidrs([hole]), other.addresses)))
          .map((hole) => ({ block, other, hole: printCidr(hole) })),
  );
}

function ruleOf(peers: 'from' | 'to', { cidr, except }: BlockPeer, { ports }: Rule): Plain {
  const ipBlock = { cidr: printCidr(cidr), except: except.map(printCidr) };
  return { [peers]: [{ ipBlock }], ...(ports === 'every-port' ? {} : { ports: ports.map(portOf) }) };
}

function portOf(port: PortRule): Plain {
  const { protocol } = port;
  if (port.kind === 'protocol') return { protocol };
  if (port.kind === 'named') return { protocol, port: port.name };
  return { protocol, port: port.from, ...(port.to > port.from ? { endPort: port.to } : {}) };
}
