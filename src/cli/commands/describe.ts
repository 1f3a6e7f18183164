// `describe`: one policy, or a pod under all its policies, in plain words.

import type { Command } from 'commander';
import { descriptionDocument } from '../../answer/describe.ts';
import { Failure } from '../../failure.ts';
import type { Cluster } from '../../model/cluster.ts';
import { nearest } from '../../profile/nearest.ts';
import type { Semantics } from '../../profile/profile.ts';
import { type Description, describePod, describePods, describePolicy } from '../../question/describe.ts';
import { namespaceNamed } from '../../question/map.ts';
import { describeText } from '../../report/describe-text.ts';
import { fold } from '../../report/fold.ts';
import { HELP } from '../../words/en/cli/describe.ts';
import { formatOption } from '../help-layout.ts';
import { type InputOptions, load, painter, withInput } from '../input.ts';
import { mistake } from '../mistake.ts';
import { jsonAsCalled } from '../program-name.ts';

export function registerDescribe(program: Command): void {
  withInput(program.command('describe <name>'))
    .description(HELP.description)
    .addOption(formatOption(['text', 'json']))
    .addHelpText('after', HELP.after)
    .action(async (name: string, options: InputOptions & { output: string }) => {
      const { cluster, semantics, namespace } = await load(options, [name]);
      const whole = wholeNamespace(cluster, name, namespace);
      if (whole !== undefined) return printNamespace(cluster, semantics, whole, options);
      const document = descriptionDocument(find(cluster, name, namespace));
      if (options.output === 'json') process.stdout.write(`${jsonAsCalled(document)}\n`);
      else process.stdout.write(document.descriptions.map((described) => describeText(described, painter(options))).join('\n'));
    });
}

/** `ns/payments`, or `payments` where nothing else has that name. */
function wholeNamespace(cluster: Cluster, text: string, defaultNamespace: string): string | undefined {
  const named = namespaceNamed(text);
  if (named === undefined && (text.includes('/') || !cluster.namespaces.has(text))) return undefined;
  if (named === undefined) return foundIn(cluster, text, defaultNamespace).length > 0 ? undefined : text;
  if (cluster.namespaces.has(named)) return named;
  const near = nearest(named, [...cluster.namespaces.keys()]);
  throw mistake('unknown-namespace', { name: named, near });
}

/** Its pods, grouped by the policies that they are under; where it has none, its policies. */
async function printNamespace(
  cluster: Cluster,
  semantics: Semantics,
  namespace: string,
  options: InputOptions & { readonly output: string },
): Promise<void> {
  const [{ postureOf }, { namespaceWords }] = await Promise.all([import('../../question/posture.ts'), import('../../words/en/posture.ts')]);
  const posture = postureOf(cluster, semantics, { marked: [], namespace }).namespaces.find((each) => each.namespace === namespace);
  const pods = describePods(
    cluster,
    cluster.pods.filter((pod) => pod.namespace === namespace),
  );
  const policies = () =>
    cluster.policies.filter((policy) => policy.namespace === namespace).map((policy) => describePolicy(cluster, policy));
  const descriptions = pods.length > 0 ? pods : policies();
  if (descriptions.length === 0 || posture === undefined) throw mistake('empty-namespace', { name: namespace });
  const document = descriptionDocument(descriptions, posture);
  if (options.output === 'json') {
    process.stdout.write(`${jsonAsCalled(document)}\n`);
    return;
  }
  const paint = painter(options);
  const head = fold(paint.bold(namespaceWords(posture)), paint.width, 2).join('\n');
  process.stdout.write([`${head}\n`, ...document.descriptions.map((described) => describeText(described, paint))].join('\n'));
}

/** A policy, a pod, or a kind of workload as the API spells it. */
const KINDS: ReadonlyMap<string, string> = new Map(
  [
    ['policy', 'netpol', 'networkpolicy', 'networkpolicies', 'policy'],
    ['Pod', 'pod', 'po', 'pods'],
    ['Deployment', 'deploy', 'deployment', 'deployments'],
    ['StatefulSet', 'sts', 'statefulset', 'statefulsets'],
    ['DaemonSet', 'ds', 'daemonset', 'daemonsets'],
    ['Job', 'job', 'jobs'],
    ['CronJob', 'cronjob', 'cronjobs', 'cj'],
    ['ReplicaSet', 'rs', 'replicaset', 'replicasets'],
  ].flatMap(([kind = '', ...words]) => words.map((word): [string, string] => [word, kind])),
);

/** [] where `find` fails. */
function foundIn(cluster: Cluster, text: string, defaultNamespace: string): readonly Description[] {
  try {
    return find(cluster, text, defaultNamespace);
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}

/** The policy of that name, and the pods of the workload or pod of that name; `policy/NAME` and `deploy/NAME` choose. */
function find(cluster: Cluster, text: string, defaultNamespace: string): readonly Description[] {
  const parts = text.split('/');
  const kindOf = (part: string) => KINDS.get(part.toLowerCase());
  const name = parts.at(-1) ?? '';
  const kind = parts
    .slice(0, -1)
    .map(kindOf)
    .find((found) => found !== undefined);
  const namespace = parts.slice(0, -1).find((part) => kindOf(part) === undefined) ?? defaultNamespace;
  const policies = cluster.policies.filter(
    (candidate) => candidate.ref === `${namespace}/${name}` || (candidate.namespace === undefined && candidate.name === name),
  );
  const workloads = [...cluster.workloads.values()].filter(
    (candidate) =>
      candidate.namespace === namespace &&
      candidate.name === name &&
      (kind === undefined || candidate.kind === kind || (kind === 'Pod' && candidate.pods.length > 0)),
  );
  const pod = kind === undefined || kind === 'Pod' ? cluster.podByRef.get(`${namespace}/${name}`) : undefined;
  const isPod = pod !== undefined && !workloads.some(({ pods }) => pods.includes(pod) && pods.length > 1);
  const found = [
    ...(kind === undefined || kind === 'policy' ? policies.map((policy) => describePolicy(cluster, policy)) : []),
    ...(isPod ? [describePod(cluster, pod)] : workloads.flatMap(({ pods }) => describePods(cluster, pods))),
  ];
  if (found.length > 0) return found;
  const [workload] = workloads;
  if (workload !== undefined && kind !== 'policy') throw mistake('no-pod', { workload: workload.ref });
  const known = [
    ...cluster.policies.map((candidate) => candidate.ref),
    ...[...cluster.workloads.values()].map((candidate) => `${candidate.namespace}/${candidate.name}`),
  ];
  const near = nearest(`${namespace}/${name}`, known);
  throw mistake('no-such-name', { name: `${namespace}/${name}`, near });
}
