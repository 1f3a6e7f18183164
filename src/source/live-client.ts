// The official client, for what only it does: logging in with OpenID Connect and the older cloud providers, proxies, and exec (live-exec.ts).
// It takes most of a second to load from node_modules, so this file is loaded when one of those is wanted, by nobody else.
import type { Agent } from 'node:http';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { ChosenConfig, UserEntry } from './live-config.ts';

/** Only the chosen context, its cluster and its user: a broken entry of another cluster must not stand in the way. */
export function clientConfig({ cluster, contextName }: ChosenConfig, user: UserEntry): KubeConfig {
  // The client takes plain http only when told that there is no certificate to verify; kubectl takes it anyway.
  const isPlain = cluster.server?.startsWith('http:') === true;
  const config = new KubeConfig();
  config.loadFromString(
    JSON.stringify({
      'current-context': contextName,
      contexts: [{ name: contextName, context: { cluster: 'cluster', user: 'user' } }],
      clusters: [{ name: 'cluster', cluster: { ...cluster, ...(isPlain ? { 'insecure-skip-tls-verify': true } : {}) } }],
      users: [{ name: 'user', user }],
    }),
  );
  return config;
}

/** The headers and the agent that the client would use. It throws what it likes: the caller says it in words. */
export async function clientOptions(
  chosen: ChosenConfig,
): Promise<{ readonly headers: Readonly<Record<string, unknown>>; readonly agent: Agent }> {
  const { exec: _run, tokenFile: _read, ...rest } = chosen.user;
  const options: RequestOptions = { headers: {} };
  await clientConfig(chosen, rest).applyToHTTPSOptions(options);
  return { headers: { ...(options.headers as Record<string, unknown>) }, agent: options.agent as Agent };
}
