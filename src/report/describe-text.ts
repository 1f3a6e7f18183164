// A description for an application developer: whom it concerns, who may come in, where it may go, and the traps said aloud.
import { printPlace } from '../explain/place.ts';
import type { Direction } from '../model/policy.ts';
import type { Description, PeerDescription, RuleDescription, SideDescription, Trap } from '../question/describe.ts';
import { columns, few } from './columns.ts';
import type { Paint } from './paint.ts';

/** Ends with a line break. */
export function describeText(description: Description, paint: Paint): string {
  const { of, name, at, selects, selectedPods } = description;
  const head =
    of === 'policy'
      ? [
          `${paint.bold(`NetworkPolicy ${name}`)}  ${paint.dim(printPlace(at))}`,
          '',
          `  ${paint.plain(`selects   ${subjectWords(description)}`)}`,
          `  ${paint.plain(`today     ${selects.length === 0 ? 'nothing' : `${selectedPods} ${selectedPods === 1 ? 'pod' : 'pods'} of ${few(selects, 6)}`}`)}`,
        ]
      : [
          `${paint.bold(`Pod ${name}`)}  ${paint.dim(printPlace(at))}`,
          '',
          `  ${paint.plain(`labels    ${description.selector || 'none'}`)}`,
          `  ${paint.plain(`policies  ${selects.length === 0 ? 'none selects it' : few(selects, 8)}`)}`,
        ];
  return [
    ...head,
    '',
    ...sideLines('ingress', description, paint),
    '',
    ...sideLines('egress', description, paint),
    ...trapLines(description.traps, paint),
    '',
  ].join('\n');
}

function subjectWords({ selector, namespace }: Description): string {
  const where = namespace === undefined ? 'in every namespace' : `in namespace ${namespace}`;
  return selector === '' ? `every pod ${where}` : `pods with ${selector} ${where}`;
}

function sideLines(direction: Direction, description: Description, paint: Paint): string[] {
  const side = description[direction];
  const title = direction === 'ingress' ? 'who may reach it' : 'what it may reach';
  const label = `${direction.padEnd(8)}${paint.bold(title)}`;
  if (!side.isolated) {
    const word =
      description.of === 'policy'
        ? 'this policy says nothing about it: other policies, or nobody, decide'
        : 'everyone: no policy isolates it in this direction';
    const everyone = direction === 'ingress' ? word : word.replace('everyone', 'everything');
    return [`${label}  ${paint.yellow(everyone)}`];
  }
  if (side.rules.length === 0) {
    return [
      `${label}  ${paint.red('nobody'.replace('nobody', direction === 'ingress' ? 'nobody' : 'nothing'))}${paint.dim(`  (isolated by ${side.by.join(', ')}, which has no rule here)`)}`,
    ];
  }
  return [
    `${label}  ${paint.dim('only this; own node and itself always')}`,
    ...columns(ruleRows(side, direction)).map((row) => `  ${paint.plain(row)}`),
  ];
}

function ruleRows(side: SideDescription, direction: Direction): string[][] {
  return [
    [direction === 'ingress' ? 'FROM' : 'TO', 'PORTS', 'TODAY', 'RULE'],
    ...side.rules.flatMap((rule) =>
      rule.peers.map((peer) => [peerWords(peer, direction), portWords(rule), todayWords(peer), `${rule.policy} ${rule.rule}`]),
    ),
  ];
}

function portWords({ ports }: RuleDescription): string {
  return ports.length === 0 ? 'every port' : few(ports, 6);
}

function todayWords({ today }: PeerDescription): string {
  return today === undefined ? '' : today.length === 0 ? 'nothing' : few(today, 3);
}

export function peerWords(peer: PeerDescription, direction: Direction): string {
  switch (peer.kind) {
    case 'anyone':
      return direction === 'ingress' ? 'anyone: every pod, every node, the internet' : 'anything: every pod, every node, the internet';
    case 'nothing':
      return 'nothing (a peer without a field)';
    case 'addresses':
      return `addresses ${peer.cidr}${(peer.except ?? []).length > 0 ? ` except ${(peer.except ?? []).join(', ')}` : ''}`;
    case 'pods': {
      const pods = (peer.pods ?? '') === '' ? 'every pod' : `pods with ${peer.pods}`;
      if (peer.ownNamespace !== undefined) return `${pods} in namespace ${peer.ownNamespace}`;
      return (peer.namespaces ?? '') === '' ? `${pods} in every namespace` : `${pods} in namespaces with ${peer.namespaces}`;
    }
  }
}

function trapLines(traps: readonly Trap[], paint: Paint): string[] {
  if (traps.length === 0) return [];
  return [
    '',
    paint.bold('mind'),
    ...traps.map((trap) => `  ${paint.yellow('!')} ${paint.plain(trapWords(trap))}  ${paint.dim(printPlace(trap.at))}`),
  ];
}

/** The sentence of a trap; also what the web page and JSON readers may show. */
export function trapWords({ code, direction, policy, facts }: Trap): string {
  const rule = `${policy} ${facts.rule ?? ''}`.trim();
  switch (code) {
    case 'anyone':
      return `${rule} has no ${direction === 'ingress' ? '`from`' : '`to`'} (or an empty one): that is everyone, not nobody`;
    case 'every-port':
      return `${rule} has no ports: every port of every protocol`;
    case 'nothing-allowed':
      return `${policy} isolates for ${direction} and has no ${direction} rule: by itself it lets nothing through`;
    case 'types-defaulted':
      return `${policy} has no policyTypes; the default isolates for ${direction} too, although it has no ${direction} rule`;
    case 'rules-ignored':
      return `${policy} has ${direction} rules, but policyTypes leaves ${direction} out: they do nothing`;
    case 'every-namespace':
      return `${rule}: namespaceSelector {} means the pods of every namespace (and no address outside the cluster)`;
    case 'own-namespace-only':
      return `${rule}: a podSelector without namespaceSelector means pods in ${facts.namespace} only`;
    case 'either-peer':
      return `${rule}: peers ${facts.first} and ${facts.second} are two peers, either is enough; write both selectors under one dash to want both`;
    case 'selects-nothing':
      return `${policy} selects no pod today: it protects nothing`;
    case 'peer-selects-nothing':
      return `${rule} peer ${facts.peer} means no pod today`;
    case 'both-families':
      return `${rule}: ${facts.cidr} leaves ${facts.twin} out: the other address family stays closed`;
    case 'unreadable':
      return `${policy} would be refused by the API server: what it means in a cluster is not known`;
  }
}
