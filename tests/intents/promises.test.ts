// Intents about pods that do not exist yet: read from a file, judged, and said.
import { describe, expect, it } from 'vitest';
import { intentsDocument } from '../../src/answer/intents.ts';
import { intentsText } from '../../src/report/intents-text.ts';
import { paint } from '../../src/report/paint.ts';
import { intentsFaultText } from '../../src/words/en/intents-faults.ts';
import { checkerOf, semanticsNamed } from '../schemas/documents.ts';
import { CART_POLICY, clusterWith, codesOf, intentsOf, parsed, runOf, SHOP } from './shop.ts';

const NAMESPACES = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: web, labels: {team: web}}}
---
`;
const closed = clusterWith(NAMESPACES, SHOP, CART_POLICY);
const open = clusterWith(NAMESPACES, SHOP);

function documentOf(cluster: typeof closed, ...items: readonly string[]) {
  return intentsDocument(runOf(cluster, intentsOf(...items)), semanticsNamed('calico'), { asked: 'model' });
}

describe('an intent about any pod', () => {
  it.each<[string, string, string]>([
    ['{ from: any pod in namespaces team=web, to: shop/cart, port: 7070, expect: never }', 'as-expected', 'not-denied'],
    ['{ from: any pod app=frontend in namespace shop, to: shop/cart, port: 7070, expect: always }', 'as-expected', 'as-expected'],
    [
      '{ from: any pod in namespace shop, to: any pod app=cart in namespace shop, port: 7070, expect: always }',
      'not-allowed',
      'as-expected',
    ],
    ['{ from: any pod in namespace shpo, to: shop/cart, port: 7070, expect: never }', 'matches-nothing', 'matches-nothing'],
    ['{ from: any pod, to: shop/svc/cart, port: 7070, expect: never }', 'no-pods', 'no-pods'],
    ['{ from: any pod, to: shop/crt, port: 7070, expect: never }', 'matches-nothing', 'matches-nothing'],
    [
      '{ from: shop/*, to: any pod app=cart in namespaces kubernetes.io/metadata.name=shop, port: 7071, expect: never }',
      'as-expected',
      'not-denied',
    ],
  ])('%s', (item, withPolicy, without) => {
    expect(codesOf(closed, item).map((each) => each.split(' ').at(-1))).toEqual([withPolicy]);
    expect(codesOf(open, item).map((each) => each.split(' ').at(-1))).toEqual([without]);
  });

  it('that is broken names the pods, what decides, and where', () => {
    const report = documentOf(closed, '{ from: any pod in namespace shop, to: shop/cart, port: 7070, expect: never }');
    expect(report.intents[0]?.checks[0]?.promise?.counterExample).toMatchObject({
      from: { pod: 'shop/frontend', isToCome: false },
      to: { pod: 'shop/cart' },
      outcome: 'allowed',
      decidedBy: [{ direction: 'ingress', outcome: 'allowed', policies: [{ kind: 'NetworkPolicy' }] }, { direction: 'egress' }],
    });
    expect(intentsText(report, { paint: paint(false), asked: 'the model', verbose: false, quiet: false })).toMatch(
      /shop\/frontend can connect to\s+shop\/cart on 7070\/TCP\n +ingress: shop\/\S+ ingress\[0\] \(3\.yaml:\d+\) allows it/,
    );
  });

  it('fits the schema of the report, whatever comes of it', () => {
    const block = clusterWith(NAMESPACES, SHOP, CART_POLICY.replace(/- podSelector:.*$/m, '- ipBlock: { cidr: 10.0.0.0/8 }'));
    const check = checkerOf('intents-report');
    for (const cluster of [closed, open, block])
      for (const expected of ['never', 'always'])
        expect(check(JSON.parse(JSON.stringify(documentOf(cluster, `{ from: any pod, to: any pod, expect: ${expected} }`))))).toEqual([]);
  });

  it.each([
    ['{ from: any pod, to: shop/cart, expect: denied }', ['`expect: denied` must be never or always, because an end is `any pod`']],
    [
      '{ from: any pod in shop, to: shop/cart, expect: never }',
      ['`any pod in shop` must be `any pod`, `any pod app=cart in namespace shop` or `any pod in namespaces team=web`'],
    ],
    [
      '{ from: any pod, to: shop/cart, port: http, expect: never }',
      ['`port: "http"` must be a number with never and always: 8080, 53/udp, or a list of them'],
    ],
    [
      '{ from: any pod, to: shop/cart, expect: never, control: shop/frontend }',
      ['`control` must be left out if the connection is expected to be allowed'],
    ],
    [
      '{ from: everyone, to: shop/cart, port: 1, expect: allowed }',
      ['`expect: allowed` must be never or always, because an end is `any pod`'],
    ],
  ])('that is written wrong says so: %s', (item, faults) => {
    expect(parsed(`groups: { everyone: any pod }\nintents:\n  - ${item}\n`).faults.map(intentsFaultText)).toEqual(faults);
  });
});
