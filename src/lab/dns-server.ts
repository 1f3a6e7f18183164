// The cluster's DNS in a pod: UDP and TCP servers that answer from a zone. Knows sockets; what is answered is dns-wire.ts.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { respond } from './dns-wire.ts';
import type { Zone } from './dns-zone.ts';

/** Resolves when it listens; rejects with the system's error. `zone` is asked anew for every question, so that it may change. */
export function serveDnsUdp(address: string, port: number, zone: () => Zone): Promise<void> {
  return new Promise((done, failed) => {
    const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4' });
    socket.once('error', failed);
    socket.on('message', (query, from) => {
      const answer = respond(query, zone(), 'udp');
      if (answer !== undefined) socket.send(answer, from.port, from.address, () => undefined);
    });
    socket.bind({ address, port }, done);
  });
}

/** Messages over TCP have their length before them (RFC 1035 4.2.2), and may come in pieces or many at once. */
export function serveDnsTcp(address: string, port: number, zone: () => Zone): Promise<void> {
  return new Promise((done, failed) => {
    const server = createServer((socket) => {
      let pending = Buffer.alloc(0);
      socket.on('error', () => undefined);
      socket.setTimeout(10_000, () => socket.destroy());
      socket.on('data', (chunk) => {
        pending = Buffer.concat([pending, chunk]);
        while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
          const length = pending.readUInt16BE(0);
          const answer = respond(pending.subarray(2, 2 + length), zone(), 'tcp');
          pending = pending.subarray(2 + length);
          if (answer === undefined) {
            socket.destroy();
            return;
          }
          const head = Buffer.alloc(2);
          head.writeUInt16BE(answer.length);
          socket.write(Buffer.concat([head, answer]));
        }
      });
    });
    server.once('error', failed);
    server.listen({ host: address, port }, done);
  });
}
