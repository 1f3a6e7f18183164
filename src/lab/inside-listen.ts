// Inside the namespace: the servers of the pods, and connections that are kept open. Servers say back what they are told.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Listener, Said } from './messages.ts';

let servers: Server[] = [];
let udpServers: UdpSocket[] = [];
const accepted = new Set<Socket>();

/** Opens all of them; gives those that could not be opened, with the system's code: `EADDRINUSE`. */
export async function listen(listeners: readonly Listener[]): Promise<{ listener: Listener; code: string }[]> {
  const results = await Promise.all(listeners.map((listener) => (listener.protocol === 'TCP' ? listenTcp(listener) : listenUdp(listener))));
  return results.flatMap((code, i) => (code === undefined ? [] : [{ listener: listeners[i] as Listener, code }]));
}

export async function stopListening(): Promise<void> {
  for (const socket of accepted) socket.destroy();
  const closing = [
    ...servers.map((server) => new Promise<void>((done) => server.close(() => done()))),
    ...udpServers.map((socket) => new Promise<void>((done) => socket.close(done))),
  ];
  servers = [];
  udpServers = [];
  await Promise.all(closing);
}

function listenTcp({ address, port }: Listener): Promise<string | undefined> {
  return new Promise((done) => {
    const server = createServer((socket) => {
      accepted.add(socket);
      socket.on('error', () => undefined); // clients leave with a reset
      socket.on('close', () => accepted.delete(socket));
      socket.on('data', (chunk) => socket.write(chunk));
    });
    server.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    // Not on the wildcard: a closed port of another address would then look open.
    server.listen({ host: address, port, exclusive: true, backlog: 4096 }, () => {
      servers.push(server);
      done(undefined);
    });
  });
}

function listenUdp({ address, port }: Listener): Promise<string | undefined> {
  return new Promise((done) => {
    const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 4 << 20 });
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    socket.on('message', (message, from) => socket.send(message, from.port, from.address, () => undefined));
    socket.bind({ address, port, exclusive: true }, () => {
      udpServers.push(socket);
      done(undefined);
    });
  });
}

interface Kept {
  readonly socket: Socket;
  state: 'open' | 'reset' | 'closed';
  waiting: ((said: Said) => void) | undefined;
}
const kept = new Map<string, Kept>();

interface HoldRequest {
  readonly name: string;
  /** undefined: whatever address this machine takes. */
  readonly source: string | undefined;
  readonly destination: string;
  readonly port: number;
  readonly timeoutMs: number;
}

export function hold({ name, source, destination, port, timeoutMs }: HoldRequest): Promise<Said> {
  return new Promise((done) => {
    const socket = connect({ host: destination, port, ...(source !== undefined && { localAddress: source }) });
    const one: Kept = { socket, state: 'closed', waiting: undefined };
    const timer = setTimeout(() => {
      socket.destroy();
      done('silent');
    }, timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      one.state = 'open';
      kept.set(name, one);
      done('answered');
    });
    socket.on('data', () => one.waiting?.('answered'));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (one.state === 'open') one.state = 'reset';
      one.waiting?.('reset');
      done(error.code === 'ECONNREFUSED' ? 'refused' : 'reset');
    });
  });
}

export function say(name: string, timeoutMs: number): Promise<Said> {
  const one = kept.get(name);
  if (one === undefined) throw new Error(`no connection is called ${name}`);
  if (one.state !== 'open') return Promise.resolve('reset');
  return new Promise((done) => {
    const timer = setTimeout(() => one.waiting?.('silent'), timeoutMs);
    one.waiting = (said) => {
      clearTimeout(timer);
      one.waiting = undefined;
      done(said);
    };
    one.socket.write('still there?\n');
  });
}
