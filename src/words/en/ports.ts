// Ports for people.

/** As documents spell them: answer/documents/ports.ts. */
type Ports = 'all' | readonly { readonly protocol: string; readonly ports: string }[];

/** `every port`, `TCP 80,443 · UDP 53`; a protocol with all its ports is `any TCP`; `no port` for none. */
export function portsWords(ports: Ports): string {
  if (ports === 'all') return 'every port';
  if (ports.length === 0) return 'no port';
  return ports.map((each) => (each.ports === '1-65535' ? `any ${each.protocol}` : `${each.protocol} ${each.ports}`)).join(' · ');
}

/** With named ports, which only the pod at the other end can resolve: `TCP 80 · ports named http/TCP`. */
export function openPortsWords({ allowed, named = [] }: { readonly allowed: Ports; readonly named?: readonly string[] }): string {
  if (named.length === 0) return portsWords(allowed);
  const names = `ports named ${named.join(', ')}`;
  return allowed.length === 0 ? names : `${portsWords(allowed)} · ${names}`;
}
