// Port sets as answers spell them: `"all"`, or a list of protocols with ports.
import { isAllPorts, type PortSet, PROTOCOLS, printPorts } from '../net/port-set.ts';

/** `'all'` or `[{ protocol: 'TCP', ports: '80,443,8000-8010' }]`; [] for no port. */
export function portsDocument(set: PortSet): 'all' | readonly { readonly protocol: string; readonly ports: string }[] {
  if (isAllPorts(set)) return 'all';
  return PROTOCOLS.filter((protocol) => set[protocol].length > 0).map((protocol) => ({ protocol, ports: printPorts(set[protocol]) }));
}

/** For people: `every port`, `TCP 80,443 · UDP 53`; a protocol with all its ports is `any TCP`. */
export function portsWords(set: PortSet): string {
  if (isAllPorts(set)) return 'every port';
  return PROTOCOLS.filter((protocol) => set[protocol].length > 0)
    .map((protocol) => (printPorts(set[protocol]) === '1-65535' ? `any ${protocol}` : `${protocol} ${printPorts(set[protocol])}`))
    .join(' · ');
}
