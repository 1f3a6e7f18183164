// `zones:` of an intents file, from the text to the matrix.
import { describe, expect, it } from 'vitest';
import { intentsDocument } from '../../src/answer/intents.ts';
import { intentsCsv, intentsMarkdown } from '../../src/report/intents-tables.ts';
import { intentsFaultText } from '../../src/words/en/intents-faults.ts';
import { checkerOf, semanticsNamed } from '../schemas/documents.ts';
import { clusterWith, parsed, runOf } from './shop.ts';

const NAMESPACES = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: web, labels: {team: web}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: ops}}
---
`;
const CNP = (accept: string) => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: shop-is-private}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: shop}}}
  ingress:
  - {name: web, action: Accept, from: [{namespaces: {matchLabels: {team: web}}}]${accept}}
  - {name: rest, action: Deny, from: [{namespaces: {}}]}
`;
const CLOSED_WEB = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: ops}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
`;
const ZONES = `
zones:
  web: { namespaces: team=web }
  shop: { namespaces: shop }
  ops: { namespaces: [ops] }
  allow:
    - { from: web, to: shop, ports: [8080] }
    - { from: shop, to: web, ports: all }
`;

function report(...policies: readonly string[]) {
  const { file, faults } = parsed(ZONES);
  expect(faults).toEqual([]);
  const run = runOf(clusterWith(NAMESPACES, ...policies), file, 'kube-network-policies');
  return intentsDocument(run, semanticsNamed('kube-network-policies'), { asked: 'model' });
}

describe('zones', () => {
  const proved = report(CNP(', protocols: [{tcp: {destinationPort: {number: 8080}}}]'), CLOSED_WEB);
  const broken = report(CNP(''), CLOSED_WEB);

  it('are a matrix: nothing but what is allowed connects them, now and later', () => {
    const cells = (document: typeof proved) => document.intents.map(({ zones, holds }) => `${zones?.from} ${zones?.to} ${holds}`);
    expect(cells(proved)).toEqual(['web shop true', 'web ops true', 'shop web true', 'shop ops true', 'ops web true', 'ops shop true']);
    expect(cells(broken)).toEqual(['web shop false', 'web ops true', 'shop web true', 'shop ops true', 'ops web true', 'ops shop true']);
  });

  it('are tables for an auditor', () => {
    expect(intentsCsv(proved)).toBe(
      [
        'from \\ to,web,shop,ops',
        'web,not checked,proved: only TCP 8080,proved: nothing',
        'shop,everything may connect,not checked,proved: nothing',
        'ops,proved: nothing,proved: nothing,not checked',
        '',
      ].join('\r\n'),
    );
    expect(intentsMarkdown(broken)).toContain(
      '| web | not checked | broken: web/ (a new pod without labels) can connect to shop/ (a new pod without labels) on 1/TCP |',
    );
  });

  it('fit the schemas of the report and of the file', () => {
    for (const document of [proved, broken]) expect(checkerOf('intents-report')(JSON.parse(JSON.stringify(document)))).toEqual([]);
    const zones = {
      web: { namespaces: 'team=web' },
      shop: { namespaces: ['shop'], pods: 'app=cart' },
      allow: [{ from: 'web', to: 'shop', ports: [1, '53/udp'] }],
    };
    expect(checkerOf('intents')({ zones })).toEqual([]);
    expect(checkerOf('intents')({ zones: { ...zones, web: {} } })).not.toEqual([]);
  });

  it.each([
    ['{ web: { namespaces: team=web } }', '`zones` must be a mapping of at least two zone names, and `allow`'],
    ['{ web: { namespaces: team=web }, shop: {} }', '`shop` must be a zone such as'],
    ['{ web: { namespaces: team=web }, shop: { pod: app=cart } }', '`shop` must be a zone such as'],
    ['{ web: { namespaces: team=web }, shop: { namespaces: shop }, allow: [{ from: web, to: shpo, ports: 1 }] }', '`allow[0]` must be'],
    ['{ web: { namespaces: team=web }, shop: { namespaces: shop }, allow: [{ from: web, to: shop }] }', '`allow[0]` must be'],
  ])('that are written wrong say so: %s', (zones, text) => {
    expect(parsed(`zones: ${zones}`).faults.map(intentsFaultText)[0]).toContain(text);
  });
});
