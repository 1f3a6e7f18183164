// The kernel's log of packets (iptables LOG, nft log): a record only with a prefix that policy enforcers are known to write.
import { MISSING_FIELD, numberOf, oneRecord, portOf, protocolOf, skipped } from '../json-value.ts';
import type { FlowRecord, Format } from '../record.ts';
import { parseSyslogTime, parseTime } from '../time.ts';

const PACKET = /\bIN=\S* OUT=\S* /;
/** Ours: `npv D I shop/db:` (lab, agent). */
const OWN = /npv ([AD]) ([IE]) (\S+):\s*$/;
/** A rule with `action: Log` in Calico logs and decides nothing. */
const CALICO_LOG = /calico-packet:?\s*$/;
const HOST = /^(?:[A-Z][a-z]{2} {1,2}\d{1,2} [\d:.]+|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+)) (\S+) kernel:/;

export const kernel: Format = {
  name: 'kernel',
  form: 'text',
  open:
    ({ year, offsetMinutes }) =>
    (line) => {
      const packet = PACKET.exec(line);
      if (packet === null) return undefined;
      const prefix = line.slice(0, packet.index);
      const own = OWN.exec(prefix);
      const isLog = own === null && CALICO_LOG.test(prefix);
      if (own === null && !isLog) return skipped('kernel', 'not-a-policy-prefix');
      const body = line.slice(packet.index);
      const field = (name: string) => new RegExp(` ${name}=([^ \\]]*)`).exec(body)?.[1];
      const protocol = protocolOf(field('PROTO'));
      // An error names the packet it is about in brackets; that one is old news.
      if (protocol === 'ICMP' && body.includes(' [')) return skipped('kernel', 'icmp-error');
      const [from, to] = [field('SRC'), field('DST')];
      if (from === undefined || to === undefined) return MISSING_FIELD;
      const [port, sourcePort, type] = [portOf(field('DPT')), portOf(field('SPT')), numberOf(field('TYPE'))];
      const time = parseSyslogTime(line, year, offsetMinutes) ?? parseTime(line.slice(0, line.indexOf(' ')), offsetMinutes);
      const node = HOST.exec(line)?.[1];
      const isEstablished = protocol === 'TCP' && / ACK /.test(body);
      const record: FlowRecord = {
        format: 'kernel',
        ...(time !== undefined && { time }),
        ...(node !== undefined && { node }),
        ...(own !== null && { direction: own[2] === 'E' ? ('egress' as const) : ('ingress' as const) }),
        from: { address: from },
        to: { address: to },
        protocol,
        ...(port !== undefined && { port }),
        ...(sourcePort !== undefined && { sourcePort }),
        ...(protocol === 'ICMP' && type !== undefined && { icmp: [type, numberOf(field('CODE')) ?? 0] as const }),
        ...(own === null
          ? { verdict: 'logged' as const, sort: 'log-only' as const, reason: 'log-rule' }
          : { verdict: own[1] === 'D' ? ('deny' as const) : ('allow' as const), sort: 'decision' as const }),
        ...(isEstablished && { established: true as const }),
        named: [],
        count: 1,
      };
      return oneRecord(record);
    },
};
