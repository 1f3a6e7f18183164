// Every JSON document has a published schema, and what is really printed fits it. A schema that accepts anything would fail here too.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentKinds } from '../../scripts/schema-of.ts';
import { descriptionDocument } from '../../src/answer/describe.ts';
import { lineAnswerer } from '../../src/answer/verdict-lines.ts';
import { whyDocument } from '../../src/answer/why.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { asReadBy } from '../../src/program/in-force.ts';
import { describePod, describePolicy } from '../../src/question/describe.ts';
import { why } from '../../src/question/why.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { root, runCli } from '../cli-process.ts';
import { readCase } from '../golden/cases.ts';
import { describeWithShared, sharedPath } from '../shared.ts';
import { checkerOf, clusterIn, schemaFiles, schemaNamed, semanticsNamed } from './documents.ts';

/** `ConnectivityMap` → `connectivity-map`. */
const fileOf = (kind: string) => kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

describe('the schemas', () => {
  it('there is one for every document that has an interface', () => {
    const folder = join(root, 'src/answer/documents');
    const declared = readdirSync(folder).flatMap((file) => documentKinds(join(folder, file)));
    expect(declared).toEqual(expect.arrayContaining(['Explanation', 'Description']));
    expect(declared.filter((kind) => !schemaFiles.includes(`${fileOf(kind)}.schema.json`))).toEqual([]);
  });

  it.each(schemaFiles)('%s says what it is for, and carries its own name', (file) => {
    const schema = schemaNamed(file.replace('.schema.json', ''));
    expect(schema.$id).toBe(`https://netverdict.dev/schemas/${file}`);
    expect(typeof schema.title).toBe('string');
    expect(readFileSync(join(root, 'schemas/README.md'), 'utf8')).toContain(`](${file})`);
  });
});

const check = {
  explanation: checkerOf('explanation'),
  description: checkerOf('description'),
  map: checkerOf('connectivity-map'),
  question: checkerOf('verdict-question'),
  answer: checkerOf('verdict-answer'),
};

it('says what is checked after a connection that a rule for requests lets in', () => {
  const cart = (http: string) => `
{ apiVersion: v1, kind: Pod, metadata: { name: cart, namespace: shop, labels: { app: cart } }, spec: { containers: [{ name: main, image: cart }] } }
---
{ apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: { name: cart, namespace: shop }, specs: [{ endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: "7070" }]${http} }] }] }] }
`;
  const furtherWith = (http: string) => {
    const semantics = semanticsNamed('cilium-kpr');
    const cluster = loadCluster([{ file: 'shop.yaml', text: cart(http) }]);
    const answer = why(asReadBy(cluster, semantics), semantics, { from: '203.0.113.7', to: 'shop/cart:7070', namespace: 'shop' });
    if (answer.kind !== 'answer') throw new Error(answer.kind);
    const document = asRead(whyDocument(answer, semantics)) as {
      readonly connections: readonly { readonly pods: readonly { readonly ingress: object }[] }[];
    };
    expect(checkerOf('explanation')(document)).toEqual([]);
    return document.connections[0]?.pods[0]?.ingress;
  };
  const rules = ['shop/cart specs[0].ingress[0]'];
  expect(furtherWith(', rules: { http: [{ method: GET }] }')).toMatchObject({ outcome: 'allowed', rules, further: 'requests' });
  expect(furtherWith('')).not.toHaveProperty('further');
  expect(furtherWith('')).toMatchObject({ outcome: 'allowed', rules });
});

/** As a reader gets it: absent values are not there. */
const asRead = (document: unknown): unknown => JSON.parse(JSON.stringify(document));

/** What every command says of a cluster, held against its schema. Returns how many documents that were. */
function holdDocuments(cluster: Cluster, cni: string): number {
  const semantics = semanticsNamed(cni);
  const ends = [...cluster.workloads.values()].slice(0, 6).map(({ namespace, name }) => `${namespace}/${name}`);
  const services = [...cluster.services.values()].slice(0, 4).map(({ name, namespace }) => `http://${name}.${namespace}/`);
  let count = 0;
  const hold = (errors: readonly string[]) => {
    expect(errors).toEqual([]);
    count++;
  };
  for (const from of [...ends, 'internet']) {
    for (const to of [...ends, ...services, '203.0.113.7:443', '[2001:db8::7]:443']) {
      const answer = why(cluster, semantics, { from, to, namespace: 'default', symptom: 'timeout' });
      if (answer.kind === 'answer') hold(check.explanation(asRead(whyDocument(answer, semantics))));
    }
  }
  for (const policy of cluster.policies) hold(check.description(asRead(descriptionDocument([describePolicy(cluster, policy)]))));
  for (const pod of cluster.pods.slice(0, 20)) hold(check.description(asRead(descriptionDocument([describePod(cluster, pod)]))));
  const answer = lineAnswerer(reachOf(cluster, semantics));
  for (const from of cluster.pods.slice(0, 8)) {
    for (const to of cluster.pods.slice(0, 8)) {
      const question = { id: `${from.ref} ${to.ref}`, from: from.ref, to: to.ref, port: 8080 };
      hold(check.question(question));
      hold(check.answer(JSON.parse(answer(JSON.stringify(question)) ?? '')));
    }
  }
  return count;
}

describe('what is printed fits its schema', () => {
  it.each(['kubernetes', 'calico', 'flannel'])('the outage, with the mended policies beside, on %s', (cni) => {
    expect(holdDocuments(clusterIn(join(root, 'examples/outage')), cni)).toBeGreaterThan(50);
  });

  it('a map in which a long port list is written once, and rows name it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'netverdict-ports-'));
    const file = join(folder, 'shop.json');
    const pod = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'shop', labels: { app: name } },
      spec: { containers: [{ name }] },
    });
    const ports = Array.from({ length: 300 }, (_, i) => ({ protocol: 'TCP', port: 1000 + 2 * i }));
    const spec = { podSelector: { matchLabels: { app: 'cart' } }, ingress: [{ from: [{ podSelector: {} }], ports }] };
    const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'cart', namespace: 'shop' }, spec };
    try {
      writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod('cart'), pod('web'), pod('ads'), policy] }));
      const map = JSON.parse(runCli(['map', '-o', 'json', '-f', file]).stdout) as {
        readonly connections: readonly { readonly from: string; readonly to: string; readonly allowed: unknown }[];
        readonly portLists: readonly (readonly { readonly ports: string }[])[];
      };
      expect(check.map(map)).toEqual([]);
      const toCart = map.connections.filter(({ from, to }) => to === 'shop/cart[Pod]' && from.startsWith('shop/'));
      expect(toCart.map(({ allowed }) => allowed)).toEqual([{ list: 0 }, { list: 0 }]);
      expect(map.portLists.map((list) => list.map((each) => each.ports.split(',').length))).toEqual([[300]]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('maps and exposure under an enforcer that departs from the policies, and a diff to it', () => {
    const shop = ['-f', 'tests/fixtures/kube-router/shop.yaml', '-f', 'tests/fixtures/kube-router/policies.yaml'];
    const map = runCli(['map', '-o', 'json', '--exposure', '--cni', 'k3s', ...shop]);
    const document = JSON.parse(map.stdout) as { readonly departures: readonly unknown[]; readonly exposure: readonly object[] };
    expect(check.map(document)).toEqual([]);
    expect(document.departures).not.toEqual([]);
    expect(document.exposure.some((each) => 'departures' in each)).toBe(true);
    const diff = runCli(['diff', '-o', 'json', '--cni', 'k3s', 'tests/fixtures/kube-router/shop.yaml', 'tests/fixtures/kube-router']);
    const changes = JSON.parse(diff.stdout) as { readonly departures: { readonly appear: readonly unknown[] } };
    expect(checkerOf('connectivity-diff')(changes)).toEqual([]);
    expect(changes.departures.appear).not.toEqual([]);
  });

  it('maps, printed by the program: plain, of pods, exposed, and with ports that stay open', () => {
    const undecided = join(root, 'tests/golden/inputs/undecided');
    const files = ['-f', 'examples/outage/shop.yaml', '-f', 'examples/outage/policies-friday.yaml'];
    const prints = [files, [...files, '--pods'], [...files, '--exposure'], ['-f', undecided], ['-f', undecided, '--cni', 'weave']].map(
      (args) => {
        const { stdout, status } = runCli(['map', '-o', 'json', ...args]);
        expect(status).toBe(0);
        const map = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
        expect(check.map(map)).toEqual([]);
        return map;
      },
    );
    expect(prints.some((map) => 'undecided' in map)).toBe(true);
    expect(prints.some((map) => 'exposure' in map)).toBe(true);
  });

  it('explanations and descriptions, printed by the program', () => {
    const files = ['-f', 'examples/outage/shop.yaml', '-f', 'examples/outage/policies-friday.yaml'];
    const explanation = runCli(['why', ...files, 'payments/api-server', 'postgres://postgres-primary.payments:5432/', '-o', 'json']);
    expect(explanation.status).toBe(1);
    expect(check.explanation(JSON.parse(explanation.stdout))).toEqual([]);
    const description = runCli(['describe', ...files, 'payments/api-server-rules', '-o', 'json']);
    expect(description.status).toBe(0);
    expect(check.description(JSON.parse(description.stdout))).toEqual([]);
    const namespace = runCli(['describe', ...files, 'ns/payments', '-o', 'json']);
    expect(JSON.parse(namespace.stdout)).toMatchObject({ namespace: { namespace: 'payments' } });
    expect(check.description(JSON.parse(namespace.stdout))).toEqual([]);
  });

  it('answers to lines that cannot be answered', () => {
    const answer = lineAnswerer(reachOf(clusterIn(join(root, 'examples/outage')), semanticsNamed('calico')));
    const lines = [
      '{',
      '[]',
      '{}',
      '{"from":"x","to":"y/z","port":1}',
      '{"from":"web/frontend","to":"web/frontend","port":0}',
      'x'.repeat(70_000),
    ];
    const errors = lines.map((line) => JSON.parse(answer(line) ?? '') as { readonly error?: { readonly code: string } });
    expect(errors.flatMap((each) => check.answer(each))).toEqual([]);
    expect(new Set(errors.map(({ error }) => error?.code)).size).toBe(6);
  });
});

describeWithShared('what is printed of real applications fits its schema', () => {
  const bundles = ['online-boutique', 'sock-shop', 'acs-security-demos', 'bookinfo', 'minikube-cluster-dump', 'demo-app-routes-ingress'];
  it.each(bundles)('%s', (bundle) => {
    const path = sharedPath('realworld', bundle);
    expect(holdDocuments(clusterIn(path), 'kubernetes')).toBeGreaterThan(20);
    const { stdout } = runCli(['map', '-q', '-f', path, '-o', 'json', '--exposure']);
    expect(check.map(JSON.parse(stdout))).toEqual([]);
  });
});

describe('names of rules, as every kind has them', () => {
  const allowedBy = (rule: string) => ({
    outcome: 'allowed',
    egress: { outcome: 'not-isolated' },
    ingress: { outcome: 'allowed', rules: [rule] },
  });
  it.each(['shop/cart ingress[0]', 'open-moor egress[12]', 'shop/cart specs[0].ingressDeny[0]', 'shop/cart egressDeny[1]'])(
    '%s',
    (rule) => {
      expect(check.answer(allowedBy(rule))).toEqual([]);
    },
  );
  it.each(['shop/cart', 'ingress[0]', 'shop/cart ingress', 'shop/cart rules[0]', ''])('not %j', (rule) => {
    expect(check.answer(allowedBy(rule))).not.toEqual([]);
  });
  it('a pod under policies of three kinds on Cilium', () => {
    const semantics = semanticsNamed('cilium-kpr');
    const read = loadCluster([
      {
        file: 'shop.yaml',
        text: `
{ apiVersion: v1, kind: Pod, metadata: { name: cart, namespace: shop, labels: { app: cart } }, spec: { containers: [{ name: main, image: cart }] } }
---
{ apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: { name: cart, namespace: shop }, specs: [{ endpointSelector: {}, ingressDeny: [{ fromEntities: [world] }] }] }
---
{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: cart, namespace: shop }, spec: { podSelector: {}, ingress: [{}] } }
---
{ apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: { name: moor }, spec: { tier: Admin, priority: 1, subject: { pods: { namespaceSelector: {}, podSelector: {} } }, ingress: [{ action: Pass, from: [{ namespaces: {} }] }] } }
`,
      },
    ]);
    const cluster = asReadBy(read, semantics);
    const [pod] = cluster.pods;
    if (pod === undefined) throw new Error('no pod');
    const document = asRead(descriptionDocument([describePod(cluster, pod)])) as {
      readonly descriptions: readonly { readonly ingress: { readonly rules: readonly { readonly rule: string }[] } }[];
    };
    expect(check.description(document)).toEqual([]);
    expect(document.descriptions[0]?.ingress.rules.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['specs[0].ingressDeny[0]', 'ingress[0]']),
    );
  });
});

describe('a broken document does not fit', () => {
  const read = (golden: string) => JSON.parse(readCase(golden).stdout) as Record<string, unknown>;
  type Break = (document: Record<string, never>) => void;
  const first = (document: Record<string, never>, list: string) =>
    (document[list] as unknown as readonly Record<string, unknown>[])[0] ?? {};

  it.each<[keyof typeof check, string, string, Break]>([
    ['explanation', 'why/json', 'another kind', (d) => Object.assign(d, { kind: 'Explanations' })],
    ['explanation', 'why/json', 'an outcome that there is not', (d) => Object.assign(d, { outcome: 'blocked' })],
    ['explanation', 'why/json', 'a connection without its codes', (d) => delete first(d, 'connections').codes],
    ['explanation', 'why/json', 'a field that nobody described', (d) => Object.assign(first(d, 'connections'), { verdict: 1 })],
    ['explanation', 'why/json', 'no connection at all', (d) => Object.assign(d, { connections: [] })],
    ['explanation', 'why/json', 'a code with blanks', (d) => Object.assign(first(d, 'connections'), { cause: 'no dns' })],
    ['description', 'describe/json', 'no name', (d) => delete first(d, 'descriptions').name],
    ['description', 'describe/json', 'of something else', (d) => Object.assign(first(d, 'descriptions'), { of: 'service' })],
    ['map', 'map/json', 'a row without ports', (d) => delete first(d, 'connections').allowed],
    ['map', 'map/json', 'ports as a number', (d) => Object.assign(first(d, 'connections'), { allowed: [{ protocol: 'TCP', ports: 80 }] })],
    ['map', 'map/json', 'a row with no port', (d) => Object.assign(first(d, 'connections'), { allowed: [] })],
    ['map', 'map/undecided-json', 'a doubt without a reason', (d) => Object.assign(first(d, 'undecided'), { because: [] })],
  ])('%s: %s, %s', (kind, path, _, breakIt) => {
    const document = read(path);
    expect(check[kind](document)).toEqual([]);
    breakIt(document as Record<string, never>);
    expect(check[kind](document)).not.toEqual([]);
  });

  it.each([
    { from: 'x/a', to: 'y/b' },
    { from: 'x/a', to: 'y/b', port: 0 },
    { from: 'x/a', to: 'y/b', port: 80, protocol: 'tcp' },
    { from: 1, to: 'y/b', port: 80 },
  ])('a question: %j', (question) => {
    expect(check.question({ from: 'x/a', to: 'y/b', port: 80 })).toEqual([]);
    expect(check.question(question)).not.toEqual([]);
  });

  it.each([
    { outcome: 'allowed' },
    { outcome: 'denied', egress: { outcome: 'not-isolated' }, ingress: { outcome: 'denied', policies: [] } },
    { outcome: 'denied', egress: { outcome: 'not-isolated' }, ingress: { outcome: 'denied' } },
    {
      outcome: 'allowed',
      egress: { outcome: 'not-isolated' },
      ingress: { outcome: 'not-isolated' },
      error: { code: 'bad-end', message: 'x' },
    },
    { error: { code: 'unheard-of', message: 'x' } },
  ])('an answer: %j', (answer) => {
    expect(check.answer({ outcome: 'allowed', egress: { outcome: 'not-isolated' }, ingress: { outcome: 'not-isolated' } })).toEqual([]);
    expect(check.answer(answer)).not.toEqual([]);
  });
});
