import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { clientAddressHidden } from './rule.ts';

const objects = (spec: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: f, namespace: shop }\nspec: { ${spec}, selector: { app: f }, ports: [{ port: 80 }] }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: f, namespace: shop, labels: { app: f } }\nspec: { containers: [] }\n`;
const from = (cidr: string) => policy('in', `podSelector: {}\ningress: [{ from: [{ ipBlock: { cidr: ${cidr} } }] }]`);

describe('client-address-hidden', () => {
  it.each([
    ['203.0.113.0/24', 'type: LoadBalancer', 'kubernetes', ['6 warning hidden']],
    ['203.0.113.0/24', 'type: NodePort', 'kubernetes', ['6 note hidden']],
    ['203.0.113.0/24', 'type: ClusterIP', 'kubernetes', []],
    ['203.0.113.0/24', 'type: LoadBalancer, externalTrafficPolicy: Local', 'kubernetes', []],
    ['203.0.113.0/24', 'type: LoadBalancer', 'calico-ebpf', []],
    ['10.0.0.0/8', 'type: LoadBalancer', 'kubernetes', []],
    ['0.0.0.0/0', 'type: LoadBalancer', 'kubernetes', []],
  ])('%s behind %s on %s', (cidr, spec, cni, expected) => {
    expect(found(clientAddressHidden, stream(from(cidr), objects(spec)), { cni })).toEqual(expected);
  });
});
