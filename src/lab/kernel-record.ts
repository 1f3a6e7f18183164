// What the kernel wrote down: the sets that packets fill, read from `nft -n list set`. Pure.
import { type Ip, printIp } from '../net/ip.ts';

/** One line per packet: `10.0.0.1 10.0.0.2 6 8080`, protocol as a number. */
export function recordKey(source: Ip, destination: Ip, protocol: number, port: number): string {
  return `${printIp(source)} ${printIp(destination)} ${protocol} ${port}`;
}

/** A packet that the kernel noted; `mark` is the number beside it, 0 in sets that have none. */
export interface Noted {
  readonly key: string;
  readonly mark: number;
}

/**
 * `elements = { 10.0.0.1 . 10.0.0.2 . 6 . 8080 . 0x00000001, … }` → `[{ key: '10.0.0.1 10.0.0.2 6 8080', mark: 1 }]`. [] for an empty set.
 * The form of the text is nft's (expr_print of concatenations); numbers because of `-n`.
 */
export function notedIn(listing: string): Noted[] {
  const begin = listing.indexOf('elements = {');
  if (begin < 0) return [];
  return [...listing.slice(begin).matchAll(/([0-9a-f.:]+) \. ([0-9a-f.:]+) \. (\d+) \. (\d+)(?: \. (0x[0-9a-f]+|\d+))?/g)].map(
    ([, source, destination, protocol, port, mark]) => ({ key: `${source} ${destination} ${protocol} ${port}`, mark: Number(mark ?? 0) }),
  );
}

/** `counter name { comment "…" packets 3 bytes 180 }` in `nft list counters` → packets by name. */
export function countersIn(listing: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, name, body] of listing.matchAll(/counter "?([^\s"]+)"? \{([^}]*)\}/g)) {
    found.set(name as string, Number(/packets (\d+)/.exec(body as string)?.[1] ?? 0));
  }
  return found;
}
