// A document is plain data: as a value it is not much larger than its text. An answer that carries the text of its files would be.
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { baselineDocument } from '../../src/answer/baseline.ts';
import { diffDocument } from '../../src/answer/diff.ts';
import { intentsDocument } from '../../src/answer/intents.ts';
import { mapDocument } from '../../src/answer/map.ts';
import { mapQuestion } from '../../src/answer/map-question.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { chooseProfile, isUnknown, type ProfileChoice, semanticsOf } from '../../src/profile/choose.ts';
import { baseline, usualNamespaces } from '../../src/question/baseline.ts';
import { diff } from '../../src/question/diff.ts';
import type { IntentsFile } from '../../src/question/intent.ts';
import { runIntents } from '../../src/question/intents.ts';
import { readIntents } from '../../src/question/intents-file.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { root } from '../cli-process.ts';
import { describeWithShared, sharedPath } from '../shared.ts';
import { clusterIn } from './documents.ts';

const MOST_TIMES = 3;

function choiceOf(name: string): ProfileChoice {
  const choice = chooseProfile(name);
  if (isUnknown(choice)) throw new Error(`no profile ${name}`);
  return choice;
}

/** Everything to everything: answers of every sort. */
function intentsOf(cluster: Cluster): IntentsFile {
  const [origin] = cluster.pods.map((pod) => pod.origin);
  if (origin === undefined) throw new Error('a pod');
  return readIntents({ intents: [{ from: '*/*', to: '*/*', expect: 'denied' }] }, origin).file;
}

async function documentsOf(cluster: Cluster, choice: ProfileChoice): Promise<Readonly<Record<string, object>>> {
  const semantics = semanticsOf(choice);
  const without: Cluster = { ...cluster, policies: cluster.policies.slice(1) };
  const compared = diff(cluster, without, choice);
  const question = { base: 'main', head: 'working tree', clusters: { before: cluster, after: without }, answer: compared };
  const map = await mapQuestion(reachOf(cluster, semantics), {}, { profile: choice.name, withExposure: true });
  const run = runIntents(cluster, semantics, intentsOf(cluster), 'default');
  const namespaces = usualNamespaces(cluster);
  const made = baseline(cluster, choice, { namespaces, dns: 'auto', ingressController: undefined, monitoring: undefined, apiServer: [] });
  return {
    map: mapDocument(map),
    diff: diffDocument(question, compared.rows()),
    baseline: baselineDocument(made, choice.name),
    ...('tooMany' in run ? {} : { intents: intentsDocument(run, semantics, { asked: 'model', mostExplained: 3 }) }),
  };
}

async function sizesIn(folder: string, profile: string) {
  const documents = await documentsOf(clusterIn(folder), choiceOf(profile));
  return Object.entries(documents).map(([name, document]) => {
    const text = JSON.stringify(document);
    return { name, text: text.length, times: serialize(document).length / text.length };
  });
}

describe('documents of the outage', () => {
  it.each(['kubernetes', 'calico', 'kube-router'])('are no larger than three times their text: %s', async (profile) => {
    const sizes = await sizesIn(join(root, 'examples/outage'), profile);
    expect(sizes.map(({ name }) => name)).toEqual(['map', 'diff', 'baseline', 'intents']);
    expect(sizes.filter(({ times }) => times > MOST_TIMES)).toEqual([]);
    expect(sizes.filter(({ text }) => text < 500)).toEqual([]);
  });
});

describeWithShared('documents of a real application', () => {
  it('are no larger than three times their text', async () => {
    const sizes = await sizesIn(sharedPath('realworld/online-boutique'), 'calico');
    expect(sizes.filter(({ times }) => times > MOST_TIMES)).toEqual([]);
    expect(sizes.length).toBeGreaterThan(3);
  });
});
