// What `cni` says.
import type { NodeIllness } from '../../cni/agents.ts';
import type { CorrectionReason } from '../../cni/detect.ts';
import { AWS_PORT_LIMIT } from '../../cni/features.ts';
import type { Sign } from '../../profile/detect-hints.ts';
import { andMore } from './lists.ts';
import { settingWords } from './settings.ts';

type Enforces = 'yes' | 'partly' | 'no' | 'unknown';
type AgentDown = 'rules-stay' | 'pods-open' | 'unknown';

export const CNI_LABELS = {
  seen: 'seen',
  settings: 'settings',
  differs: 'differs',
  denied: 'denied',
  agents: 'agents',
  nodes: 'nodes',
  sick: 'unhealthy',
  condition: 'condition',
  lacks: 'lacks',
  inVain: 'no effect',
  tooMany: 'too many',
} as const;

/** `isSomewhereOff`: some node is known not to enforce what policies say now. */
export function enforcementWords(enforces: Enforces, isSomewhereOff: boolean): string {
  switch (enforces) {
    case 'yes':
      return '✓ enforced';
    case 'partly':
      return isSomewhereOff ? '! not on every node' : '! enforced, but not reliably';
    case 'no':
      return '✗ not enforced';
    case 'unknown':
      return '? unknown';
  }
}

interface Plugin {
  readonly name: string;
  readonly version?: string;
  readonly namespace?: string;
  readonly besides: Readonly<Record<string, string>>;
}

/** `cilium 1.16.1 in kube-system`, `weave-net 2.8.1 (weave-npc 2.8.1)`. */
export function pluginWords({ name, version, namespace, besides }: Plugin): string {
  const beside = Object.entries(besides).map(([other, tag]) => ` (${other} ${tag})`);
  return `${name}${version === undefined ? '' : ` ${version}`}${beside.join('')}${namespace === undefined ? '' : ` in ${namespace}`}`;
}

/** Where no plugin has objects of its own: k3s, which carries one inside, or nothing that is known. */
export function embeddedWords(profile: string, enforces: Enforces): string {
  if (profile === 'kube-router' && enforces !== 'unknown') return "k3s, with kube-router's policy controller built in";
  return enforces === 'no' ? 'k3s, with its policy controller turned off' : 'no known network plugin';
}

export function profileWords(profile: string): string {
  return `profile: ${profile}`;
}

export function notEnforcedAdvice(because: string | undefined): string {
  return `NetworkPolicies are stored here but have no effect: traffic that they deny passes${because === undefined ? '' : ` (${because})`}.`;
}

export const ALWAYS_ADVICE = 'Policy enforcement is always: a pod that no policy selects is isolated, too.';
export const STRICT_ADVICE =
  'Enforcing mode is strict: a new pod is isolated until the policies that select it are in place, and stays isolated if there are none.';

/** What to make of how the plugin was recognised. */
export const BASIS_ADVICE: Readonly<Record<string, string>> = {
  several: 'There are signs of more than one policy engine. Choose one with --cni NAME; until then answers rest on the API alone.',
  'mode-unknown': 'Its mode could not be read, so what the modes do differently stays undecided. --cni NAME chooses one.',
  'no-profile': 'There is no profile for this plugin, so answers rest on the API alone.',
  nothing:
    'Nothing shows whether policies are enforced. netverdict probe settles it for one connection; use --cni NAME if you know the plugin.',
};

/** What the plugin does differently here: `podToOwnNode is policed here (policy enforcement: always)`. */
export function correctionWords({ cell, to, because }: { readonly cell: string; readonly to: string; readonly because: string }): string {
  return `${cell} is ${to} here (${because})`;
}

/** `policy enforcement: always`, `Cilium v1.15.3, older than 1.16`. */
export function correctionReason(because: CorrectionReason): string {
  if ('setting' in because) return settingWords(because.setting, because.value);
  return `${because.plugin} ${because.version}, older than ${because.before}`;
}

/** What a plugin was recognised by: `DaemonSet cilium`, `kube-proxy-replacement = true in ConfigMap cilium-config`. */
export function signWords(sign: Sign): string {
  switch (sign.sign) {
    case 'daemon-set':
      return `DaemonSet ${sign.name}`;
    case 'container':
      return `container ${sign.name} in DaemonSet ${sign.daemonSet}`;
    case 'argument':
      return `${sign.flag}=${sign.value} of ${sign.container} in DaemonSet ${sign.daemonSet}`;
    case 'variable':
      return `${sign.name}=${sign.value} of ${sign.container} in DaemonSet ${sign.daemonSet}`;
    case 'config-map':
      return `${sign.key} = ${sign.values.join(' or ')} in ConfigMap ${sign.name}`;
    case 'custom-object':
      return `${sign.field} = ${sign.values.join(' or ')} in ${sign.kind} ${sign.name}`;
    case 'kubelet-version':
      return `${sign.contains} in the version of the kubelet`;
    case 'node-argument':
      return `${sign.flag} in node annotation ${sign.annotation}`;
  }
}

/** What was seen on a node that is not well: `pod cilium-x7 is not ready (CrashLoopBackOff)`. */
export function illnessWords(illness: NodeIllness): string {
  switch (illness.code) {
    case 'node-not-ready':
      return 'the node is not ready';
    case 'agent-not-ready':
      return `pod ${illness.pod} is not ready${illness.waiting === undefined ? '' : ` (${illness.waiting})`}`;
    case 'no-agent':
      return `no pod of ${illness.daemonSets.map((name) => `DaemonSet ${name}`).join(', ')}`;
    case 'selector-excludes':
      return `the nodeSelector of DaemonSet ${illness.daemonSet} wants ${illness.key}=${illness.value}`;
    case 'kubelet-not-k3s':
      return illness.version === undefined ? 'the version of its kubelet is not known' : `its kubelet is ${illness.version}, not k3s`;
  }
}

export const NO_REASON = 'no reason given';

export function apiGroupWords(groups: readonly string[]): string {
  return `API groups ${andMore(groups, 8)}`;
}

/** What a denied client sees; undefined where nothing is to be said. */
export const DENIED_WORDS: Readonly<Record<string, string>> = {
  timeout: 'packets are dropped, so a denied client sees a timeout',
  refused: 'packets are rejected, so a denied client sees "connection refused"',
};

export function agentsWords({ ready, wanted }: { readonly ready: number; readonly wanted: number }): string {
  return `${ready} of ${wanted} ready, according to the DaemonSet`;
}

export function nodesWords(well: number, known: number): string {
  return `${well} of ${known} enforce current policies`;
}

export const NOTHING_ENFORCED = 'nothing is enforced for its pods';

export function moreWords(count: number): string {
  return `and ${count} more`;
}

export function moreInJson(count: number): string {
  return `and ${count} more (-o json has all)`;
}

/** What policies do while the agent of a node is down. */
export function leftBehindWords(agentDown: AgentDown): string {
  switch (agentDown) {
    case 'rules-stay':
      return 'existing rules stay, changes do not arrive';
    case 'pods-open':
      return 'its pods are open: neither old nor new policies apply';
    case 'unknown':
      return 'changes do not arrive; whether existing rules stay is not known';
  }
}

type Ailment =
  | {
      readonly code: 'agent-restarts';
      readonly node: string;
      readonly pod: string;
      readonly restarts: number;
      readonly oom: boolean;
      readonly at?: string;
    }
  | { readonly code: 'controller-down'; readonly controller: string; readonly stops: 'changes' | 'upkeep' }
  | { readonly code: 'kernel-too-old'; readonly node: string; readonly kernel: string; readonly wants: string }
  | { readonly code: 'archived'; readonly plugin: string };

export function ailmentWords(ailment: Ailment, agentDown: AgentDown): string {
  switch (ailment.code) {
    case 'agent-restarts': {
      const times = `${ailment.restarts} ${ailment.restarts === 1 ? 'time' : 'times'}`;
      const end = ailment.oom ? ', the last time because it ran out of memory' : '';
      const at = ailment.at === undefined ? '' : ` at ${ailment.at}`;
      return `${ailment.node}: agent ${ailment.pod} restarted ${times}${end}${at}; while it is down, ${leftBehindWords(agentDown)}`;
    }
    case 'controller-down':
      return ailment.stops === 'changes'
        ? `${ailment.controller} is not running: agents keep enforcing what they have, but new policies and new pods do not reach them`
        : `${ailment.controller} is not running: agents keep enforcing, but stale addresses and records are not cleaned up, and new nodes may not be set up`;
    case 'kernel-too-old':
      return `${ailment.node}: kernel ${ailment.kernel}, but the agent needs ${ailment.wants}, so nothing may be enforced there`;
    case 'archived':
      return `${ailment.plugin} is archived: policies are still enforced, but bugs will not be fixed; plan a move to a maintained CNI`;
  }
}

const FEATURES: Readonly<Record<string, string>> = {
  AdminNetworkPolicy: 'AdminNetworkPolicies',
  ClusterNetworkPolicy: 'ClusterNetworkPolicies',
  endPort: 'endPort: only the first port of a range is open',
  'foreign-policy': 'policies of another plugin: nothing here reads them',
  namedPorts: 'named ports',
  sctp: 'SCTP',
};

interface Missing {
  readonly feature: string;
  readonly supported: 'no' | 'unknown';
  readonly policies: readonly string[];
}

export function missingWords({ feature, supported, policies }: Missing): string {
  return `${FEATURES[feature] ?? feature}${supported === 'unknown' ? ' (support not known)' : ''}   used by ${andMore(policies, 4)}`;
}

export function hostNetworkWords({ policy, pods }: { readonly policy: string; readonly pods: readonly string[] }): string {
  return `${policy} selects ${andMore(pods, 4)}: in the host network, where policies have no effect`;
}

interface Overflow {
  readonly direction: string;
  readonly pod: string;
  readonly peer: string;
  readonly combinations: number;
  readonly policies: readonly string[];
}

export function overflowWords({ direction, pod, peer, combinations, policies }: Overflow): string {
  return `${combinations} ports for one peer (${peer}), ${direction} of ${pod}: this plugin supports ${AWS_PORT_LIMIT}; policies ${andMore(policies, 4)}`;
}
