// What `simplify` takes out of small shops, beside what is nearly implied and has to stay.
import { describe, expect, test } from 'vitest';
import { semanticsNamed } from '../../tests/schemas/documents.ts';
import { loadCluster } from '../manifest/load.ts';
import { simplify } from './simplify.ts';
import { sameVerdicts } from './simplify-proof.ts';

const policy = (name: string, spec: string, head = 'networking.k8s.io/v1 NetworkPolicy') => {
  const [apiVersion, kind] = head.split(' ');
  const place = kind === 'NetworkPolicy' ? ', namespace: shop' : '';
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}${place} }\nspec: ${spec}\n`;
};
const admin = 'policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy';
const from = (peers: string, ports = '') => `{ from: [${peers}]${ports && `, ports: [${ports}]`} }`;
const app = (name: string) => `{ podSelector: { matchLabels: { app: ${name} } } }`;
const onCart = (...rules: readonly string[]) =>
  `{ podSelector: { matchLabels: { app: cart } }, policyTypes: [Ingress], ingress: [${rules.join(', ')}] }`;

function shop(...policies: readonly string[]) {
  return loadCluster([{ file: 'shop.yaml', text: policies.join('---\n') }]);
}

/** `['policy shop/a', 'rule shop/a ingress[1]']`. */
function taken(policies: readonly string[], profile = 'calico'): readonly string[] {
  const { removals, proof } = simplify(shop(...policies), semanticsNamed(profile));
  expect(proof).toBe('same');
  return removals.map(
    ({
      part: {
        of,
        policy: { ref },
        direction,
        rule,
      },
    }) => [of, ref, ...(rule === undefined ? [] : [`${direction}[${rule.index}]`])].join(' '),
  );
}

describe('a part that others imply goes, and one that is nearly implied stays', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['a rule inside another', [onCart(from('{ podSelector: {} }'), from(app('frontend')))], ['rule shop/a ingress[1]']],
    ['a rule on one more port', [onCart(from('{ podSelector: {} }', '{ port: 80 }'), from(app('frontend'), '{ port: 81 }'))], []],
    ['a rule of UDP beside TCP', [onCart(from(app('frontend'), '{ port: 53 }'), from(app('frontend'), '{ port: 53, protocol: UDP }'))], []],
    ['a peer inside another', [onCart(from(`{ podSelector: {} }, ${app('frontend')}`))], ['peer shop/a ingress[0]']],
    ['a peer of another app', [onCart(from(`${app('checkout')}, ${app('frontend')}`))], []],
    ['a port inside a range', [onCart(from(app('frontend'), '{ port: 80, endPort: 90 }, { port: 85 }'))], ['port shop/a ingress[0]']],
    ['a port behind a range', [onCart(from(app('frontend'), '{ port: 80, endPort: 90 }, { port: 91 }'))], []],
    [
      'a port by name beside a number, which a pod to come may have elsewhere',
      [onCart(from(app('frontend'), '{ port: 80 }, { port: http }'))],
      [],
    ],
    [
      'a block inside another',
      [onCart(from('{ ipBlock: { cidr: 10.0.0.0/8 } }, { ipBlock: { cidr: 10.1.0.0/16 } }'))],
      ['peer shop/a ingress[0]'],
    ],
    [
      'a block with a hole',
      [onCart(from('{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.2.0/24] } }, { ipBlock: { cidr: 10.1.0.0/16 } }'))],
      [],
    ],
    [
      'two halves that make a whole',
      [onCart(from('{ ipBlock: { cidr: 10.0.0.0/9 } }, { ipBlock: { cidr: 10.128.0.0/9 } }, { ipBlock: { cidr: 10.0.0.0/8 } }'))],
      ['peer shop/a ingress[0]', 'peer shop/a ingress[0]'],
    ],
    ['the same policy twice', [onCart(from(app('frontend'))), onCart(from(app('frontend')))], ['policy shop/b']],
    [
      'a policy on more pods',
      [onCart(from(app('frontend'))), `{ podSelector: {}, policyTypes: [Ingress], ingress: [${from(app('frontend'))}] }`],
      ['policy shop/a'],
    ],
    ['a policy that alone isolates', ['{ podSelector: {}, policyTypes: [Ingress] }', onCart(from(app('frontend')))], []],
    ['a default deny beside a wider one', ['{ podSelector: {}, policyTypes: [Ingress] }', onCart()], ['policy shop/b']],
    [
      'a policy that isolates one way more',
      ['{ podSelector: {}, policyTypes: [Ingress] }', '{ podSelector: {}, policyTypes: [Egress] }'],
      [],
    ],
    [
      'the only egress rule where policyTypes is left out',
      ['{ podSelector: {}, policyTypes: [Egress], egress: [{}] }', '{ podSelector: {}, egress: [{ to: [{ podSelector: {} }] }] }'],
      [],
    ],
    ['no policy at all', [], []],
  ])('%s', (_, specs, wanted) => {
    expect(taken(specs.map((spec, i) => policy('abc'[i] as string, spec)))).toEqual(wanted);
  });

  test('a label selector that two values share out counts for pods to come, too', () => {
    const either = '{ podSelector: { matchExpressions: [{ key: app, operator: Exists }] } }';
    const others = '{ podSelector: { matchExpressions: [{ key: app, operator: NotIn, values: [frontend] }] } }';
    // Without the label: `others` means those, and `either` does not. With it: each of `either`'s is one of the other two.
    expect(taken([policy('a', onCart(from(`${either}, ${app('frontend')}, ${others}`)))])).toHaveLength(1);
    expect(taken([policy('a', onCart(from(`${app('frontend')}, ${others}`)))])).toEqual([]);
  });
});

describe('tiers', () => {
  const cnp = (name: string, priority: number, action: string, pods: string) =>
    policy(
      name,
      `{ tier: Admin, priority: ${priority}, subject: { namespaces: {} }, ingress: [{ action: ${action}, from: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: ${pods} } } } }] }] }`,
      admin,
    );

  test('a rule behind one that decides first goes; one for other pods stays', () => {
    expect(
      taken([cnp('first', 1, 'Deny', 'frontend'), cnp('second', 2, 'Accept', 'frontend'), cnp('third', 3, 'Deny', 'checkout')]),
    ).toEqual(['policy second']);
  });

  test('a NetworkPolicy rule that a cluster-wide one denies anyway goes, and what it passes on stays', () => {
    const rule = policy('a', onCart(from(app('frontend')), from(app('checkout'))));
    expect(taken([cnp('deny', 1, 'Deny', 'frontend'), rule])).toEqual(['rule shop/a ingress[0]']);
    expect(taken([cnp('pass', 1, 'Pass', 'frontend'), rule])).toEqual(['policy pass']);
  });
});

describe('what is left alone is named', () => {
  const left = (profile: string, ...policies: readonly string[]) =>
    simplify(shop(...policies), semanticsNamed(profile)).left.map(({ policy: { ref }, because }) => `${ref} ${because}`);

  test('a policy that cannot be read, and the parts that it could touch', () => {
    const twice = policy('a', onCart(from('{ podSelector: {} }'), from(app('frontend'))));
    const broken = policy('broken', '{ podSelector: { matchLabels: { app: cart } }, ingress: [{ from: [{ nonsense: 1 }] }] }');
    expect(left('calico', twice, broken)).toContain('shop/broken unreadable');
    expect(left('calico', twice)).toEqual([]);
  });

  test('labels that tell too many kinds of pods apart', () => {
    const many = Array.from({ length: 14 }, (_, i) => `{ podSelector: { matchLabels: { key-${i}: a } } }`).join(', ');
    expect(left('calico', policy('a', onCart(from(many))))).toEqual(['shop/a too-many-kinds']);
  });
});

describe('two states', () => {
  const wide = shop(policy('a', onCart(from('{ podSelector: {} }'), from(app('frontend')))));
  const narrow = shop(policy('a', onCart(from('{ podSelector: {} }'))));
  const other = shop(policy('a', onCart(from(app('frontend')))));

  test('are the same when read from different texts with the same meaning, and differ in what one of them opens', () => {
    expect(sameVerdicts(wide, narrow, semanticsNamed('calico'))).toBe('same');
    expect(sameVerdicts(wide, other, semanticsNamed('calico'))).toBe('differs');
    expect(sameVerdicts(narrow, shop(), semanticsNamed('calico'))).toBe('differs');
  });
});
