// AWS VPC CNI's network policy agent: its node log, and the lines it sends to CloudWatch (aws-network-policy-agent pkg/ebpf/events).
import type { Direction } from '../../model/policy.ts';
import { BAD_ADDRESS, MISSING_FIELD, oneRecord, portOf, protocolOf, skipped } from '../json-value.ts';
import type { FlowRecord, Format, Json, LineRead } from '../record.ts';
import { parseTime } from '../time.ts';

/** IPv4 lines are spelled `Proto TCP Verdict DENY Direction egress, Tier X`, IPv6 lines with colons and without a comma. */
const FLOW =
  /Src IP: (\S+) Src Port: (\d+) Dest IP: (\S+) Dest Port: (\d+) Proto:? (.+?) Verdict:? (\S+)(?: Direction:? (\w+))?,?(?: Tier:? (\w+))?/;

export const aws: Format = {
  name: 'aws',
  form: 'json',
  open: () => (value) => {
    const { msg } = value;
    if (typeof msg !== 'string' || typeof value.caller !== 'string' || value.id !== undefined) return undefined;
    if (!msg.startsWith('Flow Info')) return skipped('aws', 'other');
    const time = parseTime(value.ts);
    if (value['Src IP'] !== undefined) return ofKeys(value, time);
    const found = FLOW.exec(msg);
    if (found === null) return MISSING_FIELD;
    const [, from = '', sourcePort, to = '', port, protocol, verdict = '', direction, tier] = found;
    return recordOf({ format: 'aws', time, from, to, protocol, port, sourcePort, verdict, direction, tier });
  },
};

/** Releases of 2025 and before: keys of the logger. */
function ofKeys(value: Json, time: number | undefined): LineRead {
  return recordOf({
    format: 'aws',
    time,
    from: String(value['Src IP']),
    to: String(value['Dest IP']),
    protocol: value.Proto,
    port: value['Dest Port'],
    sourcePort: value['Src Port'],
    verdict: String(value.Verdict),
    direction: value.Direction,
    tier: value.Tier,
  });
}

const CLOUDWATCH =
  /Node: ([^;]*);SIP: ([^;]*);SPORT: (\d+);DIP: ([^;]*);DPORT: (\d+);PROTOCOL: ([^;]*);PolicyVerdict: ([^;\s]*)(?:;Tier: (\w+))?/;
const STAMP = /^"?(\d{4}-\d\d-\d\dT[\d:.]+Z)\s/;

export const awsCloudwatch: Format = {
  name: 'aws-cloudwatch',
  form: 'text',
  open: () => (line) => {
    if (!line.includes('SIP: ')) return undefined;
    const found = CLOUDWATCH.exec(line);
    if (found === null) return MISSING_FIELD;
    const [, node, from = '', sourcePort, to = '', port, protocol, verdict = '', tier] = found;
    // `aws logs tail` writes the time of the event before it.
    const time = parseTime(STAMP.exec(line)?.[1]);
    return recordOf({ format: 'aws-cloudwatch', time, node, from, to, protocol, port, sourcePort, verdict, direction: undefined, tier });
  },
};

interface Parts {
  readonly format: 'aws' | 'aws-cloudwatch';
  readonly time: number | undefined;
  readonly node?: string | undefined;
  readonly from: string;
  readonly to: string;
  readonly protocol: unknown;
  readonly port: unknown;
  readonly sourcePort: unknown;
  readonly verdict: string;
  readonly direction: unknown;
  readonly tier: unknown;
}

function recordOf({ format, time, node, from, to, protocol, verdict, direction, tier, ...ports }: Parts): LineRead {
  if (!isAddress(from) || !isAddress(to)) return BAD_ADDRESS;
  const [port, sourcePort] = [portOf(ports.port), portOf(ports.sourcePort)];
  // Before the agent knows the state of a pod it denies everything; a conntrack entry that went is no new connection.
  const isNoPolicy = tier === 'ERROR' || verdict === 'EXPIRED/DELETED';
  const record: FlowRecord = {
    format,
    ...(time !== undefined && { time }),
    ...(node !== undefined && node !== '' && { node }),
    ...((direction === 'egress' || direction === 'ingress') && { direction: direction as Direction }),
    from: { address: from },
    to: { address: to },
    protocol: protocolOf(protocol),
    ...(port !== undefined && { port }),
    ...(sourcePort !== undefined && { sourcePort }),
    verdict: isNoPolicy
      ? tier === 'ERROR'
        ? 'dropped'
        : 'unknown'
      : verdict === 'ACCEPT'
        ? 'allow'
        : verdict === 'DENY'
          ? 'deny'
          : 'unknown',
    sort: isNoPolicy ? 'not-policy' : 'decision',
    ...(isNoPolicy && { reason: tier === 'ERROR' ? 'pod-state-unknown' : 'conntrack-entry-removed' }),
    named: [],
    count: 1,
  };
  return oneRecord(record);
}

/** Looks like one; whether it is shows when it is looked up. */
export function isAddress(text: string): boolean {
  return text.length <= 45 && /^[0-9a-fA-F:.]{2,}$/.test(text);
}
