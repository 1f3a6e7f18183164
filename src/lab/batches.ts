// Many connections in lots that the machine can hold: sockets have a limit, and so have the kernel's sets. Pure.
import { type Ip, ipKey } from '../net/ip.ts';

export interface Limits {
  /** Sockets that may be open at a time: servers, and one client for each UDP and SCTP source. */
  readonly sockets: number;
  /** Connections in one lot; each may leave one record in a set. */
  readonly connections: number;
}

interface Shotlike {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: string;
  readonly port: number;
}

/** Places of `shots`, lot by lot, destination by destination, so that each server is opened once. Never an empty lot. */
export function batchesOf(shots: readonly Shotlike[], limits: Limits): (readonly number[])[] {
  const byDestination = new Map<string, number[]>();
  for (const [i, { destination }] of shots.entries()) {
    const key = ipKey(destination);
    const list = byDestination.get(key);
    if (list === undefined) byDestination.set(key, [i]);
    else list.push(i);
  }
  const batches: number[][] = [];
  let sockets = new Set<string>();
  for (const i of [...byDestination.values()].flat()) {
    const needed = socketsOf(shots[i] as Shotlike).filter((key) => !sockets.has(key));
    const last = batches.at(-1);
    if (last === undefined || last.length >= limits.connections || sockets.size + needed.length > limits.sockets) {
      batches.push([i]);
      sockets = new Set(socketsOf(shots[i] as Shotlike));
    } else {
      last.push(i);
      for (const key of needed) sockets.add(key);
    }
  }
  return batches;
}

function socketsOf({ source, destination, protocol, port }: Shotlike): string[] {
  const server = `${protocol} ${ipKey(destination)} ${port}`;
  return protocol === 'TCP' ? [server] : protocol === 'UDP' ? [server, `UDP ${ipKey(source)}`] : [`SCTP ${ipKey(source)}`];
}
