// Plays the kubelet of one node for probes: runs what a debug container or a pod of the probe would run, as a process of this machine,
// and reports its end in the pod's status; answers exec over WebSocket. No container, no network namespace, no image is involved:
// what is shown with it is the way through the API server, and our script with real sockets on loopback.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ApiServer } from './apiserver.ts';
import { call } from './load.ts';

export interface StandInKubelet {
  /** Name of its Node object. */
  readonly node: string;
  /** Names of containers that it started, in order. */
  readonly started: readonly string[];
  /** From now on the image of every new container cannot be fetched. */
  failImages(): void;
  stop(): Promise<void>;
}

interface ContainerSpec {
  readonly name: string;
  readonly command?: readonly string[];
  readonly image?: string;
}
interface PodObject {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly deletionTimestamp?: string };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly ContainerSpec[];
    readonly ephemeralContainers?: readonly ContainerSpec[];
  };
  readonly status?: { readonly phase?: string };
}

/** `isProbePod`: which pods it really runs; all others are there already, as far as it is concerned. */
export async function startStandInKubelet(server: ApiServer, node: string, isProbePod: (name: string) => boolean): Promise<StandInKubelet> {
  const started: string[] = [];
  const children = new Set<ChildProcess>();
  const known = new Set<string>();
  let imagesFail = false;
  let stopped = false;

  const web = createServer({ cert: readFileSync(server.caFile), key: readFileSync(server.caFile.replace(/\.crt$/, '.key')) });
  await new Promise<void>((ready) => web.listen(0, '127.0.0.1', ready));
  answerExec(web, children);
  const port = (web.address() as AddressInfo).port;
  await call(server, 'POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: node } });
  const status = { addresses: [{ type: 'InternalIP', address: '127.0.0.1' }], daemonEndpoints: { kubeletEndpoint: { Port: port } } };
  await call(server, 'PATCH', `/api/v1/nodes/${node}/status`, { status }, { contentType: 'application/merge-patch+json' });

  /** Statuses are one list that is replaced as a whole, so every report tells of all containers. */
  const statuses = new Map<string, Map<string, object>>();
  const report = (pod: PodObject, list: string, name: string, state: object) => {
    const path = `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}/status`;
    const all = statuses.get(`${path} ${list}`) ?? new Map<string, object>();
    statuses.set(`${path} ${list}`, all.set(name, { name, state, image: 'x', imageID: '', ready: false, restartCount: 0 }));
    return call(server, 'PATCH', path, { status: { [list]: [...all.values()] } }, { contentType: 'application/merge-patch+json' });
  };
  const run = (pod: PodObject, list: string, { name, command = [] }: ContainerSpec) => {
    started.push(name);
    if (imagesFail) {
      void report(pod, list, name, { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } });
      return;
    }
    const child = start(command, children);
    void report(pod, list, name, { running: {} });
    let log = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      log += chunk;
    });
    child.on('close', (code) => {
      // FallbackToLogsOnError: the end of the log, when the container failed.
      if (!stopped) void report(pod, list, name, { terminated: { exitCode: code ?? 137, reason: 'Error', message: log.slice(-2048) } });
    });
  };

  const look = async () => {
    const { body } = await call(server, 'GET', `/api/v1/pods?fieldSelector=spec.nodeName=${node}`);
    for (const pod of (body as { items: PodObject[] }).items) {
      const isOurs = isProbePod(pod.metadata.name);
      const wanted = [
        ...(pod.spec.ephemeralContainers ?? []).map((each) => ['ephemeralContainerStatuses', each] as const),
        ...(isOurs ? pod.spec.containers.map((each) => ['containerStatuses', each] as const) : []),
      ];
      for (const [list, container] of wanted) {
        const key = `${pod.metadata.namespace}/${pod.metadata.name}/${container.name}`;
        if (known.has(key)) continue;
        known.add(key);
        run(pod, list, container);
      }
    }
  };
  const loop = (async () => {
    while (!stopped) {
      await look().catch(() => {});
      await new Promise((later) => setTimeout(later, 100));
    }
  })();

  return {
    node,
    started,
    failImages: () => {
      imagesFail = true;
    },
    stop: async () => {
      stopped = true;
      await loop;
      for (const child of children) child.kill('SIGKILL');
      web.closeAllConnections();
      await new Promise((closed) => web.close(closed));
    },
  };
}

function start([command = 'true', ...args]: readonly string[], children: Set<ChildProcess>): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  child.on('error', () => {});
  child.on('close', () => children.delete(child));
  return child;
}

/** RFC 6455 as far as exec needs it: one binary frame per piece of output, its first byte the channel (v4.channel.k8s.io). */
function answerExec(web: Server, children: Set<ChildProcess>): void {
  web.on('upgrade', (request, socket: Socket) => {
    const url = new URL(request.url ?? '', 'https://kubelet');
    const protocol = String(request.headers['sec-websocket-protocol'] ?? '')
      .split(/,\s*/)
      .find((each) => /^v[45]\.channel\.k8s\.io$/.test(each));
    if (!url.pathname.startsWith('/exec/') || protocol === undefined) {
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      return;
    }
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
    );
    const send = (channel: number, data: Buffer) => socket.write(Buffer.concat([header(data.length + 1), Buffer.from([channel]), data]));
    const child = start(url.searchParams.getAll('command'), children);
    child.stdout?.on('data', (chunk: Buffer) => send(1, chunk));
    child.stderr?.on('data', (chunk: Buffer) => send(2, chunk));
    child.on('error', () => {
      const message = 'OCI runtime exec failed: exec: executable file not found in $PATH';
      send(3, Buffer.from(JSON.stringify({ status: 'Failure', message })));
    });
    child.on('close', (code) => {
      const failure = {
        status: 'Failure',
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
      };
      send(3, Buffer.from(JSON.stringify(code === 0 ? { status: 'Success' } : failure)));
      // Close, normal.
      socket.end(Buffer.from([0x88, 2, 0x03, 0xe8]));
    });
    socket.on('error', () => child.kill('SIGKILL'));
    socket.on('close', () => child.kill('SIGKILL'));
    socket.resume();
  });
}

function header(length: number): Buffer {
  if (length < 126) return Buffer.from([0x82, length]);
  const long = Buffer.alloc(4);
  long.writeUInt16BE(length, 2);
  long[0] = 0x82;
  long[1] = 126;
  return long;
}
