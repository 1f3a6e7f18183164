// Port sets for people, where a report still holds the set and not its document.

import { portsDocument } from '../answer/ports.ts';
import type { PortSet } from '../net/port-set.ts';
import { portsWords as wordsOf } from '../words/en/ports.ts';

export { portsDocument };

/** `every port`, `TCP 80,443 · UDP 53`; '' for no port. */
export function portsWords(set: PortSet): string {
  const ports = portsDocument(set);
  return ports.length === 0 ? '' : wordsOf(ports);
}
