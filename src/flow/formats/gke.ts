// GKE Dataplane V2 and Google Distributed Cloud: network policy logging, from the node's file or from Cloud Logging (`jsonPayload`).
import { countOf, listOf, MISSING_FIELD, objectOf, oneRecord, portOf, protocolOf, textOf } from '../json-value.ts';
import type { FlowEnd, FlowName, FlowRecord, Format, Json } from '../record.ts';
import { parseTime } from '../time.ts';

export const gke: Format = {
  name: 'gke',
  form: 'json',
  open: () => (value) => {
    const payload = value.jsonPayload === undefined ? value : objectOf(value.jsonPayload);
    const { disposition } = payload;
    if (typeof disposition !== 'string' || payload.connection === undefined) return undefined;
    const connection = objectOf(payload.connection);
    const [from, to] = [endOf(objectOf(payload.src), connection.src_ip), endOf(objectOf(payload.dest), connection.dest_ip)];
    if (from === undefined || to === undefined) return MISSING_FIELD;
    const [port, sourcePort] = [portOf(connection.dest_port), portOf(connection.src_port)];
    const time = parseTime(payload.timestamp ?? value.timestamp);
    const node = textOf(payload.node_name);
    const record: FlowRecord = {
      format: 'gke',
      ...(time !== undefined && { time }),
      ...(node !== undefined && { node }),
      ...directionOf(connection.direction, from, to),
      from,
      to,
      protocol: protocolOf(connection.protocol),
      ...(port !== undefined && { port }),
      ...(sourcePort !== undefined && { sourcePort }),
      verdict: disposition === 'allow' ? 'allow' : disposition === 'deny' ? 'deny' : 'unknown',
      sort: 'decision',
      named: listOf(payload.policies).flatMap((policy): readonly FlowName[] => {
        const { name, namespace, kind } = objectOf(policy);
        if (typeof name !== 'string') return [];
        const inNamespace = textOf(namespace);
        return [{ kind: textOf(kind) ?? '', name, ...(inNamespace !== undefined && { namespace: inNamespace }), role: 'allowed-by' }];
      }),
      count: countOf(payload.count),
    };
    return oneRecord(record);
  },
};

function endOf(end: Json, ip: unknown): FlowEnd | undefined {
  const address = textOf(ip) ?? textOf(end.instance);
  const [namespace, pod, node] = [textOf(end.pod_namespace) ?? textOf(end.namespace), textOf(end.pod_name), textOf(end.node_name)];
  if (namespace !== undefined && pod !== undefined) return { pod: `${namespace}/${pod}`, ...(address !== undefined && { address }) };
  if (address !== undefined) return { address };
  return node === undefined ? undefined : { node };
}

/** A pod's record of traffic to its node says `ingress` (policylogger's nodeAllowLog): the ends are right, the word is not. */
function directionOf(word: unknown, from: FlowEnd, to: FlowEnd): Pick<FlowRecord, 'direction'> {
  if (from.pod !== undefined && to.pod === undefined) return { direction: 'egress' };
  if (to.pod !== undefined && from.pod === undefined) return { direction: 'ingress' };
  return word === 'egress' || word === 'ingress' ? { direction: word } : {};
}
