// Inside the namespace: connections by the thousand. TCP: connect and reset. UDP: a datagram that the server sends back. SCTP: an INIT.
// What the client saw is half of the truth; who was denied is in the kernel's own sets, which the outside reads afterwards.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect } from 'node:net';
import { ENDED, type Ended, type Questions } from './messages.ts';
import { sctpInit } from './sctp-init.ts';

const TCP = 6;
const UDP = 17;

export async function ask(questions: Questions): Promise<{ ended: Uint8Array; ms: number }> {
  const begun = performance.now();
  const count = questions.rows.length / 4;
  const ended = new Uint8Array(count);
  const rows = { tcp: [] as number[], udp: [] as number[], sctp: [] as number[] };
  for (let i = 0; i < count; i++) {
    const protocol = questions.rows[i * 4 + 2];
    (protocol === TCP ? rows.tcp : protocol === UDP ? rows.udp : rows.sctp).push(i);
  }
  await Promise.all([askTcp(questions, rows.tcp, ended), askUdp(questions, rows.udp, ended), sendSctp(questions, rows.sctp)]);
  return { ended, ms: performance.now() - begun };
}

function rowOf({ addresses, rows }: Questions, i: number) {
  return {
    source: addresses[rows[i * 4] as number] as string,
    destination: addresses[rows[i * 4 + 1] as number] as string,
    port: rows[i * 4 + 3] as number,
  };
}

function askTcp(questions: Questions, rows: readonly number[], ended: Uint8Array): Promise<void> {
  return new Promise((allDone) => {
    let next = 0;
    let open = 0;
    const more = () => {
      if (next === rows.length && open === 0) return allDone();
      while (open < questions.inFlight && next < rows.length) {
        const row = rows[next++] as number;
        open++;
        connectOnce(questions, row, (how) => {
          ended[row] = how;
          open--;
          more();
        });
      }
    };
    more();
  });
}

function connectOnce(questions: Questions, row: number, done: (how: Ended) => void): void {
  const { source, destination, port } = rowOf(questions, row);
  let how: Ended = ENDED.error;
  const socket = connect({ host: destination, port, localAddress: source });
  socket.setTimeout(questions.timeoutMs, () => {
    how = ENDED.timeout;
    socket.destroy();
  });
  socket.on('connect', () => {
    how = ENDED.answered;
    // A reset leaves nothing in TIME_WAIT, and the server's socket goes with it.
    socket.resetAndDestroy();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    how = endedBy(error.code);
  });
  socket.on('close', () => done(how));
}

function endedBy(code: string | undefined): Ended {
  switch (code) {
    case 'ECONNREFUSED':
      return ENDED.refused;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EACCES':
      return ENDED.unreachable;
    case 'ETIMEDOUT':
      return ENDED.timeout;
    // A reset comes to an open connection only; the answer to a SYN is "refused".
    case 'ECONNRESET':
      return ENDED.answered;
    default:
      return ENDED.error;
  }
}

/** Unconnected sockets, one per source: a denial is in the kernel's set by the time `send` returns, so nobody waits for an error. */
async function askUdp(questions: Questions, rows: readonly number[], ended: Uint8Array): Promise<void> {
  if (rows.length === 0) return;
  const sockets = new Map<string, UdpSocket>();
  let missing = rows.length;
  let quiet = 0;
  const onMessage = (message: Buffer) => {
    const row = message.length === 4 ? message.readUInt32BE(0) : -1;
    if (row < 0 || ended[row] !== ENDED.none) return;
    ended[row] = ENDED.answered;
    missing--;
    quiet = 0;
  };
  for (const row of rows) {
    const { source } = rowOf(questions, row);
    if (!sockets.has(source)) sockets.set(source, await clientSocket(source, onMessage));
  }
  // Small lots, so that no receive buffer overflows before its server has its turn.
  for (let at = 0; at < rows.length; at += 64) {
    for (const row of rows.slice(at, at + 64)) {
      const { source, destination, port } = rowOf(questions, row);
      const message = Buffer.alloc(4);
      message.writeUInt32BE(row);
      sockets.get(source)?.send(message, port, destination, () => undefined);
    }
    await new Promise((turn) => setImmediate(turn));
  }
  // Servers are in this very process and loopback delivers at once, so turns of the event loop are what counts, not time: on a busy machine
  // time passes without us. What is still missing then is in the record of denials, or is asked again.
  while (missing > 0 && quiet++ < (questions.quietTurns ?? QUIET_TURNS)) await new Promise((turn) => setTimeout(turn, 1));
  await Promise.all([...sockets.values()].map((socket) => new Promise<void>((done) => socket.close(done))));
}

const QUIET_TURNS = 10;

/** Source ports go round, so that no old conntrack entry of the same tuple is still known when a port comes again. */
let lastPort = 32_768;

function clientSocket(address: string, onMessage: (message: Buffer) => void): Promise<UdpSocket> {
  return new Promise((ready, fail) => {
    const attempt = (tries: number) => {
      lastPort = lastPort >= 60_000 ? 32_768 : lastPort + 1;
      const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 4 << 20 });
      socket.once('error', (error: NodeJS.ErrnoException) => {
        socket.close();
        if (error.code === 'EADDRINUSE' && tries < 100) attempt(tries + 1);
        else fail(error);
      });
      socket.bind({ address, port: lastPort, exclusive: true }, () => {
        socket.removeAllListeners('error').on('error', () => undefined);
        ready(socket.on('message', onMessage));
      });
    };
    attempt(0);
  });
}

/** An ordinary process has no SCTP here, so each INIT leaves as a UDP datagram from a port whose packets nft turns into SCTP (flat.ts). */
async function sendSctp(questions: Questions, rows: readonly number[]): Promise<void> {
  const sockets = new Map<string, UdpSocket>();
  for (const row of rows) {
    const { source, destination, port } = rowOf(questions, row);
    const socket = sockets.get(source) ?? (await sctpSocket(source, questions.sctpPort));
    sockets.set(source, socket);
    await new Promise<void>((sent) => socket.send(sctpInit(questions.sctpPort, port, row), port, destination, () => sent()));
  }
  await Promise.all([...sockets.values()].map((socket) => new Promise<void>((done) => socket.close(done))));
}

function sctpSocket(address: string, port: number): Promise<UdpSocket> {
  return new Promise((ready, fail) => {
    const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4' });
    socket.once('error', fail);
    socket.bind({ address, port, exclusive: true }, () => ready(socket.removeAllListeners('error').on('error', () => undefined)));
  });
}

/** `count` datagrams, the pairs in turn, to servers that count and stay silent: what a packet costs from `send` to delivery. */
export async function flood(
  pairs: readonly (readonly [string, string])[],
  port: number,
  count: number,
): Promise<{ ms: number; received: number }> {
  const clients = await Promise.all(pairs.map(([source]) => clientSocket(source, () => undefined)));
  for (const [i, client] of clients.entries()) await new Promise<void>((done) => client.connect(port, pairs[i]?.[1] ?? '', done));
  const message = Buffer.alloc(16);
  const begun = performance.now();
  let failed = 0;
  const lot = 256;
  for (let at = 0; at < count; at += lot) {
    await Promise.all(
      Array.from({ length: Math.min(lot, count - at) }, (_, k) => {
        const client = clients[(at + k) % clients.length] as UdpSocket;
        return new Promise<void>((sent) =>
          client.send(message, (error) => {
            if (error) failed++;
            sent();
          }),
        );
      }),
    );
  }
  const ms = performance.now() - begun;
  await Promise.all(clients.map((client) => new Promise<void>((done) => client.close(done))));
  return { ms, received: count - failed };
}
