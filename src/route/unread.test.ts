// A way through a cluster of which some lists may not be read. The limits come as a snapshot carries them.
import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { chooseProfile, type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import { why } from '../question/why.ts';

const semantics = semanticsOf(chooseProfile('calico') as ProfileChoice);

const shop = `
apiVersion: v1
kind: Pod
metadata: { name: frontend, namespace: shop, labels: { app: frontend } }
spec: { containers: [ { name: main, image: a } ] }
status: { phase: Running, podIP: 10.0.0.1, conditions: [ { type: Ready, status: "True" } ] }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, clusterIP: 10.96.0.7, ports: [ { port: 80, targetPort: 7070 } ] }
---
apiVersion: v1
kind: Service
metadata: { name: checkout, namespace: shop }
spec: { selector: { app: checkout }, clusterIP: 10.96.0.8, ports: [ { port: 80, targetPort: 7070 } ] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: checkout-x7k2p, namespace: shop, labels: { kubernetes.io/service-name: checkout } }
addressType: IPv4
ports: [ { port: 7070, protocol: TCP } ]
endpoints: [ { addresses: [ 10.0.0.4 ], conditions: { ready: true }, targetRef: { kind: Pod, namespace: shop, name: checkout-1 } } ]
`;
const limit = (kind: string, resource: string, readIn: readonly string[] = []) =>
  JSON.stringify({
    apiVersion: 'netverdict.dev/v1',
    kind: 'ReadLimit',
    metadata: { name: resource },
    spec: { kind, group: '', resource, reason: 'forbidden', readIn, weight: 'object', message: 'User "anna" cannot list' },
  });

function ask(from: string, to: string, ...limits: readonly string[]) {
  const cluster = loadCluster([{ file: 'shop.yaml', text: shop }, ...limits.map((text, i) => ({ file: `limit-${i}.json`, text }))]);
  const answer = why(cluster, semantics, { from, to, namespace: 'shop' });
  if (answer.kind === 'error') return { error: answer.errors.map(({ code, facts }) => [code, facts.resources]) };
  const [connection] = answer.connections;
  return {
    outcome: answer.outcome,
    open: connection?.obstacles.filter(({ severity }) => severity === 'open').map(({ code }) => code) ?? [],
    lists: connection?.obstacles.find(({ code }) => code === 'not-read')?.facts.resources,
    limits: answer.limits.map(({ facts }) => facts.kind),
  };
}

const PODS = limit('Pod', 'pods');
const SERVICES = limit('Service', 'services');
const NODES = limit('Node', 'nodes');

describe('where lists may not be read', () => {
  it('a Service without pods is not broken: they may be there', () => {
    expect(ask('frontend', 'svc/cart:80')).toMatchObject({ outcome: 'broken', limits: [] });
    expect(ask('frontend', 'svc/cart:80', PODS)).toMatchObject({
      outcome: 'undecided',
      open: ['not-read', 'selector-matches-nothing'],
      lists: 'pods',
      limits: ['Pod'],
    });
    // The list of this namespace was read all the same.
    expect(ask('frontend', 'svc/cart:80', limit('Pod', 'pods', ['shop']))).toMatchObject({ outcome: 'broken' });
  });

  it('a pod that only the endpoints name has more labels than the Service asks for', () => {
    expect(ask('frontend', 'svc/checkout:80')).toMatchObject({ outcome: 'allowed' });
    expect(ask('frontend', 'svc/checkout:80', PODS)).toMatchObject({ outcome: 'undecided', lists: 'pods' });
    expect(ask('frontend', 'svc/checkout:80', limit('Pod', 'pods', ['shop']))).toMatchObject({ outcome: 'allowed' });
  });

  it('a name that does not resolve may be a Service', () => {
    expect(ask('frontend', 'http://ledger/')).toMatchObject({ outcome: 'broken' });
    expect(ask('frontend', 'http://ledger/', SERVICES)).toMatchObject({ outcome: 'undecided', lists: 'services' });
  });

  it('an address of a private network may be anybody, one of the internet is nobody in the cluster', () => {
    expect(ask('10.0.7.7', 'frontend:80')).toMatchObject({ outcome: 'allowed' });
    expect(ask('10.0.7.7', 'frontend:80', PODS)).toMatchObject({ outcome: 'undecided', lists: 'pods' });
    expect(ask('10.0.7.7', 'frontend:80', PODS, NODES)).toMatchObject({ outcome: 'undecided', lists: 'pods, nodes' });
    expect(ask('198.51.100.7', 'frontend:80', PODS, NODES)).toMatchObject({ outcome: 'allowed' });
    // Whose it is, is known.
    expect(ask('10.0.0.1', 'svc/checkout:80', NODES)).toMatchObject({ outcome: 'allowed' });
    expect(ask('frontend', '10.0.7.7:443', NODES)).toMatchObject({ outcome: 'undecided', lists: 'nodes' });
  });

  it('what is not found by name is perhaps only not shown', () => {
    expect(ask('batch', 'frontend:80')).toEqual({ error: [['unknown-name', undefined]] });
    expect(ask('batch', 'frontend:80', PODS)).toEqual({ error: [['not-readable', 'pods']] });
    expect(ask('frontend', 'svc/ledger:80', PODS)).toEqual({ error: [['unknown-name', undefined]] });
    expect(ask('frontend', 'svc/ledger:80', SERVICES)).toEqual({ error: [['not-readable', 'services']] });
    expect(ask('deploy/batch', 'frontend:80', limit('Deployment', 'deployments'))).toEqual({ error: [['not-readable', 'deployments']] });
    expect(ask('node/node-9', 'frontend:80', NODES)).toEqual({ error: [['not-readable', 'nodes']] });
    expect(ask('data/db', 'frontend:80', limit('Pod', 'pods', ['data']))).toEqual({ error: [['unknown-namespace', undefined]] });
  });

  it('limits that have nothing to do with it leave the verdict, and are named', () => {
    expect(ask('frontend', 'svc/checkout:80', NODES)).toMatchObject({ outcome: 'allowed', open: [], limits: ['Node'] });
  });
});
