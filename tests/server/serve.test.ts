// The server as a browser, a script and an attacker see it, on loopback.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../src/app/workspace.ts';
import { type Serving, startServer } from '../../src/server/server.ts';
import { memoryPorts } from '../app/memory-ports.ts';
import { PODS, policyFor } from '../app/shop.ts';
import { builtCli } from '../cli-process.ts';

const TOKEN = 'a-token-that-nobody-guesses';
const BEARER = { authorization: `Bearer ${TOKEN}` };

const HOSTILE = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: '<script>alert(1)</script>', namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
`;

let serving: Serving;
beforeAll(async () => {
  const files = { 'k8s/pods.yaml': PODS, 'k8s/cart.yaml': policyFor('frontend'), 'k8s/"><img src=x>.yaml': HOSTILE };
  const workspace = openWorkspace(memoryPorts({ files }), { input: { from: 'files', paths: ['k8s'] }, namespace: 'shop', cni: 'calico' });
  serving = await startServer(workspace, { host: '127.0.0.1', port: 0, token: TOKEN, basis: async () => '<b>3 files</b>' });
});
afterAll(() => serving.close());

interface Got {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** As it was written: no client of ours normalises the path, or sets a Host of its own. */
async function got(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET', port = serving.port): Promise<Got> {
  const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  for await (const part of response) text += String(part);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

describe('the API', () => {
  it('answers with the documents of -o json', async () => {
    const { status, headers, text } = await got('/api/v1/why?from=checkout&to=cart:7070', BEARER);
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(JSON.parse(text)).toMatchObject({ kind: 'Explanation', outcome: 'denied', profile: 'calico' });
    for (const [path, kind] of [
      ['/api/v1/fix?from=checkout&to=cart:7070', 'Fixes'],
      ['/api/v1/map', 'ConnectivityMap'],
      ['/api/v1/lint', 'LintReport'],
      ['/api/v1/describe?policy=shop/cart', 'Description'],
    ] as const) {
      expect(JSON.parse((await got(path, BEARER)).text)).toMatchObject({ kind });
    }
  });

  it('says what is wrong with a question', async () => {
    const { status, text } = await got('/api/v1/why?from=nobody&to=cart:7070', BEARER);
    expect(status).toBe(422);
    expect(JSON.parse(text)).toMatchObject({ kind: 'NoAnswer', errors: [{ text: expect.stringContaining('nobody') }] });
    expect((await got('/api/v1/constructor', BEARER)).status).toBe(404);
  });

  it('tells who listens that the state is another, and ends their streams when it ends', async () => {
    const asked = request({ host: '127.0.0.1', port: serving.port, path: '/api/v1/changes', headers: BEARER, agent: false });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const [first] = await once(response, 'data');
    expect(String(first)).toBe('event: changed\ndata: 0\n\n');
    serving.changed();
    const [second] = await once(response, 'data');
    expect(String(second)).toBe('event: changed\ndata: 1\n\n');
    response.destroy();
  });
});

describe('the pages', () => {
  it('show the picture of a path, the map, and the findings', async () => {
    const path = await got('/?from=shop/checkout&to=shop/cart:7070', BEARER);
    expect(path.status).toBe(200);
    expect(path.text).toContain('✗ denied: shop/checkout → shop/cart:7070 (TCP)');
    expect(path.text).toContain('<svg ');
    expect((await got('/map', BEARER)).text).toContain('shop/frontend → shop/cart: TCP 7070');
    expect((await got('/findings', BEARER)).text).toMatch(/<code>k8s\/[^<]*:\d+<\/code>/);
    expect((await got('/path.svg?from=shop/checkout&to=shop/cart:7070', BEARER)).headers['content-type']).toMatch('image/svg+xml');
  });

  it('ask for the ends first, and say which end means nothing', async () => {
    expect((await got('/', BEARER)).text).toContain('Enter both ends of a connection');
    const { status, text } = await got('/?from=shop/checkot&to=shop/cart', BEARER);
    expect(status).toBe(422);
    expect(text).toContain('No answer');
  });

  it('run nothing: no script is allowed, and what names hold is text', async () => {
    for (const path of [
      '/findings',
      '/map',
      '/?from=%3Cscript%3Ealert(2)%3C/script%3E&to=%22onfocus=%22x',
      '/?from=shop/checkout&to=shop/cart:7070',
    ]) {
      const { text, headers } = await got(path, BEARER);
      expect(text).not.toMatch(/<script|<img|<b>/);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^ ]+ 'sha256-[^ ]+'; /);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await got('/findings', BEARER)).text).toContain('&lt;script&gt;');
  });
});

describe('who may ask', () => {
  it('needs the token, and keeps it in a cookie instead of the address', async () => {
    expect((await got('/')).status).toBe(401);
    expect((await got('/?token=wrong')).status).toBe(401);
    const entered = await got(`/map?token=${TOKEN}`);
    expect(entered).toMatchObject({ status: 303, headers: { location: '/map' } });
    const [cookie = ''] = entered.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect((await got('/map', { cookie: cookie.split(';')[0] ?? '' })).status).toBe(200);
    // Cookies of one host are shared between ports: another server's must not take its place.
    expect((await got('/map', { cookie: `netverdict-0000=x; ${cookie.split(';')[0]}; netverdict=y` })).status).toBe(200);
    expect((await got('/map', { cookie: `netverdict=${TOKEN}` })).status).toBe(401);
  });

  it('is not led elsewhere by a path that looks like an address', async () => {
    const { status, headers } = await got(`//evil.example/?token=${TOKEN}`);
    expect([status, headers.location]).toEqual([303, '/evil.example/']);
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80', 'evil.example:80@127.0.0.1'])(
    'refuses the Host %j, whose owner may have pointed it here',
    async (host) => {
      expect((await got('/', { ...BEARER, host })).status).toBe(421);
    },
  );

  it.each(['localhost', 'LOCALHOST:9', '127.0.0.1:8080', '[::1]:8080'])('answers to %j, as through kubectl port-forward', async (host) => {
    expect((await got('/', { ...BEARER, host })).status).toBe(200);
  });

  it('refuses what another site asks for, and lets a link to the page in', async () => {
    const from = (mode: string, dest: string) => ({
      ...BEARER,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': mode,
      'sec-fetch-dest': dest,
    });
    expect((await got('/api/v1/map', from('no-cors', 'script'))).status).toBe(403);
    expect((await got('/', from('navigate', 'iframe'))).status).toBe(403);
    expect((await got('/', from('navigate', 'document'))).status).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s: it only reads', async (method) => {
    expect((await got('/api/v1/map', BEARER, method)).status).toBe(405);
  });

  it.each(['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%5c..%5cetc', '/map/../../package.json', '/dist/cli/main.js', '/%00'])(
    'has no files behind %s',
    async (path) => {
      const { status, text } = await got(path, BEARER);
      expect([404, 400]).toContain(status);
      expect(text).not.toMatch(/root:|netverdict"/);
    },
  );
});

describe('a client that wastes what it is given', () => {
  it('is not read: a body is refused at once, and the connection ends', async () => {
    const socket = connect(serving.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: 100000000\r\n\r\n`);
    const [head] = await once(socket, 'data');
    expect(String(head)).toMatch(/^HTTP\/1\.1 405 /);
    expect(String(head)).toMatch(/connection: close/i);
    socket.destroy();
  });

  it('holds at most so many streams, and others are still answered', async () => {
    const streams: IncomingMessage[] = [];
    const statuses: (number | undefined)[] = [];
    for (let i = 0; i < 52; i++) {
      const asked = request({ host: '127.0.0.1', port: serving.port, path: '/api/v1/changes', headers: BEARER, agent: false });
      asked.end();
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      streams.push(response);
      statuses.push(response.statusCode);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(50);
    expect(statuses.slice(50)).toEqual([503, 503]);
    expect((await got('/map', BEARER)).status).toBe(200);
    for (const stream of streams) stream.destroy();
  });

  it('cannot send a head without end: the connection ends, and others are still answered', async () => {
    const socket = connect(serving.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (part) => {
      answer += String(part);
    });
    // What was not read when the server hung up resets the connection, and the answer may be lost with it.
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(`GET / HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${TOKEN}\r\nx-long: ${'x'.repeat(100_000)}`);
    // Not `once` of events, which rejects with the reset.
    await new Promise((resolve) => socket.once('close', resolve));
    expect(answer).toMatch(/^$|^HTTP\/1\.1 431 /);
    expect((await got('/map', BEARER)).status).toBe(200);
  });
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'netverdict-serve-'));
  let running: ChildProcess | undefined;
  let said = '';
  afterEach(() => running?.kill('SIGKILL'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function started(...args: readonly string[]): Promise<string> {
    running = spawn(process.execPath, [builtCli(), 'serve', ...(args.includes('--demo') ? [] : ['-f', folder]), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    said = '';
    running.stderr?.on('data', (part) => {
      said += String(part);
    });
    const [line] = await once(running.stdout as NodeJS.ReadableStream, 'data');
    return String(line).trim();
  }

  it('prints an address with a token, listens on loopback, follows the files, and ends with SIGTERM', async () => {
    writeFileSync(join(folder, 'pods.yaml'), PODS);
    writeFileSync(
      join(folder, 'bad.yaml'),
      policyFor('nobody').replace('podSelector', 'podSelecter').replace('namespace: shop', 'namespace: other'),
    );
    writeFileSync(join(folder, 'cart.yaml'), policyFor('frontend'));
    const url = new URL(await started());
    await expect.poll(() => said).toContain('unknown field "spec.podSelecter"');
    expect(url.hostname).toBe('127.0.0.1');
    const headers = { authorization: `Bearer ${url.searchParams.get('token')}` };
    const outcome = async () => {
      const { text } = await got('/api/v1/why?from=shop/checkout&to=shop/cart:7070', headers, 'GET', Number(url.port));
      return (JSON.parse(text) as { outcome: string }).outcome;
    };
    expect(await outcome()).toBe('denied');
    writeFileSync(join(folder, 'cart.yaml'), policyFor('checkout'));
    await expect.poll(outcome, { timeout: 10_000 }).toBe('allowed');
    running?.kill('SIGTERM');
    const [code] = await once(running as ChildProcess, 'exit');
    expect(code).toBe(0);
  });

  it('shows the outage of the demo', async () => {
    const url = new URL(await started('--demo', '--no-token'));
    const { text } = await got('/?from=web/frontend&to=payments/svc/api-server:80', {}, 'GET', Number(url.port));
    expect(text).toContain('✗ denied: web/frontend → payments/svc/api-server:80 (TCP)');
    expect(text).toContain('cni: calico');
  });

  it('says that a port is taken, and what to do', async () => {
    const taken = spawn(process.execPath, [builtCli(), 'serve', '-f', folder, '--port', String(serving.port)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    said = '';
    taken.stderr.on('data', (part) => {
      said += String(part);
    });
    const [code] = await once(taken, 'exit');
    expect([code, said]).toEqual([2, expect.stringMatching(/already in use[\s\S]*choose another one with --port/)]);
  });

  it('is not loaded by other commands', () => {
    const marker = 'SameSite=Strict';
    const dist = join(dirname(builtCli()), '..');
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
    const textOf = (file: string) => readFileSync(join(dist, file), 'utf8');
    // What a file loads at once, and what that loads; not what waits for import().
    const loadedBy = (start: string): ReadonlySet<string> => {
      const found = new Set([start]);
      for (const file of found) {
        for (const [, path = ''] of textOf(file).matchAll(/(?:^|[;}\s])(?:import|export)\s*(?:[\w$*{},\s]*?from\s*)?"(\.[^"]+)"/g)) {
          found.add(relative(dist, join(dist, dirname(file), path)));
        }
      }
      return found;
    };
    const chunkOf = (command: string) =>
      files.find((file) => basename(file).startsWith(`${command}-`) && textOf(file).includes(`register${command[0]?.toUpperCase()}`)) ?? '';
    const holds = (start: string) => [...loadedBy(start)].some((file) => textOf(file).includes(marker));
    expect(loadedBy('cli/main.js').size).toBeGreaterThan(3);
    expect([holds('cli/main.js'), holds(chunkOf('why')), holds(chunkOf('serve'))]).toEqual([false, false, true]);
  });
});
