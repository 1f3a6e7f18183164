import { describe, expect, it } from 'vitest';
import { CAUSE_CODES, type Cause } from '../../explain/causes.ts';
import { causeSentence } from './cause.ts';

describe('what a cause says', () => {
  it.each<[Cause, string, string | undefined]>([
    [
      {
        code: 'peer-label-mismatch',
        facts: { rule: 'shop/cart ingress[0]', pod: 'shop/frontend', key: 'app', operator: 'In', wanted: ['front-end'], has: 'frontend' },
      },
      'shop/cart ingress[0] requires app=front-end, but shop/frontend has app=frontend',
      undefined,
    ],
    [
      {
        code: 'namespace-label-missing',
        facts: { rule: 'shop/cart ingress[0]', namespace: 'monitoring', key: 'team', operator: 'Exists', wanted: [] },
      },
      'shop/cart ingress[0] requires a namespace with label team, but namespace monitoring has no label team',
      'label the namespace, or use kubernetes.io/metadata.name=monitoring, which every namespace has',
    ],
    [
      {
        code: 'service-port-instead-of-target-port',
        facts: { rule: 'shop/cart ingress[0]', servicePort: 80, service: 'shop/svc/cart', targetPort: 7070, behind: 'pods' },
      },
      'shop/cart ingress[0] allows 80, the port of Service shop/svc/cart, but the pods listen on 7070, and that is the port policies see',
      'allow port 7070',
    ],
    [
      { code: 'isolated-with-no-rules', direction: 'ingress', facts: { policies: ['shop/default-deny', 'shop/cart'] } },
      'shop/default-deny, shop/cart isolate this pod, and no policy has an ingress rule for it',
      undefined,
    ],
    [
      {
        code: 'policy-unreadable',
        facts: { kind: 'NetworkPolicy', policy: 'shop/cart' },
        fault: { code: 'nested-too-deep', severity: 'error', facts: { limit: 100 } },
      },
      'NetworkPolicy shop/cart could not be read (nested deeper than 100 levels), and it may apply to this connection',
      'fix it first; until then every verdict that it may change stays undecided',
    ],
    [
      { code: 'denied-by-rule', facts: { kind: 'ClusterNetworkPolicy', rule: 'lockdown ingress[0]', tier: 'admin' } },
      'ClusterNetworkPolicy lockdown ingress[0] denies it before any NetworkPolicy is evaluated. No NetworkPolicy can allow this',
      'a rule with a better priority has to accept it or pass it on to NetworkPolicies; ask whoever owns the cluster-wide policies',
    ],
  ])('$code', (cause, text, hint) => {
    expect(causeSentence(cause)).toEqual({ text, ...(hint !== undefined && { hint }) });
  });

  it.each(CAUSE_CODES.filter((code) => code !== 'rule-unclear'))('%s says something even without facts', (code) => {
    const { text } = causeSentence({ code, facts: {} });
    expect(text).not.toBe('');
  });
});
