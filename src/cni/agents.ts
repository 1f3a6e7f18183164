// On which nodes is policy enforced? From the agents' pods, or from what their DaemonSet reports where pods were not read.
import { dig, get, integerOf, isObject, listOf, textOf } from '../objects/read.ts';
import type { PluginSeen } from './detect.ts';
import type { Evidence, SeenObject } from './evidence.ts';
import { kubeletVersion } from './evidence.ts';
import { AGENTS } from './settings.ts';

/**
 * `enforced`: the agent is there and ready. `stale`: it is there and not ready, so what was enforced last stays and changes do not
 * arrive. `absent`: no agent, nothing is enforced for its pods. `unknown`: the input does not tell.
 */
export type NodeState = 'enforced' | 'stale' | 'absent' | 'unknown';

/** `selector-excludes`: the DaemonSet's nodeSelector leaves this node out. */
export type NodeIllness =
  | { readonly code: 'node-not-ready' }
  | { readonly code: 'agent-not-ready'; readonly pod: string; readonly waiting: string | undefined }
  | { readonly code: 'no-agent'; readonly daemonSets: readonly string[] }
  | { readonly code: 'selector-excludes'; readonly daemonSet: string; readonly key: string; readonly value: string }
  | { readonly code: 'kubelet-not-k3s'; readonly version: string | undefined };

export interface NodeHealth {
  readonly node: string;
  readonly state: NodeState;
  /** What was seen where it is not well. */
  readonly because: NodeIllness | undefined;
}

export interface Health {
  readonly nodes: readonly NodeHealth[];
  /** From DaemonSet status, when there are no pods to look at: `{ wanted: 5, ready: 4 }`. */
  readonly reported: { readonly wanted: number; readonly ready: number } | undefined;
  /** Conditions that network plugins set on nodes: `node-3: NetworkUnavailable (CalicoIsDown)`. */
  readonly conditions: readonly { readonly node: string; readonly condition: string; readonly reason: string | undefined }[];
}

/** `engines`: DaemonSets that enforce; none for k3s, whose engine is inside its server. Nodes in the order of their names. */
export function healthOf(evidence: Evidence, plugins: readonly PluginSeen[], embedded: boolean): Health {
  const engines = evidence.daemonSets.filter(({ name }) => plugins.some((plugin) => plugin.daemonSet === name));
  const nodes = evidence.nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const pods = engines.flatMap((engine) => evidence.agents.get(`${engine.namespace ?? 'default'}/${engine.name}`) ?? []);
  const reported = reportedBy(engines);
  const canTell = embedded || pods.length > 0 || reported?.wanted === 0;
  return {
    nodes: nodes.map((node) =>
      embedded
        ? embeddedHealth(node)
        : canTell
          ? nodeHealth(node, engines, pods)
          : { node: node.name, state: 'unknown', because: undefined },
    ),
    reported,
    conditions: nodes.flatMap(networkConditions),
  };
}

function embeddedHealth(node: SeenObject): NodeHealth {
  if (!kubeletVersion(node.value).includes('+k3s')) {
    return { node: node.name, state: 'absent', because: { code: 'kubelet-not-k3s', version: kubeletVersion(node.value) || undefined } };
  }
  return isReady(node)
    ? { node: node.name, state: 'enforced', because: undefined }
    : { node: node.name, state: 'stale', because: { code: 'node-not-ready' } };
}

function nodeHealth(node: SeenObject, engines: readonly SeenObject[], pods: readonly SeenObject[]): NodeHealth {
  const here = pods.filter((pod) => textOf(dig(pod.value, 'spec', 'nodeName')) === node.name);
  if (here.length === 0) {
    const excluded = engines.map((engine) => exclusion(engine, node)).find((reason) => reason !== undefined);
    return { node: node.name, state: 'absent', because: excluded ?? { code: 'no-agent', daemonSets: engines.map(({ name }) => name) } };
  }
  const unready = here.find((pod) => !isReady(pod));
  if (unready !== undefined) {
    return { node: node.name, state: 'stale', because: { code: 'agent-not-ready', pod: unready.name, waiting: waitingIn(unready) } };
  }
  if (!isReady(node)) return { node: node.name, state: 'stale', because: { code: 'node-not-ready' } };
  return { node: node.name, state: 'enforced', because: undefined };
}

/** Why a DaemonSet leaves a node out, as far as its nodeSelector says so: Windows nodes, Fargate. */
function exclusion(engine: SeenObject, node: SeenObject): NodeIllness | undefined {
  const wanted = dig(engine.value, 'spec', 'template', 'spec', 'nodeSelector');
  const labels = dig(node.value, 'metadata', 'labels');
  for (const [key, value] of Object.entries(isObject(wanted) ? wanted : {})) {
    if (get(labels, key) !== value) return { code: 'selector-excludes', daemonSet: engine.name, key, value: String(value) };
  }
  return undefined;
}

function isReady({ value }: SeenObject): boolean {
  return listOf(dig(value, 'status', 'conditions')).some((each) => get(each, 'type') === 'Ready' && get(each, 'status') === 'True');
}

/** `CrashLoopBackOff`; undefined where no container waits. */
function waitingIn({ value }: SeenObject): string | undefined {
  const reasons = listOf(dig(value, 'status', 'containerStatuses')).map((each) => textOf(dig(each, 'state', 'waiting', 'reason')));
  return reasons.find((each) => each !== undefined);
}

function reportedBy(engines: readonly SeenObject[]): Health['reported'] {
  const numbers = engines.flatMap(({ value }) => {
    const wanted = integerOf(dig(value, 'status', 'desiredNumberScheduled'));
    return wanted === undefined ? [] : [{ wanted, ready: integerOf(dig(value, 'status', 'numberReady')) ?? 0 }];
  });
  return numbers.length === 0
    ? undefined
    : { wanted: sum(numbers.map(({ wanted }) => wanted)), ready: sum(numbers.map(({ ready }) => ready)) };
}

/** Kubernetes: Node condition NetworkUnavailable; plugins write their name into its reason. */
function networkConditions({ name, value }: SeenObject): Health['conditions'] {
  return listOf(dig(value, 'status', 'conditions')).flatMap((condition) =>
    get(condition, 'type') === 'NetworkUnavailable' && get(condition, 'status') === 'True'
      ? [{ node: name, condition: 'NetworkUnavailable', reason: textOf(get(condition, 'reason')) }]
      : [],
  );
}

/** Among recognised plugins, those whose agent enforces: flannel's does only with an engine beside it. */
export function enginesAmong(plugins: readonly PluginSeen[]): readonly PluginSeen[] {
  return plugins.filter(
    ({ daemonSet, besides }) =>
      AGENTS.some((agent) => agent.daemonSet === daemonSet) && (daemonSet !== 'kube-flannel-ds' || 'kube-network-policies' in besides),
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
