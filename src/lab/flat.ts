// The flat laboratory: one namespace in which every address is local, so that all pods, nodes and the whole internet are one machine.
// Packets pass output, loopback and input; the rules hang in input, where they would hang in forward on a router. No packet can leave:
// there is no other device.
import { Failure } from '../failure.ts';
import { type Ip, printIp } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import { type Change, delta } from '../nft/delta.ts';
import { deniedSet, MOST_DENIALS } from '../nft/frame.ts';
import { printChanges } from '../nft/print.ts';
import { PROTOCOL_NUMBER, type Ruleset } from '../nft/ruleset.ts';
import { stages } from '../nft/stages.ts';
import { deniedIn, passedIn } from './kernel-record.ts';
import type { Observation } from './compare.ts';
import { ENDED, type Listener, type Said } from './messages.ts';
import { type Namespace, openNamespace } from './namespace.ts';
import { batchesOf } from './batches.ts';
import type { Tools } from './tools.ts';

/** One connection attempt between two addresses. */
export interface Shot {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: Protocol;
  readonly port: number;
  /** False: nobody listens there, so that a packet which gets through is refused. */
  readonly listening?: boolean;
}

export interface ShootOptions {
  /** How long a client waits when nothing comes back. Only `--faithful` rules make it wait. */
  readonly timeoutMs?: number;
  readonly inFlight?: number;
  /** Called after each batch with how many of all are done. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** What a tier of the laboratory offers to prove.ts. The flat tier is the first; others are built on the same messages. */
export interface Stage {
  readonly facts: { readonly tier: string; readonly rootless: boolean; readonly kernel: string; readonly nft: string; readonly files: number };
  /** Puts the rules in force, in place of the ones before. */
  readonly load: (ruleset: Ruleset) => Promise<void>;
  /** The same by the smallest transaction. */
  readonly change: (before: Ruleset, after: Ruleset) => Promise<readonly Change[]>;
  readonly shoot: (shots: readonly Shot[], options?: ShootOptions) => Promise<readonly Observation[]>;
  /** Packets by counter name. */
  readonly counters: (table: string) => Promise<ReadonlyMap<string, number>>;
  readonly close: () => Promise<void>;
}

export interface FlatLab extends Stage {
  readonly namespace: Namespace;
  /** Opens servers for as long as the next `shoot` does not close them. */
  readonly listen: (listeners: readonly Listener[]) => Promise<void>;
  /** A TCP connection that stays open; the server at the other end must be there. */
  readonly hold: (name: string, shot: Shot, timeoutMs?: number) => Promise<Said>;
  readonly say: (name: string, timeoutMs?: number) => Promise<Said>;
}

/** The table beside the rules: turns our datagrams into SCTP and notes which SCTP packets came past the rules. */
const OBSERVER = 'netverdict-observer';
/** RFC 6951 gives this port to SCTP inside UDP; here it is only a port that is ours. */
const SCTP_PORT = 9899;

/** Failures as `findTools` and `openNamespace` have them. */
export async function openFlat(tools: Tools): Promise<FlatLab> {
  const namespace = await openNamespace(tools);
  try {
    await setUp(namespace, tools);
    return flatLab(namespace, tools);
  } catch (error) {
    await namespace.close();
    throw error;
  }
}

/** `local` routes make every address one of ours (AnyIP); the sysctls let sockets use them, and take the brakes off. */
async function setUp(namespace: Namespace, tools: Tools): Promise<void> {
  const commands = ['link set lo up', 'route add local 0.0.0.0/0 dev lo', '-6 route add local ::/0 dev lo'];
  // One process for each family of commands: `ip -batch` has no switch of family inside.
  await namespace.run(tools.ip, ['-batch', '-'], `${commands.slice(0, 2).join('\n')}\n`);
  const v6 = await namespace.send({ op: 'run', program: tools.ip, args: ['-6', '-batch', '-'], input: 'route add local ::/0 dev lo\n' });
  if (v6.code !== 0) throw new Failure('no-ipv6', `this kernel has no IPv6 in a new namespace: ${v6.stderr.trim()}`, { hint: 'sysctl net.ipv6.conf.default.disable_ipv6=0, or boot without ipv6.disable=1' });
  await namespace.send({
    op: 'write',
    files: [
      { path: '/proc/sys/net/ipv4/ip_nonlocal_bind', text: '1' },
      { path: '/proc/sys/net/ipv6/ip_nonlocal_bind', text: '1' },
      ...[
        // A SYN that nobody answers is not sent for minutes.
        ['/proc/sys/net/ipv4/tcp_syn_retries', '1'],
        // Denials are answered by ICMP, which is limited to 1000 a second and one per target otherwise.
        ['/proc/sys/net/ipv4/icmp_ratelimit', '0'],
        ['/proc/sys/net/ipv6/icmp/ratelimit', '0'],
        ['/proc/sys/net/ipv4/icmp_msgs_per_sec', '1000000'],
        ['/proc/sys/net/ipv4/icmp_msgs_burst', '100000'],
        ['/proc/sys/net/ipv4/ip_local_port_range', '1024 65535'],
        ['/proc/sys/net/core/somaxconn', '4096'],
        // Old entries would make a new packet of the same five numbers look like an old connection.
        ['/proc/sys/net/netfilter/nf_conntrack_udp_timeout', '1'],
        ['/proc/sys/net/netfilter/nf_conntrack_udp_timeout_stream', '1'],
        ['/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close', '1'],
      ].map(([path, text]) => ({ path: path as string, text: text as string, optional: true })),
    ],
  });
}
