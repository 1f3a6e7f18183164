// A port as intents files have it: `8080`, `http`, `53/udp`.
import { PROTOCOLS, type Protocol } from '../net/port-set.ts';

export interface WrittenPort {
  readonly port: number | string;
  readonly protocol: Protocol | undefined;
}

/** `8080`, `'http'`, `'53/udp'`; undefined for what is no port. */
export function portOf(value: unknown): WrittenPort | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const [, name = '', word] = /^([^/]+)(?:\/([a-z]+))?$/i.exec(String(value).trim()) ?? [];
  const protocol = word === undefined ? undefined : PROTOCOLS.find((known) => known.toLowerCase() === word.toLowerCase());
  if (name === '' || (word !== undefined && protocol === undefined)) return undefined;
  if (/^\d+$/.test(name)) return Number(name) >= 1 && Number(name) <= 65535 ? { port: Number(name), protocol } : undefined;
  return /[a-z]/.test(name) && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && name.length <= 15 ? { port: name, protocol } : undefined;
}

/** `53/udp`, `8080`. */
export function printPort({ port, protocol }: WrittenPort): string {
  return protocol === undefined || protocol === 'TCP' ? `${port}` : `${port}/${protocol.toLowerCase()}`;
}
