// What a request to the API server needs besides its path: the agent (certificates, proxy), and headers that say who asks.
// A program that gives credentials (`exec` in a kubeconfig) is run here as kubectl runs it, so that it may ask the person something.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import { Failure } from '../failure.ts';
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

/** Connections that are open to the server at once: the lists are asked side by side. */
export const MAX_SOCKETS = 6;
const EXEC_TIMEOUT_MS = 120_000;

/** Makes credentials anew: runs the program, reads token files again. Failure says which part of the kubeconfig did not work. */
export async function makeCredentials(chosen: ChosenConfig, access: ClusterAccess): Promise<Credentials> {
  const given = chosen.exec === undefined ? undefined : await runCredentialProgram(chosen, chosen.exec);
  const options: RequestOptions & { auth?: string | null } = { headers: {} };
  try {
    await chosen.config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw new Failure('credentials-unreadable', `the credentials of user \`${chosen.userName}\` cannot be used: ${reasonOf(cause)}`, {
      cause,
      hint: `check user \`${chosen.userName}\` of context \`${chosen.contextName}\` in the kubeconfig`,
    });
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) if (typeof value === 'string') headers[name] = value.trim();
  if (options.auth) headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  if (given?.token !== undefined) headers.Authorization = `Bearer ${given.token}`;
  return {
    agent: keptAlive(options.agent as HttpAgent, chosen.server, given),
    headers: { ...headers, ...impersonation(access) },
    expires: given?.expires,
  };
}

/** Kubernetes: authentication reference, user impersonation. */
function impersonation({ as, asGroups = [] }: ClusterAccess): Headers {
  if (as === undefined && asGroups.length > 0) {
    throw new Failure('as-group-without-as', '--as-group needs --as', { hint: 'name the user as well: --as USER --as-group GROUP' });
  }
  return {
    ...(as === undefined ? {} : { 'Impersonate-User': as }),
    ...(asGroups.length === 0 ? {} : { 'Impersonate-Group': [...asGroups] }),
  };
}

/** The client's agent opens a connection for every request; here they are kept. Agents that go through a proxy stay as they are. */
function keptAlive(agent: HttpAgent, server: string, given: Given | undefined): HttpAgent {
  const pooled = { keepAlive: true, maxSockets: MAX_SOCKETS };
  if (server.startsWith('http:')) return new HttpAgent(pooled);
  const certificates = given?.cert === undefined ? {} : { cert: given.cert, key: given.key };
  if (agent.constructor === HttpsAgent) return new HttpsAgent({ ...(agent as HttpsAgent).options, ...certificates, ...pooled });
  Object.assign((agent as HttpsAgent).options, certificates);
  return agent;
}

interface Given {
  readonly token: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly expires: number | undefined;
}

/** Kubernetes: client.authentication.k8s.io, ExecCredential. Its complaints and questions go to the person's terminal. */
async function runCredentialProgram(chosen: ChosenConfig, exec: ExecEntry): Promise<Given> {
  const command = exec.command ?? '';
  const fail = (what: string, hint: string | undefined, cause?: unknown): never => {
    throw new Failure('credential-program-failed', `${command || 'the credential program'} ${what}`, {
      hint: hint ?? `it is named under user \`${chosen.userName}\` of the kubeconfig; does \`kubectl get ns\` work?`,
      ...(cause === undefined ? {} : { cause }),
    });
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
  if (ended.error?.code === 'ENOENT')
    fail('is not installed, and it gives the credentials for this cluster', exec.installHint, ended.error);
  if (ended.error !== undefined) fail(`could not be run: ${ended.error.message}`, undefined, ended.error);
  if (ended.late) fail(`did not end within ${EXEC_TIMEOUT_MS / 1000} s`, 'log in with it first, then ask again');
  if (ended.code !== 0) fail(`ended with exit code ${ended.code}`, undefined);
  let status: Readonly<Record<string, string | undefined>> = {};
  try {
    status = (JSON.parse(Buffer.concat(output).toString('utf8')) as { status?: typeof status }).status ?? {};
  } catch (cause) {
    fail('printed no ExecCredential', undefined, cause);
  }
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status;
  if (token === undefined && cert === undefined) fail('gave neither a token nor a certificate', undefined);
  const expires = Date.parse(expirationTimestamp ?? '');
  return { token, cert, key, expires: Number.isNaN(expires) ? undefined : expires };
}

function clusterInfo({ config, server }: ChosenConfig): object {
  const cluster = config.getCurrentCluster();
  return {
    server,
    ...(cluster?.tlsServerName ? { 'tls-server-name': cluster.tlsServerName } : {}),
    ...(cluster?.skipTLSVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(cluster?.caData ? { 'certificate-authority-data': cluster.caData } : {}),
    ...(cluster?.caFile ? { 'certificate-authority-data': readFileSync(cluster.caFile).toString('base64') } : {}),
    ...(cluster?.proxyUrl ? { 'proxy-url': cluster.proxyUrl } : {}),
  };
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
}
