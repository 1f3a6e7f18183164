import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { statefulPeersApart } from './rule.ts';

const set = (replicas: number, clusterIp = 'None') => `apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { clusterIP: ${clusterIp}, selector: { app: db }, ports: [{ port: 5432 }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  replicas: ${replicas}
  serviceName: db
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, ports: [{ containerPort: 5432 }] }] }
`;
const ingress = (rules: string) => policy('db', `podSelector: {}\ningress: [${rules}]`);
const own = '{ from: [{ podSelector: { matchLabels: { app: db } } }] }';

describe('stateful-peers-apart', () => {
  it.each([
    ['nobody', '', set(3), ['1 warning apart']],
    ['others', '{ from: [{ podSelector: { matchLabels: { app: web } } }] }', set(3), ['1 warning apart']],
    ['each other', own, set(3), []],
    ['each other on one of their ports', own.replace('} }] }', '} }], ports: [{ port: 5432 }] }'), set(3), []],
    ['nobody, being one', '', set(1), []],
    ['nobody, without a headless Service', '', set(3, '10.0.0.1'), []],
  ])('replicas that let in %s', (_, rules, objects, expected) => {
    expect(found(statefulPeersApart, stream(ingress(rules), objects))).toEqual(expected);
  });
});
