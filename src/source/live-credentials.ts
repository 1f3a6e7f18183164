// What a request to the API server needs besides its path: the agent (certificates, proxy), and headers that say who asks.
// A program that gives credentials (`exec` in a kubeconfig) is run here as kubectl runs it, so that it may ask the person something.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Failure, type FailureFacts } from '../failure.ts';
import type { ClusterAccess } from './cluster-access.ts';
import type { ChosenConfig, ExecEntry } from './live-config.ts';

/** Several values are several lines: `Impersonate-Group`. */
export type Headers = Readonly<Record<string, string | string[]>>;

export interface Credentials {
  readonly agent: HttpAgent;
  readonly headers: Headers;
  /** Milliseconds since 1970, when the program that gave them said so. */
  readonly expires: number | undefined;
}

const EXEC_TIMEOUT_MS = 120_000;

/** Makes credentials anew: runs the program, reads token files again. Failure says which part of the kubeconfig did not work. */
export async function makeCredentials(chosen: ChosenConfig, access: ClusterAccess, sockets: number): Promise<Credentials> {
  const { user, cluster } = chosen;
  const given = user.exec === undefined ? undefined : await runCredentialProgram(chosen, user.exec);
  try {
    const { agent, headers } = needsClient(chosen) ? await byClient(chosen, given) : byHand(chosen, given, sockets);
    return {
      agent,
      headers: {
        ...headers,
        ...(given?.token === undefined ? {} : { Authorization: `Bearer ${given.token}` }),
        ...impersonation(chosen, access),
      },
      expires: given?.expires,
    };
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const hasProxy = cluster['proxy-url'] !== undefined;
    const facts = { user: chosen.userName, cluster: chosen.clusterName, hasProxy, detail: reasonOf(cause) };
    throw new Failure('credentials-unreadable', facts, { cause });
  }
}

/** Can the same credentials be better the next time they are made? A token that is written in the kubeconfig cannot. */
export function isRenewable({ user }: ChosenConfig): boolean {
  return user.exec !== undefined || user.tokenFile !== undefined || user['auth-provider'] !== undefined;
}

function needsClient({ user, cluster }: ChosenConfig): boolean {
  return user['auth-provider'] !== undefined || cluster['proxy-url'] !== undefined;
}

type AgentAndHeaders = Pick<Credentials, 'agent' | 'headers'>;

async function byClient(chosen: ChosenConfig, given: Given | undefined): Promise<AgentAndHeaders> {
  const { clientOptions } = await import('./live-client.ts');
  const { agent, headers } = await clientOptions(chosen);
  if (given?.cert !== undefined) Object.assign((agent as HttpsAgent).options, { cert: given.cert, key: given.key });
  const texts = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { agent, headers: { ...tokenOf(chosen), ...Object.fromEntries(texts) } };
}

/** What nearly every kubeconfig has: certificates in files or in place, a token, a password. */
function byHand(chosen: ChosenConfig, given: Given | undefined, sockets: number): AgentAndHeaders {
  const { cluster, user, server } = chosen;
  const pooled = { keepAlive: true, maxSockets: sockets };
  const password = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
  const headers = { ...(user.username === undefined ? {} : { Authorization: `Basic ${password}` }), ...tokenOf(chosen) };
  if (server.startsWith('http:')) return { agent: new HttpAgent(pooled), headers };
  const ca = fileOrData(cluster['certificate-authority'], cluster['certificate-authority-data']);
  const cert = given?.cert ?? fileOrData(user['client-certificate'], user['client-certificate-data']);
  const key = given?.key ?? fileOrData(user['client-key'], user['client-key-data']);
  const agent = new HttpsAgent({
    ...pooled,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(cluster['insecure-skip-tls-verify'] === true ? { rejectUnauthorized: false } : {}),
    ...(cluster['tls-server-name'] === undefined ? {} : { servername: cluster['tls-server-name'] }),
  });
  return { agent, headers };
}

/** Kubernetes: clientcmd: a file wins over a token beside it, and is read again: tokens in files are short-lived. */
function tokenOf({ user }: ChosenConfig): Headers {
  const token = user.tokenFile === undefined ? user.token : readFileSync(user.tokenFile, 'utf8').trim();
  return token === undefined || token === '' ? {} : { Authorization: `Bearer ${token}` };
}

/** Kubernetes: clientcmd: data in place wins over a file. */
function fileOrData(file: string | undefined, data: string | undefined): Buffer | undefined {
  if (data !== undefined && data !== '') return Buffer.from(data, 'base64');
  return file === undefined || file === '' ? undefined : readFileSync(file);
}

/** Kubernetes: authentication reference, user impersonation. The flags win over what the kubeconfig says. */
function impersonation({ user }: ChosenConfig, access: ClusterAccess): Headers {
  const as = access.as ?? user.as;
  const groups = access.asGroups ?? (access.as === undefined ? (user['as-groups'] ?? []) : []);
  if (as === undefined && groups.length > 0) throw new Failure('as-group-without-as', {});
  return { ...(as === undefined ? {} : { 'Impersonate-User': as }), ...(groups.length === 0 ? {} : { 'Impersonate-Group': [...groups] }) };
}

interface Given {
  readonly token: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly expires: number | undefined;
}

type Facts = FailureFacts['credential-program-failed'];
type Broken = Facts extends infer Each ? (Each extends Facts ? Omit<Each, 'command' | 'user'> : never) : never;

/** Kubernetes: client.authentication.k8s.io, ExecCredential. Its complaints and questions go to the person's terminal. */
async function runCredentialProgram(chosen: ChosenConfig, exec: ExecEntry): Promise<Given> {
  const command = exec.command ?? '';
  const fail = (what: Broken, cause?: unknown): never => {
    throw new Failure('credential-program-failed', { command, user: chosen.userName, ...what }, { cause });
  };
  const interactive = exec.interactiveMode !== 'Never' && process.stdin.isTTY === true;
  const info = {
    apiVersion: exec.apiVersion ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive, ...(exec.provideClusterInfo === true ? { cluster: clusterInfo(chosen) } : {}) },
  };
  const env = { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  for (const { name, value } of exec.env ?? []) Object.assign(env, { [name]: value });
  const child = spawn(command, [...(exec.args ?? [])], { env, stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  const ended = await new Promise<{ code: number | null; error?: NodeJS.ErrnoException; late?: true }>((settle) => {
    const timer = setTimeout(() => {
      child.kill();
      settle({ code: null, late: true });
    }, EXEC_TIMEOUT_MS);
    const done = (end: { code: number | null; error?: NodeJS.ErrnoException }) => {
      clearTimeout(timer);
      settle(end);
    };
    child.once('error', (error: NodeJS.ErrnoException) => done({ code: null, error }));
    child.once('close', (code) => done({ code }));
  });
  if (ended.error?.code === 'ENOENT') fail({ why: 'not-installed', installHint: exec.installHint }, ended.error);
  if (ended.error !== undefined) fail({ why: 'not-started', detail: ended.error.message }, ended.error);
  if (ended.late) fail({ why: 'too-slow', seconds: EXEC_TIMEOUT_MS / 1000 });
  if (ended.code !== 0) fail({ why: 'exit-code', exitCode: ended.code ?? -1 });
  let status: Readonly<Record<string, string | undefined>> = {};
  try {
    status = (JSON.parse(Buffer.concat(output).toString('utf8')) as { status?: typeof status }).status ?? {};
  } catch (cause) {
    fail({ why: 'no-credential' }, cause);
  }
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status;
  if (token === undefined && cert === undefined) fail({ why: 'empty-credential' });
  const expires = Date.parse(expirationTimestamp ?? '');
  return { token, cert, key, expires: Number.isNaN(expires) ? undefined : expires };
}

/** Kubernetes: client.authentication.k8s.io, Cluster. */
function clusterInfo({ cluster, server }: ChosenConfig): object {
  const ca = fileOrData(cluster['certificate-authority'], cluster['certificate-authority-data']);
  return {
    server,
    ...(cluster['tls-server-name'] === undefined ? {} : { 'tls-server-name': cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] === true ? { 'insecure-skip-tls-verify': true } : {}),
    ...(ca === undefined ? {} : { 'certificate-authority-data': ca.toString('base64') }),
    ...(cluster['proxy-url'] === undefined ? {} : { 'proxy-url': cluster['proxy-url'] }),
  };
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
}
