// Events that Cilium writes about drops (reason PacketDrop, hubble-drop-events), as `kubectl get events -A -o json` or a watch prints them.
import { BAD_ADDRESS, countOf, MISSING_FIELD, objectOf, oneRecord, portOf, protocolOf, skipped, textOf } from '../json-value.ts';
import type { FlowEnd, FlowRecord, Format } from '../record.ts';
import { parseTime } from '../time.ts';
import { isAddress } from './aws.ts';

const MESSAGE = /^(Incoming|Outgoing) packet dropped \((\w+)\) (?:from|to) (\S+)(?: \(([^)]*)\))?(?: ([A-Za-z0-9]+)(?:\/(\d+))?)?/;
const BY_POLICY: ReadonlySet<string> = new Set(['policy_denied', 'policy_deny', 'auth_required']);

export const kubernetesEvent: Format = {
  name: 'kubernetes-event',
  form: 'json',
  open: () => (value) => {
    const event = value.type !== undefined && value.object !== undefined && value.kind === undefined ? objectOf(value.object) : value;
    if (event.kind !== 'Event') return undefined;
    if (event.reason !== 'PacketDrop') return skipped('kubernetes-event', 'other');
    const { message } = event;
    const found = typeof message === 'string' ? MESSAGE.exec(message) : null;
    const about = objectOf(event.involvedObject ?? event.regarding);
    const [namespace, name] = [textOf(about.namespace), textOf(about.name)];
    if (found === null || namespace === undefined || name === undefined) return MISSING_FIELD;
    const [, way, reason = '', other = '', address, protocol = '', digits] = found;
    if (address !== undefined && !isAddress(address)) return BAD_ADDRESS;
    const own: FlowEnd = { pod: `${namespace}/${name}` };
    const peer: FlowEnd = { ...(other.includes('/') && { pod: other }), ...(address === undefined ? { other } : { address }) };
    const [port, time, until] = [portOf(digits), parseTime(event.firstTimestamp ?? event.eventTime), parseTime(event.lastTimestamp)];
    const isPolicy = BY_POLICY.has(reason);
    const record: FlowRecord = {
      format: 'kubernetes-event',
      ...(time !== undefined && { time }),
      ...(until !== undefined && { until }),
      direction: way === 'Outgoing' ? 'egress' : 'ingress',
      from: way === 'Outgoing' ? own : peer,
      to: way === 'Outgoing' ? peer : own,
      protocol: protocolOf(protocol),
      ...(port !== undefined && { port }),
      ...(isPolicy
        ? { verdict: 'deny' as const, sort: 'decision' as const }
        : { verdict: 'dropped' as const, sort: 'not-policy' as const, reason: reason.toUpperCase() }),
      named: [],
      count: countOf(event.count),
    };
    return oneRecord(record);
  },
};
