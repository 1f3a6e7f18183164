// `describe`: one policy, or a pod under all its policies, in plain words.
import { type Command, Option } from 'commander';
import { Failure } from '../../failure.ts';
import type { Cluster } from '../../model/cluster.ts';
import { nearest } from '../../profile/nearest.ts';
import { type Description, describePod, describePolicy } from '../../question/describe.ts';
import { descriptionDocument } from '../../report/describe-json.ts';
import { describeText } from '../../report/describe-text.ts';
import { jsonText } from '../../report/paint.ts';
import { type InputOptions, load, painter, withInput } from '../input.ts';

export function registerDescribe(program: Command): void {
  withInput(program.command('describe <name>'))
    .description('what one policy means, or the union of all policies on a pod or workload, in plain words')
    .addOption(new Option('-o, --output <format>', 'how to say it').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      `
Examples:
  $ netverdict describe -f k8s/ -n payments api-server-rules
  $ netverdict describe -f k8s/ payments/api-server-rules -o json
  $ netverdict describe -f k8s/ payments/deploy/api-server          all policies on that pod

Exit codes: 0 · 2 could not answer.`,
    )
    .action(async (name: string, options: InputOptions & { output: string }) => {
      const { cluster, namespace } = await load(options, [name]);
      const descriptions = find(cluster, name, namespace);
      if (options.output === 'json') process.stdout.write(`${jsonText(descriptionDocument(descriptions))}\n`);
      else process.stdout.write(descriptions.map((description) => describeText(description, painter(options))).join('\n'));
    });
}

const KINDS: ReadonlyMap<string, 'policy' | 'pod'> = new Map([
  ...['netpol', 'networkpolicy', 'networkpolicies', 'policy'].map((word) => [word, 'policy'] as const),
  ...[
    'pod',
    'po',
    'pods',
    'deploy',
    'deployment',
    'deployments',
    'sts',
    'statefulset',
    'statefulsets',
    'ds',
    'daemonset',
    'daemonsets',
  ].map((word) => [word, 'pod'] as const),
  ...['job', 'jobs', 'cronjob', 'cronjobs', 'cj', 'rs', 'replicaset', 'replicasets'].map((word) => [word, 'pod'] as const),
]);

/** A policy of that name, else a workload's or a single pod; `policy/NAME` and `pod/NAME` choose. */
function find(cluster: Cluster, text: string, defaultNamespace: string): Description[] {
  const parts = text.split('/');
  const kindOf = (part: string) => KINDS.get(part.toLowerCase());
  const name = parts.at(-1) ?? '';
  const kind = parts
    .slice(0, -1)
    .map(kindOf)
    .find((found) => found !== undefined);
  const namespace = parts.slice(0, -1).find((part) => kindOf(part) === undefined) ?? defaultNamespace;
  const policy = cluster.policies.find(
    (candidate) => candidate.ref === `${namespace}/${name}` || (candidate.namespace === undefined && candidate.name === name),
  );
  if (policy !== undefined && kind !== 'pod') return [describePolicy(cluster, policy)];
  const workload = [...cluster.workloads.values()].find((candidate) => candidate.namespace === namespace && candidate.name === name);
  const pod = cluster.podByRef.get(`${namespace}/${name}`) ?? workload?.pods[0];
  if (pod !== undefined && kind !== 'policy') return [describePod(cluster, pod)];
  if (workload !== undefined && kind !== 'policy')
    throw new Failure(
      'no-pod',
      `${workload.ref} has neither a pod nor a pod template in the input: there is nothing that policies could select`,
    );
  const known = [
    ...cluster.policies.map((candidate) => candidate.ref),
    ...[...cluster.workloads.values()].map((candidate) => `${candidate.namespace}/${candidate.name}`),
  ];
  const near = nearest(`${namespace}/${name}`, known);
  throw new Failure('no-such-name', `no policy, pod or workload is called \`${namespace}/${name}\``, {
    hint: near.length > 0 ? `did you mean ${near.join(', ')}?` : 'name it as namespace/name, or give the namespace with -n',
  });
}
