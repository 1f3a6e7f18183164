// Shows that the fence around prose closes: sentences planted outside src/words are found, and what only looks like one is not.
import { describe, expect, test } from 'vitest';
import { findProse, proseFaults } from '../scripts/prose.ts';

/** `§` stands for a dollar sign in the planted code, so that its templates are not taken for ours. */
const textsOf = (source: string): readonly string[] =>
  findProse('src/route/planted.ts', source.replaceAll('§', '$')).map(({ text }) => text);

describe('a sentence in code', () => {
  test.each([
    ['in single quotes', `const hint = 'no policy selects the pod';`, 'no policy selects the pod'],
    ['with a capital and a full stop', `say('Nothing was read.');`, 'Nothing was read.'],
    ['around a name', 'const denied = `§{policy} does not allow §{port}`;', '… does not allow …'],
    ['beginning and ending with names', 'const by = `§{cart} is denied by §{policy}`;', '… is denied by …'],
    ['with a quotation in backticks', 'const wrong = `\\`§{text}\\` is not a port`;', '`…` is not a port'],
    [
      'in a comment of generated YAML',
      "const yaml = 'spec:\\n  # the checkout calls this port\\n  ports: []';",
      'spec: # the checkout calls this port ports: []',
    ],
    ['of a class that is thrown at the user', `throw new Failure('no such file or folder');`, 'no such file or folder'],
    ['inside a template inside a template', "const list = `§{all ? `and §{n} more of them` : ''}`;", 'and … more of them'],
    ['in a property that no comment marks', `const t = { a: 'cart.yaml', hint: 'look at the pod' };`, 'look at the pod'],
  ])('is found %s', (_, source, text) => {
    expect(textsOf(source)).toEqual([text]);
  });

  test('is found at its line and column', () => {
    expect(findProse('src/a.ts', `const a = 1;\nconst b = say('the pod is gone');`)).toEqual([
      { line: 2, column: 15, text: 'the pod is gone' },
    ]);
  });
});

test.each([
  ['a code', `const code = 'no-route-to-host';`],
  ['a pair of words', `const end = 'any pod';`],
  ['a list of names', `const kinds = 'NetworkPolicy Namespace Pod Service';`],
  ['a comment', `// this is not said to anybody\nconst a = 1;`],
  ['a docstring', `/** The pods that a rule selects. */\nconst a = 1;`],
  ['a type', `type Way = 'to and from the outside';`],
  ['a module', `import { a } from './not a real module of ours.ts';`],
  ['our own mistake', `throw new Error('this cannot be, because the list is not empty');`],
  ['nft text', 'const rule = `ct state established,related accept`; const set = `ip saddr @§{name} tcp dport §{port} accept`;'],
  ['YAML', "const yaml = 'policyTypes: [Ingress]\\ningress:\\n  - from:\\n      - podSelector: {}';"],
  ['a shell command', "const command = 'if [ -x /bin/nc ]; then exec nc; fi && for i in a b c; do echo; done';"],
  ['a regular expression', `const shape = /no such file or folder/;`],
  ['a marked statement', `// QUOTED: kube-apiserver\nconst detail = 'must be a valid CIDR value';`],
  ['a marked property', `const facts = { field: 'tier',\n  // QUOTED: Calico\n  detail: 'the tier does not exist' };`],
  ['a marked element', `const all = [\n  // QUOTED: libpq\n  'could not connect to the server',\n];`],
  [
    'a marked file',
    `// What libpq says.\n// QUOTED THROUGHOUT: libpq\nimport { a } from './a.ts';\nconst b = a('could not connect to the server');`,
  ],
])('%s is not a sentence', (_, source) => {
  expect(textsOf(source)).toEqual([]);
});

test('a mark covers what it stands above, and no more', () => {
  const marked = `const all = [\n  // QUOTED: libpq\n  'could not connect to the server',\n  'the pod is not ready',\n];`;
  expect(textsOf(marked)).toEqual(['the pod is not ready']);
  expect(textsOf(`export const a = 1;\n// QUOTED THROUGHOUT: libpq\nconst b = 'the pod is not ready';`)).toEqual(['the pod is not ready']);
});

describe('a tree of files', () => {
  const files = new Map([
    ['src/route/find.ts', `const hint = 'no pod has this name';`],
    ['src/lint/walk.ts', `const code = 'pod-open';`],
  ]);

  test('fails for a sentence in a folder that should hold none', () => {
    expect(proseFaults(files, [])).toEqual(['src/route/find.ts:1:14: a sentence outside src/words: no pod has this name']);
  });

  test('passes while the folder, or the file, is in the list of those that are not clean yet', () => {
    expect(proseFaults(files, ['src/route'])).toEqual([]);
    expect(proseFaults(files, ['src/route/find.ts'])).toEqual([]);
  });

  test('fails for a folder in the list that is clean, or not there', () => {
    const faults = proseFaults(files, ['src/lint', 'src/route', 'src/rout']);
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual(['src/lint', 'src/rout']);
  });
});
