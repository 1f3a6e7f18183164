import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { addressOfAService } from './rule.ts';

const to = (cidr: string, ports = '{ port: 53, protocol: UDP }') =>
  policy('dns', `podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { cidr: ${cidr} } }], ports: [${ports}] }]`);

describe('address-of-a-service', () => {
  it('asks the CNI whether policies see that address', () => {
    const yaml = stream(to('10.96.0.10/32'), SHOP, DNS);
    expect(found(addressOfAService, yaml, { cni: 'calico' })).toEqual(['7 error service']);
    expect(found(addressOfAService, yaml)).toEqual(['7 warning service']);
    expect(found(addressOfAService, yaml, { cni: 'aws' })).toEqual([]);
  });
  it('writes the selectors of the pods behind', () => {
    const [finding] = findings(addressOfAService, stream(to('10.96.0.10/32'), SHOP, DNS));
    expect(finding?.fix?.edits).toMatchObject([{ kind: 'set-value', value: { podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } } }]);
  });
  it('knows a range with Services and no pods in it', () => {
    expect(found(addressOfAService, stream(to('10.96.0.0/12'), SHOP, DNS))).toEqual(['7 warning serviceRange']);
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop }\nstatus: { podIP: 10.97.0.3 }\n';
    expect(found(addressOfAService, stream(to('10.96.0.0/12'), DNS, pod))).toEqual([]);
  });
  it('knows the usual address of DNS when the input has no Services, in a DNS rule', () => {
    expect(found(addressOfAService, to('10.96.0.10/32'))).toEqual(['7 warning usualDns']);
    expect(found(addressOfAService, to('10.96.0.10/32', '{ port: 443 }'))).toEqual([]);
    expect(found(addressOfAService, to('0.0.0.0/0'))).toEqual([]);
    expect(found(addressOfAService, to('169.254.20.10/32'))).toEqual([]);
  });
});
