// What an entry of the claims book is: a sentence that people write about network policies, a small cluster in which it can be decided, and
// what is expected to happen. The data is in the other files of this folder; run.ts runs it, page.ts writes docs/claims.md.

import type { Symptom } from '../../src/explain/symptom.ts';

export interface Claim {
  /** As a heading and in links: `empty-from-denies-everyone`. */
  readonly id: string;
  /** As it is read in articles. */
  readonly claim: string;
  readonly verdict: 'true' | 'wrong' | 'depends';
  /** What is right, in a sentence or two. */
  readonly right: string;
  /** Where it can be decided by connections or by what the API says. */
  readonly objects: readonly object[];
  readonly checks: readonly Check[];
}

/** Profiles by what they answer: `{ denied: 'all' }`, or `{ denied: ['calico'], allowed: ['aws-vpc-cni'] }`. */
export type Expected = Readonly<Record<string, 'all' | readonly string[]>>;

export type Check =
  /** A question to `why`; a control is there to show that the cluster works at all. */
  | { readonly kind: 'ask'; readonly from: string; readonly to: string; readonly expected: Expected; readonly control?: true }
  /** A cell of the profiles' table. */
  | {
      readonly kind: 'cell';
      readonly cell: string;
      readonly about: string;
      readonly expected: Expected;
      /** Instead of PROFILES. */
      readonly profiles?: readonly string[];
    }
  /** A symptom held against the verdict: does it fit? */
  | { readonly kind: 'seen'; readonly from: string; readonly to: string; readonly symptom: Symptom; readonly expected: Expected }
  /** An echo request, between pods. */
  | { readonly kind: 'ping'; readonly from: string; readonly to: string; readonly expected: Expected }
  /** What a client sees of a denial. */
  | { readonly kind: 'symptom'; readonly expected: Expected }
  /** The API server refuses the object: the code of the problem, and its text. */
  | { readonly kind: 'refused'; readonly says: string };

/** One of each way to enforce policies, and what the API promises. */
export const PROFILES = ['kubernetes', 'calico', 'cilium', 'aws-vpc-cni', 'kube-router', 'ovn-kubernetes', 'antrea'] as const;

export const ask = (from: string, to: string, expected: Expected | string): Check => ({
  kind: 'ask',
  from,
  to,
  expected: typeof expected === 'string' ? { [expected]: 'all' } : expected,
});

/** The same with what is not in question: it must be so, or the answer above means nothing. */
export const control = (from: string, to: string, outcome: string): Check => ({
  kind: 'ask',
  from,
  to,
  expected: { [outcome]: 'all' },
  control: true,
});

type Labels = Readonly<Record<string, string>>;

export function pod(ref: string, labels: Labels, options: { readonly ports?: readonly object[]; readonly more?: object } = {}): object {
  const [namespace, name] = ref.split('/');
  const ports = options.ports === undefined ? {} : { ports: options.ports };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels },
    spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'example/app', ...ports }], ...options.more },
  };
}

export function namespace(name: string, labels: Labels = {}): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } } };
}

export function service(ref: string, selector: Labels, ports: readonly object[], more: object = {}): object {
  const [ns, name] = ref.split('/');
  return { apiVersion: 'v1', kind: 'Service', metadata: { namespace: ns, name }, spec: { selector, ports, ...more } };
}

export function policy(ref: string, spec: object): object {
  const [ns, name] = ref.split('/');
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { namespace: ns, name }, spec };
}

const NODES: readonly object[] = [1, 2].map((n) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: `node-${n}` },
  status: { addresses: [{ type: 'InternalIP', address: `192.168.0.${n}` }] },
}));

/** The DNS of a cluster: one pod, and its Service with the usual address. */
export const DNS: readonly object[] = [
  pod(
    'kube-system/coredns',
    { 'k8s-app': 'kube-dns' },
    {
      ports: [
        { name: 'dns', protocol: 'UDP', containerPort: 53 },
        { name: 'dns-tcp', protocol: 'TCP', containerPort: 53 },
      ],
    },
  ),
  service(
    'kube-system/kube-dns',
    { 'k8s-app': 'kube-dns' },
    [
      { name: 'dns', protocol: 'UDP', port: 53 },
      { name: 'dns-tcp', protocol: 'TCP', port: 53 },
    ],
    { clusterIP: '10.96.0.10' },
  ),
];

/** frontend calls cart (port 80 of the Service, 7070 of the pod), admin is in another namespace. */
export const SHOP: readonly object[] = [
  ...NODES,
  namespace('shop'),
  namespace('office'),
  pod('shop/frontend', { app: 'frontend' }),
  pod('shop/checkout', { app: 'checkout' }),
  pod('shop/cart', { app: 'cart' }, { ports: [{ name: 'grpc', containerPort: 7070 }] }),
  pod('office/frontend', { app: 'frontend' }),
  service('shop/cart', { app: 'cart' }, [{ name: 'grpc', port: 80, targetPort: 'grpc' }]),
];

const CART = { podSelector: { matchLabels: { app: 'cart' } } };

/** Ingress rules for cart. */
export const onCart = (...ingress: readonly object[]) => policy('shop/cart', { ...CART, policyTypes: ['Ingress'], ingress });
export const denyAll = (ns: string, ...policyTypes: readonly string[]) => policy(`${ns}/default-deny`, { podSelector: {}, policyTypes });
export const peer = (app: string) => ({ podSelector: { matchLabels: { app } } });
