// `map`: what a person may focus on, in words → what the reach engine is asked for.
import type { Cluster } from '../model/cluster.ts';
import { PROTOCOLS, type Protocol } from '../net/port-set.ts';
import type { ConnectionOptions } from '../reach/connections.ts';

export type MapOptionError = { readonly code: 'bad-port' | 'no-such-end'; readonly text: string; readonly known: readonly string[] };

/**
 * `--focus shop/cart` → the workloads and pods of that name; `--port 8080/tcp` → that port. A name alone is looked for in the
 * default namespace first, then in all. An error says what is known.
 */
export function mapOptions(
  cluster: Cluster,
  wish: {
    readonly focus?: readonly string[];
    readonly direction?: 'ingress' | 'egress';
    readonly port?: string;
    readonly pods?: boolean;
    readonly namespace: string;
  },
): ConnectionOptions | MapOptionError {
  const ends: string[] = [];
  for (const name of wish.focus ?? []) {
    const found = endsNamed(cluster, name, wish.namespace);
    if (found.length === 0)
      return {
        code: 'no-such-end',
        text: name,
        known: [...cluster.workloads.values()].map((workload) => `${workload.namespace}/${workload.name}`),
      };
    ends.push(...found);
  }
  const port = wish.port === undefined ? undefined : portOf(wish.port);
  if (port === 'bad') return { code: 'bad-port', text: wish.port ?? '', known: [] };
  return {
    ...(wish.pods === true ? { pods: true } : {}),
    ...(ends.length === 0 ? {} : { focus: { ends, ...(wish.direction === undefined ? {} : { direction: wish.direction }) } }),
    ...(port === undefined ? {} : { port }),
  };
}

/** The ends that a name of `--focus` means; `ns/payments`: all of a namespace. [] for a name that means nothing. */
export function endsNamed(cluster: Cluster, text: string, namespace: string): string[] {
  const whole = namespaceNamed(text);
  if (whole !== undefined) return [...cluster.workloads.values()].filter((workload) => workload.namespace === whole).map(({ ref }) => ref);
  if (text === '{ingress-controller}' || text === 'ingress-controller') return ['{ingress-controller}'];
  if (cluster.workloads.has(text)) return [text];
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  const inNamespace = (where: string | undefined) => [
    ...[...cluster.workloads.values()]
      .filter((workload) => workload.name === name && (where === undefined || workload.namespace === where))
      .map((workload) => workload.ref),
    ...cluster.pods.filter((pod) => pod.name === name && (where === undefined || pod.namespace === where)).map((pod) => pod.ref),
  ];
  if (parts.length > 1) return inNamespace(parts[0]);
  const near = inNamespace(namespace);
  return near.length > 0 ? near : inNamespace(undefined);
}

/** `ns/payments`, `namespace/payments` → `payments`; undefined for any other name. */
export function namespaceNamed(text: string): string | undefined {
  return /^(?:ns|namespaces?)\/([^/]+)$/.exec(text)?.[1];
}

/** `8080`, `8080/tcp`, `53/udp`. */
function portOf(text: string): { readonly protocol: Protocol; readonly port: number } | 'bad' {
  const [, digits, word = 'tcp'] = /^([0-9]{1,5})(?:\/([a-z]+))?$/i.exec(text) ?? [];
  const protocol = PROTOCOLS.find((known) => known.toLowerCase() === word.toLowerCase());
  const port = Number(digits);
  return protocol === undefined || digits === undefined || port < 1 || port > 65535 ? 'bad' : { protocol, port };
}
