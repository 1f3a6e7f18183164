// More ports towards one peer than the AWS agent keeps: the rest is denied without a word.
import { DIRECTIONS, type Policy } from '../../../model/policy.ts';
import { peerKey, portKey } from '../../meaning.ts';
import { isolationOfClass, podsByClass } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { peersOf, spotsOf } from '../../walk.ts';

export const awsTooManyPorts = defineRule({
  id: 'aws-too-many-ports',
  catalogue: ['NP102'],
  severity: 'error',
  needs: ['policies', 'cluster', 'profile'],
  since: '0.1.0',
  messages: ['tooMany'],
  check(context, report) {
    if (!context.choice.members.every(({ name }) => name.startsWith('aws-vpc-cni'))) return;
    const named = new Set<string>();
    for (const [number, [pod]] of podsByClass(context).entries()) {
      for (const direction of DIRECTIONS) {
        const ports = new Map<string, { keys: Set<string>; policies: Policy[] }>();
        for (const policy of isolationOfClass(context, direction, number).policies) {
          for (const spot of spotsOf(policy, direction)) {
            const keys = spot.rule.ports === 'every-port' ? [] : spot.rule.ports.map(portKey);
            const peers = spot.rule.peers === 'anyone' ? ['anyone'] : peersOf(spot).map(({ peer }) => peerKey(peer));
            for (const peer of peers) {
              const entry = ports.get(peer) ?? { keys: new Set(), policies: [] };
              for (const key of keys) entry.keys.add(key);
              if (!entry.policies.includes(policy)) entry.policies.push(policy);
              ports.set(peer, entry);
            }
          }
        }
        for (const [peer, { keys, policies }] of ports) {
          const key = `${policies.map(({ ref }) => ref).join()} ${direction} ${peer}`;
          if (keys.size <= LIMIT || named.has(key) || pod === undefined) continue;
          named.add(key);
          report('tooMany', { pod: pod.workload, count: keys.size }, policies[0]?.origin, {
            related: policies.slice(1, 4).map(({ origin }) => origin),
          });
        }
      }
    }
  },
});

/** Unique port and protocol combinations (semantics D.4). */
const LIMIT = 24;
