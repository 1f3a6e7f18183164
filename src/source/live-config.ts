// From a kubeconfig, or a pod's service account, to the cluster and the user that a question is about. Reads files; asks nobody.
// As kubectl reads them: several files, the first entry of a name wins, a file may be missing, paths are relative to their file.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { Failure } from '../failure.ts';
import type { ClusterAccess } from './cluster-access.ts';

/** `{ contextName: 'prod', clusterName: 'prod', server: 'https://10.0.0.1:6443', userName: 'anna', namespace: 'web', … }` */
export interface ChosenConfig {
  readonly contextName: string;
  readonly clusterName: string;
  readonly server: string;
  readonly userName: string;
  readonly namespace: string;
  /** The entries as written, paths made absolute. */
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  /** Every context that the files have, for messages. */
  readonly contexts: readonly string[];
}

export interface ExecEntry {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly interactiveMode?: string;
  readonly provideClusterInfo?: boolean;
}

/** Kubernetes: clientcmd/api/v1, Cluster. */
export interface ClusterEntry {
  server?: string;
  'certificate-authority'?: string;
  'certificate-authority-data'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'tls-server-name'?: string;
  'proxy-url'?: string;
}
/** Kubernetes: clientcmd/api/v1, AuthInfo. */
export interface UserEntry {
  token?: string;
  tokenFile?: string;
  'client-certificate'?: string;
  'client-certificate-data'?: string;
  'client-key'?: string;
  'client-key-data'?: string;
  username?: string;
  password?: string;
  as?: string;
  'as-groups'?: string[];
  'auth-provider'?: object;
  exec?: ExecEntry;
}
interface RawContext {
  cluster?: string;
  user?: string;
  namespace?: string;
}
interface Named<Key extends string, T> {
  name: string;
  entry: T;
  key: Key;
}
interface RawConfig {
  clusters: Named<'cluster', ClusterEntry>[];
  users: Named<'user', UserEntry>[];
  contexts: Named<'context', RawContext>[];
  current: string | undefined;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The kubeconfig files in kubectl's order (`--kubeconfig`, else KUBECONFIG, else ~/.kube/config), else the service account of the pod
 * that this program runs in. Failure when a file is broken, a context does not exist, or there is no cluster at all.
 */
export function chooseConfig(access: ClusterAccess): ChosenConfig {
  const files = configFiles(access);
  const raw = merged(files.map((file) => readConfig(file, access.kubeconfig !== undefined)));
  if (raw.contexts.length === 0 && access.context === undefined) {
    const inCluster = serviceAccountConfig(access.serviceAccountRoot ?? '');
    if (inCluster !== undefined) return inCluster;
  }
  const contexts = raw.contexts.map(({ name }) => name);
  const name = access.context ?? raw.current;
  if (name === undefined || name === '') {
    throw new Failure('no-cluster', { files, contexts });
  }
  const context = raw.contexts.find((each) => each.name === name)?.entry;
  if (context === undefined) throw new Failure('no-such-context', { context: name, files, contexts });
  const cluster = raw.clusters.find((each) => each.name === context.cluster)?.entry;
  if (cluster?.server === undefined) {
    throw new Failure('kubeconfig-invalid', { why: 'no-server', context: name, cluster: context.cluster ?? '' });
  }
  const user = raw.users.find((each) => each.name === context.user)?.entry;
  return {
    contextName: name,
    clusterName: context.cluster ?? '',
    server: cluster.server,
    userName: context.user ?? '',
    namespace: context.namespace ?? 'default',
    cluster,
    user: user ?? {},
    contexts,
  };
}

function configFiles(access: ClusterAccess): readonly string[] {
  if (access.kubeconfig !== undefined) return [resolve(access.kubeconfig)];
  const listed = (process.env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  return listed.length > 0 ? listed.map((file) => resolve(file)) : [join(homedir(), '.kube', 'config')];
}

/** A file that is not there counts as empty, as for kubectl, unless it was asked for with --kubeconfig. */
function readConfig(file: string, required: boolean): RawConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing && !required) return { clusters: [], users: [], contexts: [], current: undefined };
    throw new Failure('kubeconfig-unreadable', { file, reason: missing ? undefined : String(cause) }, { cause });
  }
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : (load(text) ?? {});
  } catch (cause) {
    const detail = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : '';
    throw new Failure('kubeconfig-invalid', { why: 'not-yaml', file, detail }, { cause });
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new Failure('kubeconfig-invalid', { why: 'not-a-mapping', file });
  }
  const config = value as Record<string, unknown>;
  const folder = dirname(file);
  const absolute = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  return {
    clusters: named<'cluster', ClusterEntry>(config.clusters, 'cluster', file).map((each) => ({
      ...each,
      entry: withPaths(each.entry, ['certificate-authority'], absolute),
    })),
    users: named<'user', UserEntry>(config.users, 'user', file).map((each) => ({
      ...each,
      entry: userWithPaths(each.entry, absolute),
    })),
    contexts: named<'context', RawContext>(config.contexts, 'context', file),
    current: typeof config['current-context'] === 'string' && config['current-context'] !== '' ? config['current-context'] : undefined,
  };
}

function named<Key extends string, T>(list: unknown, key: Key, file: string): Named<Key, T>[] {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw new Failure('kubeconfig-invalid', { why: 'not-a-list', file, key: `${key}s` });
  return list.flatMap((item: unknown) => {
    const { name, [key]: entry } = (item ?? {}) as Record<string, unknown>;
    return typeof name === 'string' ? [{ name, key, entry: ((entry as T | null | undefined) ?? {}) as T }] : [];
  });
}

function withPaths<T extends object>(entry: T, keys: readonly (keyof T)[], absolute: (path: string) => string): T {
  const copy = { ...entry };
  for (const key of keys) {
    const path = copy[key];
    if (typeof path === 'string' && path !== '') copy[key] = absolute(path) as T[typeof key];
  }
  return copy;
}

function userWithPaths(user: UserEntry, absolute: (path: string) => string): UserEntry {
  const copy = withPaths(user, ['client-certificate', 'client-key', 'tokenFile'], absolute);
  const command = copy.exec?.command;
  // Kubernetes: tools/clientcmd loader.go: a command with a slash is relative to its kubeconfig, one without is found on PATH.
  if (command?.includes('/')) copy.exec = { ...copy.exec, command: absolute(command) };
  return copy;
}

/** Kubernetes: clientcmd, "the first file to set a particular value or map key wins". */
function merged(configs: readonly RawConfig[]): RawConfig {
  const firstOf = <Key extends string, T>(lists: readonly (readonly Named<Key, T>[])[]): Named<Key, T>[] => [
    ...new Map(lists.toReversed().flatMap((list) => list.map((each) => [each.name, each] as const))).values(),
  ];
  return {
    clusters: firstOf(configs.map(({ clusters }) => clusters)),
    users: firstOf(configs.map(({ users }) => users)),
    contexts: firstOf(configs.map(({ contexts }) => contexts)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    current: configs.find(({ current }) => current !== undefined)?.current,
  };
}

/** Kubernetes: "Accessing the API from a Pod": the address in the environment, the rest in files. */
function serviceAccountConfig(root: string): ChosenConfig | undefined {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443' } = process.env;
  const folder = `${root}${SERVICE_ACCOUNT}`;
  if (host === '' || !existsSync(`${folder}/token`)) return undefined;
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    // QUOTED: the name of a context, as a kubeconfig would have it
    contextName: 'service account of this pod',
    clusterName: 'in-cluster',
    server,
    userName: 'service account',
    namespace: existsSync(`${folder}/namespace`) ? readFileSync(`${folder}/namespace`, 'utf8').trim() : 'default',
    cluster: { server, 'certificate-authority': `${folder}/ca.crt` },
    user: { tokenFile: `${folder}/token` },
    contexts: [],
  };
}
