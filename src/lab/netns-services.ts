// Services as nftables: what kube-proxy does on every node. Addresses are translated before policies see a packet, and a Service port with
// nobody behind it refuses at once (Kubernetes: pkg/proxy/nftables). Pure text: this is the lab's plumbing, not what is proven.
import { type Family, type Ip, printIp } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import type { LabService } from './netns-plan.ts';

const TABLE = 'netverdict-services';
const IP: Readonly<Record<Family, string>> = { 4: 'ip', 6: 'ip6' };

/** The whole table, for `nft -f -`; it replaces the one before in one transaction. Connections that were translated already stay. */
export function servicesTable(services: readonly LabService[]): string {
  const translations: string[] = [];
  const addresses: Record<Family, Set<string>> = { 4: new Set(), 6: new Set() };
  const hairpins: Record<Family, Set<string>> = { 4: new Set(), 6: new Set() };
  for (const service of services) {
    for (const address of service.addresses) {
      const { family } = address;
      addresses[family].add(printIp(address));
      for (const { protocol, port, backends } of service.ports) {
        const targets = backends.flatMap((backend) => {
          const own = backend.addresses.find((ip) => ip.family === family);
          return own === undefined ? [] : [{ ip: own, port: backend.port }];
        });
        if (targets.length > 0) translations.push(translation(address, protocol, port, targets));
        for (const { ip } of targets) hairpins[family].add(`${printIp(ip)} . ${printIp(ip)}`);
      }
    }
  }
  const families: readonly Family[] = [4, 6];
  return [
    `add table inet ${TABLE}`,
    `delete table inet ${TABLE}`,
    `table inet ${TABLE} {`,
    ...chain('translate', translations),
    ...chain('from-outside', ['type nat hook prerouting priority -100; policy accept;', 'jump translate']),
    ...chain('from-here', ['type nat hook output priority -100; policy accept;', 'jump translate']),
    // A packet that still has a Service's address was not translated: nobody is behind that port, or there is no such port.
    ...chain(
      'refuse-unserved',
      families.flatMap((family) =>
        addresses[family].size > 0 ? [`${IP[family]} daddr { ${[...addresses[family]].join(', ')} } goto refuse`] : [],
      ),
    ),
    // QUOTED: nft's language
    ...chain('refuse', ['meta l4proto tcp reject with tcp reset', 'reject with icmpx type port-unreachable']),
    ...chain('passing', ['type filter hook forward priority -5; policy accept;', 'jump refuse-unserved']),
    ...chain('leaving', ['type filter hook output priority -5; policy accept;', 'jump refuse-unserved']),
    // A pod that reaches itself through its Service must not see its own address as the sender's.
    ...chain('hairpin', [
      'type nat hook postrouting priority 100; policy accept;',
      ...families.flatMap((family) =>
        hairpins[family].size > 0
          ? [`ct status dnat ${IP[family]} saddr . ${IP[family]} daddr { ${[...hairpins[family]].join(', ')} } masquerade`]
          : [],
      ),
    ]),
    '}',
    '',
  ].join('\n');
}

function translation(
  address: Ip,
  protocol: Protocol,
  port: number,
  targets: readonly { readonly ip: Ip; readonly port: number }[],
): string {
  const ip = IP[address.family];
  const places = targets.map((target, i) => `${i} : ${printIp(target.ip)} . ${target.port}`).join(', ');
  // QUOTED: nft's language
  return `${ip} daddr ${printIp(address)} meta l4proto ${protocol.toLowerCase()} th dport ${port} dnat ${ip} to numgen inc mod ${targets.length} map { ${places} }`;
}

function chain(name: string, lines: readonly string[]): string[] {
  return [`\tchain ${name} {`, ...lines.map((line) => `\t\t${line}`), '\t}'];
}
