// What is open now: `conntrack -L`, `ss -tn`, and Cilium's connection table (`cilium-dbg bpf ct list global`).
import { MISSING_FIELD, oneRecord, portOf, protocolOf, skipped } from '../json-value.ts';
import type { FlowRecord, Format } from '../record.ts';

const OPEN = { verdict: 'forwarded', sort: 'open', isReply: false, named: [], count: 1 } as const;

const TUPLES = /\bsrc=(\S+) dst=(\S+)(?: sport=(\d+) dport=(\d+))?/g;
const CONNTRACK = /^(?:ipv[46]\s+\d+\s+)?(tcp|udp|sctp|icmp|icmpv6|dccp|udplite|unknown)\s+\d+ /;

export const conntrack: Format = {
  name: 'conntrack',
  form: 'text',
  open: () => (line) => {
    const protocol = CONNTRACK.exec(line)?.[1];
    if (protocol === undefined || !line.includes('src='))
      return /^conntrack v[\d.]+ /.test(line) ? skipped('conntrack', 'other') : undefined;
    const [asked, answered] = [...line.matchAll(TUPLES)];
    if (asked === undefined) return MISSING_FIELD;
    const isClosing = / (TIME_WAIT|CLOSE|CLOSE_WAIT|LAST_ACK|FIN_WAIT) /.test(line);
    if (isClosing || line.includes('[UNREPLIED]')) return skipped('conntrack', 'other');
    // The answer comes from where the packets really went, behind a Service's address.
    const [, from = '', dialled = '', sourcePort, port] = asked;
    const to = answered?.[1] ?? dialled;
    return oneRecord(recordOf('conntrack', protocol, { from, sourcePort, to, port: answered?.[3] ?? port }));
  },
};

const CILIUM = /^(TCP|UDP|SCTP|ICMP|ICMPv6) (OUT|IN) (\[?[0-9a-fA-F.:]+?\]?):(\d+) -> (\[?[0-9a-fA-F.:]+?\]?):(\d+) /;

export const ciliumCt: Format = {
  name: 'cilium-ct',
  form: 'text',
  open: () => (line) => {
    const found = CILIUM.exec(line);
    if (found === null) return /^(TCP|UDP|SCTP|ICMP|ICMPv6) (SVC|RELATED) /.test(line) ? skipped('cilium-ct', 'other') : undefined;
    const [, protocol, way, from = '', sourcePort, to = '', port] = found;
    if (/(Rx|Tx)Closing/.test(line)) return skipped('cilium-ct', 'other');
    const plain = (text: string) => text.replace(/[[\]]/g, '');
    const record = recordOf('cilium-ct', protocol, { from: plain(from), sourcePort, to: plain(to), port });
    return oneRecord({ ...record, direction: way === 'OUT' ? 'egress' : 'ingress' });
  },
};

const SOCKET =
  /^(?:tcp\s+)?(ESTAB|LISTEN|SYN-SENT|SYN-RECV|TIME-WAIT|CLOSE-WAIT|FIN-WAIT-[12]|LAST-ACK|CLOSING|UNCONN)\s+\d+\s+\d+\s+(\S+):(\d+|\*)\s+(\S+):(\d+|\*)/;
/** The kernel's default for ports of clients: net.ipv4.ip_local_port_range. */
const FIRST_CLIENT_PORT = 32768;

export const ss: Format = {
  name: 'ss',
  form: 'text',
  open: () => (line) => {
    const found = SOCKET.exec(line);
    if (found === null) return /^(State|Netid)\s+/.test(line) ? skipped('ss', 'other') : undefined;
    const [, state, local = '', localPort, peer = '', peerPort] = found;
    if (state !== 'ESTAB') return skipped('ss', 'other');
    const plain = (text: string) =>
      text
        .replace(/[[\]]/g, '')
        .replace(/%.*$/, '')
        .replace(/^::ffff:/, '');
    const [own, other] = [
      { address: plain(local), port: localPort },
      { address: plain(peer), port: peerPort },
    ];
    // A socket does not say who dialled: the one with the port of a client did.
    const [from, to] = Number(peerPort) >= FIRST_CLIENT_PORT && Number(localPort) < FIRST_CLIENT_PORT ? [other, own] : [own, other];
    return oneRecord(recordOf('ss', 'tcp', { from: from.address, sourcePort: from.port, to: to.address, port: to.port }));
  },
};

interface Tuple {
  readonly from: string;
  readonly sourcePort: string | undefined;
  readonly to: string;
  readonly port: string | undefined;
}

function recordOf(format: 'conntrack' | 'cilium-ct' | 'ss', protocol: string | undefined, tuple: Tuple): FlowRecord {
  const [port, sourcePort] = [portOf(tuple.port), portOf(tuple.sourcePort)];
  return {
    format,
    from: { address: tuple.from },
    to: { address: tuple.to },
    protocol: protocolOf(protocol),
    ...(port !== undefined && { port }),
    ...(sourcePort !== undefined && { sourcePort }),
    ...OPEN,
  };
}
