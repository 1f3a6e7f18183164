// `lab probe`: one real connection inside a kept lab, what the kernel wrote down about it, and the engine's answer beside it.

import { Failure } from '../failure.ts';
import { notedIn } from '../lab/kernel-record.ts';
import { type Control, openControl } from '../lab/netns-control.ts';
import type { Connected } from '../lab/netns-messages.ts';
import { labFolder } from '../lab/netns-place.ts';
import { findTools } from '../lab/tools.ts';
import type { Cluster, Pod, Service } from '../model/cluster.ts';
import type { Direction } from '../model/policy.ts';
import { printIp } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import { DENIED_MARK, deniedSet } from '../nft/frame.ts';
import { PROTOCOL_NUMBER } from '../nft/ruleset.ts';
import { type WhyAnswer, type WhyQuestion, why } from '../question/why.ts';
import { namedPort } from '../route/endpoints.ts';
import { findNode, findObject } from '../route/find.ts';
import { isError, parseName } from '../route/name.ts';
import type { EndError } from '../route/obstacle.ts';
import { endErrorSentence } from '../words/en/end-error.ts';
import type { Session } from './lab-session.ts';

export interface LabProbe {
  /** `web/frontend`, `node/node-1`. */
  readonly from: string;
  /** What was dialled: `api.payments`, `10.96.0.12`. */
  readonly host: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly kernel: Connected;
  /** Packets of this source that policies stopped meanwhile, name lookups included. */
  readonly denials: readonly Denial[];
  /** The connection was left open: `lab status` says what becomes of it. */
  readonly held: boolean;
  /** `broken`: no policy is to blame; the words of `why`. */
  readonly engine: Extract<WhyAnswer, { kind: 'answer' }>['outcome'] | 'error';
}

export interface Denial {
  readonly direction: Direction;
  readonly destination: string;
  /** The pod or node that has this address. */
  readonly name?: string;
  readonly protocol: Protocol;
  readonly port: number;
}

export interface LabProbeOptions {
  readonly timeoutMs: number;
  /** Leave the TCP connection open when it stands. */
  readonly hold?: boolean;
}

/** Failures: names that mean nothing (codes of the route), `port-missing`, `no-such-member`, `hold-needs-tcp`. */
export async function labProbe(session: Session, from: string, to: string, { timeoutMs, hold }: LabProbeOptions): Promise<LabProbe> {
  const { namespace, semantics, tables } = session.state.data;
  const target = targetOf(session, to);
  const { source, ...member } = withSource(memberOf(session, from), target.host);
  if (hold === true && target.protocol !== 'TCP') throw new Failure('hold-needs-tcp', {});
  const control = await openControl(labFolder(session.state.name));
  try {
    if (source !== undefined) await takeAddress(control, member.id, source);
    await readDenials(control, tables, member.addresses); // what was before is not ours
    const kernel = await control.to(member.id, { op: 'connect', ...target, timeoutMs, ...(source !== undefined && { source }) });
    const denials = (await readDenials(control, tables, member.addresses)).map((denial) => named(denial, session));
    const held =
      hold === true && kernel.outcome === 'answered'
        ? await control.to(member.id, {
            op: 'hold',
            name: `${member.name} → ${hostPort(target)}`,
            host: kernel.address ?? target.host,
            port: target.port,
            timeoutMs,
            ...(source !== undefined && { source }),
          })
        : undefined;
    const asked = to === 'internet' || to.startsWith('internet:') ? hostPort(target) : to;
    return {
      from: member.name,
      ...target,
      kernel,
      denials,
      held: held === 'answered',
      engine: engineOutcome(session.cluster, semantics, { from: source ?? member.name, to: asked, namespace }),
    };
  } finally {
    control.close();
  }
}

function named(denial: Denial, { content }: Session): Denial {
  const has = ({ addresses }: { readonly addresses: readonly string[] }) => addresses.includes(denial.destination);
  const pod = content.plan.pods.find((each) => !each.hostNetwork && has(each));
  const node = content.plan.nodes.find(has);
  const name = pod?.ref ?? (node === undefined ? undefined : `node/${node.name}`);
  return { ...denial, ...(name !== undefined && { name }) };
}

/** A connection that was left open, and what a word through it came to now. */
export interface HeldConnection {
  readonly name: string;
  /** `silent`: the packets vanish, and so it looks to the client. */
  readonly state: 'open' | 'cut' | 'silent';
}

/** Those of all pods, in their order; each is asked for two seconds at most. */
export async function heldConnections({ state, content }: Session): Promise<readonly HeldConnection[]> {
  const control = await openControl(labFolder(state.name));
  try {
    const members = [...content.plan.pods.map(({ id }) => id), ...content.plan.nodes.map(({ id }) => id), content.plan.outside.id];
    const held = await Promise.all(members.map((id) => control.to(id, { op: 'held', timeoutMs: 2000 })));
    return held.flat().map(({ name, said }) => ({ name, state: said === 'answered' ? 'open' : said === 'silent' ? 'silent' : 'cut' }));
  } finally {
    control.close();
  }
}

/** `10.96.0.11:80`, `[fd00::1]:80`, `api.payments:8080`. */
function hostPort({ host, port }: Pick<Target, 'host' | 'port'>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Addresses for documentation (RFC 5737, RFC 3849), which stand for any other of the internet. */
const SOMEWHERE = { v4: '198.51.100.7', v6: '2001:db8:ffff::7' };

/** From outside a packet must come from some address: one that fits to what is dialled. */
function withSource(member: Member, host: string): Member & { readonly source?: string } {
  if (!member.outside) return member;
  const source = member.addresses[0] ?? (host.includes(':') ? SOMEWHERE.v6 : SOMEWHERE.v4);
  return { ...member, addresses: [source], source };
}

/** A client cannot send from an IPv4 address that no table calls local (Linux: ip_route_output_key_hash). */
async function takeAddress(control: Control, member: string, address: string): Promise<void> {
  if (!address.includes(':')) await control.run(member, findTools().ip, ['route', 'replace', 'local', `${address}/32`, 'dev', 'lo']);
}

function engineOutcome(
  cluster: Cluster,
  semantics: Parameters<typeof why>[1],
  question: WhyQuestion,
): Extract<WhyAnswer, { kind: 'answer' }>['outcome'] | 'error' {
  const answer = why(cluster, semantics, question);
  return answer.kind === 'error' ? 'error' : answer.outcome;
}

export interface Member {
  readonly id: string;
  readonly name: string;
  /** Of the outside: the one that was asked for, or none. */
  readonly addresses: readonly string[];
  /** It stands for every address that nobody in the cluster has. */
  readonly outside: boolean;
}

/** Who is meant by `shop/cart` (a pod, or the first of a workload), `node/node-1`, `internet`, or an address: a pod's, a node's or outside. */
export function memberOf({ cluster, content, state }: Session, text: string): Member {
  const name = parseName(text, { namespace: state.data.namespace });
  if (isError(name)) throw failureOf(name);
  if (name.kind === 'node') {
    const node = findNode(cluster, name.name);
    if (isError(node)) throw failureOf(node);
    const found = content.plan.nodes.find((each) => each.name === node.name);
    if (found !== undefined) return { id: found.id, name: `node/${found.name}`, addresses: found.addresses, outside: false };
  }
  const outside = { id: content.plan.outside.id, outside: true };
  if (name.kind === 'internet') return { ...outside, name: 'internet', addresses: [] };
  if (name.kind === 'address') {
    const address = printIp(name.address);
    const pod = content.plan.pods.find(({ addresses }) => addresses.includes(address));
    if (pod !== undefined) return { id: pod.id, name: pod.ref, addresses: pod.addresses, outside: false };
    const node = content.plan.nodes.find(({ addresses }) => addresses.includes(address));
    if (node !== undefined) return { id: node.id, name: `node/${node.name}`, addresses: node.addresses, outside: false };
    return { ...outside, name: address, addresses: [address] };
  }
  if (name.kind === 'object') {
    const found = findObject(cluster, name);
    if (isError(found)) throw failureOf(found);
    const pods = found.kind === 'workload' ? found.workload.pods : found.kind === 'pod' ? [found.pod] : [];
    const pod = content.plan.pods.find(({ ref }) => pods.some((each) => each.ref === ref));
    if (pod !== undefined) return { id: pod.id, name: pod.ref, addresses: pod.addresses, outside: false };
  }
  throw new Failure('no-such-member', { name: text, why: 'unknown' });
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

function targetOf({ cluster, content, state }: Session, text: string): Target {
  const name = parseName(text, { namespace: state.data.namespace });
  if (isError(name)) throw failureOf(name);
  const protocol = name.protocol === 'UDP' ? 'UDP' : 'TCP';
  if (name.protocol === 'SCTP') throw new Failure('no-sctp', {});
  const numbered = (fallback: number | undefined): number => {
    const port = typeof name.port === 'number' ? name.port : fallback;
    if (port !== undefined) return port;
    throw new Failure('port-missing', { name: text });
  };
  if (name.kind === 'host') {
    return { host: name.absolute ? `${name.host}.` : name.host, port: numbered(name.scheme === 'https' ? 443 : 80), protocol };
  }
  if (name.kind === 'address') return { host: printIp(name.address), port: numbered(undefined), protocol };
  if (name.kind === 'node') {
    const node = content.plan.nodes.find((each) => each.name === name.name);
    if (node?.addresses[0] !== undefined) return { host: node.addresses[0], port: numbered(undefined), protocol };
  }
  if (name.kind === 'internet') return { host: SOMEWHERE.v4, port: numbered(undefined), protocol };
  if (name.kind !== 'object') throw new Failure('no-such-member', { name: text, why: 'unknown' });
  const found = findObject(cluster, name);
  if (isError(found)) throw failureOf(found);
  if (found.kind === 'service') return toService(found.service, name.port, protocol, numbered);
  // Of a workload, the pod that runs here: the cluster of the lab has its address.
  const pods = found.kind === 'workload' ? found.workload.pods : [found.pod];
  const pod = pods.flatMap(({ ref }) => cluster.podByRef.get(ref) ?? [])[0];
  if (pod === undefined) throw new Failure('no-such-member', { name: text, why: 'no-pod' });
  return { host: printIp(firstAddress(pod)), port: numbered(portOf(pod, name.port, protocol)), protocol };
}

function toService(
  service: Service,
  port: number | string | undefined,
  protocol: 'TCP' | 'UDP',
  numbered: (fallback: number | undefined) => number,
): Target {
  const [address] = service.clusterIps;
  const host = address === undefined ? `${service.name}.${service.namespace}.svc.cluster.local.` : printIp(address);
  const ports = service.ports.filter((each) => each.protocol === protocol);
  const chosen = typeof port === 'string' ? ports.find(({ name }) => name === port) : ports.length === 1 ? ports[0] : undefined;
  return { host, port: numbered(chosen?.port), protocol };
}

function portOf(pod: Pod, port: number | string | undefined, protocol: Protocol): number | undefined {
  if (typeof port === 'string') return namedPort(pod, port, protocol)?.port;
  const own = pod.ports.filter((declared) => declared.protocol === protocol && declared.role !== 'init');
  return own.length === 1 ? own[0]?.port : undefined;
}

function firstAddress(pod: Pod): Pod['addresses'][number] {
  const [address] = pod.addresses;
  if (address === undefined) throw new Error(`${pod.ref} has no address`);
  return address;
}

/** What policies stopped of these sources, on all nodes; and forgets it. */
async function readDenials(
  control: Control,
  tables: Readonly<Record<string, readonly string[]>>,
  addresses: readonly string[],
): Promise<readonly Denial[]> {
  const { nft } = findTools();
  const found: Denial[] = [];
  for (const [node, names] of Object.entries(tables)) {
    for (const table of names) {
      for (const set of [deniedSet(4), deniedSet(6)]) {
        const { stdout } = await control.run(node, nft, ['-n', 'list', 'set', 'inet', table, set]);
        const noted = notedIn(stdout);
        if (noted.length > 0) await control.run(node, nft, ['flush', 'set', 'inet', table, set]);
        for (const { key, mark } of noted) {
          const [source, destination, number, port] = key.split(' ');
          if (!addresses.includes(source ?? '')) continue;
          const protocol = (['TCP', 'UDP', 'SCTP'] as const).find((each) => PROTOCOL_NUMBER[each] === Number(number));
          if (protocol === undefined) continue;
          found.push({
            direction: mark === DENIED_MARK.egress ? 'egress' : 'ingress',
            destination: destination ?? '',
            protocol,
            port: Number(port),
          });
        }
      }
    }
  }
  return found;
}

function failureOf(error: EndError): Failure {
  const { text, hint } = endErrorSentence(error);
  return new Failure(error.code, text, { hint });
}
