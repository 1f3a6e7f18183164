// How a namespace becomes a flat lab: every address of the world is one of its own, and the kernel's brakes are off.
import { Failure } from '../failure.ts';
import type { Namespace } from './namespace.ts';
import type { Tools } from './tools.ts';

/** `local` routes make every address one of ours (AnyIP); the sysctls let sockets use them, and take the brakes off. */
export async function setUp(namespace: Namespace, tools: Tools): Promise<void> {
  await namespace.run(tools.ip, ['-batch', '-'], 'link set lo up\nroute add local 0.0.0.0/0 dev lo\n');
  const v6 = await namespace.send({ op: 'run', program: tools.ip, args: ['-6', 'route', 'add', 'local', '::/0', 'dev', 'lo'] });
  if (v6.code !== 0) throw new Failure('no-ipv6', { said: v6.stderr.trim() });
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
      ].map(([path, text]) => ({ path: path as string, text: text as string, optional: true })),
    ],
  });
}

/** Old entries would make a new packet of the same five numbers look like an old connection. There once conntrack is in use. */
export const CONNTRACK = ['udp_timeout', 'udp_timeout_stream', 'tcp_timeout_close'].map((name) => ({
  path: `/proc/sys/net/netfilter/nf_conntrack_${name}`,
  text: '1',
  optional: true,
}));
