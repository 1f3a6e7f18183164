// Kind `error`: the other tool's message, by its meaning, against the problems that we find. Severity is that tool's own decision
// (corpus README, peculiarity 12) and is not compared, but what it reports must be reported here too.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_CONFIG } from '../../src/lint/config.ts';
import { contextOf } from '../../src/lint/context.ts';
import { lint } from '../../src/lint/lint.ts';
import { RULES } from '../../src/lint/rules/index.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import type { Problem, ProblemCode } from '../../src/model/problem.ts';
import { chooseProfile, isUnknown } from '../../src/profile/choose.ts';
import { type MapOptionError, mapOptions } from '../../src/question/map.ts';
import { readInputs } from '../../src/source/files.ts';
import { type Comparison, tally } from './comparison.ts';
import type { CorpusCase } from './corpus-case.ts';
import type { Errors } from './expected.ts';

/** What a message of the other tool means here. */
type Meaning =
  | { readonly says: RegExp; readonly code: ProblemCode; readonly facts?: Readonly<Record<string, RegExp>> }
  /** The focus that was asked for is nobody's name. */
  | { readonly says: RegExp; readonly end: MapOptionError['code'] }
  /** Reported by `lint`, because Kubernetes takes it: the id of the rule. */
  | { readonly says: RegExp; readonly finding: string }
  /** No problem but a state, which every answer shows: there is nothing to speak of. */
  | { readonly says: RegExp; readonly state: string; readonly holds: (cluster: Cluster) => boolean };

const MEANINGS: readonly Meaning[] = [
  { says: /^selector error$/, code: 'invalid', facts: { field: /Selector\.match(Labels|Expressions)/ } },
  { says: /cannot have empty rule peer/, code: 'invalid', facts: { detail: /^must specify a peer$/ } },
  {
    says: /cannot have both IPBlock and PodSelector/,
    code: 'invalid',
    facts: { detail: /^may not specify both ipBlock and another peer$/ },
  },
  // QUOTED: netpol-analyzer, of an AdminNetworkPolicy; v1alpha1 takes such a range.
  { says: /start and end values of the port range should be/, finding: 'admin-port-matches-nothing' },
  {
    says: /port range .* end may not be less than start/,
    code: 'invalid',
    facts: { field: /endPort$/, detail: /^must be greater than or equal to/ },
  },
  { says: /cannot convert named port for an IP destination/, code: 'warning', facts: { field: /ports\[\d+\]\.port$/ } },
  { says: /Found Pods of the same owner workload/, code: 'owner-labels-differ' },
  { says: /is already exists\. Only one object of a given kind/, code: 'duplicate-object' },
  {
    says: /exactly one field must be set in an? (rule peer|subject|AdminNetworkPolicyPort)/,
    code: 'invalid',
    facts: { error: /^(Too many|Required value)$/, field: /(from|to|ports)\[\d+\]$|^spec\.subject$/ },
  },
  {
    says: /(from|to) field must be defined and contain at least one item/,
    code: 'invalid',
    facts: { error: /^Required value$/, field: /\.(from|to)$/ },
  },
  { says: /^unrecognized action$/, code: 'invalid', facts: { field: /\.action$/ } },
  { says: /^invalid CIDR address$/, code: 'invalid', facts: { field: /networks\[\d+\]$/, detail: /^Invalid CIDR format provided$/ } },
  { says: /^Invalid Priority Value/, code: 'invalid', facts: { field: /^spec\.priority$/, detail: /less than or equal to 1000$/ } },
  { says: /only one baseline admin network policy may be provided/, code: 'duplicate-object' },
  { says: /named port is not defined for IP addresses/, code: 'warning', facts: { detail: /no namedPorts for networks/ } },
  { says: /considered to be conflicting if they are assigned the same priority/, finding: 'priority-taken-twice' },
  // Kept as fields of the API here: `nodes` peers are evaluated.
  { says: /Nodes field of an AdminNetworkPolicyEgressPeer is not supported/, code: 'unknown-field', facts: { field: /nodes$/ } },
  { says: /found character that cannot start any token/, code: 'not-yaml' },
  { says: /is missing in$/, code: 'missing-kind' },
  { says: /unable to decode/, code: 'missing-kind' },
  { says: /recognized file extensions are/, code: 'no-manifests' },
  { says: /cannot unmarshal array into Go value/, code: 'not-an-object' },
  { says: /cannot restore slice from map|unrecognized type/, code: 'wrong-type' },
  { says: /^Workload \S+ does not exist in the input resources/, end: 'no-such-end' },
  { says: /no relevant Kubernetes workload resources found/, state: 'no workloads', holds: ({ workloads }) => workloads.size === 0 },
  { says: /no relevant Kubernetes network policy resources found/, state: 'no policies', holds: ({ policies }) => policies.length === 0 },
];

export async function compareErrors(one: CorpusCase, expected: Errors): Promise<Comparison> {
  const { cell, result } = tally();
  const clusters: Cluster[] = [];
  for (const text of [expected.contains].flat()) {
    // The same words may be said of several kinds of policies, which the API server treats differently.
    const meanings = MEANINGS.filter(({ says }) => says.test(text));
    if (meanings.length === 0) throw new Error(`nobody has said what this message means here: ${text}`);
    // A comparison of two inputs has two folders; unless the text says which of them is meant, either may be at fault.
    const side = /^at (ref[12]): /.exec(text)?.[1];
    const folders = existsSync(join(one.manifests, 'ref1')) ? (side === undefined ? ['ref1', 'ref2'] : [side]) : [''];
    const found: string[] = [];
    for (const folder of folders) {
      const cluster = await clusterAt(join(one.manifests, folder));
      clusters.push(cluster);
      const names = [...(one.options.focusWorkloads ?? []), ...(one.options.focusWorkloadPeers ?? [])];
      for (const meaning of meanings) found.push(...heldBy(meaning, cluster, names));
    }
    const wanted = meanings.map(nameOf);
    cell(
      wanted.some((name) => found.includes(name))
        ? undefined
        : { where: one.id, expected: wanted.join(' or '), got: found.join(', ') || 'no problem' },
    );
  }
  // "Not empty" means that the rest of the input was still read.
  if (expected.emptyResult === false) {
    clusters.push(await clusterAt(one.manifests));
    cell(clusters.some(({ workloads }) => workloads.size > 0) ? undefined : { where: one.id, expected: 'some workloads', got: 'none' });
  }
  return result();
}

function nameOf(meaning: Meaning): string {
  if ('end' in meaning) return meaning.end;
  if ('finding' in meaning) return meaning.finding;
  return 'state' in meaning ? meaning.state : meaning.code;
}

/** What there is of the sort that the meaning asks for. */
function heldBy(meaning: Meaning, cluster: Cluster, names: readonly string[]): readonly string[] {
  if ('end' in meaning) return names.map((name) => errorOf(cluster, name));
  if ('finding' in meaning) return findingsIn(cluster);
  if ('state' in meaning) return meaning.holds(cluster) ? [meaning.state] : [];
  const { code, facts = {} } = meaning;
  const isMeant = (problem: Problem) => Object.entries(facts).every(([key, pattern]) => pattern.test(String(problem.facts[key] ?? '')));
  return cluster.problems.map((problem) => (problem.code !== code || isMeant(problem) ? problem.code : `${code}, of something else`));
}

function findingsIn(cluster: Cluster): readonly string[] {
  const choice = chooseProfile('kubernetes');
  if (isUnknown(choice)) throw new Error('the default profile is gone');
  const ids = RULES.map(({ id }) => id);
  return lint(contextOf(cluster, choice, ids), { rules: RULES, config: NO_CONFIG }).findings.map(({ rule }) => rule.id);
}

function errorOf(cluster: Cluster, name: string): string {
  const options = mapOptions(cluster, { focus: [name], namespace: 'default' });
  return 'code' in options ? options.code : 'an end of the map';
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
