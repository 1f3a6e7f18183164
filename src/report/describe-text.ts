// A description for an application developer: whom it concerns, who may come in, where it may go, and the traps said aloud.
import type { Direction } from '../model/policy.ts';
import type { Description, PeerDescription, RuleDescription, SideDescription, Trap } from '../question/describe.ts';
import { shortName } from '../words/en/ends.ts';
import { columns, few } from './columns.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';
import { type PrintPlace, withShortPlaces } from './places.ts';

/** Ends with a line break. */
export function describeText(description: Description, paint: Paint): string {
  const { text, folder } = withShortPlaces((place) => [
    ...headLines(description, paint, place),
    '',
    ...sideLines('ingress', description, paint),
    '',
    ...sideLines('egress', description, paint),
    ...trapLines(description, paint, place),
  ]);
  const tail = folder === '' ? [] : ['', paint.dim(`files are in ${folder}`)];
  return `${[...text, ...tail].join('\n')}\n`;
}

function headLines(description: Description, paint: Paint, place: PrintPlace): string[] {
  const { of, kind, name, at, selector, selects, selectedPods, namespace } = description;
  const title = `${paint.bold(`${kind} ${name}`)}${others(description)}  ${paint.dim(place(at, 'path'))}`.trimEnd();
  const row = (label: string, text: string) => fold(`  ${label.padEnd(10)}${paint.plain(text)}`, paint.width, 12);
  const names = (refs: readonly string[]) =>
    few(
      refs.map((ref) => nameIn(ref, namespace)),
      8,
    );
  if (of === 'pod') {
    const policies = selects.length === 0 ? 'none selects it' : names(selects);
    return [title, '', ...row('labels', selector || 'none'), ...row('policies', policies)];
  }
  const today = selects.length === 0 ? 'nothing' : `${selectedPods} ${selectedPods === 1 ? 'pod' : 'pods'} of ${names(selects)}`;
  return [title, '', ...standingRows(description, row), ...row('selects', subjectWords(description)), ...row('today', today)];
}

function standingRows({ standing }: Description, row: (label: string, text: string) => string[]): string[] {
  if (standing === undefined) return [];
  const { tier, priority } = standing;
  const words = tier === 'admin' ? 'Admin: asked before NetworkPolicies' : 'Baseline: asked where no NetworkPolicy isolates the pod';
  return row('tier', Number.isFinite(priority) ? `${words}; priority ${priority}, lower comes first` : words);
}

/** The other pods of the workload of which the same is true. */
function others({ name, pods = [] }: Description): string {
  const more = pods.filter((pod) => pod !== name);
  return more.length === 0 ? '' : ` and ${few(more.map(shortName), 4)}`;
}

/** Short: without the kind, and without the namespace where that is the one spoken of. */
function nameIn(ref: string, namespace: string | undefined): string {
  const short = shortName(ref);
  return namespace !== undefined && short.startsWith(`${namespace}/`) ? short.slice(namespace.length + 1) : short;
}

function subjectWords({ selector, namespace, namespaces = '' }: Description): string {
  const wide = namespaces === '' ? 'in every namespace' : `in namespaces with ${namespaces}`;
  const where = namespace === undefined ? wide : `in namespace ${namespace}`;
  return selector === '' ? `every pod ${where}` : `pods with ${selector} ${where}`;
}

function sideLines(direction: Direction, description: Description, paint: Paint): string[] {
  const side = description[direction];
  const isIngress = direction === 'ingress';
  const label = `${direction.padEnd(8)}${paint.bold(isIngress ? 'who can reach it' : 'what it can reach')}`;
  // What these policies do is told by their rules; whether that is all is not.
  const also = alsoWords(side);
  if (description.onNode) {
    const word = `${isIngress ? 'everyone' : 'everything'}: it is in the network of its node, where no policy for pods applies to it`;
    return [`${label}  ${paint.yellow(word)}`];
  }
  if (also !== '' && side.rules.length === 0) {
    const own = side.isolated ? `${few(side.by, 4)} ${side.by.length === 1 ? 'admits' : 'admit'} nothing here; ` : '';
    return fold(`${label}  ${paint.yellow(`not known: ${own}${also}`)}`, paint.width, 8);
  }
  if (!side.isolated && side.rules.length === 0) {
    const word =
      description.of === 'policy'
        ? 'not restricted by this policy; other policies may restrict it'
        : `${isIngress ? 'everyone' : 'everything'}: no policy isolates it in this direction`;
    return [`${label}  ${paint.yellow(word)}`];
  }
  if (side.rules.length === 0) {
    const names = few(
      side.by.map((policy) => nameIn(policy, description.namespace)),
      4,
    );
    const why = `(isolated by ${names}, without a rule in this direction)`;
    return fold(
      `${label}  ${paint.red(description.of === 'policy' ? `${NOTHING}, unless other policies allow it` : NOTHING)}  ${paint.dim(why)}`,
      paint.width,
      8,
    );
  }
  return [
    ...(also === ''
      ? [`${label}  ${paint.dim(restWords(description, side))}`]
      : fold(`${label}  ${paint.yellow(`this, and perhaps more or less: ${also}`)}`, paint.width, 8)),
    ...columns(ruleRows(description, direction), paint.width - 2).map((row) => `  ${paint.plain(row)}`),
  ];
}

/** A pod talks to itself, and its node to it, whatever policies say. */
const NOTHING = 'nothing but its own node and itself';

/** What becomes of everybody whom no rule below speaks of. */
function restWords({ of, traps }: Description, { isolated, rules }: SideDescription): string {
  if (of === 'policy' && traps.some(({ code }) => code === 'unreadable'))
    return 'as it is written; the API server refuses this policy, so none of it is in force';
  if (isOrdered(rules)) {
    const rest = isolated ? 'nothing else passes' : of === 'policy' ? 'it says nothing about anything else' : 'everything else passes';
    const how = rules.every(({ tier }) => tier === 'namespaced')
      ? 'what a rule denies stays denied'
      : 'the first rule that matches decides';
    return `${how}; ${rest}`;
  }
  return `only these${of === 'policy' ? ', what other policies allow' : ''}, and always its own node and itself`;
}

function isOrdered(rules: readonly RuleDescription[]): boolean {
  return rules.some(({ tier, action }) => tier !== 'namespaced' || action !== 'allow');
}

/** `ClusterNetworkPolicy open-moor decides too, and what it does is not read here`; '' where nothing else decides. */
function alsoWords({ also }: SideDescription): string {
  if (also.length === 0) return '';
  const names = few(
    also.map(({ kind, policy }) => `${kind} ${policy}`),
    3,
  );
  const verb = also.length === 1 ? 'decides' : 'decide';
  return `${names} ${verb} too, and cannot be evaluated`;
}

function ruleRows(description: Description, direction: Direction): string[][] {
  const { of, namespace } = description;
  const ruleName = ({ policy, rule }: RuleDescription) => (of === 'policy' ? rule : `${nameIn(policy, namespace)} ${rule}`);
  const { rules } = description[direction];
  const does = ({ action }: RuleDescription) => (isOrdered(rules) ? [ACTION_WORDS[action]] : []);
  return [
    [...(isOrdered(rules) ? ['DOES'] : []), direction === 'ingress' ? 'FROM' : 'TO', 'PORTS', 'TODAY', 'RULE'],
    ...rules.flatMap((rule) =>
      rule.peers.map((peer) => [...does(rule), peerWords(peer, direction), portWords(rule), todayWords(peer, namespace), ruleName(rule)]),
    ),
  ];
}

const ACTION_WORDS: Readonly<Record<RuleDescription['action'], string>> = { allow: 'allow', deny: 'deny', pass: 'pass on' };

function portWords({ ports }: RuleDescription): string {
  return ports.length === 0 ? 'every port' : few(ports, 6);
}

function todayWords({ today }: PeerDescription, namespace: string | undefined): string {
  if (today === undefined) return '';
  return today.length === 0
    ? 'nothing'
    : few(
        today.map((ref) => nameIn(ref, namespace)),
        3,
      );
}

function peerWords(peer: PeerDescription, direction: Direction): string {
  switch (peer.kind) {
    case 'anyone':
      return direction === 'ingress' ? 'anyone: every pod, every node, the internet' : 'anything: every pod, every node, the internet';
    case 'nothing':
      return 'nothing (a peer without a field)';
    case 'other':
      return peer.said ?? '';
    case 'addresses':
      return `addresses ${peer.cidr}${(peer.except ?? []).length > 0 ? ` except ${(peer.except ?? []).join(', ')}` : ''}`;
    case 'pods': {
      const pods = (peer.pods ?? '') === '' ? 'every pod' : `pods with ${peer.pods}`;
      if (peer.ownNamespace !== undefined) return `${pods} in namespace ${peer.ownNamespace}`;
      if ((peer.namespaces ?? '') === '') return `${pods} in every namespace`;
      // The label that the API server gives every namespace is its name.
      const named = /^kubernetes\.io\/metadata\.name=([^,]+)$/.exec(peer.namespaces ?? '')?.[1];
      return named === undefined ? `${pods} in namespaces with ${peer.namespaces}` : `${pods} in namespace ${named}`;
    }
  }
}

/** What is said twice is said once, with both places. */
function trapLines({ of, traps, ingress, egress }: Description, paint: Paint, place: PrintPlace): string[] {
  const places = new Map<string, Set<string>>();
  for (const trap of traps) {
    // "It lets nothing through" stands above already where no policy has a rule; where another one has, it is no trap for this pod.
    if (trap.code === 'nothing-allowed' && (of === 'pod' || ingress.isolated !== egress.isolated)) continue;
    const words = trap.code === 'nothing-allowed' && isShut(ingress) && isShut(egress) ? shutWords(trap) : trapWords(trap);
    places.set(words, (places.get(words) ?? new Set()).add(place(trap.at, 'object')));
  }
  if (places.size === 0) return [];
  return [
    '',
    paint.bold('note'),
    ...[...places].flatMap(([words, at]) =>
      fold(`  ${paint.yellow('!')} ${paint.plain(words)}  ${paint.dim(few([...at], 3))}`, paint.width, 4),
    ),
  ];
}

function isShut(side: SideDescription): boolean {
  return side.isolated && side.also.length === 0 && side.rules.length === 0;
}

function shutWords({ policy }: Trap): string {
  return `${policy} isolates both ways and has no rule: on its own it allows nothing`;
}

/** The sentence of a trap; also what the web page and JSON readers may show. */
export function trapWords({ code, direction, policy, facts }: Trap): string {
  const rule = `${policy} ${facts.rule ?? ''}`.trim();
  switch (code) {
    case 'anyone':
      return `${rule} has no ${direction === 'ingress' ? '`from`' : '`to`'} (or an empty one): that is ${direction === 'ingress' ? 'everyone, not nobody' : 'everything, not nothing'}`;
    case 'every-port':
      return `${rule} has no ports: every port of every protocol`;
    case 'nothing-allowed':
      return `${policy} isolates for ${direction} and has no ${direction} rule: on its own it allows nothing`;
    case 'types-defaulted':
      return `${policy} has no policyTypes; the default isolates for ${direction} too, although it has no ${direction} rule`;
    case 'rules-ignored':
      return `${policy} has ${direction} rules, but policyTypes leaves ${direction} out: they do nothing`;
    case 'every-namespace':
      return `${rule}: namespaceSelector {} means the pods of every namespace (and no address outside the cluster)`;
    case 'own-namespace-only':
      return `${rule}: a podSelector without namespaceSelector means pods in ${facts.namespace} only`;
    case 'either-peer':
      return `${rule}: ${direction === 'ingress' ? 'from' : 'to'}[${facts.first}] and [${facts.second}] are two peers, and either is enough; to want both, write both selectors under one dash`;
    case 'selects-nothing':
      return facts.made === undefined
        ? `${policy} selects no pod of the input today, so it has no effect until one has these labels`
        : `${policy} selects no pod of the input; an operator makes the pods of ${facts.made}, which may be meant`;
    case 'host-network':
      return `${policy} fits pods of ${facts.workloads}, which run in the network of their node, so it is not enforced on them`;
    case 'peer-selects-nothing':
      return `${rule}.${direction === 'ingress' ? 'from' : 'to'}[${facts.peer}] matches no pod today`;
    case 'both-families':
      return `${rule}: ${facts.cidr} covers ${facts.twin === '::/0' ? 'IPv4' : 'IPv6'} alone; for ${facts.twin === '::/0' ? 'IPv6' : 'IPv4'}, ${facts.twin} is needed as well`;
    case 'name-of-no-port':
      return `${rule}: port \`${facts.port}\` is a name, and only pods have named ports: at addresses it matches nothing`;
    case 'unreadable':
      return facts.kind === 'NetworkPolicy' || facts.kind === undefined
        ? `${policy} is refused by the API server, so what is in force in a cluster is an older version of it, or nothing`
        : `${policy} is ${/^[AEIO]/.test(facts.kind) ? 'an' : 'a'} ${facts.kind}, which cannot be evaluated: it decides too, and who may connect stays open`;
  }
}
