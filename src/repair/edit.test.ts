// Edits of text, case by case: what a person would have typed, and not a byte more.
import { describe, expect, test } from 'vitest';
import { parseText } from '../manifest/parse.ts';
import type { Edit } from '../model/edit.ts';
import type { Path } from '../model/origin.ts';
import { editTexts, withNewObject } from './edit.ts';
import type { PlacedEdit } from './edited-value.ts';

type Change = PlacedEdit extends infer Each ? (Each extends { readonly at: unknown } ? Omit<Each, 'at'> : never) : never;

function edited(text: string, ...changes: readonly (readonly [Path, Change, number?])[]) {
  const { documents } = parseText('cart.yaml', text);
  const edits = changes.map(([path, change, index = 0]) => ({
    ...change,
    at: { document: documents[index]?.document, path },
  })) as unknown as readonly Edit[];
  const result = editTexts(edits);
  return result.refused === undefined ? (result.texts[0]?.after ?? '') : `refused: ${result.refused.reason}`;
}

const POLICY = `# who may reach the cart
kind: NetworkPolicy
spec:
  podSelector:
    matchLabels:
      app: cart   # the cart
  ingress:
    # the shop front
    - from:
        - podSelector:
            matchLabels: { app: web }
          namespaceSelector:
            matchLabels:
              team: 'retail'
      # its port
      ports:
        - port: 80 # http
  policyTypes: [Ingress]
`;

describe('an edit of YAML', () => {
  test('sets a scalar and keeps its comment', () => {
    expect(edited(POLICY, [['spec', 'ingress', 0, 'ports', 0, 'port'], { kind: 'set-value', value: 8080 }])).toBe(
      POLICY.replace('port: 80 #', 'port: 8080 #'),
    );
  });

  test('keeps the quotes that a value had, and gives some to a text that reads as something else', () => {
    const team: Path = ['spec', 'ingress', 0, 'from', 0, 'namespaceSelector', 'matchLabels', 'team'];
    expect(edited(POLICY, [team, { kind: 'set-value', value: 'sales' }])).toBe(POLICY.replace("'retail'", "'sales'"));
    const app: Path = ['spec', 'podSelector', 'matchLabels', 'app'];
    expect(edited(POLICY, [app, { kind: 'set-value', value: 'on' }])).toBe(POLICY.replace('app: cart', "app: 'on'"));
    expect(edited(POLICY, [app, { kind: 'set-value', value: '80' }])).toBe(POLICY.replace('app: cart', "app: '80'"));
  });

  test('puts an item before another one, whose comment stays with it', () => {
    const value = { from: [{ podSelector: {} }] };
    expect(edited(POLICY, [['spec', 'ingress', 0], { kind: 'insert-item', value }])).toBe(
      POLICY.replace('    # the shop front\n', '    - from:\n        - podSelector: {}\n    # the shop front\n'),
    );
    expect(edited(POLICY, [['spec', 'policyTypes', 0], { kind: 'insert-item', value: 'Egress' }])).toBe(
      POLICY.replace('[Ingress]', '[Egress, Ingress]'),
    );
  });

  test('puts several before one item in their order', () => {
    const three = ['a', 'b', 'c'].map((value): [Path, Change] => [['ports', 1], { kind: 'insert-item', value }]);
    expect(edited('ports:\n  - x\n  - y\n', ...three)).toBe('ports:\n  - x\n  - a\n  - b\n  - c\n  - y\n');
  });

  test('renames a key and one inside it', () => {
    const text = 'rule:\n  ports:\n    - namedPort: http\n';
    expect(
      edited(
        text,
        [['rule', 'ports'], { kind: 'rename-key', key: 'protocols' }],
        [['rule', 'ports', 0, 'namedPort'], { kind: 'rename-key', key: 'destinationNamedPort' }],
      ),
    ).toBe('rule:\n  protocols:\n    - destinationNamedPort: http\n');
  });

  test('puts an item before another one in JSON', () => {
    const change: [Path, Change] = [['ports', 1], { kind: 'insert-item', value: { port: 53 } }];
    expect(edited('{"ports": [{"port": 80}, {"port": 90}]}', change)).toBe('{"ports": [{"port": 80}, {"port": 53}, {"port": 90}]}');
    const lines = '{\n  "ports": [\n    {\n      "port": 80\n    },\n    {\n      "port": 90\n    }\n  ]\n}\n';
    expect(JSON.parse(edited(lines, change))).toEqual({ ports: [{ port: 80 }, { port: 53 }, { port: 90 }] });
    expect(edited(lines, change)).toContain('    },\n    {\n      "port": 53\n    },\n    {\n');
  });

  test('adds an item in the layout of the list', () => {
    const value = { port: 'grpc', protocol: 'TCP' };
    expect(edited(POLICY, [['spec', 'ingress', 0, 'ports'], { kind: 'add-item', value }])).toBe(
      POLICY.replace('port: 80 # http\n', 'port: 80 # http\n        - port: grpc\n          protocol: TCP\n'),
    );
    expect(edited(POLICY, [['spec', 'policyTypes'], { kind: 'add-item', value: 'Egress' }])).toBe(
      POLICY.replace('[Ingress]', '[Ingress, Egress]'),
    );
    expect(edited('a:\n- { b: 1 }\n', [['a'], { kind: 'add-item', value: { b: 2 } }])).toBe('a:\n- { b: 1 }\n- { b: 2 }\n');
  });

  test('adds a peer and a port to one rule at once', () => {
    const after = edited(
      POLICY,
      [['spec', 'ingress', 0, 'from'], { kind: 'add-item', value: { podSelector: { matchLabels: { app: 'front' } } } }],
      [['spec', 'ingress', 0, 'ports'], { kind: 'add-item', value: { port: 81 } }],
    );
    expect(after).toBe(
      POLICY.replace(
        "team: 'retail'\n",
        "team: 'retail'\n        - podSelector:\n            matchLabels:\n              app: front\n",
      ).replace('# http\n', '# http\n        - port: 81\n'),
    );
  });

  test('adds an entry to the last item and an item behind it', () => {
    const text = 'spec:\n  ingress:\n  - from:\n    - podSelector: {}\n';
    const after = edited(
      text,
      [['spec', 'ingress', 0], { kind: 'add-entry', key: 'ports', value: [{ port: 53 }] }],
      [['spec', 'ingress', 0, 'from'], { kind: 'add-item', value: { namespaceSelector: {} } }],
      [['spec', 'ingress'], { kind: 'add-item', value: { ports: [{ port: 9 }] } }],
    );
    expect(after).toBe(
      'spec:\n  ingress:\n  - from:\n    - podSelector: {}\n    - namespaceSelector: {}\n    ports:\n    - port: 53\n  - ports:\n    - port: 9\n',
    );
  });

  test('adds an entry after the key that is named, in block and in flow style', () => {
    const types: Change = { kind: 'add-entry', key: 'policyTypes', value: ['Egress'], after: 'podSelector' };
    expect(edited('spec:\n  podSelector: {} # all\n  egress:\n    - {}\n', [['spec'], types])).toBe(
      'spec:\n  podSelector: {} # all\n  policyTypes:\n    - Egress\n  egress:\n    - {}\n',
    );
    expect(edited('spec: { podSelector: {}, egress: [] }\n', [['spec'], types])).toBe(
      'spec: { podSelector: {}, policyTypes: [Egress], egress: [] }\n',
    );
  });

  test('fills what is empty: {}, [], nothing at all', () => {
    const entry: Change = { kind: 'add-entry', key: 'app', value: 'cart' };
    expect(edited('metadata:\n  labels: {} # none yet\n  name: cart\n', [['metadata', 'labels'], entry])).toBe(
      'metadata:\n  labels: # none yet\n    app: cart\n  name: cart\n',
    );
    expect(edited('metadata:\n  labels:\n  name: cart\n', [['metadata', 'labels'], entry])).toBe(
      'metadata:\n  labels:\n    app: cart\n  name: cart\n',
    );
    expect(edited('spec:\n  ingress: []', [['spec', 'ingress'], { kind: 'add-item', value: { ports: [{ port: 1 }] } }])).toBe(
      'spec:\n  ingress:\n    - ports:\n        - port: 1',
    );
    expect(edited('{ metadata: { labels: {} } }\n', [['metadata', 'labels'], entry])).toBe('{ metadata: { labels: { app: cart } } }\n');
  });

  test('removes an entry or an item with the comments on its lines, and leaves no hole that would mean something else', () => {
    expect(edited(POLICY, [['spec', 'policyTypes'], { kind: 'remove' }])).toBe(POLICY.replace('  policyTypes: [Ingress]\n', ''));
    expect(edited(POLICY, [['spec', 'podSelector', 'matchLabels', 'app'], { kind: 'remove' }])).toBe(
      POLICY.replace('matchLabels:\n      app: cart   # the cart\n', 'matchLabels: {}\n'),
    );
    expect(edited(POLICY, [['spec', 'ingress', 0, 'from', 0, 'podSelector'], { kind: 'remove' }])).toBe(
      POLICY.replace('podSelector:\n            matchLabels: { app: web }\n          namespace', 'namespace'),
    );
    expect(edited(POLICY, [['spec', 'ingress', 0, 'ports', 0], { kind: 'remove' }])).toBe(
      POLICY.replace('ports:\n        - port: 80 # http\n', 'ports: []\n'),
    );
    expect(edited('a: [1, 2, 3]\n', [['a', 1], { kind: 'remove' }])).toBe('a: [1, 3]\n');
    expect(edited('a: [1, 2, 3]\n', [['a', 2], { kind: 'remove' }])).toBe('a: [1, 2]\n');
    expect(edited('a: [1]\n', [['a', 0], { kind: 'remove' }])).toBe('a: []\n');
  });

  test('replaces a block by {} and by another block', () => {
    const selector: Path = ['spec', 'podSelector'];
    expect(edited(POLICY, [selector, { kind: 'set-value', value: {} }])).toBe(
      POLICY.replace('podSelector:\n    matchLabels:\n      app: cart   # the cart\n', 'podSelector: {}\n'),
    );
    expect(edited(POLICY, [selector, { kind: 'set-value', value: { matchLabels: { tier: 'back' } } }])).toBe(
      POLICY.replace('app: cart   # the cart', 'tier: back'),
    );
  });

  test('renames a key', () => {
    expect(edited(POLICY, [['spec', 'podSelector', 'matchLabels', 'app'], { kind: 'rename-key', key: 'app.kubernetes.io/name' }])).toBe(
      POLICY.replace('app: cart', 'app.kubernetes.io/name: cart'),
    );
  });

  test('moves entries under a new key', () => {
    const text = 'from:\n  - matchLabels: # all of them\n      app: web\n    namespaceSelector: {}\n';
    expect(edited(text, [['from', 0], { kind: 'move-under', keys: ['matchLabels'], under: 'podSelector' }])).toBe(
      'from:\n  - podSelector:\n      matchLabels: # all of them\n        app: web\n    namespaceSelector: {}\n',
    );
    expect(
      edited('from: [{ matchLabels: { app: web } }]\n', [['from', 0], { kind: 'move-under', keys: ['matchLabels'], under: 'podSelector' }]),
    ).toBe('from: [{ podSelector: { matchLabels: { app: web } } }]\n');
  });

  test('splits a peer with a dash, and joins it by taking the dash away', () => {
    const split: readonly [Path, Change] = [['spec', 'ingress', 0, 'from', 0, 'namespaceSelector'], { kind: 'split-item' }];
    const apart = edited(POLICY, split);
    expect(apart).toBe(POLICY.replace('          namespaceSelector:', '        - namespaceSelector:'));
    expect(edited(apart, [['spec', 'ingress', 0, 'from', 1], { kind: 'join-to-previous' }])).toBe(POLICY);
    const inFlow = 'from: [{ podSelector: {}, namespaceSelector: {} }]\n';
    expect(edited(inFlow, [['from', 0, 'namespaceSelector'], { kind: 'split-item' }])).toBe(
      'from: [{ podSelector: {} }, { namespaceSelector: {} }]\n',
    );
    expect(edited('from:\n- {a: 1, b: 2}\n', [['from', 0, 'b'], { kind: 'split-item' }])).toBe('from:\n- {a: 1}\n- {b: 2}\n');
    expect(edited('from:\n- {a: 1}\n- {b: 2}\n', [['from', 1], { kind: 'join-to-previous' }])).toBe('from:\n- {a: 1, b: 2}\n');
  });

  test('keeps line breaks as they are', () => {
    const text = POLICY.replaceAll('\n', '\r\n');
    expect(edited(text, [['spec', 'ingress', 0, 'ports'], { kind: 'add-item', value: { port: 81, protocol: 'UDP' } }])).toBe(
      text.replace('# http\r\n', '# http\r\n        - port: 81\r\n          protocol: UDP\r\n'),
    );
  });

  test('changes one document of several, and leaves the others alone', () => {
    const text = `# first\n---\na: 1\n---\n${POLICY}---\nb: 2\n...\n`;
    expect(edited(text, [['spec', 'policyTypes'], { kind: 'add-item', value: 'Egress' }, 1])).toBe(
      text.replace('[Ingress]', '[Ingress, Egress]'),
    );
  });

  test('finds an item of a list that is too long to be read in one piece', () => {
    const item = (i: number) =>
      `# ${'-'.repeat(300)}\n- kind: Pod\n  metadata:\n    name: cart-${i}\n    labels: # of ${i}\n      app: cart\n`;
    const text = `kind: List\nitems:\n${Array.from({ length: 1000 }, (_, i) => item(i)).join('')}`;
    expect(edited(text, [['items', 432, 'metadata', 'labels', 'app'], { kind: 'set-value', value: 'basket' }])).toBe(
      text.replace('# of 432\n      app: cart', '# of 432\n      app: basket'),
    );
  });
});

describe('what is shared through an anchor is not changed', () => {
  const text = 'a: &both\n  app: cart\nb: *both\nc:\n  <<: *both\n  tier: back\nd: &own\n  app: web\n';

  test('neither where it is written nor where it is used', () => {
    for (const path of [
      ['a', 'app'],
      ['b', 'app'],
      ['c', 'app'],
    ]) {
      expect(edited(text, [path, { kind: 'set-value', value: 'x' }])).toBe('refused: shared');
    }
    expect(edited(text, [['a'], { kind: 'remove' }])).toBe('refused: shared');
    expect(edited(text, [['a'], { kind: 'add-entry', key: 'x', value: 'y' }])).toBe('refused: shared');
  });

  test('while an anchor that nobody uses is no obstacle, nor is a neighbour of what is shared', () => {
    expect(edited(text, [['d', 'app'], { kind: 'set-value', value: 'x' }])).toBe(text.replace('app: web', 'app: x'));
    expect(edited(text, [['c', 'tier'], { kind: 'set-value', value: 'x' }])).toBe(text.replace('tier: back', 'tier: x'));
  });

  test('across the items of a long list, too', () => {
    const items = [
      '- kind: A\n  labels: &l\n    app: cart\n',
      ...Array.from({ length: 500 }, () => `- kind: Pod\n  x: 1 # ${'-'.repeat(600)}\n`),
      '- y: *l\n',
    ];
    const long = `kind: List\nitems:\n${items.join('')}`;
    expect(edited(long, [['items', 0, 'labels', 'app'], { kind: 'set-value', value: 'x' }])).toBe('refused: shared');
    expect(edited(long, [['items', 1, 'x'], { kind: 'set-value', value: 2 }])).toBe(long.replace('x: 1', 'x: 2'));
  });
});

describe('an edit of JSON', () => {
  const compact = '{"kind":"List","items":[{"spec":{"ingress":[{"from":[{"podSelector":{}}]}],"policyTypes":["Ingress"]}}]}';
  const pretty = `${JSON.stringify(JSON.parse(compact), null, 4)}\n`;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of a manifest is not the matter here
  const cases: readonly (readonly [string, Path, Change, (value: any) => void])[] = [
    [
      'a value',
      ['items', 0, 'spec', 'policyTypes', 0],
      { kind: 'set-value', value: 'Egress' },
      (v) => {
        v.items[0].spec.policyTypes[0] = 'Egress';
      },
    ],
    [
      'an item',
      ['items', 0, 'spec', 'policyTypes'],
      { kind: 'add-item', value: 'Egress' },
      (v) => v.items[0].spec.policyTypes.push('Egress'),
    ],
    [
      'an object as an item',
      ['items', 0, 'spec', 'ingress', 0, 'from'],
      { kind: 'add-item', value: { ipBlock: { cidr: '10.0.0.0/8' } } },
      (v) => v.items[0].spec.ingress[0].from.push({ ipBlock: { cidr: '10.0.0.0/8' } }),
    ],
    [
      'an entry',
      ['items', 0, 'spec', 'ingress', 0],
      { kind: 'add-entry', key: 'ports', value: [{ port: 1 }] },
      (v) => {
        v.items[0].spec.ingress[0].ports = [{ port: 1 }];
      },
    ],
    [
      'an entry of nothing',
      ['items', 0, 'spec', 'ingress', 0, 'from', 0, 'podSelector'],
      { kind: 'add-entry', key: 'a', value: 'b' },
      (v) => {
        v.items[0].spec.ingress[0].from[0].podSelector.a = 'b';
      },
    ],
    [
      'a removed entry',
      ['items', 0, 'spec', 'policyTypes'],
      { kind: 'remove' },
      (v) => {
        delete v.items[0].spec.policyTypes;
      },
    ],
    [
      'a removed first entry',
      ['items', 0, 'spec', 'ingress'],
      { kind: 'remove' },
      (v) => {
        delete v.items[0].spec.ingress;
      },
    ],
    [
      'an only item',
      ['items', 0, 'spec', 'ingress', 0, 'from', 0],
      { kind: 'remove' },
      (v) => {
        v.items[0].spec.ingress[0].from = [];
      },
    ],
  ]; // prettier-ignore

  test.for(cases)('%s, on one line and indented', ([, path, change, expected]) => {
    const value = JSON.parse(compact);
    expected(value);
    expect(edited(compact, [path, change])).toBe(JSON.stringify(value));
    expect(edited(pretty, [path, change])).toBe(`${JSON.stringify(value, null, 4)}\n`);
  });
});

describe('a new object', () => {
  const place = (text: string, path: Path, index = 0) => {
    const document = parseText('cart.yaml', text).documents[index]?.document;
    if (document === undefined) throw new Error('no document');
    return withNewObject({ document, path }, { kind: 'Pod', metadata: { name: 'cart' } });
  };

  test('becomes a document of its own at the end', () => {
    const after = 'a: 1\n---\nkind: Pod\nmetadata:\n  name: cart\n';
    expect(place('a: 1\n', [])).toMatchObject({ after });
    expect(place('a: 1', [])).toMatchObject({ after });
  });

  test('becomes an item of the list that the other one is in', () => {
    const edit = place('kind: List\nitems:\n- a: 1\n', ['items', 0]);
    expect(edit).toMatchObject({ kind: 'add-item', at: { path: ['items'] } });
    expect(editTexts([edit as Edit])).toMatchObject({
      texts: [{ after: 'kind: List\nitems:\n- a: 1\n- kind: Pod\n  metadata:\n    name: cart\n' }],
    });
  });

  test('has no place in a JSON file with one object', () => {
    expect(place('{"a":1}', [])).toBeUndefined();
  });
});

describe('text that is no YAML', () => {
  const mend = (text: string, line: number, fault: 'tab-character' | 'slash-comment' | 'smart-quotes') => {
    const result = editTexts([{ kind: 'mend-syntax', place: { file: 'a.yaml', line, column: 1 }, fault }], () => text);
    return result.refused === undefined ? result.texts[0]?.after : result.refused.reason;
  };

  test('is mended where the reader gave up', () => {
    expect(mend('a:\n\tb: 1\n', 2, 'tab-character')).toBe('a:\n  b: 1\n');
    expect(mend('a: 1\n// the cart\nb: http://x\n', 2, 'slash-comment')).toBe('a: 1\n# the cart\nb: http://x\n');
    expect(mend('a: “cart”\n', 1, 'smart-quotes')).toBe('a: "cart"\n');
    expect(mend('a: 1\n', 1, 'tab-character')).toBe('not-found');
  });
});
