// What makes an enforcer unsure although its agents say they are ready: agents that die again and again, controllers that are gone, kernels
// that are too old, projects that nobody maintains. Facts only; words/en/cni.ts says what they mean. Tables are from memory unless a line
// names a source.
import { dig, get, integerOf, listOf, textOf } from '../objects/read.ts';
import type { PluginSeen } from './detect.ts';
import type { Evidence, SeenObject } from './evidence.ts';
import { majorMinor } from './settings.ts';

export type Ailment =
  /** `oom`: the last end was for want of memory. `at`: when it ended, as the cluster says. */
  | {
      readonly code: 'agent-restarts';
      readonly node: string;
      readonly pod: string;
      readonly restarts: number;
      readonly oom: boolean;
      readonly at: string | undefined;
    }
  /** `changes`: without it new policies and new pods get nothing; else the agents go on by themselves. */
  | { readonly code: 'controller-down'; readonly controller: string; readonly stops: 'changes' | 'upkeep' }
  | { readonly code: 'kernel-too-old'; readonly node: string; readonly kernel: string; readonly wants: string }
  | { readonly code: 'archived'; readonly plugin: string };

/** Deployments beside the agents, and what stops without them (semantics E 33: agents translate policies themselves). */
const CONTROLLERS: readonly { readonly name: string; readonly of: readonly string[]; readonly stops: 'changes' | 'upkeep' }[] = [
  // Computes what each agent gets.
  { name: 'antrea-controller', of: ['antrea-agent'], stops: 'changes' },
  { name: 'calico-kube-controllers', of: ['calico-node', 'canal', 'rke2-canal'], stops: 'upkeep' },
  // Stands between the API server and Felix where it is installed.
  { name: 'calico-typha', of: ['calico-node', 'canal', 'rke2-canal'], stops: 'changes' },
  { name: 'cilium-operator', of: ['cilium'], stops: 'upkeep' },
  { name: 'ovnkube-control-plane', of: ['ovnkube-node'], stops: 'upkeep' },
];

const ARCHIVED: ReadonlySet<string> = new Set(['weave-net']);

/** Fewer restarts than this happen when nodes are rebooted or the plugin is upgraded. */
const MANY_RESTARTS = 5;

/** `engines`: recognised plugins whose agent enforces. `[]`: nothing is known to be wrong. Worst first. */
export function ailmentsOf(evidence: Evidence, engines: readonly PluginSeen[]): readonly Ailment[] {
  const pods = engines.flatMap(({ daemonSet, namespace }) => evidence.agents.get(`${namespace ?? 'default'}/${daemonSet}`) ?? []);
  return [
    ...kernels(evidence.nodes, engines),
    ...pods.flatMap(restarts),
    ...controllers(evidence, engines),
    ...engines.filter(({ daemonSet }) => ARCHIVED.has(daemonSet)).map(({ plugin }): Ailment => ({ code: 'archived', plugin })),
  ];
}

function restarts(pod: SeenObject): readonly Ailment[] {
  const found = listOf(dig(pod.value, 'status', 'containerStatuses')).map((each) => ({
    restarts: integerOf(get(each, 'restartCount')) ?? 0,
    oom: textOf(dig(each, 'lastState', 'terminated', 'reason')) === 'OOMKilled',
    at: textOf(dig(each, 'lastState', 'terminated', 'finishedAt')),
  }));
  const worst = found.toSorted((a, b) => Number(b.oom) - Number(a.oom) || b.restarts - a.restarts)[0];
  if (worst === undefined || !(worst.oom || worst.restarts >= MANY_RESTARTS)) return [];
  return [{ code: 'agent-restarts', node: textOf(dig(pod.value, 'spec', 'nodeName')) ?? '', pod: pod.name, ...worst }];
}

function controllers({ deployments }: Evidence, engines: readonly PluginSeen[]): readonly Ailment[] {
  return CONTROLLERS.flatMap(({ name, of, stops }): readonly Ailment[] => {
    const found = deployments.find((each) => each.name === name);
    if (found === undefined || !engines.some(({ daemonSet }) => of.includes(daemonSet))) return [];
    // Manifests have no status, and so say nothing.
    const isReported = integerOf(dig(found.value, 'status', 'observedGeneration')) !== undefined;
    const isWanted = (integerOf(dig(found.value, 'spec', 'replicas')) ?? 1) > 0;
    const ready = integerOf(dig(found.value, 'status', 'readyReplicas')) ?? 0;
    return isReported && (!isWanted || ready === 0) ? [{ code: 'controller-down', controller: name, stops }] : [];
  });
}

/** The oldest kernel on which a plugin's agent can do its work, conservatively. */
function oldestKernel({ daemonSet, version }: PluginSeen): readonly [number, number] | undefined {
  // EKS user guide: "Linux kernel 5.10 or later".
  if (daemonSet === 'aws-node') return [5, 10];
  if (daemonSet !== 'cilium') return undefined;
  const [major = 0, minor = 0] = majorMinor(version) ?? [];
  return major > 1 || minor >= 18 ? [5, 10] : [4, 19];
}

function kernels(nodes: readonly SeenObject[], engines: readonly PluginSeen[]): readonly Ailment[] {
  const wanted = engines.map(oldestKernel).find((oldest) => oldest !== undefined);
  if (wanted === undefined) return [];
  return nodes.flatMap(({ name, value }): readonly Ailment[] => {
    const kernel = textOf(dig(value, 'status', 'nodeInfo', 'kernelVersion')) ?? '';
    const [, major, minor] = /^(\d{1,2})\.(\d{1,3})/.exec(kernel) ?? [];
    // RHEL 8 keeps the number and carries newer eBPF.
    if (major === undefined || minor === undefined || /\.el8/.test(kernel)) return [];
    const isOld = Number(major) < wanted[0] || (Number(major) === wanted[0] && Number(minor) < wanted[1]);
    return isOld ? [{ code: 'kernel-too-old', node: name, kernel, wants: wanted.join('.') }] : [];
  });
}
