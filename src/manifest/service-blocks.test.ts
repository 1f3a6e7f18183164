import { describe, expect, it } from 'vitest';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import { why } from '../question/why.ts';
import { reachOf } from '../reach/reach.ts';
import { fastVerdict } from '../reach/verdict-of.ts';

const workload = (name: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec: { template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: main, image: a, ports: [{ containerPort: 7070 }] }] } } }
`;
const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { clusterIP: 10.96.0.7, selector: { app: cart }, ports: [{ port: 7070 }] }
`;
const egress = (cidr: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: frontend, namespace: shop }
spec: { podSelector: { matchLabels: { app: frontend } }, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: ${cidr} } }] }] }
`;

/** What `why` and the fast evaluator say of the pod behind the Service. */
function outcomes(cidr: string, cni: string): readonly string[] {
  const cluster = clusterOf(workload('frontend'), workload('cart'), SERVICE, egress(cidr));
  const semantics = semanticsNamed(cni);
  const found = why(cluster, semantics, { from: 'shop/frontend', to: 'shop/svc/cart:7070', namespace: 'shop' });
  const [source, destination] = ['shop/frontend', 'shop/cart'].map((ref) => cluster.podByRef.get(ref));
  if (found.kind === 'error' || source === undefined || destination === undefined) throw new Error('not in the input');
  const end = (pod: typeof source) => ({ kind: 'pod', pod }) as const;
  const fast = fastVerdict(reachOf(cluster, semantics), {
    source: end(source),
    destination: end(destination),
    protocol: 'TCP',
    port: 7070,
  });
  return [found.outcome, fast.outcome];
}

describe('an ipBlock for one address', () => {
  it('of a Service is no pod’s, whatever addresses pods have', () => {
    expect(outcomes('10.96.0.7/32', 'calico')).toEqual(['denied', 'denied']);
  });
  it('of nobody known may be a pod’s', () => {
    expect(outcomes('10.96.0.8/32', 'calico')).toEqual(['undecided', 'undecided']);
  });
  it('and a block that only holds a Service’s address may, too', () => {
    expect(outcomes('10.96.0.0/16', 'calico')).toEqual(['undecided', 'undecided']);
  });
  it('opens the Service where the CNI looks at the address that is dialled', () => {
    expect(outcomes('10.96.0.7/32', 'aws-vpc-cni-strict')[0]).toBe('allowed');
  });
});
