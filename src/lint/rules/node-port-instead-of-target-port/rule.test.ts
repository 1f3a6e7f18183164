import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { nodePortInsteadOfTargetPort } from './rule.ts';

const CART = `apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart } }
spec: { containers: [{ name: main, image: example/cart, ports: [{ containerPort: 7070, hostPort: 8070 }] }] }
`;
const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { type: NodePort, selector: { app: cart }, ports: [{ port: 80, targetPort: 7070, nodePort: 31080 }] }
`;
const ingress = (port: string) => policy('cart', `podSelector: { matchLabels: { app: cart } }\ningress:\n- ports:\n  - ${port}`);
const egress = (peer: string) =>
  policy('cart', `podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [${peer}]\n  ports:\n  - port: 31080`);

describe('node-port-instead-of-target-port', () => {
  it.each([
    ['port: 31080', 'nodePort'],
    ['port: 8070', 'hostPort'],
  ])('%s, and writes the port of the pod', (port, message) => {
    const [finding, ...others] = findings(nodePortInsteadOfTargetPort, stream(ingress(port), CART, SERVICE));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ messageId: message, fix: { edits: [{ kind: 'set-value', value: 7070 }] } });
  });
  it('to pods; to the address of a node it is the right number', () => {
    const told = (peer: string) => found(nodePortInsteadOfTargetPort, stream(egress(peer), CART, SERVICE));
    expect(told('{ podSelector: { matchLabels: { app: cart } } }')).toEqual(['10 error nodePort']);
    expect(told('{ ipBlock: { cidr: 192.0.2.0/24 } }')).toEqual([]);
  });
  it.each([
    ['the port of the pod', 'port: 7070'],
    ['another protocol', '{ port: 31080, protocol: UDP }'],
    ['a range that holds it', '{ port: 30000, endPort: 32767 }'],
    ['a number that is nobody’s', 'port: 31081'],
  ])('is silent for %s', (_, port) => {
    expect(found(nodePortInsteadOfTargetPort, stream(ingress(port), CART, SERVICE))).toEqual([]);
  });
});
