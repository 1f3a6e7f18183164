// What intents say of a cluster: each way to hold and to fail, with its neighbour that fares the other way.
import { describe, expect, it } from 'vitest';
import { recordedFile } from '../../src/answer/recording.ts';
import { withMeasured } from '../../src/question/intents.ts';
import { recordIntents } from '../../src/question/intents-record.ts';
import { recordingYaml } from '../../src/report/intents-yaml.ts';
import { recordedName } from '../../src/words/en/intents.ts';
import { semanticsNamed } from '../shop-manifests.ts';
import { CART_POLICY, clusterWith, codesOf, intentsOf, NO_EGRESS, parsed, runOf, SHOP } from './shop.ts';

const closed = clusterWith(SHOP, CART_POLICY);
const open = clusterWith(SHOP);

describe('an intent', () => {
  it('that wants a connection holds where policies allow it, and not where they deny it', () => {
    expect(codesOf(closed, '{ from: shop/frontend, to: shop/cart, port: 7070, expect: allowed }')).toEqual(['shop/frontend as-expected']);
    expect(codesOf(closed, '{ from: shop/admin, to: shop/cart, port: 7070, expect: allowed }')).toEqual(['shop/admin not-allowed']);
  });

  it('that forbids a connection holds where it is denied, and not where it is open', () => {
    expect(codesOf(closed, '{ from: shop/admin, to: shop/cart, port: 7070, expect: denied }')).toEqual(['shop/admin as-expected']);
    expect(codesOf(open, '{ from: shop/admin, to: shop/cart, port: 7070, expect: denied }')).toEqual(['shop/admin not-denied']);
  });

  it('names groups, patterns and labels, and never asks a workload about itself through a pattern', () => {
    expect(codesOf(closed, '{ from: clients, to: shop/cart:7070, expect: allowed }')).toEqual([
      'shop/frontend as-expected',
      'shop/admin not-allowed',
    ]);
    expect(codesOf(closed, '{ from: shop/*, to: shop/app=cart, port: 7070, expect: denied }').map((each) => each.split(' ')[0])).toEqual([
      'shop/admin',
      'shop/frontend',
      'shop/worker',
    ]);
    expect(codesOf(closed, '{ from: { namespace: shop, labels: { app: admin } }, to: shop/svc/cart:80, expect: denied }')).toEqual([
      'shop/admin as-expected',
    ]);
    expect(codesOf(closed, '{ from: internet, to: shop/cart, port: [7070], expect: denied }')).toEqual(['internet as-expected']);
  });

  it('without a port asks for every port that the destination declares', () => {
    expect(codesOf(closed, '{ from: shop/admin, to: shop/cart, expect: denied }')).toEqual(['shop/admin as-expected']);
    expect(codesOf(closed, '{ from: shop/admin, to: shop/worker, expect: denied }')).toEqual(['shop/admin not-answerable']);
  });

  it.each([
    ['{ from: shpo/*, to: shop/cart, expect: denied }', ['shop/']],
    ['{ from: shop/app=frontent, to: shop/cart, expect: denied }', ['app=frontend']],
    ['{ from: shop/fro*tend-2, to: shop/cart, expect: denied }', ['shop/frontend']],
  ])('that matches nothing fails, with what is near: %s', (item, near) => {
    const [result] = runOf(closed, intentsOf(item)).results;
    expect(result?.holds).toBe(false);
    expect(result?.checks.map(({ code, unmatched }) => [code, unmatched?.nearest])).toEqual([['matches-nothing', near]]);
  });

  it('that names nobody fails too, whatever it expects', () => {
    expect(codesOf(closed, '{ from: shop/frontend, to: shop/cartt:7070, expect: denied }')).toEqual(['shop/frontend matches-nothing']);
    expect(codesOf(closed, '{ from: shop/*, to: shop/*, port: 1, expect: denied }').length).toBe(12);
    expect(
      codesOf(
        clusterWith(CART_POLICY, 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }'),
        '{ from: shop/*, to: shop/*, port: 1, expect: denied }',
      ),
    ).toHaveLength(2);
  });

  it('that mistypes a group is told of it', () => {
    const [check] = runOf(closed, intentsOf('{ from: clinets, to: shop/cart:7070, expect: denied }')).results[0]?.checks ?? [];
    expect([check?.code, check?.unmatched?.nearest]).toEqual(['matches-nothing', ['clients']]);
  });

  it('says a port once', () => {
    expect(codesOf(closed, '{ from: shop/frontend, to: shop/cart:7070, port: 80, expect: denied }')).toEqual([
      'shop/frontend port-said-twice',
    ]);
  });

  it('is not satisfied by a denial of the lookup alone: the address is open', () => {
    const muted = clusterWith(
      SHOP,
      NO_EGRESS.replace('policyTypes: [Egress]', 'policyTypes: [Egress], egress: [ { to: [ { podSelector: {} } ] } ]'),
    );
    expect(codesOf(muted, '{ from: shop/worker, to: "http://cart/", expect: denied }')).toEqual(['shop/worker only-lookup-denied']);
    expect(codesOf(clusterWith(SHOP, NO_EGRESS), '{ from: shop/worker, to: "http://cart/", expect: denied }')).toEqual([
      'shop/worker as-expected',
    ]);
  });

  it('that is undecided fails, and a profile decides it', () => {
    const byBlock = clusterWith(
      SHOP,
      CART_POLICY.replace('podSelector: { matchLabels: { app: frontend } }', 'ipBlock: { cidr: 0.0.0.0/0 }'),
    );
    const item = '{ from: shop/admin, to: shop/cart, port: 7070, expect: allowed }';
    expect(codesOf(byBlock, item, 'kubernetes')).toEqual(['shop/admin undecided']);
    // Nodes and pods are no addresses there (semantics D.2).
    expect(codesOf(byBlock, item, 'cilium')).toEqual(['shop/admin not-allowed']);
  });

  it('warns where it holds and DNS is denied', () => {
    const mute = clusterWith(
      SHOP,
      NO_EGRESS.replace('policyTypes: [Egress]', 'policyTypes: [Egress], egress: [ { to: [ { podSelector: {} } ] } ]'),
    );
    const file = intentsOf(
      '{ from: shop/worker, to: shop/svc/cart:80, expect: allowed }',
      '{ from: shop/admin, to: shop/svc/cart:80, expect: allowed }',
    );
    expect(runOf(mute, file).results.map(({ holds, checks }) => [holds, checks[0]?.notByName])).toEqual([
      [true, true],
      [true, false],
    ]);
  });
});

describe('the control beside a denial', () => {
  const controlOf = (item: string, cluster = closed) => runOf(cluster, intentsOf(item)).results[0]?.checks[0];

  it('is somebody who may reach it', () => {
    const check = controlOf('{ from: shop/admin, to: shop/cart, port: 7070, expect: denied }');
    expect(check?.control).toMatchObject({ by: 'peer', from: 'shop/frontend' });
  });

  it('is the declared port where nobody may reach it', () => {
    const nobody = clusterWith(SHOP, CART_POLICY.replace(/ {2}ingress:.*\n/, ''));
    expect(controlOf('{ from: shop/admin, to: shop/cart, port: 7070, expect: denied }', nobody)?.control).toMatchObject({ by: 'listens' });
  });

  it('is missing where nothing listens: the denial would stay without any policy', () => {
    expect(controlOf('{ from: shop/admin, to: shop/cart, port: 9999, expect: denied }')?.code).toBe('no-control');
  });

  it('can be named, and must hold then', () => {
    const item = (who: string) => `{ from: shop/admin, to: shop/cart, port: 7070, expect: denied, control: ${who} }`;
    expect(controlOf(item('shop/frontend'))).toMatchObject({ holds: true, control: { by: 'named' } });
    expect(controlOf(item('shop/worker'))).toMatchObject({ holds: false, code: 'control-fails' });
    expect(controlOf(item('shop/nobody-*'))).toMatchObject({ holds: false, code: 'matches-nothing' });
  });
});

describe('what was measured', () => {
  const [denied] = runOf(closed, intentsOf('{ from: shop/admin, to: shop/cart, port: 7070, expect: denied }')).results[0]?.checks ?? [];
  if (denied === undefined) throw new Error('no check');
  const measured = (outcome: 'allowed' | 'denied' | 'unknown', control: 'answers' | 'silent' | undefined) =>
    withMeasured(denied, { by: 'kernel', outcome, control, text: 'seen' });

  it('must be what was expected, with its control', () => {
    expect(measured('denied', 'answers')).toMatchObject({ holds: true, code: 'as-expected' });
    expect(measured('denied', 'silent')).toMatchObject({ holds: false, code: 'no-control' });
  });

  it('fails where it is something else than the model says, or nothing', () => {
    expect(measured('allowed', 'answers')).toMatchObject({ holds: false, code: 'kernel-differs' });
    expect(measured('unknown', undefined)).toMatchObject({ holds: false, code: 'not-measured' });
  });
});

describe('a recording', () => {
  const recorded = (cluster = closed) => {
    const recording = recordIntents(cluster, semanticsNamed('calico'), []);
    if ('tooMany' in recording) throw new Error('too many');
    return recording;
  };
  const text = recordingYaml(recordedFile(recorded(), 'calico'));

  it('holds on the state that it was made from, and fails when the policy is dropped', () => {
    const { file, faults } = parsed(text);
    expect(faults).toEqual([]);
    expect(file.intents.length).toBeGreaterThan(5);
    expect(runOf(closed, file).results.filter(({ holds }) => !holds)).toEqual([]);
    const failing = runOf(open, file)
      .results.filter(({ holds }) => !holds)
      .map(({ intent }) => intent.name);
    expect(failing).toEqual(['shop/cart:7070 is closed to 3 of its possible clients']);
  });

  it('says what it could not pin', () => {
    expect(recorded().leftOut).toEqual([{ what: 'shop/worker', why: 'no-port' }]);
    expect(text).toContain('#   shop/worker declares no port');
  });

  it('pins DNS and the way out', () => {
    const { intents } = recorded(clusterWith(SHOP, NO_EGRESS));
    expect(intents.filter(({ to }) => !to.startsWith('shop/')).map((each) => `${recordedName(each)}: ${each.expect}`)).toEqual([
      'internet:443 is open to 3 of its possible clients: allowed',
      'internet:443 is closed to shop/worker: denied',
      'kube-system/svc/kube-dns:53/udp is open to 3 of its possible clients: allowed',
      'kube-system/svc/kube-dns:53/udp is closed to shop/worker: denied',
      'kube-system/svc/kube-dns:53 is open to 3 of its possible clients: allowed',
      'kube-system/svc/kube-dns:53 is closed to shop/worker: denied',
    ]);
  });

  it('is of one namespace when asked so', () => {
    const recording = recordIntents(closed, semanticsNamed('calico'), ['kube-system']);
    expect(recording).toEqual({ intents: [], leftOut: [] });
  });
});

describe('a file with a mistake', () => {
  it.each([
    ['intents: [ { form: a/b, to: a/c, expect: allowed } ]', ['unknown-key', 'missing'], ['from']],
    ['intents: [ { from: a/b, to: a/c, expect: alowed } ]', ['wrong-value'], ['allowed']],
    ['intents: [ { from: a/b, to: a/c } ]', ['missing'], []],
    ['intents: [ { from: a/b, to: a/c, port: 70000, expect: denied } ]', ['wrong-value'], []],
    ['intents: [ { from: a/b, to: a/c, expect: allowed, control: a/d } ]', ['wrong-value'], []],
    ['intnets: []', ['unknown-key'], ['intents']],
    ['intents: []', ['no-intents'], []],
    ['kind: NetworkPolicy\nspec: {}', ['other-kind'], []],
    ['groups: { a: [ b ], b: [ x/y ] }\nintents: [ { from: a, to: b, expect: denied } ]', ['group-in-group'], []],
    [
      'intents: [ { name: one, from: a/b, to: a/c, expect: denied }, { name: one, from: a/b, to: a/d, expect: denied } ]',
      ['duplicate-name'],
      [],
    ],
  ])('%s', (text, codes, near) => {
    const { faults } = parsed(text);
    expect(faults.map(({ code }) => code)).toEqual(codes);
    expect(faults[0]?.nearest).toEqual(near);
  });

  it('has none when it is right', () => {
    expect(
      parsed('apiVersion: netverdict.dev/v1\nkind: Intents\nintents: [ { from: a/b, to: [a/c], port: 53/udp, expect: denied } ]').faults,
    ).toEqual([]);
  });
});
