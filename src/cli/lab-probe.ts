// `lab probe`: one real connection inside a kept laboratory, what the kernel wrote down about it, and the engine's answer beside it.
import { endErrorSentence } from '../explain/obstacle-sentence.ts';
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
import { type WhyAnswer, why } from '../question/why.ts';
import { namedPort } from '../route/endpoints.ts';
import { findNode, findObject } from '../route/find.ts';
import { isError, parseName } from '../route/name.ts';
import type { EndError } from '../route/obstacle.ts';
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
  /** `broken`: no policy is to blame; the words of `why`. */
  readonly engine: Extract<WhyAnswer, { kind: 'answer' }>['outcome'] | 'error';
}

export interface Denial {
  readonly direction: Direction;
  readonly destination: string;
  readonly protocol: Protocol;
  readonly port: number;
}

/** Failures: names that mean nothing (codes of the route), `port-missing`, `no-such-member`. */
export async function labProbe(session: Session, from: string, to: string, timeoutMs: number): Promise<LabProbe> {
  const { namespace, semantics } = session.state.data;
  const member = memberOf(session, from);
  const target = targetOf(session, to);
  const control = await openControl(labFolder(session.state.name));
  try {
    const tables = session.state.data.tables;
    await readDenials(control, tables, member.addresses); // what was before is not ours
    const kernel = await control.to(member.id, { op: 'connect', ...target, timeoutMs });
    const denials = await readDenials(control, tables, member.addresses);
    return { from: member.name, ...target, kernel, denials, engine: engineOutcome(session.cluster, semantics, member.name, to, namespace) };
  } finally {
    control.close();
  }
}

function engineOutcome(
  cluster: Cluster,
  semantics: Parameters<typeof why>[1],
  from: string,
  to: string,
  namespace: string,
): Extract<WhyAnswer, { kind: 'answer' }>['outcome'] | 'error' {
  const answer = why(cluster, semantics, { from, to, namespace });
  return answer.kind === 'error' ? 'error' : answer.outcome;
}

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly addresses: readonly string[];
}

/** Who is meant by `shop/cart` (a pod, or the first of a workload) or `node/node-1`. */
export function memberOf({ cluster, content, state }: Session, text: string): Member {
  const name = parseName(text, { namespace: state.data.namespace });
  if (isError(name)) throw failureOf(name);
  if (name.kind === 'node') {
    const node = findNode(cluster, name.name);
    if (isError(node)) throw failureOf(node);
    const found = content.plan.nodes.find((each) => each.name === node.name);
    if (found !== undefined) return { id: found.id, name: `node/${found.name}`, addresses: found.addresses };
  }
  if (name.kind === 'object') {
    const found = findObject(cluster, name);
    if (isError(found)) throw failureOf(found);
    const pods = found.kind === 'workload' ? found.workload.pods : found.kind === 'pod' ? [found.pod] : [];
    const pod = content.plan.pods.find(({ ref }) => pods.some((each) => each.ref === ref));
    if (pod !== undefined) return { id: pod.id, name: pod.ref, addresses: pod.addresses };
  }
  throw new Failure('no-such-member', `\`${text}\` is no pod of the laboratory`, {
    hint: 'name a pod or a workload: shop/cart; or a node: node/NAME',
  });
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
  if (name.protocol === 'SCTP')
    throw new Failure('no-sctp', 'a pod of the laboratory cannot open SCTP connections', { hint: 'netverdict prove sends SCTP packets' });
  const numbered = (fallback: number | undefined): number => {
    const port = typeof name.port === 'number' ? name.port : fallback;
    if (port !== undefined) return port;
    throw new Failure('port-missing', `\`${text}\` names no port that is known here`, {
      hint: 'append it: shop/cart:7070, or shop/cart:53/udp',
    });
  };
  if (name.kind === 'host') {
    return { host: name.absolute ? `${name.host}.` : name.host, port: numbered(name.scheme === 'https' ? 443 : 80), protocol };
  }
  if (name.kind === 'address') return { host: printIp(name.address), port: numbered(undefined), protocol };
  if (name.kind === 'node') {
    const node = content.plan.nodes.find((each) => each.name === name.name);
    if (node?.addresses[0] !== undefined) return { host: node.addresses[0], port: numbered(undefined), protocol };
  }
  if (name.kind !== 'object') throw new Failure('no-such-member', `\`${text}\` is nobody in the laboratory`);
  const found = findObject(cluster, name);
  if (isError(found)) throw failureOf(found);
  if (found.kind === 'service') return toService(found.service, name.port, protocol, numbered);
  // Of a workload, the pod that runs here: the cluster of the laboratory has its address.
  const pods = found.kind === 'workload' ? found.workload.pods : [found.pod];
  const pod = pods.flatMap(({ ref }) => cluster.podByRef.get(ref) ?? [])[0];
  if (pod === undefined) throw new Failure('no-such-member', `\`${text}\` has no pod in the laboratory`);
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
