import { describe, expect, it } from 'vitest';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import { evidenceOf, evidenceOfEach } from './evidence.ts';
import { why } from './why.ts';

const pod = (name: string, namespace: string, app: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${app}}}
spec: {nodeName: node-1, containers: [{name: c, image: i, ports: [{containerPort: 8080}]}]}
status: {phase: Running, podIP: 10.0.0.${name.length}}
---`;
const SHOP = `
${pod('frontend-6d4', 'web', 'frontend')}
${pod('cart-0', 'shop', 'cart')}
apiVersion: v1
kind: Namespace
metadata: {name: web, labels: {team: web}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cart-rules, namespace: shop}
spec:
  podSelector: {matchLabels: {app: cart}}
  ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}, podSelector: {matchLabels: {app: front-end}}}]}]
`;

function commands(text: string, from: string, to: string, context?: string): readonly string[] {
  const cluster = clusterOf(text);
  const answer = why(cluster, semanticsNamed(), { from, to, namespace: 'shop' });
  if (answer.kind === 'error') throw new Error(answer.errors[0]?.code);
  return answer.connections.flatMap((connection) => evidenceOf(cluster, connection, context));
}

describe('the commands that show what decided', () => {
  it('name the policy, and the labels that its nearest rule missed', () => {
    expect(commands(SHOP, 'web/frontend-6d4', 'shop/cart-0:8080')).toEqual([
      'kubectl get networkpolicy cart-rules -n shop -o yaml',
      'kubectl get namespace web --show-labels',
      'kubectl get pod frontend-6d4 -n web --show-labels',
    ]);
  });

  it('name the rule that allows, and nothing where no policy looks', () => {
    const open = SHOP.replace('team: shop', 'team: web').replace('front-end', 'frontend');
    expect(commands(open, 'web/frontend-6d4', 'shop/cart-0:8080')).toEqual(['kubectl get networkpolicy cart-rules -n shop -o yaml']);
    expect(commands(SHOP, 'shop/cart-0', 'web/frontend-6d4:8080')).toEqual([]);
  });

  it('show a Service whose pods are missing', () => {
    const service =
      '\n---\napiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop}\nspec: {selector: {app: api}, ports: [{port: 80}]}\n';
    expect(commands(SHOP + service, 'web/frontend-6d4', 'shop/svc/api:80')).toEqual([
      'kubectl get service api -n shop -o yaml',
      'kubectl get endpointslices -n shop -l kubernetes.io/service-name=api -o wide',
    ]);
  });

  it('are safe for a shell, whatever a context is called', () => {
    const [first] = commands(SHOP, 'web/frontend-6d4', 'shop/cart-0:8080', "prod'; rm -rf /");
    expect(first).toBe("kubectl --context 'prod'\\''; rm -rf /' get networkpolicy cart-rules -n shop -o yaml");
  });

  it('are there for a running cluster only, one list for each connection', () => {
    const each = (text: string) => {
      const cluster = clusterOf(text);
      const answer = why(cluster, semanticsNamed(), { from: 'web/frontend-6d4', to: 'shop/cart-0:8080', namespace: 'shop' });
      return answer.kind === 'error' ? answer.errors : evidenceOfEach(cluster, answer, 'prod');
    };
    expect(each(SHOP)).toEqual([commands(SHOP, 'web/frontend-6d4', 'shop/cart-0:8080', 'prod')]);
    expect(each(SHOP.replaceAll('nodeName: node-1, ', ''))).toBeUndefined();
  });
});
