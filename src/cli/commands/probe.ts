// `probe`: the question asked of the cluster itself, from the source pod, and held against the model's answer.
import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import { detectProfile } from '../../cni/detect.ts';
import { endErrorSentence } from '../../explain/obstacle-sentence.ts';
import { Failure } from '../../failure.ts';
import { clusterOf } from '../../manifest/load.ts';
import { type Control, conclude, isConnected } from '../../probe/conclude.ts';
import { type ProbeApi, type ProbeRequest, type ProbeWay, probeOnce } from '../../probe/connect.ts';
import { DEFAULT_IMAGE, debugPatch, type PodRef, throwawayPod } from '../../probe/manifests.ts';
import { type ProbePlan, planProbe } from '../../probe/plan.ts';
import { type ProbeTarget, probeCommand } from '../../probe/script.ts';
import { chooseProfile, denySymptom, isUnknown, type ProfileChoice, semanticsOf } from '../../profile/choose.ts';
import { KUBERNETES } from '../../profile/families.ts';
import { why } from '../../question/why.ts';
import { jsonText } from '../../report/paint.ts';
import { isError, parseName } from '../../route/name.ts';
import { accessOf, type ClusterFlags, readObjects, withCluster } from '../cluster-input.ts';
import { type InputOptions, painter, withOutput } from '../input.ts';
import { probeJson } from '../probe-json.ts';
import { probeText } from '../probe-text.ts';

interface ProbeOptions extends ClusterFlags, InputOptions {
  readonly exec?: boolean;
  readonly throwaway?: boolean;
  readonly image: string;
  readonly container?: string;
  readonly payload?: string;
  readonly timeout: number;
  readonly control: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly output: 'text' | 'json';
}

export function registerProbe(program: Command): void {
  withOutput(withCluster(program.command('probe <from> <to>')))
    .description('make the real connection from the source pod, and hold it against the verdict')
    .option('-n, --namespace <name>', "namespace of names that say none; the context's without it")
    .option('--cni <profile>', 'what the CNI does where Kubernetes leaves a choice; auto looks at the cluster', 'auto')
    .addOption(new Option('--exec', "use a tool of the pod's own image instead of a debug container").conflicts('throwaway'))
    .option('--throwaway', 'use a pod of its own, with the labels, service account and node of the source')
    .option('--image <name>', 'for the debug container or the pod: sh, and one of bash, agnhost, nc, python3, curl', DEFAULT_IMAGE)
    .option('--container <name>', 'with --exec: which container of the pod')
    .option('--payload <text>', 'what to send with UDP; a DNS query to port 53 without it')
    .option('--timeout <seconds>', 'how long to wait for the connection', atLeastOne, 5)
    .option('--no-control', 'do not ask the destination whether it answers itself, when it does not answer the source')
    .option('-y, --yes', 'do not ask before something is created')
    .option('--dry-run', 'print what would be created, and do nothing')
    .addOption(new Option('-o, --output <format>', 'how to say it').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      `
A debug container shares the network of the pod: labels, service account and address are the pod's own. It stays in the pod's list,
ended, until the pod is replaced: Kubernetes cannot take it out. --exec leaves nothing; --throwaway removes its pod, also after Ctrl-C.

Examples:
  $ netverdict probe web/frontend payments/svc/api-server:8080
  $ netverdict probe web/frontend kube-system/svc/kube-dns:53/udp --exec
  $ netverdict probe web/frontend 203.0.113.7:443 --throwaway --yes -o json

Exit codes: 0 answered, 1 not answered, 2 could not be tried.`,
    )
    .action(run);
}

function atLeastOne(text: string): number {
  const value = Number(text.replace(/s$/, ''));
  if (!(value >= 1 && value <= 300)) throw new Failure('bad-timeout', `\`${text}\` is no number of seconds from 1 to 300`);
  return Math.round(value);
}

async function run(from: string, to: string, options: ProbeOptions): Promise<void> {
  const { objects, problems, namespace } = await readObjects(options, namespacesIn(from, to));
  const cluster = clusterOf(objects, problems, namespace);
  const choice = choiceOf(options.cni ?? 'auto', objects);
  const answer = why(cluster, semanticsOf(choice), { from, to, namespace });
  if (answer.kind === 'error') {
    const [first] = answer.errors.map(endErrorSentence);
    throw new Failure(answer.errors[0]?.code ?? 'bad-end', first?.text ?? 'an end could not be read', { hint: first?.hint });
  }
  const name = parseName(to, { namespace });
  const host = !isError(name) && name.kind === 'host' ? name.host : undefined;
  const plan = planProbe(cluster, answer, { host, payload: options.payload });
  const way: ProbeWay = options.exec === true ? 'exec' : options.throwaway === true ? 'throwaway' : 'debug';
  const mayControl = options.control && way !== 'throwaway' && plan.destination !== undefined && plan.itself !== undefined;
  if (options.dryRun === true) {
    process.stdout.write(`${jsonText(dryRun(plan, way, mayControl && plan.vouched === undefined, options))}\n`);
    return;
  }
  if (way !== 'exec' && options.yes !== true) await askPerson(plan, way, mayControl && plan.vouched === undefined, options);

  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  const { openApi } = await import('../../source/live-request.ts');
  const api = await openApi(accessOf(options));
  try {
    const probing: ProbeApi = {
      get: (path) => api.get(path),
      send: (method, path, body, type) => api.send(method, path, body, type),
      exec: async (where, command, signal) => (await import('../../source/live-exec.ts')).execInPod(api, where, command, signal),
    };
    const ask = (source: PodRef, target: ProbeTarget, container?: string) => {
      const request: ProbeRequest = {
        source,
        target,
        way,
        container,
        image: options.image,
        timeoutSeconds: options.timeout,
        signal: interrupt.signal,
      };
      return probeOnce(probing, request);
    };
    const outcome = await ask(plan.source, plan.target, options.container);
    const { control, noControl } = await controlOf(outcome.result, plan, mayControl, way, ask);
    const { connection } = plan;
    const conclusion = conclude({ result: outcome.result, control, model: connection.outcome, denySymptom: denySymptom(choice) });
    const report = {
      from: `${plan.source.namespace}/${plan.source.name}`,
      to: connection.route.to,
      target: plan.target,
      outcome,
      control,
      noControl,
      model: { outcome: connection.outcome, codes: connection.codes },
      cni: choice.name,
      conclusion,
    };
    process.stdout.write(options.output === 'json' ? `${jsonText(probeJson(report))}\n` : probeText(report, painter(options)));
    process.exitCode = outcome.result === 'answered' ? 0 : 1;
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
    api.close();
  }
}

type Ask = (source: PodRef, target: ProbeTarget) => ReturnType<typeof probeOnce>;

/** Silence and refusal prove nothing until it is shown that the destination answers where no policy is in the way. */
async function controlOf(
  result: Parameters<typeof isConnected>[0],
  plan: ProbePlan,
  mayControl: boolean,
  way: ProbeWay,
  ask: Ask,
): Promise<{ readonly control: Control | undefined; readonly noControl: string | undefined }> {
  const none = (noControl: string | undefined) => ({ control: undefined, noControl });
  if (isConnected(result) || result === 'name-not-resolved') return none(undefined);
  if (plan.vouched !== undefined) return { control: plan.vouched, noControl: undefined };
  if (plan.destination === undefined || plan.itself === undefined) return none('the destination is no pod that runs here');
  if (!mayControl) return none(way === 'throwaway' ? 'a pod of its own cannot stand in for the destination' : 'not wanted (--no-control)');
  try {
    const itself = await ask(plan.destination, plan.itself);
    return { control: { by: 'itself', result: itself.result, text: itself.text }, noControl: undefined };
  } catch (error) {
    // The measurement stands; that it could not be backed is part of the answer.
    if (error instanceof Failure && error.code !== 'interrupted') return none(error.message);
    throw error;
  }
}

function choiceOf(cni: string, objects: Parameters<typeof detectProfile>[0]): ProfileChoice {
  const detected = cni === 'auto' ? detectProfile(objects) : undefined;
  const found = chooseProfile(detected?.profile ?? cni, detected?.overrides);
  if (isUnknown(found))
    throw new Failure('unknown-profile', `no CNI profile is called \`${found.unknown}\``, {
      hint: `did you mean ${found.nearest.join(', ') || KUBERNETES}?`,
    });
  return found;
}

/** `web/frontend` → `web`: where to look for users who may not list the whole cluster. */
function namespacesIn(...ends: readonly string[]): readonly string[] {
  return ends.flatMap((end) => (/^[a-z0-9-]+\//.test(end) && !end.includes('://') ? [end.slice(0, end.indexOf('/'))] : []));
}

async function askPerson(plan: ProbePlan, way: ProbeWay, withControl: boolean, options: ProbeOptions): Promise<void> {
  const source = `${plan.source.namespace}/${plan.source.name}`;
  const control = withControl && plan.destination !== undefined ? `${plan.destination.namespace}/${plan.destination.name}` : undefined;
  const what =
    way === 'debug'
      ? `This adds a debug container (${options.image}) to ${source}${control === undefined ? '' : `, and if nothing answers another one to ${control}`}.\nThey stay in the pods' lists, ended, until the pods are replaced.`
      : `This creates a pod (${options.image}) in ${plan.source.namespace} with the labels of ${source}, and removes it afterwards.`;
  if (process.stdin.isTTY !== true) {
    throw new Failure('needs-yes', 'a probe creates something in the cluster, and nobody can be asked here', {
      hint: '--yes goes ahead, --dry-run shows what it would be',
    });
  }
  process.stderr.write(`${what}\n`);
  const question = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said = await question.question('Go ahead? [y/N] ');
    if (!/^y(es)?$/i.test(said.trim())) throw new Failure('not-wanted', 'nothing was created', { hint: '--exec creates nothing' });
  } finally {
    question.close();
  }
}

/** In the order in which it would happen. */
function dryRun(plan: ProbePlan, way: ProbeWay, withControl: boolean, options: ProbeOptions): readonly object[] {
  const step = (pod: PodRef, target: ProbeTarget): object => {
    const probe = { name: 'netverdict-probe', image: options.image, target, timeoutSeconds: options.timeout };
    if (way === 'exec') return { exec: { ...pod, container: options.container, command: probeCommand(target, options.timeout) } };
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
