// `probe`: the question asked of the cluster itself, from the source pod, and held against the model's answer.

import { type Command, Option } from 'commander';
import { probeDocument } from '../../answer/probe.ts';
import { nodePorts } from '../../app/node-ports.ts';
import { profileFor } from '../../app/profile.ts';
import { clusterOf } from '../../manifest/load.ts';
import type { ProbeWay } from '../../probe/connect.ts';
import { DEFAULT_IMAGE, debugPatch, type PodRef, throwawayPod } from '../../probe/manifests.ts';
import { probeMany } from '../../probe/many.ts';
import { type ProbePlan, planProbe } from '../../probe/plan.ts';
import { httpStatus, type ProbeTarget, probeCommand } from '../../probe/script.ts';
import { denySymptom, semanticsOf } from '../../profile/choose.ts';
import { why } from '../../question/why.ts';
import { probeText } from '../../report/probe-text.ts';
import { isError, parseName } from '../../route/name.ts';
import { HELP } from '../../words/en/cli/probe.ts';
import { creationSentence, leftSentence, noControlSentence } from '../../words/en/probing.ts';
import { badEnd } from '../bad-end.ts';
import { tellBasis } from '../basis.ts';
import { accessOf, type ClusterFlags, readObjects, withCluster } from '../cluster-input.ts';
import { formatOption } from '../help-layout.ts';
import { type InputOptions, painter, withOutput } from '../input.ts';
import { askBefore, interruptible } from '../live-probing.ts';
import { mistake } from '../mistake.ts';
import { jsonAsCalled } from '../program-name.ts';

interface ProbeOptions extends ClusterFlags, InputOptions {
  readonly exec?: boolean;
  readonly throwaway?: boolean;
  readonly image: string;
  readonly container?: string;
  readonly payload?: string;
  readonly expect?: number;
  readonly timeout: number;
  readonly control: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly output: 'text' | 'json';
}

export function registerProbe(program: Command): void {
  withOutput(withCluster(program.command('probe <from> <to>')))
    .description(HELP.description)
    .option('-n, --namespace <name>', HELP.namespace)
    .option('--cni <profile>', HELP.cni, 'auto')
    .addOption(new Option('--exec', HELP.exec).conflicts('throwaway'))
    .option('--throwaway', HELP.throwaway)
    .option('--image <name>', HELP.image, DEFAULT_IMAGE)
    .option('--container <name>', HELP.container)
    .option('--payload <text>', HELP.payload)
    .option('--expect <status>', HELP.expect, anHttpStatus)
    .option('--timeout <seconds>', HELP.timeout, atLeastOne, 5)
    .option('--no-control', HELP.noControl)
    .option('-y, --yes', HELP.yes)
    .option('--dry-run', HELP.dryRun)
    .addOption(formatOption(['text', 'json']))
    .addHelpText('after', HELP.after)
    .action(run);
}

function atLeastOne(text: string): number {
  const value = Number(text.replace(/s$/, ''));
  if (!(value >= 1 && value <= 300)) throw mistake('bad-timeout', { text, most: 300 });
  return Math.round(value);
}

function anHttpStatus(text: string): number {
  if (!/^[1-5]\d\d$/.test(text)) throw mistake('bad-status', { text });
  return Number(text);
}

async function run(from: string, to: string, options: ProbeOptions): Promise<void> {
  const read = await readObjects(options, [from, to]);
  const { objects, problems, namespace, basis } = read;
  tellBasis(basis, options.quiet, painter(options, process.stderr));
  const cluster = clusterOf(objects, problems, namespace);
  const choice = await profileFor(nodePorts.files, read, options);
  const answer = why(cluster, semanticsOf(choice), { from, to, namespace });
  if (answer.kind === 'error') throw badEnd(answer.errors);
  const name = parseName(to, { namespace });
  const host = !isError(name) && name.kind === 'host' ? name.host : undefined;
  const url = isError(name) ? undefined : name.kind === 'host' ? name : name.kind === 'address' ? name.url : undefined;
  const http = options.expect === undefined ? undefined : { path: url?.path ?? '/', tls: url?.scheme === 'https' };
  const plan = planProbe(cluster, answer, { host, payload: options.payload, http });
  const way: ProbeWay = options.exec === true ? 'exec' : options.throwaway === true ? 'throwaway' : 'debug';
  const mayControl = options.control && way !== 'throwaway' && plan.destination !== undefined && plan.itself !== undefined;
  if (options.dryRun === true) {
    process.stdout.write(`${jsonAsCalled(dryRun(plan, way, mayControl && plan.vouched === undefined, options))}\n`);
    return;
  }
  if (way !== 'exec') await askBefore(announced(plan, way, mayControl && plan.vouched === undefined, options), options);

  const [probed] = await interruptible((signal) =>
    nodePorts.cluster.probing(accessOf(options), (api) =>
      probeMany(api, [plan], {
        way,
        image: options.image,
        timeoutSeconds: options.timeout,
        container: options.container,
        denySymptom: denySymptom(choice),
        controls: options.control,
        signal,
      }),
    ),
  );
  if (probed === undefined || 'failure' in probed) throw probed?.failure;
  const { connection } = plan;
  const { left } = probed.outcome;
  const document = probeDocument({
    from: `${plan.source.namespace}/${plan.source.name}`,
    to: connection.route.to,
    target: plan.target,
    outcome: { ...probed.outcome, left: left === undefined ? undefined : leftSentence(left) },
    control: probed.control,
    noControl: probed.noControl === undefined ? undefined : noControlSentence(probed.noControl),
    model: { outcome: connection.outcome, codes: connection.codes },
    cni: choice.name,
    conclusion: probed.conclusion,
    ...(options.expect !== undefined && { http: { expected: options.expect, status: httpStatus(probed.outcome.text) } }),
  });
  process.stdout.write(options.output === 'json' ? `${jsonAsCalled(document)}\n` : probeText(document, painter(options)));
  const isAsExpected = document.http === undefined || document.http.status === document.http.expected;
  process.exitCode = probed.outcome.result === 'answered' && isAsExpected ? 0 : 1;
}

/** What a person agrees to. */
function announced(plan: ProbePlan, way: 'debug' | 'throwaway', withControl: boolean, options: ProbeOptions): string {
  const source = `${plan.source.namespace}/${plan.source.name}`;
  const control = withControl && plan.destination !== undefined ? `${plan.destination.namespace}/${plan.destination.name}` : undefined;
  return creationSentence({ way, image: options.image, source, namespace: plan.source.namespace, control });
}

/** In the order in which it would happen. */
function dryRun(plan: ProbePlan, way: ProbeWay, withControl: boolean, options: ProbeOptions): readonly object[] {
  const step = (pod: PodRef, target: ProbeTarget): object => {
    const probe = { name: 'netverdict-probe', image: options.image, targets: [target], timeoutSeconds: options.timeout };
    if (way === 'exec') return { exec: { ...pod, container: options.container, command: probeCommand([target], options.timeout) } };
    if (way === 'debug')
      return { patch: `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/ephemeralcontainers`, body: debugPatch(probe) };
    return { create: throwawayPod({ ...pod, uid: undefined, labels: plan.labels, spec: plan.spec }, probe) };
  };
  const control =
    withControl && plan.destination !== undefined && plan.itself !== undefined
      ? [{ onlyIf: 'nothing answers', ...step(plan.destination, plan.itself) }]
      : [];
  return [step(plan.source, plan.target), ...control];
}
