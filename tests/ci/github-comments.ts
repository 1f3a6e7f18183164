// The part of GitHub that the action talks to: the comments of one pull request.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Comment {
  readonly id: number;
  readonly user: { readonly type: 'Bot' | 'User' };
  readonly body: string;
}

export interface GitHub {
  readonly url: string;
  /** As they stand now. */
  readonly comments: () => readonly Comment[];
  /** `POST /repos/shop/shop/issues/7/comments`, in order; reading is left out. */
  readonly writes: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** `readOnly`: writing is refused, as for a pull request from a fork. Asks for the token `a-token`. */
export async function startGitHub(first: readonly Comment[], readOnly = false): Promise<GitHub> {
  let comments = first;
  const writes: string[] = [];
  const server = createServer(async (request, response) => {
    const answer = (status: number, value: unknown) => response.writeHead(status).end(JSON.stringify(value));
    const url = new URL(request.url ?? '/', 'http://github.test');
    const body = await bodyOf(request);
    if (request.headers.authorization !== 'Bearer a-token') return answer(401, { message: 'Bad credentials' });
    if (request.method === 'GET') {
      const size = Number(url.searchParams.get('per_page') ?? 30);
      const page = Number(url.searchParams.get('page') ?? 1);
      return answer(200, comments.slice((page - 1) * size, page * size));
    }
    if (readOnly) return answer(403, { message: 'Resource not accessible by integration' });
    writes.push(`${request.method} ${url.pathname}`);
    const text = (JSON.parse(body) as { readonly body: string }).body;
    if (request.method === 'POST') {
      const made: Comment = { id: 1000 + comments.length, user: { type: 'Bot' }, body: text };
      comments = [...comments, made];
      return answer(201, made);
    }
    const id = Number(url.pathname.split('/').at(-1));
    comments = comments.map((comment) => (comment.id === id ? { ...comment, body: text } : comment));
    return answer(200, {});
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments: () => comments,
    writes: () => writes,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
