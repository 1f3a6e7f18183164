// An except whose hole another peer, rule or policy opens again: an except is no deny rule.
import type { BlockPeer, Policy } from '../../../model/policy.ts';
import { printCidr } from '../../../net/cidr.ts';
import { type IpSet, intersectIps, ipSetOfCidrs, isEmptyIps, subtractIps } from '../../../net/ip-set.ts';
import { hasClass } from '../../../reach/class-set.ts';
import { meaningOf } from '../../../reach/matching-labels.ts';
import { type LintContext, perRun } from '../../context.ts';
import { firstNames } from '../../facts.ts';
import { isEverything, sharePorts } from '../../meaning.ts';
import { subjectClasses } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { type PeerSpot, peersInForce, type RuleSpot, rulesInForce } from '../../walk.ts';

export const exceptOpenedAgain = defineRule({
  id: 'except-opened-again',
  catalogue: ['NP034'],
  severity: 'warning',
  needs: ['policies', 'cluster'],
  since: '0.1.0',
  messages: ['opened'],
  check(context, report) {
    for (const spot of peersInForce(context)) {
      if (spot.peer.kind !== 'block' || spot.peer.except.length === 0) continue;
      const hole = ipSetOfCidrs(spot.peer.except);
      const other = otherRules(context, spot).find((candidate) => reopens(candidate, spot, spot.peer as BlockPeer, hole));
      if (other === undefined) continue;
      const facts = {
        peer: `\`${spot.policy.ref}\` ${spot.peerName}`,
        except: firstNames(spot.peer.except.map(printCidr), 8),
        other: other.policy.ref,
        otherRule: other.name,
      };
      report('opened', facts, spot.peer.origin, { related: [other.rule.origin] });
    }
  },
});

function reopens(other: RuleSpot, { rule }: PeerSpot, own: BlockPeer, hole: IpSet): boolean {
  if (!sharePorts(other.rule.ports, rule.ports)) return false;
  // A rule for everything is named by restriction-without-effect and rule-admits-everything.
  if (other.rule.peers === 'anyone') return !isEverything(other.rule);
  return other.rule.peers.some((peer) => {
    if (peer.kind !== 'block' || peer === own || isEmptyIps(intersectIps(peer.addresses, hole))) return false;
    // A block that lies inside the hole was put there on purpose: all of 10.0.0.0/8 shut but this one host.
    return !isEmptyIps(subtractIps(peer.addresses, hole));
  });
}

const rulesByNamespace = perRun((context) => {
  const found = new Map<string, RuleSpot[]>();
  for (const spot of rulesInForce(context)) {
    const key = `${spot.direction} ${spot.policy.namespace}`;
    const list = found.get(key);
    if (list === undefined) found.set(key, [spot]);
    else list.push(spot);
  }
  return found;
});

/** Rules of the same direction that are there for some of the same pods, its own rule first. */
function otherRules(context: LintContext, spot: PeerSpot): readonly RuleSpot[] {
  const near = rulesByNamespace(context).get(`${spot.direction} ${spot.policy.namespace}`) ?? [];
  return near.filter(({ policy }) => policy === spot.policy || sharePods(context, policy, spot.policy));
}

function sharePods(context: LintContext, a: Policy, b: Policy): boolean {
  const [one, other] = [subjectClasses(context, a), subjectClasses(context, b)];
  if (one.members.some((number) => hasClass(other, number))) return true;
  const texts = [meaningOf(a.subject.pods), meaningOf(b.subject.pods)];
  return texts[0] === texts[1] || texts.includes('');
}
