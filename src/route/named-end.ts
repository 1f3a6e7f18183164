// How an end is called: once in the notation of JSON answers, once as a person writes it.
import type { Pod, Service, Workload } from '../model/cluster.ts';
import { hostCidr, printCidr } from '../net/cidr.ts';
import { type Ip, printIp } from '../net/ip.ts';
import type { Party } from './party.ts';

/** What a pasted name turned out to be. */
export interface NamedEnd {
  readonly kind:
    | 'workload'
    | 'pod'
    | 'service'
    | 'node'
    | 'address'
    | 'range'
    | 'internet'
    | 'kubelet'
    | 'ingress-controller'
    | 'ingress'
    | 'host'
    | 'self';
  /** `web/frontend[Deployment]`, `payments/svc/api`, `203.0.113.0/24`, `{ingress-controller}`: stable, for programs. */
  readonly notation: string;
  /** `web/frontend`, `payments/svc/api`, `internet`: for people. */
  readonly text: string;
  readonly namespace: string | undefined;
  /** Pods that stand behind the name, as `ns/name`. Empty for what is no pod. */
  readonly pods: readonly string[];
}

export function workloadEnd(workload: Workload): NamedEnd {
  const { ref, namespace, name, pods } = workload;
  return { kind: 'workload', notation: ref, text: `${namespace}/${name}`, namespace, pods: pods.map((pod) => pod.ref) };
}

export function podNamedEnd({ ref, namespace }: Pod): NamedEnd {
  return { kind: 'pod', notation: ref, text: ref, namespace, pods: [ref] };
}

export function serviceEnd({ namespace, name }: Service, parties: readonly Party[] = []): NamedEnd {
  const notation = `${namespace}/svc/${name}`;
  return { kind: 'service', notation, text: notation, namespace, pods: parties.map(({ ref }) => ref) };
}

export function nodeNamedEnd(name: string): NamedEnd {
  return plain('node', `node/${name}`);
}

export function addressNamedEnd(address: Ip): NamedEnd {
  return { ...plain('address', printCidr(hostCidr(address))), text: printIp(address) };
}

/** Kinds whose notation and text are one. */
export function plain(kind: NamedEnd['kind'], text: string): NamedEnd {
  return { kind, notation: text, text, namespace: undefined, pods: [] };
}

/** `payments/svc/api:8080`, `[2001:db8::1]:443`; the text alone without a port. */
export function withPort({ kind, text }: NamedEnd, port: number | string | undefined): string {
  if (port === undefined) return text;
  return kind === 'address' && text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`;
}
