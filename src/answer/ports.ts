// Port sets → what documents say of them.
import { isAllPorts, type PortSet, PROTOCOLS, printPorts } from '../net/port-set.ts';
import type { AnyPorts } from './documents/ports.ts';

const known = new WeakMap<PortSet, AnyPorts>();

/**
 * `'all'` or `[{ protocol: 'TCP', ports: '80,443,8000-8010' }]`; `[]` for no port. The same set gives the same value, so that whoever
 * prints a million rows can remember the text by it.
 */
export function portsDocument(set: PortSet): AnyPorts {
  let made = known.get(set);
  if (made === undefined) {
    made = isAllPorts(set)
      ? 'all'
      : PROTOCOLS.filter((protocol) => set[protocol].length > 0).map((protocol) => ({ protocol, ports: printPorts(set[protocol]) }));
    known.set(set, made);
  }
  return made;
}

/** `{ ports: … }` under this name, or `{}` for no port: for fields that are left out where they would be empty. */
export function somePorts<Name extends string>(name: Name, set: PortSet): { readonly [K in Name]?: AnyPorts } {
  const ports = portsDocument(set);
  return (ports.length === 0 ? {} : { [name]: ports }) as { readonly [K in Name]?: AnyPorts };
}

/** One text for equal port sets: `all`, `TCP 80,443 UDP 53`, '' for none. */
export function portsKey(ports: AnyPorts): string {
  return ports === 'all' ? ports : ports.map((each) => `${each.protocol} ${each.ports}`).join(' ');
}
