// `verdicts`: many questions, one JSON line each. Made for other programs, so speed counts: ends are looked up in maps, and a
// direction's answer is written out once however often it is given.
import { isLive } from '../model/cluster.ts';
import { furtherOf, printRuleRef } from '../model/policy.ts';
import { type Family, type Ip, ipKey, parseIp } from '../net/ip.ts';
import { PROTOCOLS, type Protocol } from '../net/port-set.ts';
import { type Departure, departs, departureOf, printShapes } from '../policy/departures.ts';
import { type End, nodeEnd, podEnd } from '../policy/end.ts';
import { kubeRouterOn } from '../policy/kube-router.ts';
import { isMeant } from '../policy/port-matches.ts';
import { type DirectionVerdict, doubtKey, NO_COMMON_FAMILY } from '../policy/verdict.ts';
import { protocolNumber } from '../reach/port-tests.ts';
import type { Reach } from '../reach/reach.ts';
import { classOf, fastVerdict, verdictBetween } from '../reach/verdict-of.ts';
import { hypotheticalPod } from '../route/hypothetical.ts';
import { labelList } from '../route/label-list.ts';
import { jsonText } from './json-text.ts';
import { why } from './why.ts';

/** What can be wrong with a line; it is answered in its place and the run goes on. */
export type LineErrorCode =
  | 'bad-json'
  | 'not-an-object'
  | 'missing-field'
  | 'bad-end'
  | 'no-such-pod'
  | 'bad-port'
  | 'no-such-port'
  | 'bad-protocol'
  | 'line-too-long';

/** What is wrong with a line, for whoever says it. `found`: what stands there, as JSON, cut after 200 characters. */
export interface LineFault {
  readonly code: LineErrorCode;
  /** The field that is wrong; undefined for a line that is not a question at all. */
  readonly field?: 'from' | 'to' | 'port' | 'code' | 'protocol';
  readonly found?: string;
  /** Of `bad-port`: the number is the type or the code of an ICMP message. */
  readonly icmp?: true;
}

/** Longer lines are no questions. Characters. */
export const LONGEST_LINE = 65536;

/**
 * A function that answers one line: `{"id":1,"from":"x/a","to":"y/b","port":80}` →
 * `{"id":1,"outcome":"denied","egress":{"outcome":"not-isolated"},"ingress":{"outcome":"denied","policies":["y/deny-all"]}}`.
 * Where the profile's enforcer departs from the API, `departure` says what it really does: `{"enforced":"open","shapes":"leak","rules":[…]}`.
 * `say` makes the message of a line that is wrong. An empty line gives undefined. Never throws.
 */
export function lineWriter(reach: Reach, say: (fault: LineFault) => string): (line: string) => string | undefined {
  const endOf = endFinder(reach);
  const enforcer = departs(reach.semantics) ? kubeRouterOn(reach.cluster) : undefined;
  const written = new WeakMap<DirectionVerdict, string>();
  const write = (verdict: DirectionVerdict): string => {
    let text = written.get(verdict);
    if (text === undefined) {
      text = directionText(verdict);
      written.set(verdict, text);
    }
    return text;
  };
  const errorText = (id: unknown, fault: LineFault): string =>
    jsonText({ ...(id === undefined ? {} : { id }), error: { code: fault.code, message: say(fault) } }, true);
  const translated = translations(reach, write, say);
  const answer = (source: Known, destination: Known, protocol: Protocol | 'ICMP', port: number, code?: number): string => {
    const behind = protocol === 'ICMP' ? undefined : translated(source, destination, protocol, port);
    if (behind !== undefined) return behind;
    const [from, to] = [source.end, destination.end];
    const family = source.family ?? destination.family;
    const known = source.class !== undefined && destination.class !== undefined && from !== to;
    const isOneFamily = source.family === undefined || destination.family === undefined || source.family === destination.family;
    const connection = {
      source: from,
      destination: to,
      protocol,
      port,
      ...(family !== undefined && { family }),
      ...(code !== undefined && { code }),
    };
    const verdict = !isOneFamily
      ? NO_COMMON_FAMILY
      : known && protocol !== 'ICMP'
        ? verdictBetween(reach, from, to, source.class, destination.class, protocolNumber(protocol), port, family)
        : fastVerdict(reach, connection);
    const { outcome, egress, ingress, families } = verdict;
    const departure = enforcer === undefined ? undefined : departureOf(enforcer, connection, verdict);
    const caveat = departure === undefined ? '' : `,"departure":${departureText(departure)}`;
    const each = families === undefined ? '' : `"families":${jsonText(families, true)},`;
    return `"outcome":"${outcome}",${each}"egress":${write(egress)},"ingress":${write(ingress)}${caveat}}`;
  };
  const ask = (question: unknown): string => {
    if (typeof question !== 'object' || question === null || Array.isArray(question))
      return errorText(undefined, { code: 'not-an-object' });
    const { id, from, to, port, code, protocol = 'TCP' } = question as Readonly<Record<string, unknown>>;
    const source = endOf(from);
    if (typeof source === 'string') return errorText(id, endFault('from', from, source));
    const destination = endOf(to);
    if (typeof destination === 'string') return errorText(id, endFault('to', to, destination));
    const before = `{${id === undefined ? '' : `"id":${jsonText(id, true)},`}`;
    if (protocol === 'ICMP') {
      if (!isByte(port)) return errorText(id, { code: port === undefined ? 'missing-field' : 'bad-port', field: 'port', icmp: true });
      if (code !== undefined && !isByte(code)) return errorText(id, { code: 'bad-port', field: 'code', icmp: true });
      return before + answer(source, destination, 'ICMP', port, code);
    }
    if (!(PROTOCOLS as readonly unknown[]).includes(protocol))
      return errorText(id, { code: 'bad-protocol', field: 'protocol', found: shown(protocol) });
    const number = portNumber(port, protocol as Protocol, destination.end);
    if (typeof number === 'string')
      return errorText(id, { code: number, field: 'port', ...(port !== undefined && { found: shown(port) }) });
    return before + answer(source, destination, protocol as Protocol, number);
  };
  return (line) => {
    if (line.length > LONGEST_LINE) return errorText(undefined, { code: 'line-too-long', found: String(line.length) });
    const usual = USUAL_LINE.exec(line);
    if (usual !== null) {
      const [, id, from, to, digits, protocol = 'TCP'] = usual;
      const source = endOf(from);
      const destination = endOf(to);
      const port = Number(digits);
      if (typeof source === 'object' && typeof destination === 'object' && port <= 65535) {
        return `{${id === undefined ? '' : `"id":${id},`}${answer(source, destination, protocol as Protocol, port)}`;
      }
    }
    if (line.trim() === '') return undefined;
    let question: unknown;
    try {
      question = JSON.parse(line);
    } catch (error) {
      return errorText(undefined, { code: 'bad-json', found: (error as Error).message });
    }
    return ask(question);
  };
}

/** The form in which programs write questions; it is read without building an object. Every other line is left to JSON.parse. */
const USUAL_LINE =
  /^\{(?:"id":(0|[1-9][0-9]{0,14}),)?"from":"([!#-[\]-~]{1,600})","to":"([!#-[\]-~]{1,600})","port":([1-9][0-9]{0,4})(?:,"protocol":"(TCP|UDP|SCTP)")?\}$/;

/** An end with its class, looked up once. */
interface Known {
  readonly end: End;
  /** undefined: the fast evaluator knows no class for it. */
  readonly class: number | undefined;
  /** As it was asked: the name for `why`, which knows Services and node ports. */
  readonly text: string;
  /** Set where the end was named by an address: the question is about that family then. */
  readonly family?: Family;
}

/** Addresses that are remembered, so that one end is one value. */
const MOST_ADDRESSES = 100_000;

type EndProblem = 'bad-end' | 'no-such-pod';

/** A pod `ns/name`, a node `node/NAME`, or an address: of a pod, a node, or nobody we know. */
function endFinder(reach: Reach): (text: unknown) => Known | EndProblem {
  const { cluster } = reach;
  const known = (text: string, end: End): Known => ({ text, end, class: classOf(reach, end) });
  const byName = new Map<string, Known>(cluster.pods.map((pod) => [pod.ref, known(`${pod.namespace}/pod/${pod.name}`, podEnd(pod))]));
  // The one pod of a StatefulSet goes by the workload's name too, as a template's pod of any other kind does.
  for (const { namespace, name, pods } of cluster.workloads.values()) {
    const [pod] = pods;
    if (pod?.replica === true && pods.length === 1 && !byName.has(`${namespace}/${name}`)) {
      byName.set(`${namespace}/${name}`, byName.get(pod.ref) as Known);
    }
  }
  const byAddress = new Map<string, Known>();
  const claim = (addresses: readonly Ip[], end: () => Known) => {
    for (const ip of addresses) if (!byAddress.has(ipKey(ip))) byAddress.set(ipKey(ip), { ...end(), family: ip.family });
  };
  for (const pod of cluster.pods) if (!pod.hostNetwork && isLive(pod)) claim(pod.addresses, () => byName.get(pod.ref) as Known);
  for (const node of cluster.nodes.values()) claim(node.addresses, () => known(`node/${node.name}`, nodeEnd(node)));
  for (const pod of cluster.pods)
    claim(pod.hostAddresses, () => known(`node/${pod.node}`, { kind: 'node', name: pod.node, addresses: pod.hostAddresses }));
  const asked = new Map<string, Known>();
  return (text) => {
    if (typeof text !== 'string') return 'bad-end';
    const pod = byName.get(text);
    if (pod !== undefined) return pod;
    const ip = parseIp(text);
    if (ip !== undefined) {
      const key = ipKey(ip);
      const before = asked.get(key);
      if (before !== undefined) return before;
      const who = byAddress.get(key) ?? known(text, { kind: 'outside', address: ip });
      const found: Known = { ...who, text: ip.family === 6 ? `[${text}]` : text, family: ip.family };
      if (asked.size < MOST_ADDRESSES) asked.set(key, found);
      return found;
    }
    const node = text.startsWith('node/') ? cluster.nodes.get(text.slice(5)) : undefined;
    if (node !== undefined) return known(text, nodeEnd(node));
    const imagined = text.includes('=') ? labelList(text, '') : undefined;
    if (imagined !== undefined && !('bad' in imagined) && imagined.namespace !== '')
      return known(text, podEnd(hypotheticalPod(cluster, imagined)));
    return text.includes('/') && imagined === undefined ? 'no-such-pod' : 'bad-end';
  };
}

/**
 * Destinations that lead elsewhere: a Service's address, a node port, a host port. `why` answers them, so that there is one way of resolving.
 * The function gives undefined for everything else, after a look into a table.
 */
function translations(reach: Reach, write: (verdict: DirectionVerdict) => string, say: (fault: LineFault) => string) {
  const { cluster, semantics } = reach;
  const services = new Set(
    [...cluster.services.values()].flatMap(({ clusterIps, externalIps }) => [...clusterIps, ...externalIps].map(ipKey)),
  );
  const nodePorts = new Set([
    ...[...cluster.services.values()].flatMap(({ ports }) => ports.map(({ nodePort, protocol }) => `${nodePort} ${protocol}`)),
    ...cluster.pods.flatMap(({ ports }) =>
      ports.flatMap(({ hostPort, protocol }) => (hostPort === undefined ? [] : `${hostPort.port} ${protocol}`)),
    ),
  ]);
  return (source: Known, destination: Known, protocol: Protocol, port: number): string | undefined => {
    const { end } = destination;
    const isTranslated =
      end.kind === 'outside' ? services.has(ipKey(end.address)) : end.kind === 'node' && nodePorts.has(`${port} ${protocol}`);
    if (!isTranslated) return undefined;
    const to = `${destination.text}:${port}/${protocol.toLowerCase()}`;
    const found = why(cluster, semantics, { from: source.text, to, namespace: 'default' });
    if (found.kind === 'error') {
      const fault: LineFault = { code: 'no-such-port', field: 'to', found: to };
      return `"error":${jsonText({ code: fault.code, message: say(fault) }, true)}}`;
    }
    const [connection] = found.connections;
    const broken = connection?.obstacles.filter(({ severity }) => severity === 'broken').map(({ code }) => code) ?? [];
    if (connection === undefined || connection.outcome === 'broken') return `"outcome":"broken","because":${jsonText(broken, true)}}`;
    const telling =
      connection.legs.find((leg) => leg.outcome === connection.outcome) ?? connection.legs.find((leg) => leg.outcome !== 'allowed');
    const verdict = (telling ?? connection.legs[0])?.explanation.verdict;
    if (verdict === undefined) return `"outcome":"broken","because":["endpoints-unknown"]}`;
    const pods = Object.fromEntries(connection.legs.flatMap(({ leg, outcome }) => leg.destinations.map((ref) => [ref, outcome])));
    const differ = connection.outcome === 'partial' ? `,"pods":${jsonText(pods, true)}` : '';
    return `"outcome":"${connection.outcome}","egress":${write(verdict.egress)},"ingress":${write(verdict.ingress)}${differ}}`;
  };
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}

/** The number, or what is wrong. A name is looked up in the destination pod, with its protocol. */
function portNumber(port: unknown, protocol: Protocol, destination: End): number | LineErrorCode {
  if (port === undefined) return 'missing-field';
  if (typeof port === 'number') return Number.isInteger(port) && port >= 1 && port <= 65535 ? port : 'bad-port';
  if (typeof port !== 'string' || port === '') return 'bad-port';
  const pod = destination.kind === 'outside' ? undefined : destination.pod;
  return pod?.ports.find((declared) => isMeant(declared, port, protocol))?.port ?? 'no-such-port';
}

function endFault(field: 'from' | 'to', value: unknown, code: EndProblem): LineFault {
  return value === undefined ? { code: 'missing-field', field } : { code, field, found: shown(value) };
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 200);
}

function departureText(departure: Departure): string {
  return jsonText({ enforced: departure.enforced, shapes: printShapes(departure), rules: departure.rules.map(printRuleRef) }, true);
}

function directionText(verdict: DirectionVerdict): string {
  switch (verdict.outcome) {
    case 'allowed': {
      const further = furtherOf(verdict.rules);
      return jsonText({ outcome: 'allowed', rules: verdict.rules.map(printRuleRef), ...(further !== undefined && { further }) }, true);
    }
    case 'denied':
      return jsonText(
        {
          outcome: 'denied',
          policies: verdict.policies.map((policy) => policy.ref),
          ...(verdict.rule !== undefined && { rule: printRuleRef(verdict.rule) }),
        },
        true,
      );
    case 'undecided':
      return jsonText({ outcome: 'undecided', because: verdict.because.map(doubtKey) }, true);
    case 'exempt':
      return jsonText({ outcome: 'exempt', because: verdict.because }, true);
    case 'partial': {
      const { IPv4, IPv6 } = verdict.families;
      return `{"outcome":"partial","families":{"IPv4":${directionText(IPv4)},"IPv6":${directionText(IPv6)}}}`;
    }
    case 'not-isolated':
      return '{"outcome":"not-isolated"}';
  }
}
