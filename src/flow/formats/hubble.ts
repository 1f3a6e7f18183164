// Hubble: JSON lines of `hubble observe -o json` and of the exporter, bare flows of old command lines (cilium api/v1/flow/flow.proto).
import type { Direction } from '../../model/policy.ts';
import { countOf, listOf, MISSING_FIELD, numberOf, objectOf, oneRecord, portOf, protocolOf, skipped, textOf } from '../json-value.ts';
import type { FlowEnd, FlowName, FlowRecord, Format, Json, LineRead } from '../record.ts';
import { parseTime } from '../time.ts';

export const hubble: Format = {
  name: 'hubble',
  form: 'json',
  open: () => (value) => {
    if (value.flow !== undefined) return flowOf(objectOf(value.flow), value);
    if (value.lost_events !== undefined)
      return skipped('hubble', 'lost-events', numberOf(objectOf(value.lost_events).num_events_lost) ?? 1);
    if (value.node_status !== undefined) return skipped('hubble', 'node-status');
    if (value.agent_event !== undefined) return skipped('hubble', 'agent-event');
    if (value.debug_event !== undefined) return skipped('hubble', 'debug');
    return typeof value.verdict === 'string' && (value.IP !== undefined || value.event_type !== undefined || value.l4 !== undefined)
      ? flowOf(value, value)
      : undefined;
  },
};

/** Denied because nothing allows it, by a rule that denies, for want of authentication (cilium pkg/monitor/api/drop.go). */
const POLICY_REASONS = new Map<unknown, string>([
  [133, 'POLICY_DENIED'],
  [181, 'POLICY_DENY'],
  [189, 'AUTH_REQUIRED'],
]);
const POLICY_REASON_NAMES = new Set(POLICY_REASONS.values());

function flowOf(flow: Json, outer: Json): LineRead {
  const ip = objectOf(flow.IP);
  const [source, destination] = [objectOf(flow.source), objectOf(flow.destination)];
  const node = nodeOf(flow.node_name ?? outer.node_name);
  const from = endOf(source, textOf(ip.source), node);
  const to = endOf(destination, textOf(ip.destination), node);
  if (from === undefined || to === undefined) return MISSING_FIELD;
  const type = numberOf(objectOf(flow.event_type).type);
  if (type === 2 || type === 3) return skipped('hubble', 'debug');
  const [name, l4] = Object.entries(objectOf(flow.l4))[0] ?? ['', undefined];
  const transport = objectOf(l4);
  const protocol = protocolOf(name);
  const isReply = typeof flow.is_reply === 'boolean' ? flow.is_reply : undefined;
  const said = saidBy(flow, type);
  const ports = { port: portOf(transport.destination_port), sourcePort: portOf(transport.source_port) };
  // A reply has the ends the other way round; the connection is what is told.
  const [first, second, port, sourcePort] = isReply ? [to, from, ports.sourcePort, ports.port] : [from, to, ports.port, ports.sourcePort];
  const direction = DIRECTIONS[flow.traffic_direction as string];
  const time = parseTime(flow.time ?? outer.time);
  const dns = dnsOf(flow);
  const record: FlowRecord = {
    format: 'hubble',
    ...(time !== undefined && { time }),
    ...(node !== undefined && { node }),
    ...(direction !== undefined && { direction }),
    from: first,
    to: second,
    protocol,
    ...(port !== undefined && { port }),
    ...(sourcePort !== undefined && { sourcePort }),
    ...(protocol === 'ICMP' && { icmp: [numberOf(transport.type) ?? 0, numberOf(transport.code) ?? 0] as const }),
    ...said,
    ...(isReply !== undefined && { isReply }),
    named: said.sort === 'decision' ? namesOf(flow) : NOTHING,
    count: aggregated(outer),
    ...(dns !== undefined && { dns }),
  };
  return oneRecord(record);
}

const NOTHING: readonly FlowName[] = [];
const DIRECTIONS: Readonly<Record<string, Direction>> = { EGRESS: 'egress', INGRESS: 'ingress' };

/** `prod/node-a` → `node-a`: the cluster stands before the node. */
function nodeOf(name: unknown): string | undefined {
  const text = textOf(name);
  return text?.slice(text.lastIndexOf('/') + 1);
}

/** Reserved identities (cilium pkg/identity/numericidentity.go) that are not addresses of their own. */
const RESERVED = new Map<unknown, string>([
  [1, 'host'],
  [4, 'health'],
  [6, 'remote-node'],
  [7, 'kube-apiserver'],
  [8, 'ingress'],
]);

function endOf(end: Json, address: string | undefined, node: string | undefined): FlowEnd | undefined {
  const [namespace, pod] = [textOf(end.namespace), textOf(end.pod_name)];
  if (namespace !== undefined && pod !== undefined)
    return address === undefined ? { pod: `${namespace}/${pod}` } : { pod: `${namespace}/${pod}`, address };
  if (address !== undefined) return { address };
  const other = RESERVED.get(end.identity) ?? (end.identity === 2 ? 'world' : undefined);
  if (other === 'host' && node !== undefined) return { node };
  return other === undefined ? undefined : { other };
}

/** What the record says: of which kind it is, and its verdict. Only policy verdicts (type 5) are decisions; a drop repeats one. */
function saidBy(flow: Json, type: number | undefined): Pick<FlowRecord, 'verdict' | 'sort' | 'reason'> {
  const { verdict } = flow;
  const reason = textOf(flow.drop_reason_desc) ?? POLICY_REASONS.get(flow.drop_reason) ?? 'UNKNOWN';
  if (type === 129 || flow.Type === 'L7') {
    const l7 = objectOf(flow.l7);
    const kind = l7.dns !== undefined ? 'dns' : l7.http !== undefined ? 'http' : 'l7';
    return { sort: 'l7', verdict: verdict === 'DROPPED' ? 'deny' : 'forwarded', reason: kind };
  }
  if (type === 5) {
    if (verdict === 'FORWARDED' || verdict === 'REDIRECTED') return { sort: 'decision', verdict: 'allow' };
    if (verdict === 'DROPPED') return { sort: 'decision', verdict: 'deny' };
    return { sort: 'decision', verdict: verdict === 'AUDIT' ? 'audit' : 'unknown' };
  }
  if (verdict === 'AUDIT') return { sort: 'repeat', verdict: 'audit' };
  if (verdict === 'DROPPED' || type === 1)
    return POLICY_REASON_NAMES.has(reason) ? { sort: 'repeat', verdict: 'deny' } : { sort: 'not-policy', verdict: 'dropped', reason };
  if (verdict === 'ERROR') return { sort: 'not-policy', verdict: 'dropped', reason: 'ERROR' };
  return { sort: 'trace', verdict: 'forwarded' };
}

const LISTS = [
  ['egress_allowed_by', 'allowed-by'],
  ['ingress_allowed_by', 'allowed-by'],
  ['egress_denied_by', 'denied-by'],
  ['ingress_denied_by', 'denied-by'],
] as const;

function namesOf(flow: Json): readonly FlowName[] {
  const names: FlowName[] = [];
  for (const [key, role] of LISTS) {
    for (const entry of listOf(flow[key])) {
      const { name, namespace, kind } = objectOf(entry);
      if (typeof name !== 'string') continue;
      const inNamespace = textOf(namespace);
      names.push({ kind: textOf(kind) ?? '', name, ...(inNamespace !== undefined && { namespace: inNamespace }), role });
    }
  }
  return names;
}

/** Exporters of 1.19 count flows with the same chosen fields. */
function aggregated({ aggregate }: Json): number {
  if (aggregate === undefined) return 1;
  const counts = objectOf(aggregate);
  const of = (key: string) => numberOf(counts[key]) ?? 0;
  return countOf(Math.max(of('ingress_flow_count'), of('egress_flow_count'), of('unknown_direction_flow_count')));
}

function dnsOf(flow: Json): FlowRecord['dns'] {
  if (flow.l7 === undefined) return undefined;
  const dns = objectOf(objectOf(flow.l7).dns);
  const [name, addresses] = [textOf(dns.query), listOf(dns.ips).filter((ip) => typeof ip === 'string')];
  return name === undefined || addresses.length === 0 ? undefined : { name: name.replace(/\.$/, ''), addresses };
}
