// Antrea's audit log, np.log: fields between blanks, `<nil>` for none (antrea pkg/agent/controller/networkpolicy/audit_logging.go).
import type { Direction } from '../../model/policy.ts';
import { BAD_ADDRESS, countOf, MISSING_FIELD, oneRecord, portOf, protocolOf } from '../json-value.ts';
import type { FlowEnd, FlowName, FlowRecord, Format } from '../record.ts';
import { parseTime } from '../time.ts';
import { isAddress } from './aws.ts';

const START = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d+)?) (\w*(?:Rule|Metric|Policy|Table)\w*) (.*)$/;
const MERGED = / \[(\d+) packets? in [^\]]*\]$/;

export const antrea: Format = {
  name: 'antrea',
  form: 'text',
  open:
    ({ offsetMinutes }) =>
    (line) => {
      const found = START.exec(line);
      if (found === null) return undefined;
      const [, stamp, table = '', tail = ''] = found;
      const merged = MERGED.exec(tail);
      const fields = tail.replace(MERGED, '').split(' ');
      const read = fields.length >= 12 ? current(fields) : old(fields);
      if (read === undefined) return MISSING_FIELD;
      if (!isAddress(read.source) || !isAddress(read.destination)) return BAD_ADDRESS;
      const direction: Direction | undefined =
        read.direction?.toLowerCase() === 'ingress' || (read.direction === undefined && table.includes('Ingress'))
          ? 'ingress'
          : read.direction?.toLowerCase() === 'egress' || table.includes('Egress')
            ? 'egress'
            : undefined;
      const applied = /^[^/\s<]+\/[^/\s]+$/.exec(read.appliedTo ?? '')?.[0];
      const endOf = (address: string, isApplied: boolean): FlowEnd =>
        isApplied && applied !== undefined ? { pod: applied, address } : { address };
      const [port, sourcePort, time] = [portOf(read.port), portOf(read.sourcePort), parseTime(stamp, offsetMinutes)];
      const record: FlowRecord = {
        format: 'antrea',
        ...(time !== undefined && { time }),
        ...(direction !== undefined && { direction }),
        from: endOf(read.source, direction === 'egress'),
        to: endOf(read.destination, direction === 'ingress'),
        protocol: protocolOf(read.protocol),
        ...(port !== undefined && { port }),
        ...(sourcePort !== undefined && { sourcePort }),
        ...ACTIONS[read.action],
        named: namesOf(read.policy, read.rule, read.action),
        count: countOf(merged?.[1]),
      };
      return oneRecord(record);
    },
};

interface Fields {
  readonly policy: string;
  readonly rule?: string | undefined;
  readonly direction?: string | undefined;
  readonly action: keyof typeof ACTIONS;
  readonly appliedTo?: string | undefined;
  readonly source: string;
  readonly sourcePort?: string | undefined;
  readonly destination: string;
  readonly port?: string | undefined;
  readonly protocol: string;
}

/** Redirected to a proxy, which decides by request; passed on to the next tier. */
const ACTIONS = {
  Allow: { verdict: 'allow', sort: 'decision' },
  Drop: { verdict: 'deny', sort: 'decision' },
  Reject: { verdict: 'deny', sort: 'decision' },
  Redirect: { verdict: 'forwarded', sort: 'l7', reason: 'redirect' },
  Pass: { verdict: 'logged', sort: 'log-only', reason: 'pass' },
} as const satisfies Readonly<Record<string, Pick<FlowRecord, 'verdict' | 'sort' | 'reason'>>>;

function isAction(word: string | undefined): word is keyof typeof ACTIONS {
  return word !== undefined && Object.hasOwn(ACTIONS, word);
}

/** npRef rule direction action priority appliedTo srcIP srcPort dstIP dstPort proto length [label]. */
function current(fields: readonly string[]): Fields | undefined {
  const [policy = '', rule, direction, action, , appliedTo, source = '', sourcePort, destination = '', port, protocol = ''] = fields;
  if (!isAction(action)) return undefined;
  return { policy, rule, direction, action, appliedTo, source, sourcePort, destination, port, protocol };
}

/** Before 1.12: npRef action priority srcIP dstIP length protocol, the order of 1.4 with ports between. */
function old(fields: readonly string[]): Fields | undefined {
  const at = fields.findIndex(isAction);
  const action = fields[at];
  if (at < 1 || !isAction(action)) return undefined;
  const rest = fields.slice(at + 1);
  const addresses = rest.flatMap((field, i) => (/[.:]/.test(field) && isAddress(field) ? [i] : []));
  const [from, to] = addresses;
  if (from === undefined || to === undefined) return undefined;
  const hasPorts = to - from === 2;
  return {
    policy: fields[0] as string,
    action,
    source: rest[from] as string,
    destination: rest[to] as string,
    ...(hasPorts && { sourcePort: rest[from + 1], port: rest[to + 1] }),
    protocol: rest.find((field) => /^(TCP|UDP|SCTP|ICMP|ICMPv6)$/.test(field)) ?? '',
  };
}

/** `K8sNetworkPolicy:shop/web-egress` → a NetworkPolicy. The bare word `K8sNetworkPolicy` stands for isolation: nothing is named. */
function namesOf(reference: string, rule: string | undefined, action: keyof typeof ACTIONS): readonly FlowName[] {
  const colon = reference.indexOf(':');
  if (colon < 0) return [];
  const type = reference.slice(0, colon);
  const ref = reference.slice(colon + 1);
  const slash = ref.indexOf('/');
  const index = rule !== undefined && /^\d+$/.test(rule) ? Number(rule) : undefined;
  return [
    {
      kind: type.replace(/^K8s/, ''),
      ...(slash >= 0 && { namespace: ref.slice(0, slash) }),
      name: ref.slice(slash + 1),
      ...(index !== undefined && { rule: index }),
      role: action === 'Allow' ? 'allowed-by' : 'denied-by',
    },
  ];
}
