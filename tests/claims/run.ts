// Runs the claims on the model: what happened, per profile. Deterministic, because a page is made of it.

import { lineAnswerer } from '../../src/answer/verdict-lines.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { chooseProfile, denySymptom, isUnknown, type ProfileChoice, semanticsOf } from '../../src/profile/choose.ts';
import { why } from '../../src/question/why.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { problemSentence } from '../../src/words/en/problem.ts';
import { type Check, type Claim, type Expected, PROFILES } from './claim.ts';
import { HABITS } from './habits.ts';
import { RULES } from './rules.ts';
import { SURROUNDINGS } from './surroundings.ts';

export const CLAIMS: readonly Claim[] = [...RULES, ...SURROUNDINGS, ...HABITS];

export interface Happened {
  readonly check: Check;
  /** Outcome → profiles, in the order of PROFILES: `{ denied: ['calico'], allowed: ['aws-vpc-cni'] }`. */
  readonly outcomes: Readonly<Record<string, readonly string[]>>;
}

/** Pods get addresses, in their order: without them, whether an ipBlock means a pod would be an open question everywhere. */
export function clusterOf({ objects }: Pick<Claim, 'objects'>): Cluster {
  const items = objects.map((object, i) => {
    const { kind, spec } = object as {
      readonly kind?: string;
      readonly spec?: { readonly hostNetwork?: boolean; readonly nodeName?: string };
    };
    if (kind !== 'Pod') return object;
    const hostIP = `192.168.0.${spec?.nodeName === 'node-2' ? 2 : 1}`;
    const podIP = spec?.hostNetwork === true ? hostIP : `10.244.0.${i + 1}`;
    return { ...object, status: { phase: 'Running', hostIP, podIP, podIPs: [{ ip: podIP }] } };
  });
  return loadCluster([{ file: 'claim.json', text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) }]);
}

function choiceOf(profile: string): ProfileChoice {
  const choice = chooseProfile(profile);
  if (isUnknown(choice)) throw new Error(`no profile ${profile}`);
  return choice;
}

const profilesOf = (check: Check): readonly string[] => (check.kind === 'cell' ? check.profiles : undefined) ?? PROFILES;

export function happened(claim: Claim): readonly Happened[] {
  const cluster = clusterOf(claim);
  return claim.checks.map((check) => {
    const outcomes: Record<string, string[]> = {};
    for (const profile of profilesOf(check)) {
      const outcome = outcomeOf(cluster, choiceOf(profile), check);
      outcomes[outcome] = [...(outcomes[outcome] ?? []), profile];
    }
    return { check, outcomes };
  });
}

function outcomeOf(cluster: Cluster, choice: ProfileChoice, check: Check): string {
  const semantics = semanticsOf(choice);
  switch (check.kind) {
    case 'ask': {
      const answer = why(cluster, semantics, { from: check.from, to: check.to, namespace: 'shop' });
      return answer.kind === 'error' ? `error: ${answer.errors.map(({ code }) => code).join(' ')}` : answer.outcome;
    }
    case 'cell':
      return String((semantics as unknown as Record<string, unknown>)[check.cell]);
    case 'seen': {
      const answer = why(cluster, semantics, { from: check.from, to: check.to, namespace: 'shop', symptom: check.symptom });
      return answer.kind === 'error' ? 'error' : (answer.connections[0]?.symptom?.fits ?? 'not asked');
    }
    case 'ping': {
      const line = JSON.stringify({ from: check.from, to: check.to, protocol: 'ICMP', port: 8 });
      return JSON.parse(lineAnswerer(reachOf(cluster, semantics))(line) ?? '{}').outcome;
    }
    case 'symptom':
      return denySymptom(choice);
    case 'refused':
      return cluster.problems.some((problem) => problemSentence(problem).text.includes(check.says)) ? 'refused' : 'accepted';
  }
}

/** What the data says should happen, in the same shape. */
export function expectedOf(check: Check): Readonly<Record<string, readonly string[]>> {
  const expected: Expected = check.kind === 'refused' ? { refused: 'all' } : check.expected;
  return Object.fromEntries(
    Object.entries(expected).map(([outcome, profiles]) => [outcome, profiles === 'all' ? [...profilesOf(check)] : profiles]),
  );
}

/** Claims whose connections can be made on a kernel: there are pods, and nothing that the API refuses. */
export function isForKernel({ objects, checks }: Claim): boolean {
  return objects.length > 0 && !checks.some(({ kind }) => kind === 'refused');
}
