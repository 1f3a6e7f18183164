// Mutated real manifests: whatever happens to a file, reading and answering end with an answer or a problem, never with an exception.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemsDocument } from '../../src/answer/problems.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import { chooseProfile, type ProfileChoice, semanticsOf } from '../../src/profile/choose.ts';
import { describePolicy } from '../../src/question/describe.ts';
import { why } from '../../src/question/why.ts';
import { connectionsOf } from '../../src/reach/connections.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { paint } from '../../src/report/paint.ts';
import { problemLines } from '../../src/report/problems.ts';
import { hasShared, sharedPath } from '../shared.ts';

const semantics = semanticsOf(chooseProfile('kubernetes') as ProfileChoice);
const outage = ['shop.yaml', 'policies-friday.yaml'].map((name) =>
  readFileSync(new URL(`../../examples/outage/${name}`, import.meta.url), 'utf8'),
);

function manifestsBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return manifestsBelow(path);
    return /\.(ya?ml|json)$/.test(name) && statSync(path).size < 20_000 ? [readFileSync(path, 'utf8')] : [];
  });
}
const real = hasShared
  ? ['online-boutique', 'sock-shop', 'bookinfo'].flatMap((bundle) => manifestsBelow(sharedPath('realworld', bundle)))
  : [];
const sources = [...outage, ...real];

type Mutation = readonly [kind: string, at: number, value: string];
const mutation: fc.Arbitrary<Mutation> = fc.tuple(
  fc.constantFrom('delete-line', 'repeat-line', 'indent', 'flip', 'cut', 'key', 'value'),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(
    'true',
    '-1',
    '65536',
    'null',
    '{}',
    '[]',
    '"',
    "'",
    '*a',
    '&a',
    '10.0.0.0/33',
    '\u0000',
    '\u001b[2J',
    '__proto__',
    'constructor',
    '- ',
    '\t',
    ': ',
    '|',
    '{{ .Values.x }}',
  ),
);

function mutate(text: string, [kind, at, value]: Mutation): string {
  const lines = text.split('\n');
  const line = Math.floor(at * (lines.length - 1));
  const place = Math.floor(at * text.length);
  const edit = (change: (old: string) => string[]) =>
    [...lines.slice(0, line), ...change(lines[line] ?? ''), ...lines.slice(line + 1)].join('\n');
  switch (kind) {
    case 'delete-line':
      return edit(() => []);
    case 'repeat-line':
      return edit((old) => [old, old]);
    case 'indent':
      return edit((old) => [`  ${old}`]);
    case 'flip':
      return `${text.slice(0, place)}${value}${text.slice(place + 1)}`;
    case 'cut':
      return text.slice(0, place);
    case 'key':
      return edit((old) => [old.replace(/[\w.-]+:/, `${value}:`)]);
    default:
      return edit((old) => [old.replace(/: .*$/, `: ${value}`)]);
  }
}

/** Found by this test: the text of a problem named the key as it was. */
const TAB_IN_A_KEY: [number, Mutation[]] = [
  1,
  [
    ['value', 0, 'true'],
    ['key', 0, '\t'],
    ['flip', 0, 'true'],
  ],
];

describe('manifests that something happened to', () => {
  it('are read, mapped, described and asked about without an exception', () => {
    let answered = 0;
    fc.assert(
      fc.property(fc.nat(sources.length - 1), fc.array(mutation, { minLength: 1, maxLength: 4 }), (i, mutations) => {
        const text = mutations.reduce(mutate, sources[i] ?? '');
        const cluster = loadCluster([
          ...outage.map((each, n) => ({ file: `outage-${n}.yaml`, text: each })),
          { file: 'mutated.yaml', text },
        ]);
        const lines = problemLines(problemsDocument(cluster.problems), paint(false));
        expect([...lines].filter((character) => character !== '\n' && character < ' ')).toEqual([]);
        connectionsOf(reachOf(cluster, semantics));
        for (const policy of cluster.policies) describePolicy(cluster, policy);
        const answer = why(cluster, semantics, { from: 'web/frontend', to: 'payments/svc/api-server:80', namespace: 'default' });
        if (answer.kind === 'answer') answered++;
      }),
      { numRuns: Number(process.env.FC_RUNS ?? 150), examples: [TAB_IN_A_KEY] },
    );
    expect(answered).toBeGreaterThan(0);
  }, 120_000);
});
