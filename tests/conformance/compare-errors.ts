// Kind `error`: the other tool's message, by its meaning, against the problems that we find. Severity is that tool's own decision
// (corpus README, peculiarity 12) and is not compared, but what it reports must be reported here too.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import type { Problem, ProblemCode } from '../../src/model/problem.ts';
import { readInputs } from '../../src/source/files.ts';
import { type Comparison, tally } from './comparison.ts';
import type { CorpusCase } from './corpus-case.ts';
import type { Errors } from './expected.ts';

/** What a message of the other tool means here. */
type Meaning =
  | { readonly says: RegExp; readonly code: ProblemCode; readonly facts?: Readonly<Record<string, RegExp>> }
  /** No problem but a state, which every answer shows: there is nothing to speak of. */
  | { readonly says: RegExp; readonly state: string; readonly holds: (cluster: Cluster) => boolean };

const MEANINGS: readonly Meaning[] = [
  { says: /^selector error$/, code: 'invalid', facts: { field: /Selector\.match(Labels|Expressions)/ } },
  { says: /cannot have empty rule peer/, code: 'invalid', facts: { detail: /^must specify a peer$/ } },
  { says: /cannot have both IPBlock and PodSelector/, code: 'invalid', facts: { detail: /^may not specify both ipBlock and another peer$/ } },
  { says: /port range .* end may not be less than start/, code: 'invalid', facts: { field: /endPort$/, detail: /^must be greater than or equal to/ } },
  { says: /cannot convert named port for an IP destination/, code: 'warning', facts: { field: /ports\[\d+\]\.port$/ } },
  { says: /Found Pods of the same owner workload/, code: 'owner-labels-differ' },
  { says: /is already exists\. Only one object of a given kind/, code: 'duplicate-object' },
  { says: /found character that cannot start any token/, code: 'not-yaml' },
  { says: /is missing in$/, code: 'missing-kind' },
  { says: /unable to decode/, code: 'missing-kind' },
  { says: /recognized file extensions are/, code: 'no-manifests' },
  { says: /cannot unmarshal array into Go value/, code: 'not-an-object' },
  { says: /cannot restore slice from map|unrecognized type/, code: 'wrong-type' },
  { says: /no relevant Kubernetes workload resources found/, state: 'no workloads', holds: ({ workloads }) => workloads.size === 0 },
  { says: /no relevant Kubernetes network policy resources found/, state: 'no policies', holds: ({ policies }) => policies.length === 0 },
];

export async function compareErrors(one: CorpusCase, expected: Errors): Promise<Comparison> {
  const { cell, result } = tally();
  const loaded = new Map<string, Cluster>();
  for (const text of [expected.contains].flat()) {
    // In a comparison of two inputs the text says which of them is meant; of the one that it names, or else the first that is at fault.
    const side = /^at (ref[12]): /.exec(text)?.[1] ?? (existsSync(join(one.manifests, 'ref1')) ? sideNamedIn(one.id) : '');
    const cluster = loaded.get(side) ?? (await clusterAt(join(one.manifests, side)));
    loaded.set(side, cluster);
    const meaning = MEANINGS.find(({ says }) => says.test(text));
    if (meaning === undefined) throw new Error(`nobody has said what this message means here: ${text}`);
    const found = 'code' in meaning ? cluster.problems.some((problem) => isMeant(problem, meaning)) : meaning.holds(cluster);
    const wanted = 'code' in meaning ? meaning.code : meaning.state;
    const codes = [...new Set(cluster.problems.map(({ code }) => code))];
    cell(found ? undefined : { where: one.id, expected: wanted, got: codes.join(', ') || 'no problem' });
  }
  // "Not empty" means that the rest of the input was still read.
  if (expected.emptyResult === false) {
    const rest = [...loaded.values(), await clusterAt(one.manifests)];
    cell(rest.some(({ workloads }) => workloads.size > 0) ? undefined : { where: one.id, expected: 'some workloads', got: 'none' });
  }
  return result();
}

/** `first_input_dir_has_two_…` speaks of ref1. */
function sideNamedIn(id: string): string {
  return id.includes('second_input_dir') ? 'ref2' : 'ref1';
}

function isMeant(problem: Problem, { code, facts = {} }: Extract<Meaning, { code: ProblemCode }>): boolean {
  return problem.code === code && Object.entries(facts).every(([key, pattern]) => pattern.test(String(problem.facts[key] ?? '')));
}

/** Read as the program reads a folder. One that is missing stands for an empty one. */
async function clusterAt(folder: string): Promise<Cluster> {
  if (existsSync(folder)) return read(folder);
  const empty = mkdtempSync(join(tmpdir(), 'netverdict-empty-'));
  try {
    return await read(empty);
  } finally {
    rmSync(empty, { recursive: true });
  }
}

async function read(folder: string): Promise<Cluster> {
  const { texts, problems } = await readInputs([folder], {});
  return loadCluster(texts, { problems });
}
