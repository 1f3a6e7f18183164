// No smaller edit is missed: every single change of one place in a small shop is tried, blindly, and none that opens the connection may
// be better than the first fix: open less besides, or close less, or change fewer lines.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import type { Plain } from '../../src/model/edit.ts';
import { at, type Origin } from '../../src/model/origin.ts';
import { isObject } from '../../src/objects/read.ts';
import { fix } from '../../src/question/fix.ts';
import { why } from '../../src/question/why.ts';
import { changedCluster } from '../../src/repair/apply.ts';
import { askedOf, blockedOf, legsOf } from '../../src/repair/blocked.ts';
import type { PlacedEdit } from '../../src/repair/edited-value.ts';
import { effects } from '../../src/repair/effects.ts';
import { imaginedPods } from '../../src/repair/imagined.ts';
import { compareFixes } from '../../src/repair/rank.ts';
import type { Step } from '../../src/repair/step.ts';
import { type Candidate, candidateOf } from '../../src/repair/suggest.ts';
import { handwritten } from '../arbitraries/handwritten.ts';
import { PLAIN } from '../arbitraries/plan.ts';
import { runs } from '../arbitraries/runs.ts';
import { keep, kept } from '../corpus.ts';
import { type Case, nearMisses, objectsOf, questionOf } from './random-shop.ts';

/** Every place of a value with what is written there. */
function* places(value: unknown, origin: Origin): Generator<{ readonly value: unknown; readonly origin: Origin }> {
  yield { value, origin };
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* places(item, at(origin, i));
  else if (isObject(value)) for (const [key, inner] of Object.entries(value)) yield* places(inner, at(origin, key));
}

/** One place becomes another label, port or protocol, or goes, or its list gets the port that is asked for. */
function editsOf(spec: unknown, origin: Origin, words: readonly string[], { port, protocol }: Case): PlacedEdit[] {
  const edits: PlacedEdit[] = [];
  for (const place of places(spec, origin)) {
    const last = place.origin.path.at(-1);
    if (place.origin !== origin) edits.push({ kind: 'remove', at: place.origin });
    const values: readonly Plain[] = last === 'port' ? [port] : last === 'protocol' ? [protocol] : words;
    if (typeof place.value === 'string' || typeof place.value === 'number')
      for (const value of values) if (value !== place.value) edits.push({ kind: 'set-value', at: place.origin, value });
    if (last === 'ports') edits.push({ kind: 'add-item', at: place.origin, value: { port, protocol } });
    if (last === 'values') for (const value of words) edits.push({ kind: 'add-item', at: place.origin, value });
  }
  return edits;
}

/** Single edits of policies, and labels put on one of the two workloads. */
function candidatesIn(cluster: Cluster, drawn: Case, ends: readonly string[]): readonly Candidate[] {
  const steps: Step[] = [];
  const pods = cluster.pods.filter(({ ref }) => ends.includes(ref));
  const words = [...new Set([...pods.flatMap(({ labels }) => [...labels.values()]), ...cluster.namespaces.keys()])];
  const wanted = new Map<string, string>();
  for (const policy of cluster.policies) {
    if (policy.faults.length > 0 || !isObject(policy.value)) continue;
    const spec = at(policy.origin, 'spec');
    for (const edit of editsOf(policy.value.spec, spec, words, drawn)) {
      steps.push({ kind: 'edit', object: { kind: 'policy', policy }, edits: [edit] });
    }
    for (const { value, origin } of places(policy.value.spec, spec))
      if (typeof value === 'string' && origin.path.at(-2) === 'matchLabels') wanted.set(`${String(origin.path.at(-1))}=${value}`, value);
  }
  for (const pod of pods) {
    const workload = cluster.workloads.get(pod.workload);
    if (workload === undefined) continue;
    const labels = at(workload.origin, 'spec', 'template', 'metadata', 'labels');
    for (const [name, value] of wanted) {
      const key = name.slice(0, name.indexOf('='));
      const edit: PlacedEdit = pod.labels.has(key)
        ? { kind: 'set-value', at: at(labels, key), value }
        : { kind: 'add-entry', at: labels, key, value };
      if (key !== 'id') steps.push({ kind: 'edit', object: { kind: 'workload', workload }, edits: [edit] });
    }
  }
  return steps.flatMap((step) => candidateOf(cluster, { levers: [], steps: [step] }, new Set()) ?? []);
}

/** How many blind edits opened the connection, over all runs. */
interface Seen {
  opening: number;
}

function check(drawn: Case, seen: Seen): void {
  const question = questionOf(drawn);
  if (question === undefined) return;
  const cluster = loadCluster([{ file: 'shop.yaml', text: handwritten(objectsOf(drawn.plan), drawn.hand).text }]);
  const answer = fix(cluster, PLAIN, question, { most: 1 });
  if (answer.kind === 'error') throw new Error(JSON.stringify(answer.errors));
  const [connection] = answer.connections;
  if (connection === undefined || connection.connection.outcome !== 'denied') return;
  const { route } = connection.connection;
  const ends = route.legs.flatMap(({ sources, destinations }) => [...sources, ...destinations]);
  const opening = candidatesIn(cluster, drawn, ends).filter(({ changes }) => {
    const after = why(changedCluster(cluster, changes), PLAIN, question);
    return after.kind === 'answer' && after.outcome === 'allowed';
  });
  seen.opening += opening.length;
  const imagined = imaginedPods(
    cluster,
    legsOf(route, false).map(({ leg }) => leg),
    blockedOf(cluster, PLAIN, route, false),
  );
  const effectOf = effects(
    cluster,
    PLAIN,
    opening.map(({ changes }) => changes),
    askedOf(route, false),
    imagined,
  );
  const [best] = connection.fixes;
  for (const { draft, changes, size, shared } of opening) {
    const blind = { levers: [], steps: draft.steps, effect: effectOf(changes), size, shared };
    const isBetter = best === undefined || compareFixes({ ...blind, steps: [] }, { ...best, levers: [], steps: [] }) < 0;
    if (isBetter)
      expect({ missed: draft.steps.map((step) => ('edits' in step ? step.edits.map(said) : step)), best: best?.levers }).toBe('nothing');
  }
}

const said = (edit: PlacedEdit) => ({ ...edit, at: edit.at.path.join('.') });

describe('the first fix of a small shop', () => {
  test('is not worse than any single edit that opens the connection', { timeout: 600_000 }, () => {
    const options = runs<[Case]>(60);
    const seen: Seen = { opening: 0 };
    const details = fc.check(
      fc.property(nearMisses, (drawn) => check(drawn, seen)),
      options,
    );
    if (details.failed && details.counterexample !== null) keep('smallest', details.counterexample[0], details.seed);
    if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
    console.log(`seed ${options.seed}: ${seen.opening} blind edits that open`);
    expect(seen.opening).toBeGreaterThan(20);
  });

  test.for(kept<Case>('smallest'))('also $name, which once failed', ({ value }) => {
    expect(value.plan.pods.length).toBeGreaterThan(0);
    check(value, { opening: 0 });
  });
});
