import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { calicoDenyWithoutPass } from './rule.ts';

const tier = (action: string) => `apiVersion: projectcalico.org/v3
kind: Tier
metadata: { name: security }
spec: { order: 100, defaultAction: ${action} }
---
`;
const pod = (name: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { containers: [{ name: main, image: ${name} }] }
---
`;
const policy = (name: string, spec: string, ofTier = 'security') => `apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: ${name} }
spec: { tier: ${ofTier}, selector: app == 'cart', ${spec} }
---
`;
const denyDebug = 'types: [Ingress], ingress: [{ action: Deny, protocol: TCP, destination: { ports: [9229] } }]';
const SHOP = pod('cart') + pod('frontend');
const lint = (yaml: string) => found(calicoDenyWithoutPass, SHOP + yaml, { cni: 'calico' });

describe('calico-deny-without-pass', () => {
  it('finds a policy that only denies where the tier denies the rest', () => {
    expect(lint(tier('Deny') + policy('no-debug', denyDebug))).toEqual(['19 warning everything']);
    expect(lint(policy('no-debug', denyDebug, 'default'))).toEqual(['14 warning everything']);
  });

  it.each([
    ['the tier passes the rest', tier('Pass') + policy('no-debug', denyDebug)],
    ['the policy passes the rest', tier('Deny') + policy('no-debug', `${denyDebug.slice(0, -1)}, { action: Pass }]`)],
    ['it says that it denies everything', tier('Deny') + policy('shut', 'types: [Ingress], ingress: [{ action: Deny }]')],
    [
      'another policy of the tier lets something through to the same pods',
      tier('Deny') + policy('no-debug', denyDebug) + policy('rest', 'types: [Ingress], ingress: [{ action: Pass }]'),
    ],
    ['there is nothing but isolation', tier('Deny') + policy('shut', 'types: [Ingress]')],
  ])('has nothing to say where %s', (_, yaml) => {
    expect(lint(yaml)).toEqual([]);
  });

  it('takes another policy of the tier for one about the same pods where the input has no pods', () => {
    const both = policy('no-debug', denyDebug) + policy('rest', 'types: [Ingress], ingress: [{ action: Pass }]');
    expect(found(calicoDenyWithoutPass, tier('Deny') + both, { cni: 'calico' })).toEqual([]);
    expect(found(calicoDenyWithoutPass, tier('Deny') + policy('no-debug', denyDebug), { cni: 'calico' })).toHaveLength(1);
  });

  it('reports it when the other policy selects other pods', () => {
    const other = policy('rest', 'types: [Ingress], ingress: [{ action: Pass }]').replace("app == 'cart'", "app == 'frontend'");
    expect(lint(tier('Deny') + policy('no-debug', denyDebug) + other)).toHaveLength(1);
  });
});
