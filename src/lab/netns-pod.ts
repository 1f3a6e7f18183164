// The program that is a pod, or a node, in a kept lab: it holds the namespace, serves the declared ports, and connects when asked.
// Started by netns-holder.ts with a channel, never imported. It ends when the holder does.
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect, createServer, type Socket } from 'node:net';
import { serveDnsTcp, serveDnsUdp } from './dns-server.ts';
import type { Zone } from './dns-zone.ts';
import { ask } from './inside-ask.ts';
import { hold, listen, say, stopListening } from './inside-listen.ts';
import { writeSysctls } from './netns-inside.ts';
import type { Connected, MemberReplies, MemberRequest } from './netns-messages.ts';
import type { LabListener } from './netns-plan.ts';
import { run } from './run-program.ts';

process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);

let zone: Zone = {};
const held = new Set<string>();

async function answer(request: MemberRequest): Promise<MemberReplies[MemberRequest['op']]> {
  switch (request.op) {
    case 'run':
      return run(request.program, request.args, request.input);
    case 'sysctls':
      return writeSysctls(request.files);
    case 'serve':
      return serve(request.name, request.listeners);
    case 'zone':
      zone = request.zone;
      return undefined;
    case 'connect':
      return request.protocol === 'TCP' ? connectTcp(request) : askUdp(request);
    case 'hold': {
      const address = await addressOf(request.host);
      const said = typeof address === 'string' ? await hold({ ...request, source: request.source, destination: address }) : 'silent';
      if (said === 'answered') held.add(request.name);
      return said;
    }
    case 'held':
      return Promise.all([...held].map(async (name) => ({ name, said: await say(name, request.timeoutMs) })));
    case 'say':
      return say(request.name, request.timeoutMs);
    case 'listen':
      return { failed: await listen(request.listeners) };
    case 'stop-listening': {
      await stopListening();
      return undefined;
    }
    case 'ask': {
      const { ended } = await ask({ ...request.questions, rows: Uint32Array.from(request.questions.rows) });
      return { ended: [...ended] };
    }
  }
}

async function serve(name: string, listeners: readonly LabListener[]): Promise<MemberReplies['serve']> {
  const failed: { listener: LabListener; code: string }[] = [];
  for (const listener of listeners) {
    try {
      const { protocol, port, role } = listener;
      if (role === 'dns') await (protocol === 'TCP' ? serveDnsTcp('::', port, () => zone) : serveDnsUdp('::', port, () => zone));
      else await (protocol === 'TCP' ? serveTcp(name, port) : serveUdp(port));
    } catch (error) {
      failed.push({ listener, code: (error as NodeJS.ErrnoException).code ?? String(error) });
    }
  }
  return { failed };
}

/** HTTP requests get 200 and the pod's name, everything else comes back as it was said. */
function serveTcp(name: string, port: number): Promise<void> {
  return new Promise((done, failed) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      let request: string | undefined;
      socket.on('data', (chunk) => {
        const text = chunk.toString('latin1');
        if (request === undefined && !/^[A-Z]{3,8} \S/.test(text)) return socket.write(chunk);
        request = (request ?? '') + text;
        if (!request.includes('\r\n\r\n')) return undefined;
        const body = `${name}\n`;
        const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
        return socket.end(head + (request.startsWith('HEAD ') ? '' : body));
      });
    });
    server.once('error', failed);
    server.listen({ host: '::', port }, done);
  });
}

function serveUdp(port: number): Promise<void> {
  return new Promise((done, failed) => {
    const socket = createSocket({ type: 'udp6' });
    socket.once('error', failed);
    socket.on('message', (message, from) => socket.send(message, from.port, from.address, () => undefined));
    socket.bind({ address: '::', port }, done);
  });
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly source?: string;
}

/** As any program of the pod would ask: by /etc/hosts and /etc/resolv.conf. The error says whether the name is wrong or nobody answered. */
async function addressOf(
  host: string,
): Promise<string | { readonly outcome: 'name-not-found' | 'name-not-resolved'; readonly code: string }> {
  try {
    return (await lookup(host)).address;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EAI_AGAIN';
    return { outcome: code === 'ENOTFOUND' ? 'name-not-found' : 'name-not-resolved', code };
  }
}

async function connectTcp({ host, port, timeoutMs, source }: Target): Promise<Connected> {
  const begun = performance.now();
  const ms = () => Math.round(performance.now() - begun);
  const address = await addressOf(host);
  if (typeof address !== 'string') return { ...address, ms: ms() };
  return new Promise((done) => {
    const socket = connect({ host: address, port, ...(source !== undefined && { localAddress: source }) });
    const end = (result: Omit<Connected, 'ms' | 'address'>) => {
      clearTimeout(timer);
      socket.destroy();
      done({ ...result, address, ms: ms() });
    };
    const timer = setTimeout(() => end({ outcome: 'timeout' }), timeoutMs);
    socket.on('connect', () => speak(socket, address, end));
    socket.on('error', (error: NodeJS.ErrnoException) => end(failure(error)));
  });
}

/** The connection stands, which is what was asked; what the server says is a bonus, so a silent one is not waited for long. */
function speak(socket: Socket, address: string, end: (result: Omit<Connected, 'ms' | 'address'>) => void): void {
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk.toString('latin1');
  });
  socket.on('close', () => end({ outcome: 'answered', answer: said.slice(0, 400) }));
  setTimeout(() => end({ outcome: 'answered', answer: said.slice(0, 400) }), 300);
  socket.write(`GET / HTTP/1.1\r\nHost: ${address}\r\nConnection: close\r\n\r\n`);
}

async function askUdp({ host, port, timeoutMs, source }: Target): Promise<Connected> {
  const begun = performance.now();
  const ms = () => Math.round(performance.now() - begun);
  const address = await addressOf(host);
  if (typeof address !== 'string') return { ...address, ms: ms() };
  return new Promise((done) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const end = (result: Omit<Connected, 'ms' | 'address'>) => {
      clearTimeout(timer);
      socket.close();
      done({ ...result, address, ms: ms() });
    };
    const timer = setTimeout(() => end({ outcome: 'timeout' }), timeoutMs);
    socket.once('message', () => end({ outcome: 'answered' }));
    socket.once('error', (error: NodeJS.ErrnoException) => end(failure(error)));
    // Connected, so that an ICMP answer becomes an error. To port 53 a question that a DNS server answers.
    const send = () => socket.connect(port, address, () => socket.send(port === 53 ? DNS_QUESTION : 'still there?'));
    if (source === undefined) send();
    else socket.bind({ address: source, port: 0 }, send);
  });
}

/** `kubernetes.default.svc.cluster.local` A; any answer will do. */
const DNS_QUESTION = Buffer.concat([
  Buffer.from([0x4e, 0x56, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
  ...['kubernetes', 'default', 'svc', 'cluster', 'local'].map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
  Buffer.from([0, 0, 1, 0, 1]),
]);

function failure({ code }: NodeJS.ErrnoException): Omit<Connected, 'ms' | 'address'> {
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return { outcome: 'refused', code };
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'EACCES' || code === 'EPERM') return { outcome: 'unreachable', code };
  return code === 'ETIMEDOUT' ? { outcome: 'timeout', code } : { outcome: 'error', code: code ?? 'unknown' };
}

process.on('message', ({ id, request }: { id: number; request: MemberRequest }) => {
  answer(request).then(
    (value) => process.send?.({ id, value }),
    (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
process.send?.({ hello: true });
