// Fixes of random shops, written in random hands: each makes the connection allowed, opens and closes exactly what it says, and the text
// that it writes says so, too, with every comment where it was.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixDocument } from '../../src/answer/fix.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { asReadBy } from '../../src/program/in-force.ts';
import { fix } from '../../src/question/fix.ts';
import { why } from '../../src/question/why.ts';
import { changedCluster } from '../../src/repair/apply.ts';
import { askedOf } from '../../src/repair/blocked.ts';
import { plannedFiles, unifiedDiff } from '../../src/repair/patch.ts';
import type { Fix } from '../../src/repair/suggest.ts';
import { differenceInMeaning } from '../../src/repair/verify.ts';
import { handwritten } from '../arbitraries/handwritten.ts';
import { PLAIN } from '../arbitraries/plan.ts';
import { runs } from '../arbitraries/runs.ts';
import { keep, kept } from '../corpus.ts';
import { checkerOf } from '../schemas/documents.ts';
import { expectExact } from './brute-force.ts';
import { type Case, cases, objectsOf, questionOf } from './random-shop.ts';

const fitsSchema = checkerOf('fixes');

/** What the tests saw, so that they cannot pass by seeing nothing. */
interface Seen {
  readonly levers: Map<string, number>;
  readonly rows: Map<string, number>;
  readonly refused: Map<string, number>;
}

function check(drawn: Case, seen: Seen): void {
  const { plan, hand } = drawn;
  const question = questionOf(drawn);
  if (question === undefined) return;
  const written = handwritten(objectsOf(plan), hand);
  const cluster = readPlain(written.text);
  expect(cluster.podByRef.size).toBe(plan.pods.length);
  // What is open is closed, and what is not is opened.
  const now = why(cluster, PLAIN, question);
  const deny = now.kind === 'answer' && now.outcome === 'allowed';
  const answer = fix(cluster, PLAIN, question, { most: 6, deny });
  if (answer.kind === 'error') throw new Error(JSON.stringify(answer.errors));
  expect(fitsSchema(JSON.parse(JSON.stringify(fixDocument(answer, PLAIN, { deny }))))).toEqual([]);
  const [connection] = answer.connections;
  for (const each of connection?.fixes ?? []) {
    for (const { code } of each.levers) seen.levers.set(code, (seen.levers.get(code) ?? 0) + 1);
    const after = changedCluster(cluster, each.changes);
    expect(why(after, PLAIN, question)).toMatchObject({ outcome: deny ? 'denied' : 'allowed' });
    const real = {
      ...each.effect,
      opened: each.effect.opened.filter(({ isFuture }) => !isFuture),
      closed: each.effect.closed.filter(({ isFuture }) => !isFuture),
    };
    const asked = connection === undefined ? [] : askedOf(connection.connection.route, false);
    expectExact(cluster, PLAIN, each.changes, real, { imagined: [], asked, seen: seen.rows });
    checkText(each, after, written.comments, seen);
  }
}

/** As a question reads it, with one form of each policy. */
const readPlain = (text: string): Cluster => asReadBy(loadCluster([{ file: 'shop.yaml', text }]), PLAIN);

function checkText(each: Fix, after: Cluster, comments: readonly string[], seen: Seen): void {
  const planned = plannedFiles(each.steps);
  if (planned.refused !== undefined) {
    seen.refused.set(planned.refused.reason, (seen.refused.get(planned.refused.reason) ?? 0) + 1);
    return;
  }
  const [file] = planned.files;
  if (file === undefined) throw new Error('a fix that changes no file');
  expect(differenceInMeaning(after, readPlain(file.after))).toBeUndefined();
  const patch = unifiedDiff(planned.files);
  expect(patched(file.before ?? '', patch)).toBe(file.after);
  // A comment goes only with a line that goes.
  const gone = patch.split('\n').filter((line) => line.startsWith('-'));
  for (const comment of comments) {
    const isThere = (text: string) => new RegExp(`${comment}$`, 'm').test(text);
    if (!isThere(file.after)) expect(gone.some((line) => line.endsWith(comment))).toBe(true);
  }
  expect(file.after.split('\n').length - (file.before ?? '').split('\n').length).toBeLessThanOrEqual(2 * each.size + 2);
}

/** What `patch` does: the hunks of a diff of one file, applied by their line numbers. */
function patched(text: string, patch: string): string {
  const lines = text.split('\n');
  const out: string[] = [];
  let at = 0;
  for (const hunk of patch.split(/^(?=@@ )/m).slice(1)) {
    const [head = '', ...body] = hunk.split('\n');
    const [, start = '', count] = /^@@ -(\d+)(?:,(\d+))? /.exec(head) ?? [];
    const first = Number(start) - (count === '0' ? 0 : 1);
    out.push(...lines.slice(at, first));
    at = first;
    for (const line of body.filter((each) => each !== '')) {
      if (line.startsWith('+')) out.push(line.slice(1));
      else {
        expect(lines[at]).toBe(line.slice(1));
        if (line.startsWith(' ')) out.push(line.slice(1));
        at++;
      }
    }
  }
  return [...out, ...lines.slice(at)].join('\n');
}

const nothingSeen = (): Seen => ({ levers: new Map(), rows: new Map(), refused: new Map() });

describe('every fix of a random shop', () => {
  test('does what it promises, in the cluster and in the text', { timeout: 600_000 }, () => {
    const options = runs<[Case]>(40);
    const seen = nothingSeen();
    const details = fc.check(
      fc.property(cases, (drawn) => check(drawn, seen)),
      options,
    );
    if (details.failed && details.counterexample !== null) keep('fixes', details.counterexample[0], details.seed);
    if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
    console.log(`seed ${options.seed}: ${[...seen.levers].map(([code, count]) => `${count} ${code}`).join(', ')}`);
    console.log([...seen.rows, ...seen.refused].map(([what, count]) => `${count} ${what}`).join(', '));
    // Which rows and levers come up is luck; that some do is not.
    expect(seen.rows.get('same')).toBeGreaterThan(1000);
    expect(seen.rows.size).toBeGreaterThan(1);
    expect(seen.levers.size).toBeGreaterThan(2);
  });

  test.for(kept<Case>('fixes'))('also $name, which once failed', ({ value }) => {
    expect(value.plan.pods.length).toBeGreaterThan(0);
    check(value, nothingSeen());
  });
});
