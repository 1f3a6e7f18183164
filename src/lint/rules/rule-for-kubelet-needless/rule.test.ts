import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { ruleForKubeletNeedless } from './rule.ts';

const node = 'apiVersion: v1\nkind: Node\nmetadata: { name: n }\nstatus: { addresses: [{ type: InternalIP, address: 192.168.0.7 }] }\n';
const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop }\nspec: { containers: [{ name: m, livenessProbe: { httpGet: { port: 8081 } } }] }\n';
const from = (cidr: string, port: number, name = 'nodes') =>
  policy(name, `podSelector: {}\ningress: [{ from: [{ ipBlock: { cidr: ${cidr} } }], ports: [{ port: ${port} }] }]`);

describe('rule-for-kubelet-needless', () => {
  it.each([
    ['the nodes on a probe’s port', from('192.168.0.0/24', 8081), ['6 note needless']],
    ['the nodes on another port', from('192.168.0.0/24', 80), []],
    ['other addresses on a probe’s port', from('203.0.113.0/24', 8081), []],
    ['a policy that says it in its name', from('10.0.0.0/16', 80, 'allow-kubelet'), ['6 note needless']],
    ['a public health checker', from('203.0.113.0/24', 80, 'allow-probes'), []],
  ])('%s', (_, yaml, expected) => {
    expect(found(ruleForKubeletNeedless, stream(yaml, node, pod))).toEqual(expected);
  });
});
