// A policy called deny-something that allows just that. NetworkPolicies cannot deny; they only allow less than everything.
import { DIRECTIONS, type Policy } from '../../../model/policy.ts';
import { isEverything } from '../../meaning.ts';
import { defineRule } from '../../rule.ts';
import { peersOf, readablePolicies, spotsOf } from '../../walk.ts';

export const namePromisesDenial = defineRule({
  id: 'name-promises-denial',
  catalogue: ['NP033'],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['opensAll', 'opensThis'],
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      if (!DENIES.test(policy.name) || ALLOWS.test(policy.name)) continue;
      const spots = DIRECTIONS.filter((direction) => isAbout(policy, direction)).flatMap((direction) => spotsOf(policy, direction));
      const governed = DIRECTIONS.filter((direction) => isAbout(policy, direction) && policy[direction] !== 'not-governed');
      const isAllOpen = governed.every((direction) => spotsOf(policy, direction).some(({ rule }) => isEverything(rule)));
      const [first] = spots;
      if (first !== undefined && isAllOpen) {
        report('opensAll', { policy: policy.ref, direction: first.direction }, first.rule.origin);
        continue;
      }
      const named = /(?:deny|block|forbid|reject|drop)[-_.](?:(?:ingress|egress|traffic|access)[-_.])?(?:(?:from|to)[-_.])?(.+)$/.exec(
        policy.name,
      )?.[1];
      for (const spot of spots.flatMap(peersOf)) {
        const { peer } = spot;
        const wanted =
          peer.kind !== 'pods'
            ? []
            : [...(peer.pods?.requirements ?? []), ...(peer.namespace.by === 'labels' ? peer.namespace.selector.requirements : [])];
        const hit = wanted.find(({ operator, values }) => operator === 'In' && named !== undefined && values.includes(named));
        if (hit !== undefined) report('opensThis', { policy: policy.ref, peer: spot.peerName, label: `${hit.key}=${named}` }, hit.origin);
      }
    }
  },
});

const DENIES = /(^|[-_.])(deny|block|forbid|reject|drop)([-_.]|$)/;
const ALLOWS = /allow|except|but|only|permit|accept/;

/** `default-deny-ingress` says nothing about egress. */
function isAbout({ name }: Policy, direction: 'ingress' | 'egress'): boolean {
  const other = direction === 'ingress' ? 'egress' : 'ingress';
  return name.includes(direction) || !name.includes(other);
}
