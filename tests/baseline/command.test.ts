// The command `baseline` as a person runs it: its output applied beside the manifests, its forms, what it refuses.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { runCli } from '../cli-process.ts';
import { checkerOf } from '../schemas/documents.ts';
import { describeWithShared, sharedPath } from '../shared.ts';
import { app, KUBE_DNS } from './shop.ts';

let folder = '';
const file = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netverdict-baseline-'));
  writeFileSync(
    file('shop.yaml'),
    `${app('frontend', 8080, ', env: [ { name: CART_ADDR, value: "cart:80" } ]')}${app('cart', 7070)}${KUBE_DNS}`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) => runCli(['baseline', '-f', file('shop.yaml'), ...args]);

describe('netverdict baseline', () => {
  it('prints policies on stdout and what it knows of them on stderr', () => {
    const { status, stdout, stderr } = run('shop');
    expect(status).toBe(0);
    expect(parseAllDocuments(stdout).map((document) => (document.toJS() as { metadata: { name: string } }).metadata.name)).toEqual([
      'baseline-default-deny',
      'baseline-allow-dns',
      'baseline-cart-ingress',
      'baseline-frontend-egress',
    ]);
    expect(stderr).toContain('✓ 4 policies for shop   checked: 1 of 1 declared connection allowed, nothing else');
    expect(run('shop', '-q').stderr).toBe('');
  });

  it('without a namespace takes all but those of the system', () => {
    expect(run().stdout).toBe(run('shop').stdout);
    const { status, stderr } = run('kube-system');
    expect([status, stderr]).toEqual([2, expect.stringContaining('belongs to the cluster itself')]);
    expect(run('shpo').stderr).toContain('did you mean `shop`?');
  });

  it('writes a document that fits its schema', () => {
    const document = JSON.parse(run('-o', 'json').stdout) as Record<string, unknown>;
    expect(checkerOf('baseline')(document)).toEqual([]);
    expect(checkerOf('baseline')({ ...document, dns: 'perhaps' })).not.toEqual([]);
  });

  it('writes a kustomize component into a new folder, and nothing over what is there', () => {
    const out = file('component');
    expect(run('-o', 'kustomize').stderr).toContain('--out');
    expect(run('-o', 'kustomize', '--out', out).status).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['kustomization.yaml', 'shop.yaml']);
    const before = readFileSync(join(out, 'shop.yaml'), 'utf8');
    expect([run('-o', 'kustomize', '--out', out).status, readFileSync(join(out, 'shop.yaml'), 'utf8')]).toEqual([2, before]);
  });

  it('ends with 2 where a declared connection stays denied', () => {
    const deny =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: shut, namespace: kube-system }\nspec: { podSelector: {} }\n';
    writeFileSync(file('deny.yaml'), deny);
    const { status, stderr } = run('shop', '-f', file('deny.yaml'));
    expect(status).toBe(2);
    expect(stderr).toContain('✗ without DNS: shop/cart, shop/frontend');
  });
});

describeWithShared('a baseline of Online Boutique', () => {
  const manifests = sharedPath('realworld', 'online-boutique-no-policies', 'manifests');

  it('lets the front reach the services that it names, and nobody else: shown by `map`', () => {
    const made = runCli(['baseline', '-f', manifests]);
    expect(made.status).toBe(0);
    writeFileSync(file('boutique.yaml'), made.stdout);
    const { stdout } = runCli(['map', '-f', manifests, '-f', file('boutique.yaml'), '-o', 'json']);
    const { connections } = JSON.parse(stdout) as { connections: { from: string; to: string; allowed: { ports: string }[] }[] };
    const from = (name: string) =>
      connections
        .filter((each) => each.from === `default/${name}[Deployment]`)
        .map(({ to, allowed }) => `${to.replace(/^default\/|\[.*$/g, '')}:${allowed[0]?.ports}`);
    expect(from('frontend')).toEqual([
      'adservice:9555',
      'cartservice:7070',
      'checkoutservice:5050',
      'currencyservice:7000',
      'productcatalogservice:3550',
      'recommendationservice:8080',
      'shippingservice:50051',
    ]);
    expect(from('cartservice')).toEqual(['redis-cart:6379']);
    expect(from('adservice')).toEqual([]);
    expect(connections.filter(({ to }) => to === 'default/redis-cart[Deployment]')).toHaveLength(1);
  });
});
