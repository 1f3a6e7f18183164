import { describe, expect, it } from 'vitest';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import { lineAnswerer } from '../answer/verdict-lines.ts';
import { fix } from '../question/fix.ts';
import { type WhyQuestion, why } from '../question/why.ts';
import { reachOf } from '../reach/reach.ts';
import { isError, parseName } from './name.ts';

const SHOP = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: v1
kind: Namespace
metadata: {name: payments}
---
apiVersion: v1
kind: Pod
metadata: {name: checkout, namespace: payments, labels: {app: checkout}}
spec: {containers: [{name: c, image: i, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: checkout, namespace: payments}
spec: {selector: {app: checkout}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: checkout, namespace: payments}
spec:
  podSelector: {matchLabels: {app: checkout}}
  ingress:
  - from: [{namespaceSelector: {matchLabels: {team: shop}}, podSelector: {matchLabels: {app: frontend}}}]
    ports: [{port: 8080}]
`;
const cluster = clusterOf(SHOP);
const plain = semanticsNamed('kubernetes');
const ask = (from: string, to: string): WhyQuestion => ({ from, to, namespace: 'shop' });

function outcome(from: string, to: string): string {
  const answer = why(cluster, plain, ask(from, to));
  return answer.kind === 'error' ? `error ${answer.errors[0]?.code}` : answer.outcome;
}

describe('an end that is named by labels', () => {
  it.each([
    ['shop/app=frontend', 'shop', { app: 'frontend' }, undefined],
    ['app=frontend,tier=edge:8080', 'default', { app: 'frontend', tier: 'edge' }, 8080],
    ['app.kubernetes.io/name=cart:53/udp', 'default', { 'app.kubernetes.io/name': 'cart' }, 53],
    ['shop/app.kubernetes.io/name=cart', 'shop', { 'app.kubernetes.io/name': 'cart' }, undefined],
    ['shop/app=', 'shop', { app: '' }, undefined],
  ])('%s is read with its namespace, labels and port', (text, namespace, labels, port) => {
    const name = parseName(text, { namespace: 'default' });
    if (isError(name) || name.kind !== 'labels') throw new Error(`${text} was read as ${name.kind}`);
    expect([name.namespace, Object.fromEntries(name.labels), name.port]).toEqual([namespace, labels, port]);
  });

  it.each(['shop/app=a=b', 'app=a,app=b', '=frontend', 'app=-x', 'shop/app=a,', 'app=a/b'])('%s is not a label', (text) => {
    expect(parseName(text, { namespace: 'default' })).toMatchObject({ kind: 'error', code: 'bad-label' });
  });

  it('is a new pod with exactly these labels: one label more or less is another pod', () => {
    expect(outcome('shop/app=frontend', 'payments/checkout:8080')).toBe('allowed');
    expect(outcome('app=frontend,tier=edge', 'payments/svc/checkout:80')).toBe('allowed');
    expect(outcome('shop/tier=edge', 'payments/checkout:8080')).toBe('denied');
  });

  it('has the labels of its namespace, and of an unknown one the name alone', () => {
    expect(outcome('other/app=frontend', 'payments/checkout:8080')).toBe('denied');
    const byName = clusterOf(SHOP.replace('{team: shop}}, podSelector', '{kubernetes.io/metadata.name: other}}, podSelector'));
    const answer = why(byName, plain, ask('other/app=frontend', 'payments/checkout:8080'));
    expect(answer.kind === 'answer' && answer.outcome).toBe('allowed');
  });

  it('is a destination too, under the policies that would select it; the port has to be said', () => {
    expect(outcome('shop/app=frontend', 'payments/app=checkout:8080')).toBe('allowed');
    expect(outcome('shop/app=cart', 'payments/app=checkout:8080')).toBe('denied');
    expect(outcome('shop/app=frontend', 'payments/app=checkout')).toBe('error port-needed');
  });

  it('says that it is hypothetical, and stands behind no Service', () => {
    const answer = why(cluster, plain, ask('payments/app=checkout', 'payments/svc/checkout:80'));
    if (answer.kind === 'error') throw new Error('no answer');
    const [connection] = answer.connections;
    expect(connection?.notes.map(({ code }) => code)).toContain('hypothetical-pod');
    expect(connection?.legs.map(({ leg }) => leg.destinationRef)).toEqual(['payments/checkout']);
  });

  it('can be opened to by a fix, which is verified with it', () => {
    const answer = fix(cluster, plain, ask('shop/app=cart', 'payments/checkout:8080'), { most: 3 });
    if (answer.kind === 'error') throw new Error('no answer');
    const fixes = answer.connections[0]?.fixes ?? [];
    expect(fixes.length).toBeGreaterThan(0);
    // Labels of a pod that nobody has written can not be edited.
    expect(fixes.flatMap(({ steps }) => steps).every((step) => step.kind === 'create' || step.object.kind === 'policy')).toBe(true);
  });

  it('is an end of verdicts', () => {
    const answer = lineAnswerer(reachOf(cluster, plain));
    const line = (from: string) => answer(JSON.stringify({ from, to: 'payments/checkout', port: 8080 }));
    expect(line('shop/app=frontend')).toContain('"outcome":"allowed"');
    expect(line('shop/app=cart')).toContain('"outcome":"denied"');
    expect(line('app=cart')).toContain('"code":"bad-end"');
  });
});
