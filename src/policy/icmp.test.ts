import { expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { reachOf } from '../reach/reach.ts';
import { fastVerdict } from '../reach/verdict-of.ts';
import { decide } from './decide.ts';
import { podEnd } from './end.ts';

function shop(rule: string) {
  return loadCluster([
    {
      file: 'shop.yaml',
      text: `
apiVersion: v1
kind: Pod
metadata: { name: frontend, namespace: shop, labels: { app: frontend } }
spec: { containers: [{ name: c }] }
---
apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart } }
spec: { containers: [{ name: c }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  ingress: [${rule}]
`,
    },
  ]);
}

const FROM = '{ from: [{ podSelector: { matchLabels: { app: frontend } } }] }';
const WITH_PORT = '{ from: [{ podSelector: { matchLabels: { app: frontend } } }], ports: [{ port: 7070 }] }';

it.each([
  ['a rule without ports', FROM, 'kubernetes', 'allowed'],
  ['a rule without ports', FROM, 'calico', 'allowed'],
  ['a rule with ports', WITH_PORT, 'calico', 'denied'],
  ['a rule with ports', WITH_PORT, 'kube-router', 'exempt'],
  ['a rule with ports', WITH_PORT, 'kubernetes', 'undecided'],
  ['no rule', '', 'calico', 'denied'],
  ['no rule', '', 'kubernetes', 'undecided'],
])('ping to a pod isolated with %s %s, under %s, is %s', (_, rule, cni, wanted) => {
  const cluster = shop(rule);
  const [frontend, cart] = ['shop/frontend', 'shop/cart'].map((ref) => podEnd(cluster.podByRef.get(ref) as never));
  const choice = chooseProfile(cni);
  if (isUnknown(choice) || frontend === undefined || cart === undefined) throw new Error(cni);
  const semantics = semanticsOf(choice);
  const ping = { source: frontend, destination: cart, protocol: 'ICMP', port: 8 } as const;
  const verdict = decide(cluster, semantics, ping);
  expect(verdict.ingress.outcome).toBe(wanted);
  expect(fastVerdict(reachOf(cluster, semantics), ping)).toEqual(verdict);
  expect(decide(cluster, semantics, { ...ping, source: cart, destination: frontend }).outcome).toBe('allowed');
});
