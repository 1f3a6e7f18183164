import { expect, it } from 'vitest';
import { labelsOrigin, portOrigin } from '../model/cluster.ts';
import { loadCluster } from './load.ts';
import { locate } from './locate.ts';

const pod = (name: string, port: string) => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  labels: { app: cart }
spec:
  containers:
    - name: main
      ports: [${port}]
`;

function podsOf(...ports: readonly string[]) {
  const text = ports.map((port, i) => pod(`cart-${i}`, port)).join('---\n');
  return loadCluster([{ file: 'shop.yaml', text }]).pods;
}

it('pods side by side share equal labels and ports, and each has places of its own', () => {
  const [first, second] = podsOf('{ name: http, containerPort: 8080 }', '{ name: http, containerPort: 8080 }');
  if (first?.ports[0] === undefined || second?.ports[0] === undefined) throw new Error('two pods with a port each');
  expect(second.ports).toBe(first.ports);
  expect(second.labels).toBe(first.labels);
  expect(locate(portOrigin(first, first.ports[0]))).toMatchObject({ line: 10 });
  expect(locate(portOrigin(second, second.ports[0]))).toMatchObject({ line: 21 });
  expect([labelsOrigin(first), labelsOrigin(second)].map((origin) => locate(origin).line)).toEqual([6, 17]);
});

it.each([
  ['name', '{ name: web, containerPort: 8080 }'],
  ['number', '{ name: http, containerPort: 8081 }'],
  ['protocol', '{ name: http, containerPort: 8080, protocol: UDP }'],
  ['hostPort', '{ name: http, containerPort: 8080, hostPort: 80 }'],
  ['count', '{ name: http, containerPort: 8080 }, { name: admin, containerPort: 9090 }'],
])('ports that differ by their %s are not shared', (_, other) => {
  const usual = '{ name: http, containerPort: 8080 }';
  const [first, second, third] = podsOf(usual, other, usual);
  expect(second?.ports).not.toEqual(first?.ports);
  expect(third?.ports).toEqual(first?.ports);
});
