import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { pingTellsNothing } from './rule.ts';

const pod = (command: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: probe, namespace: shop, labels: { app: probe } }\nspec: { containers: [{ name: main, image: busybox, command: ${command} }] }\n`;
const isolated = policy('out', 'podSelector: {}\npolicyTypes: [Egress]');

describe('ping-tells-nothing', () => {
  it.each(['[ping, cart]', '[sh, -c, "ping -c1 cart && run"]', '[/bin/ping, cart]', '[sh, -c, "traceroute cart"]'])(
    'finds %s',
    (command) => {
      expect(found(pingTellsNothing, stream(isolated, pod(command)))).toEqual(['8 note icmp']);
    },
  );
  it.each(['[nc, -z, cart, "7070"]', '[run, --ping-interval, "5"]', '[shipping]', '[sh, -c, "mapping x"]'])(
    'has nothing to say about %s',
    (command) => {
      expect(found(pingTellsNothing, stream(isolated, pod(command)))).toEqual([]);
    },
  );
  it('has nothing to say where nobody isolates the pod', () => {
    expect(found(pingTellsNothing, pod('[ping, cart]'))).toEqual([]);
  });
});
