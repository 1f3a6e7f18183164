import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { dnsBeyondResolver } from './rule.ts';

const house = { resolvers: ['10.0.0.2', 'fd00:53::/64'] };
const rule = (text: string) => policy('dns', `podSelector: {}\npolicyTypes: [Egress]\negress:\n- ${text}`);
const DNS_PORTS = 'ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]';
const SYSTEM = 'namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }';
const to = (peer: string, ports = DNS_PORTS) => rule(`{ to: [{ ${peer} }], ${ports} }`);

describe('dns-beyond-resolver', () => {
  it.each([
    ['the DNS pods', to(`${SYSTEM}, podSelector: { matchLabels: { k8s-app: kube-dns } }`), []],
    ['pods of the shop', to('podSelector: { matchLabels: { app: cart } }'), ['8 warning pods']],
    ['a rule for the ports of pods', rule('to: [{ podSelector: { matchLabels: { app: cart } } }]'), []],
    ['everybody', rule(`{ ${DNS_PORTS} }`), ['8 warning anyone']],
    ['everybody on every port', rule('{}'), ['8 warning anyone']],
    ['everybody on another port', rule('ports: [{ port: 443 }]'), []],
    ['a range that has 53 in it', rule('ports: [{ port: 1, endPort: 1024 }]'), ['8 warning anyone']],
    ['every address', to('ipBlock: { cidr: 0.0.0.0/0 }'), ['8 warning block']],
    ['a server of the house', to('ipBlock: { cidr: 10.0.0.2/32 }'), []],
    ['its neighbours, too', to('ipBlock: { cidr: 10.0.0.0/24 }'), ['8 warning block']],
    ['a server in a block of the house', to('ipBlock: { cidr: "fd00:53::1/128" }'), []],
    ['the cache on the node', to('ipBlock: { cidr: 169.254.20.10/32 }'), []],
  ])('%s', (_, yaml, expected) => {
    expect(found(dnsBeyondResolver, stream(yaml, SHOP, DNS), { house })).toEqual(expected);
  });

  it('knows the usual labels where the DNS is not in the input, and not the whole of kube-system', () => {
    expect(found(dnsBeyondResolver, to(`${SYSTEM}, podSelector: { matchLabels: { k8s-app: kube-dns } }`), { house })).toEqual([]);
    expect(found(dnsBeyondResolver, to(SYSTEM), { house })).toEqual(['8 warning pods']);
  });
});
