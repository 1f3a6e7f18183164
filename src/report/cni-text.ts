// What `cni` found, for a tired person: does it enforce, where not, and what the policies of this cluster ask of it in vain.
import type { NodeHealth } from '../cni/agents.ts';
import type { Ailment } from '../cni/ailments.ts';
import type { PluginSeen } from '../cni/detect.ts';
import { AWS_PORT_LIMIT, type MissingFeature } from '../cni/features.ts';
import type { CniReport } from '../cni/report.ts';
import { denySymptom } from '../profile/choose.ts';
import { columns, few } from './columns.ts';
import type { Paint } from './paint.ts';

/** Ends with a line break. */
export function cniText(report: CniReport, paint: Paint): string {
  const { detection, choice } = report;
  const plugins = detection.plugins.map(pluginWords).join(' and ') || embeddedWords(report);
  const lines = [
    `${verdictWords(report, paint)}   ${paint.bold(plugins)}   ${paint.dim(`profile: ${choice.name}`)}`,
    '',
    ...advice(report).map((line) => `  ${paint.plain(line)}`),
    ...row('seen', seenWords(report), paint),
    ...row('settings', settingWords(detection.plugins), paint),
    ...row(
      'differs',
      detection.corrections.map(({ cell, to, because }) => `${cell} is ${to} here (${because})`),
      paint,
    ),
    ...row(
      'denied',
      [symptomWords(report)].flatMap((words) => words ?? []),
      paint,
    ),
    ...nodeLines(report, paint),
    ...row('sick', ailmentWords(report), paint),
    ...row(
      'condition',
      report.health.conditions.map(({ node, condition, reason }) => `${node}: ${condition} (${reason})`),
      paint,
    ),
    ...missingLines(report, paint),
    ...row(
      'in vain',
      report.hostNetwork.map(
        ({ policy, pods }) => `${policy} selects ${few(pods, 4)}: in the network of the node, where policies do nothing`,
      ),
      paint,
    ),
    ...row(
      'too many',
      report.overflows.map(
        ({ direction, pod, peer, combinations, policies }) =>
          `${combinations} ports for one peer (${peer}), ${direction} of ${pod}: this plugin keeps ${AWS_PORT_LIMIT}; policies ${few(policies, 4)}`,
      ),
      paint,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function verdictWords({ enforces, health }: CniReport, paint: Paint): string {
  switch (enforces) {
    case 'yes':
      return paint.green('✓ enforced');
    case 'partly':
      return paint.yellow(health.nodes.some(isIll) ? '! not everywhere' : '! enforced, but not for sure');
    case 'no':
      return paint.red('✗ not enforced');
    case 'unknown':
      return paint.yellow('? not known');
  }
}

function pluginWords({ plugin, version, namespace, besides }: PluginSeen): string {
  const beside = Object.entries(besides).map(([name, tag]) => ` (${name} ${tag})`);
  return `${plugin}${version === undefined ? '' : ` ${version}`}${beside.join('')}${namespace === undefined ? '' : ` in ${namespace}`}`;
}

function embeddedWords({ choice, enforces }: CniReport): string {
  if (choice.name === 'kube-router' && enforces !== 'unknown') return "k3s, with kube-router's policy controller inside";
  return enforces === 'no' ? 'k3s, with its policy controller switched off' : 'no network plugin that we know';
}

/** What follows from the first line, in one or two sentences. */
function advice({ enforces, detection }: CniReport): readonly string[] {
  const { basis } = detection;
  const lines: string[] = [];
  const off = detection.corrections.find(({ cell, to }) => cell === 'enforces' && to === 'no');
  if (enforces === 'no') {
    const cause = off === undefined ? '' : ` (${off.because})`;
    lines.push(`NetworkPolicies are stored here and do nothing: what they deny passes${cause}.`);
  }
  const settings = detection.plugins.flatMap((plugin) => plugin.settings);
  if (settings.some(([label, value]) => label === 'policy enforcement' && value === 'always'))
    lines.push('Policy enforcement is always: a pod that no policy selects is shut, too.');
  if (settings.some(([label, value]) => label === 'enforcing mode' && value === 'strict'))
    lines.push('Enforcing mode is strict: a new pod is shut until the policies that select it are in place, and stays shut without one.');
  if (basis === 'several')
    lines.push('Signs of more than one policy engine: choose one with --cni NAME; until then only what the API promises is said.');
  if (basis === 'mode-unknown')
    lines.push('Its mode could not be read, so what the modes do differently stays undecided. --cni NAME chooses one.');
  if (basis === 'no-profile') lines.push('No profile says how this plugin behaves: only what the API promises is said.');
  if (basis === 'nothing')
    lines.push('Nothing tells whether policies are enforced. netverdict probe settles it for one connection; --cni NAME if you know it.');
  return lines.length === 0 ? [] : [...lines, ''];
}

function seenWords({ detection, apiGroups }: CniReport): readonly string[] {
  const signs = detection.candidates.map(({ profile, signs: seen }) =>
    detection.candidates.length === 1 ? seen.join(' · ') : `${profile}: ${seen.join(' · ')}`,
  );
  return [...signs, ...(apiGroups.length === 0 ? [] : [`API groups ${few(apiGroups, 8)}`])];
}

function settingWords(plugins: readonly PluginSeen[]): readonly string[] {
  return plugins.flatMap(({ settings }) =>
    settings.length === 0 ? [] : [settings.map(([label, value]) => `${label} ${value}`).join(' · ')],
  );
}

function symptomWords({ choice, enforces }: CniReport): string | undefined {
  if (enforces === 'no') return undefined;
  const symptom = denySymptom(choice);
  if (symptom === 'timeout') return 'packets vanish: a denied client sees a timeout';
  if (symptom === 'refused') return 'packets are answered: a denied client sees "connection refused"';
  return undefined;
}

function nodeLines(report: CniReport, paint: Paint): readonly string[] {
  const { health, enforces } = report;
  if (enforces === 'no') return [];
  const { nodes, reported } = health;
  const known = nodes.filter(({ state }) => state !== 'unknown');
  if (known.length === 0) {
    return reported === undefined ? [] : row('agents', [`${reported.ready} of ${reported.wanted} ready, says the DaemonSet`], paint);
  }
  const well = known.filter(({ state }) => state === 'enforced').length;
  const ill = known.filter(({ state }) => state !== 'enforced');
  const shown = ill.slice(0, 20);
  const rest = ill.length > shown.length ? [`  ${' '.repeat(11)}  and ${ill.length - shown.length} more`] : [];
  return [
    ...row('nodes', [`${well} of ${known.length} enforce what policies say now`], paint),
    ...columns(shown.map((node) => nodeRow(node, report))).map((line) => `  ${' '.repeat(11)}  ${paint.yellow(line)}`),
    ...rest,
  ];
}

function nodeRow({ node, state, because }: NodeHealth, report: CniReport): string[] {
  return [node, because ?? '', state === 'absent' ? 'nothing is enforced for its pods' : leftBehind(report)];
}

function isIll({ state }: NodeHealth): boolean {
  return state === 'stale' || state === 'absent';
}

/** What old and new policies are worth while the agent of a node is down. */
function leftBehind({ agentDown }: CniReport): string {
  switch (agentDown) {
    case 'rules-stay':
      return 'old rules stay, changes do not arrive';
    case 'pods-open':
      return 'its pods stand open: neither old nor new policies hold';
    case 'unknown':
      return 'changes do not arrive; whether old rules stay is not established';
  }
}

function ailmentWords(report: CniReport): readonly string[] {
  const shown = report.ailments.slice(0, 20).map((ailment) => ailmentSentence(ailment, report));
  const left = report.ailments.length - shown.length;
  return left === 0 ? shown : [...shown, `and ${left} more (-o json has all)`];
}

function ailmentSentence(ailment: Ailment, report: CniReport): string {
  switch (ailment.code) {
    case 'agent-restarts': {
      const times = `${ailment.restarts} ${ailment.restarts === 1 ? 'time' : 'times'}`;
      const end = ailment.oom ? ', the last one killed for want of memory' : '';
      const at = ailment.at === undefined ? '' : ` at ${ailment.at}`;
      return `${ailment.node}: agent ${ailment.pod} restarted ${times}${end}${at}; while it is down, ${leftBehind(report)}`;
    }
    case 'controller-down':
      return ailment.stops === 'changes'
        ? `${ailment.controller} is not running: what the agents enforce stays, new policies and new pods do not reach them`
        : `${ailment.controller} is not running: the agents go on enforcing, addresses and records of what is gone are not cleaned up, and new nodes may not be set up`;
    case 'kernel-too-old':
      return `${ailment.node}: kernel ${ailment.kernel}, and the agent needs ${ailment.wants}: there may be no enforcement there at all`;
    case 'archived':
      return `${ailment.plugin} is archived: policies are enforced as ever, and its faults are never repaired; plan a move to a CNI that is maintained`;
  }
}

const FEATURES: Readonly<Record<MissingFeature['feature'], string>> = {
  AdminNetworkPolicy: 'AdminNetworkPolicies',
  ClusterNetworkPolicy: 'ClusterNetworkPolicies',
  endPort: 'endPort: of a range only the first port is open',
  'foreign-policy': 'policies of another plugin: nothing here reads them',
  namedPorts: 'named ports',
  sctp: 'SCTP',
};

function missingLines({ missing }: CniReport, paint: Paint): readonly string[] {
  return row(
    'lacks',
    missing.map(
      ({ feature, supported, policies }) =>
        `${FEATURES[feature]}${supported === 'unknown' ? ' (not established)' : ''}   used by ${few(policies, 4)}`,
    ),
    paint,
  );
}

function row(label: string, values: readonly string[], paint: Paint): string[] {
  return values.map((value, i) => `  ${paint.dim((i === 0 ? label : '').padEnd(11))}  ${paint.plain(value)}`);
}
