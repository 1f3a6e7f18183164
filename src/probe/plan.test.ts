import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { chooseProfile, type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import { why } from '../question/why.ts';
import { planProbe } from './plan.ts';

const semantics = semanticsOf(chooseProfile('calico') as ProfileChoice);

const pod = (name: string, app: string, ip: string, ready = 'True', more = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${app} } }
spec:
  nodeName: node-1
  containers:
    - { name: main, image: a, ports: [ { name: grpc, containerPort: 7070 } ]${more} }
status: { phase: Running, podIP: ${ip}, conditions: [ { type: Ready, status: "${ready}" } ] }
---`;

const service = `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, clusterIP: 10.96.0.7, ports: [ { name: api, port: 80, targetPort: grpc } ] }
---`;

const shop = [
  pod('frontend-1', 'frontend', '10.0.0.1', 'False'),
  pod('frontend-2', 'frontend', '10.0.0.2'),
  pod('cart-1', 'cart', '10.0.0.3'),
  service,
].join('\n');

function plan(from: string, to: string, text = shop) {
  const cluster = loadCluster([{ file: 'shop.yaml', text }]);
  const answer = why(cluster, semantics, { from, to, namespace: 'shop' });
  if (answer.kind === 'error') throw new Error(JSON.stringify(answer.errors));
  return planProbe(cluster, answer);
}

describe('from a question to a connection', () => {
  it('a Service is dialled by its name and port, and its pod by its own address and port', () => {
    expect(plan('frontend-2', 'svc/cart:80')).toMatchObject({
      source: { namespace: 'shop', name: 'frontend-2' },
      target: { host: 'cart.shop.svc', port: 80, protocol: 'TCP' },
      destination: { namespace: 'shop', name: 'cart-1' },
      itself: { host: '10.0.0.3', port: 7070, protocol: 'TCP' },
    });
  });

  it.each([
    ['a port name of the Service', 'svc/cart:api', { host: 'cart.shop.svc', port: 80 }],
    ['a pod', 'pod/cart-1:7070', { host: '10.0.0.3', port: 7070 }],
    ['an address of a pod', '10.0.0.3:7070', { host: '10.0.0.3', port: 7070 }],
    ['an address outside', '203.0.113.7:443', { host: '203.0.113.7', port: 443 }],
    ['an IPv6 address', '[2001:db8::1]:443', { host: '2001:db8::1', port: 443 }],
    ['UDP', '203.0.113.7:53/udp', { host: '203.0.113.7', port: 53, protocol: 'UDP' }],
  ])('%s', (_, to, target) => {
    expect(plan('frontend-2', to).target).toMatchObject(target);
  });

  it('what an application dials is dialled as it is, so that the search list of the pod is part of it', () => {
    const cluster = loadCluster([{ file: 'shop.yaml', text: shop }]);
    const answer = why(cluster, semantics, { from: 'frontend-2', to: 'http://cart.shop/health', namespace: 'shop' });
    if (answer.kind === 'error') throw new Error('no answer');
    expect(planProbe(cluster, answer, { host: 'cart.shop' }).target).toMatchObject({ host: 'cart.shop', port: 80 });
  });

  it('an address outside has nobody who could vouch for it', () => {
    expect(plan('frontend-2', '203.0.113.7:443')).toMatchObject({ destination: undefined, itself: undefined, vouched: undefined });
  });

  it('the kubelet vouches for a port whose readiness probe passes, and for no other', () => {
    const probed = (port: string, ready = 'True') =>
      shop.replace(
        pod('cart-1', 'cart', '10.0.0.3'),
        pod('cart-1', 'cart', '10.0.0.3', ready, `, readinessProbe: { tcpSocket: { port: ${port} } }`),
      );
    expect(plan('frontend-2', 'svc/cart:80', probed('grpc')).vouched).toMatchObject({ by: 'kubelet', result: 'answered' });
    expect(plan('frontend-2', 'svc/cart:80', probed('7070')).vouched).toMatchObject({ by: 'kubelet' });
    expect(plan('frontend-2', 'svc/cart:80', probed('9090')).vouched).toBeUndefined();
    expect(plan('frontend-2', 'svc/cart:80', probed('7070', 'False')).vouched).toBeUndefined();
  });

  it.each([
    ['a source that is no pod', '203.0.113.7', 'svc/cart:80', 'source-is-no-pod'],
    ['a source that does not run', 'gone', 'svc/cart:80', 'no-running-pod'],
    ['a destination with several ports', 'frontend-2', 'svc/two', 'which-port'],
    ['a destination that is everything', 'frontend-2', 'internet:443', 'nothing-to-dial'],
  ])('%s is a failure', (_, from, to, code) => {
    const gone = pod('gone', 'gone', '10.0.0.9').replace('phase: Running', 'phase: Pending');
    const two = `${service.replace('name: cart,', 'name: two,').replace('port: 80, targetPort: grpc }', 'port: 80, targetPort: grpc }, { name: b, port: 81, targetPort: 9 }')}`;
    expect(() => plan(from, to, [shop, gone, two].join('\n'))).toThrow(expect.objectContaining({ code }));
  });
});

describe('which pod of a workload', () => {
  const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: frontend, namespace: shop }
spec: { replicas: 2, selector: { matchLabels: { app: frontend } }, template: { metadata: { labels: { app: frontend } }, spec: { containers: [ { name: main, image: a } ] } } }
---`;
  const owned = shop.replaceAll(
    /name: (frontend-\d), namespace: shop/g,
    'name: $1, namespace: shop, ownerReferences: [ { apiVersion: apps/v1, kind: Deployment, name: frontend, controller: true } ]',
  );

  it('the first that is ready, never one that only a template describes', () => {
    expect(plan('deploy/frontend', 'svc/cart:80', [owned, deployment].join('\n')).source.name).toBe('frontend-2');
    const onlyTemplate = [pod('cart-1', 'cart', '10.0.0.3'), service, deployment].join('\n');
    expect(() => plan('deploy/frontend', 'svc/cart:80', onlyTemplate)).toThrow(expect.objectContaining({ code: 'no-running-pod' }));
  });
});
