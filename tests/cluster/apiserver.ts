// Starts a real kube-apiserver with etcd behind it, on loopback only and without any other cluster component:
// objects are validated, defaulted and stored as in a cluster, but nothing schedules, runs or deletes anything.
// Also knows which tools that takes, so that tests can skip with a reason where they are absent.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { accessSync, closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { call } from './load.ts';

const buildScript = fileURLToPath(new URL('build-apiserver.sh', import.meta.url));
const guardScript = fileURLToPath(new URL('guard.sh', import.meta.url));

const readyTimeoutMs = 90_000;

/** The user behind limitedKubeconfigPath. It has no role until a test binds one to it. */
export const limitedUser = 'limited';

export interface ApiServer {
  url: string;
  caFile: string;
  /** Kubeconfig of a member of system:masters. */
  kubeconfigPath: string;
  /** Kubeconfig of {@link limitedUser}. */
  limitedKubeconfigPath: string;
  adminToken: string;
  limitedToken: string;
  /** Kills kube-apiserver and leaves etcd running: connections are refused until restart(). */
  kill(): Promise<void>;
  /** Kills kube-apiserver if it runs and starts it on the same port with the same etcd. */
  restart(): Promise<void>;
  /** Kills everything and removes the files. May be called more than once. */
  stop(): Promise<void>;
}

/** Why no API server can be started here, or undefined if one can. */
export function clusterToolsMissing(): string | undefined {
  if (!onPath('etcd')) return 'etcd is not on PATH (Debian: apt-get install etcd-server)';
  if (!onPath('openssl')) return 'openssl is not on PATH';
  if (!existsSync(binaryPath()) && !onPath('go')) return 'kube-apiserver has not been built and there is no go on PATH to build it';
  return undefined;
}

/** Time to allow for startApiServer(): a start takes seconds, but the first one may have to build the server. */
export function startTimeoutMs(): number {
  return existsSync(binaryPath()) ? 2 * readyTimeoutMs : 60 * 60_000;
}

/** `extraFlags` come after the others, so they win: `['--feature-gates=…']`. */
export async function startApiServer(extraFlags: readonly string[] = []): Promise<ApiServer> {
  const missing = clusterToolsMissing();
  if (missing !== undefined) throw new Error(missing);
  const binary = await buildIfMissing();

  // mkdtemp creates the folder for its owner alone, which also protects the sockets of etcd: etcd asks nobody for credentials.
  const folder = await mkdtemp(join(tmpdir(), 'netverdict-cluster-'));
  const folderKeeper = startGuarded(folder, ['--folder', folder]);
  let etcd: Guarded | undefined;
  let apiServer: Guarded | undefined;

  async function stop(): Promise<void> {
    await apiServer?.kill();
    await etcd?.kill();
    await folderKeeper.kill();
  }

  try {
    const files = await writeFiles(folder, await freePort());
    const launch = async (): Promise<void> => {
      apiServer = startGuarded(folder, [binary, ...apiServerFlags(files), ...extraFlags], files.apiServerLog);
      await untilReady(apiServer, () => isApiServerReady(files));
    };
    etcd = startGuarded(folder, ['etcd', ...etcdFlags(files)], files.etcdLog);
    await untilReady(etcd, () => isEtcdReady(files));
    await launch();
    return {
      url: files.url,
      caFile: files.caFile,
      kubeconfigPath: files.kubeconfigPath,
      limitedKubeconfigPath: files.limitedKubeconfigPath,
      adminToken: files.adminToken,
      limitedToken: files.limitedToken,
      kill: async () => {
        await apiServer?.kill();
      },
      restart: async () => {
        await apiServer?.kill();
        await launch();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

// --- tools ---

function onPath(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

let knownBinaryPath: string | undefined;

function binaryPath(): string {
  // The script derives the file name from go.mod; asking it keeps the version in one place.
  knownBinaryPath ??= execFileSync(buildScript, ['--where'], { encoding: 'utf8' }).trim();
  return knownBinaryPath;
}

async function buildIfMissing(): Promise<string> {
  const binary = binaryPath();
  if (!existsSync(binary)) await promisify(execFile)(buildScript, { maxBuffer: 64 * 1024 * 1024 });
  return binary;
}

// --- processes ---

interface Guarded {
  logFile: string | undefined;
  hasExited(): boolean;
  kill(): Promise<void>;
}

function startGuarded(folder: string, command: readonly string[], logFile?: string): Guarded {
  const log = logFile === undefined ? undefined : openSync(logFile, 'a');
  const guard: ChildProcess = spawn(guardScript, command, {
    cwd: folder,
    stdio: ['pipe', log ?? 'ignore', log ?? 'ignore'],
    // Own process group: Ctrl-C in a terminal must reach the test run only, which then decides what to stop.
    detached: true,
  });
  if (log !== undefined) closeSync(log);
  // Writing to a guard that has already gone is no news: its exit is what callers look at.
  guard.stdin?.on('error', () => {});
  // A test that forgets stop() must still be able to end; the guard then sees stdin end.
  guard.unref();
  let exited = false;
  const exit = new Promise<void>((resolve) => {
    const done = () => {
      exited = true;
      resolve();
    };
    guard.once('exit', done);
    guard.once('error', done);
  });
  return {
    logFile,
    hasExited: () => exited,
    kill: async () => {
      if (exited) return;
      guard.ref();
      guard.stdin?.end();
      await exit;
    },
  };
}

async function untilReady(server: Guarded, isReady: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  while (!(await isReady())) {
    if (server.hasExited()) throw new Error(`a server of the test cluster exited while starting:\n${logTail(server)}`);
    if (Date.now() > deadline) throw new Error(`a server of the test cluster is not ready after ${readyTimeoutMs} ms:\n${logTail(server)}`);
    await sleep(50);
  }
}

function logTail(server: Guarded): string {
  if (server.logFile === undefined || !existsSync(server.logFile)) return '(no log)';
  return readFileSync(server.logFile, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
}

async function freePort(): Promise<number> {
  // Below the range from which the kernel takes ports for outgoing connections (32768 and up): otherwise a client that
  // retries while the server is down could be given this very port, connect to itself and keep the server from coming back.
  for (;;) {
    const port = randomInt(10_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

// --- configuration ---

interface ClusterFiles {
  url: string;
  port: number;
  caFile: string;
  keyFile: string;
  serviceAccountKeyFile: string;
  tokenFile: string;
  kubeconfigPath: string;
  limitedKubeconfigPath: string;
  adminToken: string;
  limitedToken: string;
  etcdFolder: string;
  etcdSocket: string;
  etcdPeerSocket: string;
  etcdLog: string;
  apiServerLog: string;
}

async function writeFiles(folder: string, port: number): Promise<ClusterFiles> {
  const files: ClusterFiles = {
    url: `https://127.0.0.1:${port}`,
    port,
    caFile: join(folder, 'serving.crt'),
    keyFile: join(folder, 'serving.key'),
    serviceAccountKeyFile: join(folder, 'service-account.key'),
    tokenFile: join(folder, 'tokens.csv'),
    kubeconfigPath: join(folder, 'admin.kubeconfig'),
    limitedKubeconfigPath: join(folder, 'limited.kubeconfig'),
    adminToken: randomBytes(16).toString('hex'),
    limitedToken: randomBytes(16).toString('hex'),
    etcdFolder: join(folder, 'etcd'),
    etcdSocket: join(folder, 'client:1'),
    etcdPeerSocket: join(folder, 'peer:1'),
    etcdLog: join(folder, 'etcd.log'),
    apiServerLog: join(folder, 'kube-apiserver.log'),
  };
  await mkdir(files.etcdFolder, { mode: 0o700 });
  await writeFile(files.keyFile, newPrivateKey());
  await writeFile(files.serviceAccountKeyFile, newPrivateKey());
  await writeServingCertificate(files);
  await writeFile(
    files.tokenFile,
    `${files.adminToken},admin,admin,"system:masters"\n${files.limitedToken},${limitedUser},${limitedUser}\n`,
  );
  await writeFile(files.kubeconfigPath, kubeconfig(files, 'admin', files.adminToken));
  await writeFile(files.limitedKubeconfigPath, kubeconfig(files, limitedUser, files.limitedToken));
  return files;
}

function newPrivateKey(): string {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    // Not PKCS #8: only from this form does kube-apiserver derive the public half of the service account key.
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
}

async function writeServingCertificate(files: ClusterFiles): Promise<void> {
  // Self-signed, so the certificate is its own CA. Node can make keys but not certificates, hence openssl.
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-new', '-key', files.keyFile, '-out', files.caFile, '-days', '2'],
    ...['-subj', '/CN=netverdict-test-cluster', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'],
  ]);
}

function kubeconfig(files: ClusterFiles, user: string, token: string): string {
  return `apiVersion: v1
kind: Config
current-context: test
clusters:
  - name: test
    cluster:
      server: ${files.url}
      certificate-authority: ${JSON.stringify(files.caFile)}
contexts:
  - name: test
    context:
      cluster: test
      user: ${user}
users:
  - name: ${user}
    user:
      token: ${token}
`;
}

function etcdFlags(files: ClusterFiles): string[] {
  // Up to 3.4 etcd wants host:port even here, and makes a socket of that name in its working directory.
  const client = `unix://${basename(files.etcdSocket)}`;
  const peer = `unix://${basename(files.etcdPeerSocket)}`;
  return [
    '--name=test',
    `--data-dir=${files.etcdFolder}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=test=${peer}`,
    // The data does not outlive the test, so durability would only cost time.
    '--unsafe-no-fsync',
  ];
}

function apiServerFlags(files: ClusterFiles): string[] {
  return [
    `--etcd-servers=unix://${files.etcdSocket}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${files.port}`,
    // Nothing listens there. The endpoints of default/kubernetes must not be loopback addresses, and this one is for documentation.
    '--advertise-address=192.0.2.1',
    `--tls-cert-file=${files.caFile}`,
    `--tls-private-key-file=${files.keyFile}`,
    `--token-auth-file=${files.tokenFile}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${files.serviceAccountKeyFile}`,
    `--service-account-signing-key-file=${files.serviceAccountKeyFile}`,
    // It refuses pods until the namespace has a service account, which a controller that does not run here would create.
    '--disable-admission-plugins=ServiceAccount',
    // Node agents, which fixtures contain, are often privileged.
    '--allow-privileged=true',
    // The server turns a watch without a start version into a streamed list, which it can serve only with etcd 3.4.31 or later;
    // Debian 12 has 3.4.23. Without the feature such a watch works as it did in older releases.
    '--feature-gates=WatchList=false',
  ];
}

function isEtcdReady(files: ClusterFiles): Promise<boolean> {
  return new Promise((resolve) => {
    const health = request({ socketPath: files.etcdSocket, path: '/health', timeout: 5_000 }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200));
    });
    health.once('timeout', () => health.destroy());
    health.once('error', () => resolve(false));
    health.end();
  });
}

async function isApiServerReady(files: ClusterFiles): Promise<boolean> {
  try {
    return (await call(files, 'GET', '/readyz')).status === 200;
  } catch {
    // Not listening yet.
    return false;
  }
}
