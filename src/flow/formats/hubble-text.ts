// Text of Cilium: `hubble observe` (compact), and `cilium-dbg monitor`.
import type { Direction } from '../../model/policy.ts';
import { MISSING_FIELD, oneRecord, portOf, protocolOf, skipped } from '../json-value.ts';
import type { FlowEnd, FlowRecord, Format } from '../record.ts';
import { parseSyslogTime, parseTime } from '../time.ts';

const COMPACT = /^(.*?\d\d:\d\d:\d\d[.\d]*)(?: \[[^\]]*\])?: (\S+?) (?:\(([^)]*)\) )?(->|<>|<-) (\S+?) (?:\(([^)]*)\) )?(.*)$/;
const WORD = /\b(FORWARDED|DROPPED|ALLOWED|DENIED|AUDITED|AUDIT|REDIRECTED|ERROR|TRACED|TRANSLATED)\b/;

export const hubbleCompact: Format = {
  name: 'hubble-compact',
  form: 'text',
  open:
    ({ year, offsetMinutes }) =>
    (line) => {
      const found = line.includes(' -> ') || line.includes(' <> ') || line.includes(' <- ') ? COMPACT.exec(line) : null;
      if (found === null) return undefined;
      const [, stamp = '', left = '', , arrow, right = '', , tail = ''] = found;
      const verdict = WORD.exec(tail)?.[1];
      if (verdict === undefined) return undefined;
      const isReply = arrow === '<-';
      // Replies are printed in the order of the connection, with the arrow turned round.
      const [from, to] = [endOf(left), endOf(right)];
      const type = /policy-verdict:(\S+) (EGRESS|INGRESS)/.exec(tail);
      const protocol = /\((TCP|UDP|SCTP|ICMPv?[46]?)/.exec(tail)?.[1] ?? 'TCP';
      const time = parseSyslogTime(stamp, year, offsetMinutes) ?? parseTime(stamp.replace(' ', 'T'), offsetMinutes);
      const denied = verdict === 'DROPPED' || verdict === 'DENIED';
      const byPolicy = type !== null || /policy den/i.test(tail);
      const said: Pick<FlowRecord, 'verdict' | 'sort' | 'reason'> =
        type !== null
          ? { sort: 'decision', verdict: verdict === 'ALLOWED' ? 'allow' : verdict === 'DENIED' ? 'deny' : 'audit' }
          : denied
            ? byPolicy
              ? { sort: 'repeat', verdict: 'deny' }
              : { sort: 'not-policy', verdict: 'dropped', reason: tail.slice(0, tail.indexOf(' DROPPED')).slice(0, 60) }
            : { sort: 'trace', verdict: 'forwarded' };
      const record: FlowRecord = {
        format: 'hubble-compact',
        ...(time !== undefined && { time }),
        ...(type !== null && { direction: (type[2] as string).toLowerCase() as Direction }),
        from: from.end,
        to: to.end,
        protocol: protocolOf(protocol),
        ...(to.port !== undefined && { port: to.port }),
        ...(from.port !== undefined && { sourcePort: from.port }),
        ...said,
        ...(arrow !== '<>' && { isReply }),
        named: [],
        count: 1,
      };
      return oneRecord(record);
    },
};

/** `shop/web-q4mzn:51600`, `10.0.1.10:53`, `[fd00::1]:53`, `smtp.example.net:25`. */
function endOf(text: string): { readonly end: FlowEnd; readonly port: number | undefined } {
  const found = /^(?:\[([^\]]*)\]|(.*?))(?::(\d+))?$/.exec(text);
  const [, six, name = '', port] = found ?? [];
  const who = six ?? name;
  const end: FlowEnd = who.includes('/') ? { pod: who } : /^[\d.]+$/.test(who) || who.includes(':') ? { address: who } : { other: who };
  return { end, port: portOf(port) };
}

const MONITOR =
  /^Policy verdict log: .*?, proto (\d+), (ingress|egress), action (\w+),.*?, (\[?[0-9a-fA-F.:]+\]?):(\d+) -> (\[?[0-9a-fA-F.:]+\]?):(\d+)/;
const DROP = /^xx drop \(([^)]*)\).*: (\[?[0-9a-fA-F.:]+\]?):(\d+) -> (\[?[0-9a-fA-F.:]+\]?):(\d+) (\w+)/;

export const ciliumMonitor: Format = {
  name: 'cilium-monitor',
  form: 'text',
  open: () => (line) => {
    const isVerdict = line.startsWith('Policy verdict log:');
    const isDrop = line.startsWith('xx drop');
    if (!isVerdict && !isDrop)
      return /^(->|<-) (endpoint|stack|overlay|network|host|proxy)/.test(line) ? skipped('cilium-monitor', 'other') : undefined;
    const found = isVerdict ? MONITOR.exec(line) : DROP.exec(line);
    if (found === null) return MISSING_FIELD;
    const [from, sourcePort, to, port] = isVerdict ? found.slice(4, 8) : found.slice(2, 6);
    const [source, destination] = [portOf(sourcePort), portOf(port)];
    const plain = (text: string | undefined) => ({ address: (text ?? '').replace(/[[\]]/g, '') });
    const byPolicy = isVerdict || /policy denied/i.test(found[1] as string);
    const record: FlowRecord = {
      format: 'cilium-monitor',
      ...(isVerdict && { direction: found[2] as Direction }),
      from: plain(from),
      to: plain(to),
      protocol: protocolOf(isVerdict ? found[1] : found[6]),
      ...(destination !== undefined && { port: destination }),
      ...(source !== undefined && { sourcePort: source }),
      ...(isVerdict
        ? {
            sort: 'decision' as const,
            verdict:
              found[3] === 'allow' || found[3] === 'redirect'
                ? ('allow' as const)
                : found[3] === 'audit'
                  ? ('audit' as const)
                  : ('deny' as const),
          }
        : byPolicy
          ? { sort: 'repeat' as const, verdict: 'deny' as const }
          : { sort: 'not-policy' as const, verdict: 'dropped' as const, reason: (found[1] as string).slice(0, 60) }),
      named: [],
      count: 1,
    };
    return oneRecord(record);
  },
};
