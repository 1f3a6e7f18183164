// The table beside the rules: turns our datagrams into SCTP on their way out, and notes which SCTP packets came past the rules. Pure text.
// An ordinary process has no SCTP, and this kernel may have none either; nftables and conntrack know it all the same.
import { MOST_DENIALS } from '../nft/frame.ts';
import { PROTOCOL_NUMBER } from '../nft/ruleset.ts';

export const OBSERVER = 'netverdict-observer';
/** Header and INIT (sctp-init.ts) together; a server's answer from that very port is shorter, and stays UDP. */
const INIT_DATAGRAM = 32;

/**
 * `host`: of a namespace that packets begin or end in. `router`: of one that has pods behind cables called p0, p1, …, and is a host too.
 * Its sets are `passed4` and `passed6`: source . destination . protocol . port. `sctpPort`: the UDP source port whose packets are turned.
 */
export function observerTable(sctpPort: number, place: 'host' | 'router' = 'host'): string {
  const passed = (family: 4 | 6) => {
    const ip = family === 4 ? 'ip' : 'ip6';
    return [
      `\tset passed${family} {\n\t\ttypeof ${ip} saddr . ${ip} daddr . meta l4proto . th dport\n\t\tflags dynamic\n\t\tsize ${MOST_DENIALS}\n\t}`,
      `add @passed${family} { ${ip} saddr . ${ip} daddr . meta l4proto . th dport }`,
    ] as const;
  };
  const [set4, add4] = passed(4);
  const [set6, add6] = passed(6);
  return `add table inet ${OBSERVER}
delete table inet ${OBSERVER}
table inet ${OBSERVER} {
${set4}
${set6}
	chain turn {
		udp sport ${sctpPort} udp length ${INIT_DATAGRAM} meta nfproto ipv4 @th,32,32 set 0 ip protocol set ${PROTOCOL_NUMBER.SCTP}
		udp sport ${sctpPort} udp length ${INIT_DATAGRAM} meta nfproto ipv6 @th,32,32 set 0 ip6 nexthdr set ${PROTOCOL_NUMBER.SCTP}
	}
	chain passed {
		meta l4proto ${PROTOCOL_NUMBER.SCTP} ${add4}
		meta l4proto ${PROTOCOL_NUMBER.SCTP} ${add6}
	}
	chain leaving {
		type filter hook output priority raw; policy accept;
		jump turn
	}
	chain arriving {
		type filter hook input priority 10; policy accept;
		jump passed
	}${place === 'host' ? '' : ROUTER}
}
`;
}

/** Past the rules, which hang in forward; what the router itself sends to its pods comes here too. */
const ROUTER = `
	chain from-pods {
		type filter hook prerouting priority raw; policy accept;
		iifname "p*" jump turn
	}
	chain to-pods {
		type filter hook postrouting priority 10; policy accept;
		oifname "p*" jump passed
	}`;
