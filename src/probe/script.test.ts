// Runs the script itself, as a container would, against real sockets on loopback.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpStatus, MOST_TARGETS, type ProbeTarget, payloadOf, probeCommand, resultsOf } from './script.ts';

let folder: string;
const servers: Server[] = [];
const sockets: Socket[] = [];
const stops: (() => void)[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netverdict-probe-'));
});
afterAll(() => {
  for (const server of servers) server.close();
  for (const socket of sockets) socket.close();
  for (const stop of stops) stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A folder that holds only these tools besides what the script itself needs: the image of a container. */
function imageWith(name: string, tools: Readonly<Record<string, string | undefined>>): string {
  const image = join(folder, name);
  mkdirSync(image);
  const plain = ['sh', 'tr', 'head', 'wc', 'cat', 'sleep', 'env'];
  for (const tool of plain) symlinkSync(whereIs(tool), join(image, tool));
  for (const [tool, text] of Object.entries(tools)) {
    if (text === undefined) symlinkSync(whereIs(tool), join(image, tool));
    else {
      writeFileSync(join(image, tool), `#!/bin/sh\n${text}\n`);
      chmodSync(join(image, tool), 0o755);
    }
  }
  return image;
}

function whereIs(tool: string): string {
  return execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim();
}

function has(tool: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
}

async function run(target: ProbeTarget, path: string, seconds = 1) {
  const [command = '', ...args] = probeCommand([target], seconds);
  const child = spawn(command, args, { env: { PATH: path, HOME: folder } });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { result: resultsOf(code, text, 1)[0]?.result, text: text.trim(), code };
}

async function listen(onConnection: (socket: import('node:net').Socket) => void): Promise<number> {
  const server = createServer(onConnection);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A port that takes no connection and refuses none: its program sleeps, and its queue is full. */
async function silentPort(): Promise<number> {
  const program = `const s=require('net').createServer();s.listen({port:0,host:'127.0.0.1',backlog:1},()=>console.log(s.address().port))`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGSTOP');
  const port = Number(line);
  const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  stops.push(() => {
    for (const filler of fillers) filler.destroy();
    child.kill('SIGKILL');
  });
  await new Promise((later) => setTimeout(later, 300));
  return port;
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

async function udpPort(answer: boolean, seen: Buffer[] = []): Promise<number> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (message, from) => {
    seen.push(message);
    if (answer) socket.send('yes', from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket.address().port;
}

const images = [
  ['bash', { bash: undefined, timeout: undefined }],
  ['python3', { python3: undefined }],
  ['curl', { curl: undefined }],
  ['nc', { nc: undefined }],
] as const;

for (const [tool, tools] of images)
  describe.skipIf(!has(tool))(`an image with ${tool}`, () => {
    let path: string;
    // Version managers put scripts in the place of python; those need more than an image has.
    const real =
      tool === 'python3'
        ? { python3: `exec ${spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim()} "$@"` }
        : tools;
    beforeAll(() => {
      path = imageWith(tool, real);
    });
    const tcp = (port: number, host = '127.0.0.1'): ProbeTarget => ({ host, port, protocol: 'TCP' });

    it('tells a connection that is taken from one that is refused', async () => {
      const open = await listen((socket) => socket.end());
      expect(await run(tcp(open), path)).toMatchObject({ result: 'answered', text: `connected (${tool})` });
      expect(await run(tcp(await closedPort()), path)).toMatchObject({ result: 'refused' });
    });

    it('takes a connection that stays open and says nothing for an answer', async () => {
      const quiet = await listen(() => {});
      expect(await run(tcp(quiet), path)).toMatchObject({ result: 'answered' });
    });

    it('says that a connection timed out', async () => {
      expect(await run(tcp(await silentPort()), path)).toMatchObject({ result: 'timed-out' });
    });

    it('says that a name does not resolve', async () => {
      expect(await run(tcp(80, 'no-such-name.invalid'), path, 5)).toMatchObject({ result: 'name-not-resolved' });
    }, 30_000);

    it.skipIf(tool === 'curl' || tool === 'nc')('sees that a connection was taken and cut off', async () => {
      const cutting = await listen((socket) => socket.resetAndDestroy());
      expect(await run(tcp(cutting), path)).toMatchObject({ result: 'reset' });
    });

    it.skipIf(tool === 'curl')('wants an answer of UDP: silence is none, and a closed port is said to be closed', async () => {
      const udp = (port: number): ProbeTarget => ({ host: '127.0.0.1', port, protocol: 'UDP', payload: 'hello \\ "$x"\n' });
      const seen: Buffer[] = [];
      const first = await run(udp(await udpPort(true, seen)), path);
      // Small builds of nc have no UDP; then they say so, and nothing else.
      if (first.result === 'no-tool') return expect(first.text).toBe('this nc cannot send UDP');
      expect(first).toMatchObject({ result: 'answered', text: `an answer came back (${tool})` });
      // The payload arrives as it was given, whatever a shell might make of it.
      expect(seen[0]?.toString()).toBe('hello \\ "$x"\n');
      expect(await run(udp(await udpPort(false)), path)).toMatchObject({ result: 'no-answer' });
      if (tool !== 'nc') expect(await run(udp(1), path)).toMatchObject({ result: 'refused' });
    });
  });

describe('an image with agnhost', () => {
  // What its source says it prints (kubernetes/kubernetes, test/images/agnhost/connect): the image itself is not run here.
  const prints = (text: string, code: number) => ({ agnhost: `echo '${text}' >&2; exit ${code}` });
  it.each([
    ['nothing', '', 0, 'answered'],
    ['TIMEOUT', 'TIMEOUT', 1, 'timed-out'],
    ['REFUSED', 'REFUSED', 1, 'refused'],
    ['DNS', 'DNS: lookup cart: no such host', 1, 'name-not-resolved'],
    ['OTHER', 'OTHER: dial tcp: connect: no route to host', 1, 'unreachable'],
    ['UNKNOWN', 'UNKNOWN: something new', 1, 'unclear'],
  ] as const)('that says %s', async (name, text, code, result) => {
    expect(await run({ host: 'cart', port: 80, protocol: 'TCP' }, imageWith(`agnhost-${name}`, prints(text, code)))).toMatchObject({
      result,
    });
  });

  it('alone can do SCTP', async () => {
    const target: ProbeTarget = { host: 'cart', port: 80, protocol: 'SCTP' };
    expect(await run(target, imageWith('agnhost-sctp', prints('', 0)))).toMatchObject({ result: 'answered' });
    expect(await run(target, imageWith('no-agnhost', {}))).toMatchObject({ result: 'no-tool' });
  });
});

describe('an image with nothing', () => {
  it.each(['TCP', 'UDP'] as const)('says so (%s)', async (protocol) => {
    expect(await run({ host: '127.0.0.1', port: 1, protocol }, imageWith(`nothing-${protocol}`, {}))).toMatchObject({ result: 'no-tool' });
  });
});

describe('what the tools say in other images', () => {
  const says = (text: string) => ({ nc: `echo "${text}" >&2; exit 1` });
  it.each([
    ['busybox, closed', 'nc: 10.0.0.1 (10.0.0.1:80): Connection refused', 'refused'],
    ['busybox, silent', 'nc: 10.0.0.1 (10.0.0.1:80): Operation timed out', 'timed-out'],
    ['busybox, no name', "nc: bad address 'cart'", 'name-not-resolved'],
    ['OpenBSD, closed', 'nc: connect to 127.0.0.1 port 1 (tcp) failed: Connection refused', 'refused'],
    ['OpenBSD, silent', 'nc: connect to 10.0.0.1 port 80 (tcp) timed out: Operation now in progress', 'timed-out'],
    ['OpenBSD, no name', 'nc: getaddrinfo for host cart port 80: Name or service not known', 'name-not-resolved'],
    ['traditional, no name', 'cart: forward host lookup failed: Unknown host', 'name-not-resolved'],
    ['ncat, closed', 'Ncat: Connection refused.', 'refused'],
    ['ncat, no name', 'Ncat: Could not resolve hostname cart: Name or service not known. QUITTING.', 'name-not-resolved'],
    ['any, no route', 'nc: connect: No route to host', 'unreachable'],
  ] as const)('%s', async (name, text, result) => {
    const path = imageWith(name.replaceAll(/\W/g, '-'), says(text));
    expect(await run({ host: 'cart', port: 80, protocol: 'TCP' }, path)).toMatchObject({
      result,
      text: expect.stringContaining(text.slice(0, 20)),
    });
  });

  it('a busybox without -u, which prints how it is used, gives no answer', async () => {
    const path = imageWith('busybox-udp', { nc: 'echo "nc: invalid option -- u" >&2; echo "Usage: nc" >&2; exit 1' });
    expect(await run({ host: 'cart', port: 9, protocol: 'UDP' }, path)).toMatchObject({ result: 'no-tool' });
  });

  it('a busybox without -z is asked again without it', async () => {
    const path = imageWith('busybox-plain', { nc: 'case "$*" in *-z*) echo "nc: invalid option -- z" >&2; exit 1 ;; *) exit 0 ;; esac' });
    expect(await run({ host: 'cart', port: 80, protocol: 'TCP' }, path)).toMatchObject({ result: 'answered' });
  });
});

describe('what is sent with UDP', () => {
  it('is a DNS query to a DNS port, and what the person says before that', () => {
    expect(Buffer.from(payloadOf({ port: 53 })).includes('kubernetes')).toBe(true);
    expect(Buffer.from(payloadOf({ port: 53 })).subarray(2, 6)).toEqual(Buffer.from([1, 0, 0, 1]));
    expect(Buffer.from(payloadOf({ port: 53, payload: 'x' })).toString()).toBe('x');
    expect(Buffer.from(payloadOf({ port: 514 })).toString()).toBe('netverdict\n');
  });
});

describe('several targets at once', () => {
  const several = async (targets: readonly ProbeTarget[], path: string, seconds = 1) => {
    const [command = '', ...args] = probeCommand(targets, seconds);
    const child = spawn(command, args, { env: { PATH: path, HOME: folder } });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    const [code] = (await once(child, 'close')) as [number];
    return { results: resultsOf(code, text, targets.length), text, code };
  };

  it('have their own outcomes, in their order', async () => {
    const port = await listen((socket) => socket.end());
    const silent = await silentPort();
    const tcp = (to: number): ProbeTarget => ({ host: '127.0.0.1', port: to, protocol: 'TCP' });
    const { results } = await several([tcp(silent), tcp(port), tcp(await closedPort())], process.env.PATH ?? '');
    expect(results.map((each) => each?.result)).toEqual(['timed-out', 'answered', 'refused']);
  });

  it('are tried side by side: here one is answered only once the other has asked too', async () => {
    const waiting: (() => void)[] = [];
    const together = async () => {
      const socket = createSocket('udp4');
      sockets.push(socket);
      socket.on('message', (_, from) => {
        waiting.push(() => socket.send('yes', from.port, from.address));
        if (waiting.length === 2) for (const answer of waiting) answer();
      });
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      return { host: '127.0.0.1', port: socket.address().port, protocol: 'UDP' } as const;
    };
    const { results } = await several([await together(), await together()], process.env.PATH ?? '', 20);
    expect(results.map((each) => each?.result)).toEqual(['answered', 'answered']);
  });

  it('fit into what Kubernetes keeps of a log, as many as there may be and whatever they say', async () => {
    const path = imageWith('several-loud', { nc: `echo '${'nobody expects this '.repeat(20)}' >&2; exit 1` });
    const targets = Array.from({ length: MOST_TARGETS }, (_, i): ProbeTarget => ({ host: 'cart', port: 8000 + i, protocol: 'TCP' }));
    const { results, text } = await several(targets, path);
    expect(results.map((each) => each?.result)).toEqual(targets.map(() => 'unclear'));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048);
    expect(text.trim().split('\n').length).toBeLessThanOrEqual(80);
  });

  it('of which nothing was said are told apart from those that failed', () => {
    expect(resultsOf(30, '1 23 no answer (bash)\n', 2)).toEqual([undefined, { result: 'timed-out', text: 'no answer (bash)' }]);
    expect(resultsOf(137, '1 23 no answer (bash)\n', 2)).toEqual([undefined, undefined]);
    expect(resultsOf(1, '', 1)).toEqual([undefined]);
  });
});

const httpImages = [
  ['curl', { curl: undefined }],
  ['python3', {}],
  ['wget', { wget: undefined, timeout: undefined }],
  ['bash', { bash: undefined, timeout: undefined }],
] as const;

for (const [tool, tools] of httpImages)
  describe.skipIf(!has(tool))(`a request from an image with ${tool}`, () => {
    let path: string;
    beforeAll(() => {
      const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout?.trim();
      path = imageWith(`http-${tool}`, tool === 'python3' ? { python3: `exec ${python} "$@"` } : tools);
    });
    const request = (port: number, page: string): ProbeTarget => ({
      host: '127.0.0.1',
      port,
      protocol: 'TCP',
      http: { path: page, tls: false },
    });

    it('tells the status of the answer, whichever it is, and asks for the path', async () => {
      const asked: (string | undefined)[] = [];
      const port = await serve((url) => {
        asked.push(url);
        return url === '/health' ? 200 : url === '/moved' ? 302 : 503;
      });
      for (const [page, status] of [
        ['/health', 200],
        ['/other?a=1', 503],
        ['/moved', 302],
      ] as const) {
        const { result, text } = await run(request(port, page), path, 2);
        expect([result, httpStatus(text)]).toEqual(['answered', status]);
      }
      expect(asked.slice(0, 2)).toEqual(['/health', '/other?a=1']);
    }, 30_000);

    it('tells a closed port, and a program that takes the connection and never answers', async () => {
      expect(await run(request(await closedPort(), '/'), path)).toMatchObject({ result: 'refused' });
      const quiet = await listen(() => {});
      expect(await run(request(quiet, '/'), path)).toMatchObject({ result: 'timed-out' });
    }, 30_000);

    it('takes what speaks something else for no answer to a request', async () => {
      const other = await listen((socket) => socket.end('220 mail.shop.example\r\n'));
      expect(httpStatus((await run(request(other, '/'), path)).text)).toBeUndefined();
    }, 30_000);
  });

async function serve(answer: (url: string | undefined) => number): Promise<number> {
  const server = createHttpServer((incoming, outgoing) => {
    const status = answer(incoming.url);
    outgoing.writeHead(status, status === 302 ? { location: '/health' } : {}).end('shop');
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

it('a path cannot end the request early', () => {
  const payload = payloadOf({ port: 80, http: { path: '/a b\r\nHost: other', tls: false } });
  expect(new TextDecoder().decode(payload)).toBe('/a%20b%0D%0AHost:%20other');
});
