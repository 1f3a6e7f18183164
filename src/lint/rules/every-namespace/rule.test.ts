import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { everyNamespace } from './rule.ts';

const ingress = (peer: string) => `podSelector: {}\ningress:\n- from:\n  - ${peer}`;

describe('every-namespace', () => {
  it.each([
    [ingress('namespaceSelector: {}'), ['8 warning ingress']],
    [ingress('{ namespaceSelector: {}, podSelector: {} }'), ['8 warning ingress']],
    [ingress('{ namespaceSelector: {}, podSelector: { matchLabels: { app: prometheus } } }'), ['8 note withLabels']],
    [ingress('podSelector: {}'), []],
    [ingress('namespaceSelector: { matchLabels: { team: web } }'), []],
    ['podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ namespaceSelector: {} }] }]', ['7 warning egress']],
    [
      'podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: UDP }] }]',
      ['7 note egress'],
    ],
  ])('%j', (spec, expected) => {
    expect(found(everyNamespace, policy('cart', spec))).toEqual(expected);
  });
  it('is a note for a workload that is open to the outside anyway', () => {
    const exposed = SHOP.replace('spec:\n  selector: { app: frontend }', 'spec:\n  type: LoadBalancer\n  selector: { app: frontend }');
    const yaml = policy('frontend', ingress('namespaceSelector: {}').replace('{}', '{ matchLabels: { app: frontend } }'));
    expect(found(everyNamespace, stream(yaml, exposed))).toEqual(['8 note ingress']);
  });
});
