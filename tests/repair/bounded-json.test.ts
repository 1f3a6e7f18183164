// `fix -o json` says each edit once and briefly, also about a file of one long line.
import { describe, expect, test } from 'vitest';
import { fixDocument } from '../../src/answer/fix.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import { fix } from '../../src/question/fix.ts';
import { semanticsNamed } from '../shop-manifests.ts';

interface FixItem {
  readonly files: readonly string[];
  readonly patch?: string;
  readonly patchLeftOut?: string;
  readonly edits: readonly { readonly objects: readonly ObjectItem[] }[];
}

interface ObjectItem {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly operations?: unknown;
}

const objectsOf = ({ edits }: FixItem) => edits.flatMap(({ objects }) => objects);

const pod = (app: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: app, namespace: 'shop', labels: { app } },
  spec: { containers: [{ name: app, ports: [{ containerPort: 8080 }] }] },
});
const cartIngress = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: {
    podSelector: { matchLabels: { app: 'cart' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ protocol: 'TCP', port: 80 }] }],
  },
};

/** What is said of web → cart:8080, where `note` makes the one line of the file longer. */
function fixesWith(note: string): { readonly items: readonly FixItem[]; readonly length: number } {
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'notes', namespace: 'shop' }, data: { note } };
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod('web'), pod('cart'), config, cartIngress] });
  const cluster = loadCluster([{ file: 'shop.json', text }]);
  const answer = fix(
    cluster,
    semanticsNamed(undefined),
    { from: 'shop/web', to: 'shop/cart:8080', namespace: 'shop' },
    { most: 6, deny: false },
  );
  if (answer.kind === 'error') throw new Error(JSON.stringify(answer.errors));
  const document = fixDocument(answer, semanticsNamed(undefined), { deny: false }) as unknown as {
    readonly connections: readonly { readonly fixes: readonly FixItem[] }[];
  };
  return { items: document.connections.flatMap(({ fixes }) => fixes), length: JSON.stringify(document).length };
}

describe('fix as JSON', () => {
  const port = { op: 'replace', path: '/spec/ingress/0/ports/0/port', value: 8080 };

  test('says the edit as operations on the object, beside the diff of a file with short lines', () => {
    const { items } = fixesWith('short');
    const first = items.find((item) => JSON.stringify(objectsOf(item)).includes(JSON.stringify(port)));
    expect(first?.edits.map(({ objects }) => objects)).toEqual([
      [
        {
          kind: 'NetworkPolicy',
          name: 'cart',
          namespace: 'shop',
          operations: [{ op: 'test', path: port.path, value: 80 }, port],
        },
      ],
    ]);
    expect(first?.patch).toContain('--- a/shop.json');
    expect(first?.patchLeftOut).toBeUndefined();
  });

  test('does not repeat a file of one long line: its size follows the edits, not the file', () => {
    const [small, large] = [fixesWith('x'.repeat(40_000)), fixesWith('x'.repeat(1_000_000))];
    expect(large.items.length).toBe(small.items.length);
    expect(large.items.filter(({ patchLeftOut }) => patchLeftOut === 'long-lines').length).toBeGreaterThan(0);
    expect(large.items.every(({ patch = '' }) => patch.length < 70_000)).toBe(true);
    expect(large.length).toBeLessThan(20_000 * large.items.length);
    expect(large.items.map(objectsOf)).toEqual(small.items.map(objectsOf));
  });
});
