// Real connections from inside a pod of a live cluster: start them, wait for their end, read the outcomes, clean up.
// Knows the API's objects; not what the outcome means (conclude.ts), nor how the cluster is reached: that comes as an argument.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deed } from '../failure/cluster.ts';
import type { Prober } from '../failure/probe.ts';
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
  /** What the tool said: `connected (bash)`; empty when nothing is known of this target, and of others something is. */
  readonly text: string;
  /** What stays in the cluster: a debug container that has ended, in the list of this pod. */
  readonly left: { readonly container: string; readonly pod: string } | undefined;
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
  if (status >= 400) throw refusal(status, body, { verb: 'add-debug-container', what: ref(source) }, 'debug');
  const by: Prober = { kind: 'debug-container', name };
  const end = await untilEnded(api, request, {
    pod: source,
    by,
    stateIn: (found) => statusOf(found, 'ephemeralContainerStatuses', name),
  });
  return outcomesOf(end, request, by, { container: name, pod: ref(source) });
}

async function byThrowawayPod(api: ProbeApi, request: ProbeRequest): Outcomes {
  const { image, targets, timeoutSeconds } = request;
  const source = sourcePodOf(request.source, await podThatRuns(api, request.source));
  const made = throwawayPod(source, { name: newName(), image, targets, timeoutSeconds });
  const pod: PodRef = made.metadata;
  const { status, body } = await api.send('POST', `/api/v1/namespaces/${pod.namespace}/pods`, made);
  if (status >= 400) throw refusal(status, body, { verb: 'create-pod', what: pod.namespace }, 'throwaway');
  try {
    const by: Prober = { kind: 'pod', name: ref(pod) };
    const end = await untilEnded(api, request, { pod, by, stateIn: (found) => statusOf(found, 'containerStatuses', 'probe') });
    return outcomesOf(end, request, by, undefined);
  } finally {
    await remove(api, pod);
  }
}

/** Also after Ctrl-C. What cannot be removed is named, with the command that removes it. */
async function remove(api: ProbeApi, pod: PodRef): Promise<void> {
  const failed = (said: string, cause?: unknown) =>
    new Failure('probe-left-behind', { namespace: pod.namespace, name: pod.name, said }, { cause });
  const { status, body } = await api.send('DELETE', podPath(pod), { gracePeriodSeconds: 0 }).catch((error: unknown) => {
    throw failed(error instanceof Failure ? error.code : String(error), error);
  });
  if (status >= 400 && status !== 404) throw failed(messageOf(body));
}

async function byExec(api: ProbeApi, request: ProbeRequest): Outcomes {
  const { source, targets, timeoutSeconds, container, signal } = request;
  await podThatRuns(api, source);
  const { code, text } = await api.exec({ ...source, container }, probeCommand(targets, timeoutSeconds), signal);
  if (signal.aborted) throw interrupted();
  const results = code === undefined ? [] : resultsOf(code, text, targets.length);
  if (results.every((each) => each === undefined)) {
    const noShell = code === 126 || code === 127 || /executable file not found|no such file/i.test(text);
    throw new Failure('probe-exec-failed', { pod: ref(source), why: noShell ? 'no-shell' : 'ended', said: oneLine(text), exitCode: code });
  }
  return results.map((each) => {
    if (each?.result === 'no-tool') return new Failure('probe-no-tool', { pod: ref(source), said: each.text });
    return { ...(each ?? SILENT), left: undefined };
  });
}

/** The script said nothing of this target, and something of others: its line was lost, or it was killed. */
const SILENT = { result: 'unclear', text: '' } as const;

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
  { pod, by, stateIn }: { readonly pod: PodRef; readonly by: Prober; readonly stateIn: (pod: PodObject) => ContainerState | undefined },
): Promise<End> {
  const begun = Date.now();
  let startedAt: number | undefined;
  let waiting = '';
  for (;;) {
    if (signal.aborted) throw interrupted();
    const { status, body } = await api.get(podPath(pod));
    if (status === 404) throw new Failure('pod-gone', { pod: ref(pod) });
    if (status >= 400) throw refusal(status, body, { verb: 'read', what: ref(pod) }, 'debug');
    const state = stateIn(body as PodObject);
    if (state?.terminated !== undefined) return state.terminated;
    if (state?.running !== undefined) startedAt ??= Date.now();
    const reason = state?.waiting?.reason ?? '';
    waiting = reason || waiting;
    // A first ErrImagePull may be a hiccup; when the kubelet backs off, it has tried more than once.
    if (CANNOT_START.test(reason) && (reason.endsWith('BackOff') || !reason.startsWith('ErrImage'))) {
      const said = oneLine(state?.waiting?.message ?? '');
      throw new Failure('probe-not-started', { by, image, reason, said });
    }
    // DNS that is denied costs a resolver many seconds per name before the connection begins.
    const limit = startedAt === undefined ? begun + START_MS : startedAt + (timeoutSeconds + 60) * 1000;
    if (Date.now() > limit) {
      throw new Failure('probe-not-started', { by, image, reason: waiting === '' ? undefined : waiting, said: '' });
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
}

function outcomesOf(
  { exitCode = -1, message = '', reason = '' }: End,
  { image, targets }: ProbeRequest,
  by: Prober,
  left: ProbeOutcome['left'],
): readonly (ProbeOutcome | Failure)[] {
  const broke = (why: 'no-shell' | 'no-tool' | 'ended', said: string) => new Failure('probe-broke', { by, image, why, said, exitCode });
  const results = resultsOf(exitCode, message, targets.length);
  if (results.every((each) => each === undefined)) {
    const noShell = exitCode === 127 || exitCode === 128 || /executable file not found|no such file/i.test(message);
    throw broke(noShell ? 'no-shell' : 'ended', reason);
  }
  return results.map((each) => (each?.result === 'no-tool' ? broke('no-tool', each.text) : { ...(each ?? SILENT), left }));
}

function interrupted(): Failure {
  return new Failure('interrupted', { during: 'probe' });
}

async function podThatRuns(api: ProbeApi, source: PodRef): Promise<PodObject> {
  const { status, body } = await api.get(podPath(source));
  if (status === 404) throw new Failure('no-such-pod', { pod: ref(source) });
  if (status >= 400) throw refusal(status, body, { verb: 'read', what: ref(source) }, 'debug');
  const pod = body as PodObject;
  if (pod.status?.phase !== 'Running') {
    throw new Failure('pod-not-running', { pod: ref(source), phase: pod.status?.phase });
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

function refusal(status: number, body: unknown, deed: Deed, way: ProbeWay): Failure {
  const said = messageOf(body);
  return status === 403
    ? new Failure('forbidden', { user: undefined, deed, said, probe: way })
    : new Failure('probe-refused', { deed, status, said });
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
