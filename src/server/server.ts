// The server of the page and of the HTTP API: admits requests, picks the answer, and closes every connection at the end.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { plainRows } from '../answer/map.ts';
import type { Workspace } from '../app/workspace.ts';
import { Failure } from '../failure.ts';
import { mapSvg } from '../report/map-svg.ts';
import { whySvg } from '../report/why-svg.ts';
import { failureSentence } from '../words/en/failures.ts';
import type { Said } from '../words/en/said.ts';
import { PAGE, REFUSED } from '../words/en/serve.ts';
import { type Admission, admitted, cookieName } from './admission.ts';
import { answerOf } from './answers.ts';
import { type Frame, failedPage, findingsPage, mapPage, POLICY, pathPage, type Screen } from './pages.ts';

export interface ServeWish extends Admission {
  readonly port: number;
  /** What the answers are based on, for the head of each page. */
  readonly basis: () => Promise<string>;
}

export interface Serving {
  /** The port it listens on, which the system may have chosen. */
  readonly port: number;
  /** Sends an event to every open stream. */
  readonly changed: () => void;
  /** Resolves when every connection is closed. */
  readonly close: () => Promise<void>;
}

/** Open connections, and how long a client may take to send its request: a browser opens six, and is quick. */
const MOST_CONNECTIONS = 100;
const MOST_STREAMS = 50;
const SECONDS_TO_ASK = 10;

/** Resolves when it listens. Rejects with the error of the system when it cannot (`EADDRINUSE`). */
export async function startServer(workspace: Workspace, wish: ServeWish): Promise<Serving> {
  const streams = new Set<ServerResponse>();
  let revision = 0;
  const server = createServer({ requestTimeout: SECONDS_TO_ASK * 1000, headersTimeout: SECONDS_TO_ASK * 1000 }, (request, response) => {
    // A read-only server does not wait for a body: the connection is closed after the answer.
    if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined)
      response.setHeader('connection', 'close');
    answered(workspace, wish, request, response, { streams, revision: () => revision }).catch((error: unknown) => {
      if (!response.headersSent) send(response, 500, 'text/plain', `${String((error as Error).message)}\n`);
      else response.destroy();
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.listen(wish.port, wish.host);
  await Promise.race([once(server, 'listening'), once(server, 'error').then(([error]) => Promise.reject(error))]);
  return {
    port: (server.address() as AddressInfo).port,
    changed: () => {
      revision++;
      for (const stream of streams) stream.write(eventOf(revision));
    },
    close: () => closed(server, streams),
  };
}

async function closed(server: Server, streams: ReadonlySet<ServerResponse>): Promise<void> {
  for (const stream of streams) stream.end();
  const ended = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await ended;
}

interface Streams {
  readonly streams: Set<ServerResponse>;
  readonly revision: () => number;
}

async function answered(
  workspace: Workspace,
  wish: ServeWish,
  request: IncomingMessage,
  response: ServerResponse,
  live: Streams,
): Promise<void> {
  const url = new URL(`http://localhost${(request.url ?? '/').replace(/^[^/]*:\/\/[^/]*/, '').replace(/^\/*/, '/')}`);
  const may = admitted(request, url, wish);
  if (may.kind === 'no') return send(response, may.status, 'text/plain', `${REFUSED[may.why]}\n`);
  if (may.kind === 'enter' && wish.token !== undefined) {
    url.searchParams.delete('token');
    response.setHeader('set-cookie', `${cookieName(wish.token)}=${wish.token}; HttpOnly; SameSite=Strict; Path=/`);
    response.setHeader('location', `${url.pathname}${url.search}`);
    return send(response, 303, 'text/plain', '');
  }
  const question = /^\/api\/v1\/([a-z]+)$/.exec(url.pathname)?.[1];
  if (question === 'changes') return streamed(response, live);
  if (question !== undefined) return sendDocument(response, answerOf(workspace, question, url.searchParams));
  return sendPage(workspace, wish, url, response);
}

async function sendDocument(response: ServerResponse, asked: Promise<unknown> | undefined): Promise<void> {
  if (asked === undefined) return send(response, 404, 'text/plain', `${PAGE.notThere}\n`);
  try {
    send(response, 200, 'application/json', `${JSON.stringify(await asked)}\n`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { text, hint } = failureSentence(error);
    const errors = [{ code: error.code, facts: error.facts ?? {}, text, ...(hint !== undefined && { hint }) }];
    send(response, 422, 'application/json', `${JSON.stringify({ apiVersion: 'netverdict.dev/v1', kind: 'NoAnswer', errors })}\n`);
  }
}

async function sendPage(workspace: Workspace, wish: ServeWish, { pathname, searchParams }: URL, response: ServerResponse): Promise<void> {
  const ends = { from: searchParams.get('from') ?? '', to: searchParams.get('to') ?? '' };
  const html = (text: string, status = 200) => send(response, status, 'text/html', text);
  const frame = async (): Promise<Frame> => ({ basis: await wish.basis() });
  try {
    switch (pathname) {
      case '/': {
        if (ends.from === '' || ends.to === '') return html(pathPage(await frame(), ends, undefined));
        const said = await saidOr(() => whyWithFixes(workspace, ends));
        return html(pathPage(await frame(), ends, said), 'connections' in said ? 200 : 422);
      }
      case '/map':
        return html(mapPage(await frame(), await workspace.ask('map', {})));
      case '/findings':
        return html(findingsPage(await frame(), await workspace.ask('lint', {})));
      case '/path.svg':
        return send(response, 200, 'image/svg+xml', whySvg(await whyWithFixes(workspace, ends)));
      case '/map.svg': {
        const map = await workspace.ask('map', {});
        return send(response, 200, 'image/svg+xml', mapSvg([...plainRows(map)], map.undecided?.length ?? 0));
      }
      default:
        return send(response, 404, 'text/plain', `${PAGE.notThere}\n`);
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    html(failedPage(screenOf(pathname), failureSentence(error)), 422);
  }
}

function screenOf(pathname: string): Screen {
  return pathname === '/map' ? 'map' : pathname === '/findings' ? 'findings' : 'path';
}

async function saidOr<T extends object>(ask: () => Promise<T>): Promise<T | Said> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Failure) return failureSentence(error);
    throw error;
  }
}

/** With the edits that would allow it. */
async function whyWithFixes(workspace: Workspace, ends: { readonly from: string; readonly to: string }) {
  const answer = await workspace.ask('why', ends);
  if (answer.outcome === 'allowed') return answer;
  const { connections } = await workspace.ask('fix', ends);
  return { ...answer, connections: answer.connections.map((connection, i) => ({ ...connection, fixes: connections[i]?.fixes ?? [] })) };
}

const eventOf = (revision: number) => `event: changed\ndata: ${revision}\n\n`;

/** Server-sent events: the number of the state, not the state itself. */
function streamed(response: ServerResponse, { streams, revision }: Streams): void {
  if (streams.size >= MOST_STREAMS) {
    send(response, 503, 'text/plain', `${REFUSED.busy}\n`);
    return;
  }
  response.writeHead(200, headersOf('text/event-stream'));
  response.write(eventOf(revision()));
  streams.add(response);
  response.on('close', () => streams.delete(response));
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, headersOf(type)).end(text);
}

function headersOf(type: string): Readonly<Record<string, string>> {
  return {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    // The token may be in the address of this page.
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}
