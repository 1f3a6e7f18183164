// A server that answers like an API server as far as a test says so, and misbehaves where it says so. Plain http on loopback:
// what a real kube-apiserver does is tested in tests/cluster; here are the faults that it cannot be made to have.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Answers a request itself and returns true, or leaves it to the usual answers. */
export type Misbehave = (request: IncomingMessage, response: ServerResponse, path: string) => boolean | Promise<boolean>;

export interface FakeApiServer {
  readonly url: string;
  readonly kubeconfig: string;
  /** Every path that was asked for, in order. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** `lists`: by path, `{ '/api/v1/pods': [{ metadata: … }] }`; every other core list is there and empty. */
export async function startFakeApiServer(
  lists: Readonly<Record<string, readonly object[]>> = {},
  misbehave: Misbehave = () => false,
  groups: readonly { readonly name: string; readonly versions: readonly string[] }[] = [],
): Promise<FakeApiServer> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    void Promise.resolve(misbehave(request, response, path)).then((done) => {
      if (!done) answer(path, response, lists, groups);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = mkdtempSync(join(tmpdir(), 'netverdict-fake-'));
  const kubeconfig = writeKubeconfig(join(folder, 'config'), url);
  return {
    url,
    kubeconfig,
    asked,
    stop: async () => {
      rmSync(folder, { recursive: true, force: true });
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

export function writeKubeconfig(file: string, url: string, user: object = { token: 'secret' }): string {
  writeFileSync(
    file,
    JSON.stringify({
      'current-context': 'test',
      clusters: [{ name: 'test', cluster: { server: url } }],
      users: [{ name: 'anna', user }],
      contexts: [
        { name: 'test', context: { cluster: 'test', user: 'anna', namespace: 'shop' } },
        { name: 'other', context: { cluster: 'test', user: 'anna' } },
      ],
    }),
  );
  return file;
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
  return true;
}

/** Kubernetes: metav1.Status, as every refusal is. */
export function refuse(response: ServerResponse, code: number, message: string, headers: Readonly<Record<string, string>> = {}): true {
  return json(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message }, headers);
}

function answer(
  path: string,
  response: ServerResponse,
  lists: Readonly<Record<string, readonly object[]>>,
  groups: Parameters<typeof startFakeApiServer>[2],
): void {
  const { pathname } = new URL(path, 'http://x');
  if (pathname === '/apis') {
    const list = (groups ?? []).map(({ name, versions }) => ({
      name,
      versions: versions.map((version) => ({ groupVersion: `${name}/${version}`, version })),
    }));
    json(response, 200, { kind: 'APIGroupList', apiVersion: 'v1', groups: list });
    return;
  }
  const items = lists[pathname];
  const isCore = /^\/(api\/v1|apis\/(apps|batch|discovery\.k8s\.io|networking\.k8s\.io)\/v1)\/[a-z]+$/.test(pathname);
  if (items === undefined && !isCore) refuse(response, 404, `${pathname} is not here`);
  else json(response, 200, { kind: 'AnyList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items: items ?? [] });
}
