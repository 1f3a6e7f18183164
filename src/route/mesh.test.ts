import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../tests/shop-manifests.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { why } from '../question/why.ts';

const namespace = (labels = '') => `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { kubernetes.io/metadata.name: shop${labels} } }`;
const AMBIENT = ', istio.io/dataplane-mode: ambient';
const pod = (name: string, address: string, labels = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name}${labels} } }
spec: { containers: [{ name: main }] }
status: { phase: Running, podIP: ${address}, podIPs: [{ ip: ${address} }] }`;
const toCart = (...ports: readonly number[]) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { podSelector: { matchLabels: { app: cart } }, ingress: [{ ports: [${ports.map((port) => `{ port: ${port} }`).join(', ')}] }] }`;
const frontend = (labels?: string) => pod('frontend', '10.244.0.10', labels);
const cart = (labels?: string) => pod('cart', '10.244.0.11', labels);

/** The outcome, the codes of obstacles, and whether a timeout fits. */
function asked(manifests: readonly string[]) {
  const choice = chooseProfile('calico');
  if (isUnknown(choice)) throw new Error('calico?');
  const question = { from: 'shop/frontend', to: 'shop/pod/cart:7070', namespace: 'default', symptom: 'timeout' } as const;
  const answer = why(clusterOf(...manifests), semanticsOf(choice), question);
  const [connection] = answer.kind === 'answer' ? answer.connections : [];
  return [connection?.outcome, connection?.obstacles.map(({ code }) => code), connection?.symptom?.fits];
}

describe('two pods of an ambient mesh', () => {
  it('reach each other on the port of the mesh, which a policy may shut', () => {
    expect(asked([namespace(AMBIENT), frontend(), cart(), toCart(7070)])).toEqual(['undecided', ['mesh-port-shut'], 'yes']);
    expect(asked([namespace(AMBIENT), frontend(), cart(), toCart(7070, 15008)])).toEqual(['allowed', [], 'no']);
  });

  it('a pod says it for itself, and may stay out', () => {
    expect(asked([namespace(), frontend(AMBIENT), cart(AMBIENT), toCart(7070)])[1]).toEqual(['mesh-port-shut']);
    expect(asked([namespace(AMBIENT), frontend(', istio.io/dataplane-mode: none'), cart(), toCart(7070)])[1]).toEqual([]);
    expect(asked([namespace(), frontend(), cart(), toCart(7070)])).toEqual(['allowed', [], 'no']);
  });

  it('a connection that its own policies deny is denied by them, not by the mesh', () => {
    expect(asked([namespace(AMBIENT), frontend(), cart(), toCart(9090)]).slice(0, 2)).toEqual(['denied', []]);
  });
});
