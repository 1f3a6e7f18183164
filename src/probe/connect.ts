// Real connections from inside a pod of a live cluster: start them, wait for their end, read the outcomes, clean up.
// Knows the API's objects; not what the outcome means (conclude.ts), nor how the cluster is reached: that comes as an argument.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { debugPatch, type PodRef, type SourcePod, throwawayPod } from './manifests.ts';
import { type ProbeResult, type ProbeTarget, probeCommand, resultsOf } from './script.ts';

/** What a probe needs of a cluster. Statuses of 4xx come back, everything worse is thrown. */
export interface ProbeApi {
  get(path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Runs a command in a container; `code` is undefined when the command could not be started, and `text` says why. */
  exec(where: PodRef & { readonly container: string | undefined }, command: readonly string[], signal: AbortSignal): Promise<Executed>;
}

export interface Executed {
  readonly code: number | undefined;
  readonly text: string;
}

/** `debug`: a debug container in the pod. `exec`: a tool of the pod's own image. `throwaway`: a pod with the same labels. */
export type ProbeWay = 'debug' | 'exec' | 'throwaway';

export interface ProbeRequest {
  readonly source: PodRef;
  /** Dialled side by side, in one container: at most MOST_TARGETS. */
  readonly targets: readonly ProbeTarget[];
  readonly way: ProbeWay;
  readonly image: string;
  readonly timeoutSeconds: number;
  /** For `exec`; the pod's first without it. */
  readonly container?: string | undefined;
  readonly signal: AbortSignal;
}

export interface ProbeOutcome {
  readonly result: ProbeResult;
  /** What the tool said: `connected (bash)`. */
  readonly text: string;
  /** What stays in the cluster: a debug container that has ended. */
  readonly left: string | undefined;
}

/** How long an image may take to be fetched, and a container to start. */
const START_MS = 90_000;
const POLL_MS = 400;

/**
 * `probeFrom(api, { source: { namespace: 'shop', name: 'frontend-6d4' }, targets: [{ host: 'cart.shop', port: 7070, protocol: 'TCP' }], … })`
 * → `[{ result: 'timed-out', text: 'no answer within 5 s (bash)' }]`, in the order of the targets. A Failure in the place of one that could
 * not be tried (SCTP without a tool for it); thrown when none could.
 */
export async function probeFrom(api: ProbeApi, request: ProbeRequest): Promise<readonly (ProbeOutcome | Failure)[]> {
  switch (request.way) {
    case 'debug':
      return byDebugContainer(api, request);
    case 'exec':
      return byExec(api, request);
    case 'throwaway':
      return byThrowawayPod(api, request);
  }
}

/** The same for one target. Failure when no connection could be tried. */
export async function probeOnce(
  api: ProbeApi,
  { target, ...request }: Omit<ProbeRequest, 'targets'> & { readonly target: ProbeTarget },
): Promise<ProbeOutcome> {
  const [outcome] = await probeFrom(api, { ...request, targets: [target] });
  if (outcome === undefined || outcome instanceof Failure) throw outcome;
  return outcome;
}

type Outcomes = Promise<readonly (ProbeOutcome | Failure)[]>;

async function byDebugContainer(api: ProbeApi, request: ProbeRequest): Outcomes {
  const { source, image, targets, timeoutSeconds } = request;
  const name = newName();
  await podThatRuns(api, source);
  const patch = debugPatch({ name, image, targets, timeoutSeconds });
  const path = `${podPath(source)}/ephemeralcontainers`;
  const { status, body } = await api.send('PATCH', path, patch, 'application/strategic-merge-patch+json');
  if (status >= 400) throw refusal(status, body, `add a debug container to ${ref(source)}`, 'debug');
  const left = `debug container ${name} in the list of ${ref(source)}; it has ended`;
  const what = `debug container ${name}`;
  const end = await untilEnded(api, request, source, (pod) => statusOf(pod, 'ephemeralContainerStatuses', name), what);
  return outcomesOf(end, request, what, left);
}

async function byThrowawayPod(api: ProbeApi, request: ProbeRequest): Outcomes {
  const { image, targets, timeoutSeconds } = request;
  const source = sourcePodOf(request.source, await podThatRuns(api, request.source));
  const made = throwawayPod(source, { name: newName(), image, targets, timeoutSeconds });
  const pod: PodRef = made.metadata;
  const { status, body } = await api.send('POST', `/api/v1/namespaces/${pod.namespace}/pods`, made);
  if (status >= 400) throw refusal(status, body, `create a pod in ${pod.namespace}`, 'throwaway');
  try {
    const what = `pod ${ref(pod)}`;
    const end = await untilEnded(api, request, pod, (found) => statusOf(found, 'containerStatuses', 'probe'), what);
    return outcomesOf(end, request, what, undefined);
  } finally {
    await remove(api, pod);
  }
}

/** Also after Ctrl-C. What cannot be removed is named, with the command that removes it. */
async function remove(api: ProbeApi, pod: PodRef): Promise<void> {
  const failed = (message: string) =>
    new Failure('probe-left-behind', `could not remove the probe's pod ${ref(pod)}: ${message}`, {
      hint: `it ends by itself within 5 min; remove it with: kubectl -n ${pod.namespace} delete pod ${pod.name}`,
    });
  const { status, body } = await api.send('DELETE', podPath(pod), { gracePeriodSeconds: 0 }).catch((error: unknown) => {
    throw failed(error instanceof Error ? error.message : String(error));
  });
  if (status >= 400 && status !== 404) throw failed(messageOf(body));
}

async function byExec(api: ProbeApi, request: ProbeRequest): Outcomes {
  const { source, targets, timeoutSeconds, container, signal } = request;
  await podThatRuns(api, source);
  const { code, text } = await api.exec({ ...source, container }, probeCommand(targets, timeoutSeconds), signal);
  if (signal.aborted) throw interrupted();
  const hint = 'leave out --exec, so that a debug container is added to the pod';
  const results = code === undefined ? [] : resultsOf(code, text, targets.length);
  if (results.every((each) => each === undefined)) {
    const noShell = code === 126 || code === 127 || /executable file not found|no such file/i.test(text);
    throw new Failure(
      'probe-exec-failed',
      `could not run a probe in ${ref(source)}: ${noShell ? 'its image has no shell' : oneLine(text) || `exit code ${code}`}`,
      { hint },
    );
  }
  return results.map((each) => {
    if (each?.result === 'no-tool')
      return new Failure('probe-no-tool', `the image of ${ref(source)} has no tool that could connect: ${each.text}`, { hint });
    return { ...(each ?? SILENT), left: undefined };
  });
}

/** The script said nothing of this target, and something of others: its line was lost, or it was killed. */
const SILENT = { result: 'unclear', text: 'the probe said nothing of it' } as const;

interface End {
  readonly exitCode?: number;
  readonly message?: string;
  readonly reason?: string;
}
interface ContainerState {
  readonly terminated?: End;
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: object;
}
interface PodObject {
  readonly metadata?: { readonly uid?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: { readonly phase?: string; readonly [list: string]: unknown };
}

const CANNOT_START = /^(ErrImage|ImagePull|InvalidImageName|CreateContainer|RunContainer|ImageInspect)/;

async function untilEnded(
  api: ProbeApi,
  { signal, timeoutSeconds, image }: ProbeRequest,
  pod: PodRef,
  stateIn: (pod: PodObject) => ContainerState | undefined,
  what: string,
): Promise<End> {
  const begun = Date.now();
  let startedAt: number | undefined;
  let waiting = '';
  for (;;) {
    if (signal.aborted) throw interrupted();
    const { status, body } = await api.get(podPath(pod));
    if (status === 404)
      throw new Failure('pod-gone', `${ref(pod)} went away while it was probed`, { hint: 'ask again: it may have been replaced' });
    if (status >= 400) throw refusal(status, body, `read ${ref(pod)}`, 'debug');
    const state = stateIn(body as PodObject);
    if (state?.terminated !== undefined) return state.terminated;
    if (state?.running !== undefined) startedAt ??= Date.now();
    const reason = state?.waiting?.reason ?? '';
    waiting = reason || waiting;
    // A first ErrImagePull may be a hiccup; when the kubelet backs off, it has tried more than once.
    if (CANNOT_START.test(reason) && (reason.endsWith('BackOff') || !reason.startsWith('ErrImage'))) {
      throw cannotStart(what, image, reason, state?.waiting?.message ?? '');
    }
    // DNS that is denied costs a resolver many seconds per name before the connection begins.
    const limit = startedAt === undefined ? begun + START_MS : startedAt + (timeoutSeconds + 60) * 1000;
    if (Date.now() > limit) throw cannotStart(what, image, waiting || 'no kubelet reports it', '');
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
}

function outcomesOf(
  { exitCode = -1, message = '', reason = '' }: End,
  { image, targets }: ProbeRequest,
  what: string,
  left: string | undefined,
): readonly (ProbeOutcome | Failure)[] {
  const broke = (why: string) =>
    new Failure('probe-broke', `${what} made no connection: ${why}`, {
      hint: 'give an image that has sh and one of bash, agnhost, nc, python3, curl: --image NAME',
    });
  const results = resultsOf(exitCode, message, targets.length);
  if (results.every((each) => each === undefined)) {
    const noShell = exitCode === 127 || exitCode === 128 || /executable file not found|no such file/i.test(message);
    throw broke(noShell ? `image ${image} has no shell` : `it ended with exit code ${exitCode} ${reason}`);
  }
  return results.map((each) =>
    each?.result === 'no-tool' ? broke(`image ${image} has no tool that could connect: ${each.text}`) : { ...(each ?? SILENT), left },
  );
}

function cannotStart(what: string, image: string, reason: string, message: string): Failure {
  return new Failure('probe-not-started', `${what} did not start: ${reason}${message === '' ? '' : `: ${oneLine(message)}`}`, {
    hint: `can the node fetch ${image}? Another one: --image NAME; without one: --exec`,
  });
}

function interrupted(): Failure {
  return new Failure('interrupted', 'interrupted', { hint: 'a debug container that has started ends by itself' });
}

async function podThatRuns(api: ProbeApi, source: PodRef): Promise<PodObject> {
  const { status, body } = await api.get(podPath(source));
  if (status === 404)
    throw new Failure('no-such-pod', `there is no pod ${ref(source)} any more`, { hint: 'ask again: it may have been replaced' });
  if (status >= 400) throw refusal(status, body, `read ${ref(source)}`, 'debug');
  const pod = body as PodObject;
  if (pod.status?.phase !== 'Running') {
    throw new Failure(
      'pod-not-running',
      `${ref(source)} is ${pod.status?.phase ?? 'in an unknown state'}, so nothing can connect from it`,
      {
        hint: 'probe from another pod of the workload, or with --throwaway from one that runs',
      },
    );
  }
  return pod;
}

function sourcePodOf(source: PodRef, { metadata, spec }: PodObject): SourcePod {
  return { ...source, uid: metadata?.uid, labels: metadata?.labels ?? {}, spec: spec ?? {} };
}

function statusOf(pod: PodObject, list: string, name: string): ContainerState | undefined {
  const statuses = pod.status?.[list];
  if (!Array.isArray(statuses)) return undefined;
  return (statuses as { name?: string; state?: ContainerState }[]).find((each) => each.name === name)?.state;
}

function refusal(status: number, body: unknown, what: string, way: ProbeWay): Failure {
  return status === 403
    ? new Failure('forbidden', `you may not ${what}: ${messageOf(body)}`, {
        hint: `netverdict rbac --probe ${way} prints the rights; if Pod Security or a webhook refuses it, try another way (--exec, --throwaway)`,
      })
    : new Failure('probe-refused', `the API server does not let us ${what} (${status}): ${messageOf(body)}`, {
        hint: 'try another way: --exec with a tool of the image, --throwaway with a pod of its own',
      });
}

function messageOf(body: unknown): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return typeof message === 'string' ? oneLine(message) : '';
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}

function podPath({ namespace, name }: PodRef): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
}

function ref({ namespace, name }: PodRef): string {
  return `${namespace}/${name}`;
}

function newName(): string {
  return `netverdict-probe-${randomBytes(4).toString('hex')}`;
}
