// Random lives of a world: files of manifests and objects that come beside them, and series of changes over everything that a world holds.
import fc from 'fast-check';
import { calicoObjects } from './calico-objects.ts';
import { ciliumObjects } from './cilium-objects.ts';
import { APPS, few, labels, NAMESPACES, namespaceSelector, selector } from './few-words.ts';
import { policyApiObjects } from './policy-api-objects.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
}

/** `{ file, objects }`: the file says this now; no objects: it is gone. `text`: what it says is broken. */
export type WorldStep =
  | { readonly file: string; readonly objects: readonly Manifest[] }
  | { readonly file: string; readonly text: string }
  | { readonly object: Manifest }
  | { readonly removed: Manifest }
  | Edit;

/** One of the objects that the files have says something else, in its file or as the cluster tells. */
export interface Edit {
  /** Which: any number, counted through them. */
  readonly edit: number;
  readonly isToldByCluster: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly team: string;
  readonly podIPs: readonly string[] | undefined;
  readonly spec: Readonly<Record<string, unknown>>;
}

const namespaced = fc.constantFrom(...NAMESPACES);
const name = fc.constantFrom('one', 'two', 'three');

const namespace = fc
  .tuple(namespaced, fc.option(fc.constantFrom('red', 'blue'), { nil: undefined }))
  .map(([name, team]) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...(team && { labels: { team } }) } }));

const address = fc.constantFrom('10.0.0.4', '10.0.0.5', '10.0.1.6', '10.2.0.7');
const addresses: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 6, arbitrary: few(address, 1) },
  { weight: 1, arbitrary: address.map((ip) => [ip, 'fd00::4']) },
);

const pod = fc
  .record({
    name,
    namespace: namespaced,
    labels,
    hash: fc.option(fc.constantFrom('a1', 'b2'), { nil: undefined, freq: 2 }),
    owner: fc.option(fc.constantFrom('cart-a1', 'cart-b2', 'web'), { nil: undefined, freq: 3 }),
    podIPs: addresses,
    phase: fc.constantFrom('Running', 'Running', 'Running', 'Succeeded'),
    node: fc.constantFrom('node-1', 'node-2', undefined),
    hostNetwork: fc.constantFrom(false, false, false, false, true),
    port: fc.constantFrom(80, 8080),
    portName: fc.constantFrom('http', 'http', 'HTTP!'),
  })
  .map(({ name, namespace, labels, hash, owner, podIPs, phase, node, hostNetwork, port, portName }) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { ...labels, ...(hash && { 'pod-template-hash': hash }) },
      ...(owner && { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, controller: true }] }),
    },
    spec: {
      ...(node && { nodeName: node }),
      ...(hostNetwork && { hostNetwork }),
      containers: [{ name: 'main', ports: [{ name: portName, containerPort: port }] }],
    },
    status: { phase, podIPs: podIPs.map((ip) => ({ ip })) },
  }));

const deployment = fc.tuple(fc.constantFrom('cart', 'web'), namespaced, labels).map(([name, namespace, labels]) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'main' }] } } },
}));

const rule = fc.record(
  {
    peers: few(fc.record({ podSelector: selector, namespaceSelector }, { requiredKeys: ['podSelector'] }), 2, 1),
    ports: few(fc.record({ port: fc.constantFrom<number | string>(80, 8080, 'http') }), 1, 1),
    block: fc.constantFrom('10.0.0.4/32', '10.0.0.0/24', '10.96.0.1/32', '::/0'),
  },
  { requiredKeys: ['peers'] },
);
const rules = (side: 'from' | 'to') =>
  few(rule, 2).map((list) =>
    list.map(({ peers, ports, block }) => ({ [side]: block ? [...peers, { ipBlock: { cidr: block } }] : peers, ...(ports && { ports }) })),
  );
const networkPolicy = fc
  .record({
    name,
    namespace: namespaced,
    podSelector: selector,
    ingress: rules('from'),
    egress: rules('to'),
    isBroken: fc.constantFrom(false, false, false, false, false, true),
  })
  .map(({ name, namespace, podSelector, ingress, egress, isBroken }) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: { podSelector, ingress, ...(egress.length > 0 && { egress }), ...(isBroken && { policyTypes: ['Sideways'] }) },
  }));

const service = fc
  .record({
    name: fc.constantFrom(...APPS),
    namespace: namespaced,
    app: fc.constantFrom(...APPS),
    clusterIP: fc.constantFrom('10.96.0.1', '10.96.0.2'),
  })
  .map(({ name, namespace, app, clusterIP }) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app }, clusterIP, ports: [{ port: 80, targetPort: 'http' }] },
  }));

const node = fc
  .tuple(fc.constantFrom('node-1', 'node-2'), fc.constantFrom('192.168.0.1', '192.168.0.2', 'fd01::1'), fc.constantFrom('a', 'b'))
  .map(([name, address, zone]) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { zone } },
    status: { addresses: [{ type: 'InternalIP', address }] },
  }));

const route = fc.tuple(namespaced, fc.constantFrom(...APPS)).map(([namespace, name]) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'shop', namespace },
  spec: { parentRefs: [{ name: 'edge', namespace: 'ops' }], rules: [{ backendRefs: [{ name, port: 80 }] }] },
}));
const gateway = fc.constantFrom('red', 'blue').map((team) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'edge', namespace: 'ops' },
  spec: {
    listeners: [
      { name: 'web', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team } } } } },
    ],
  },
}));

/** One object of any kind that a world may meet. */
const manifest: fc.Arbitrary<Manifest> = fc.oneof(
  { weight: 5, arbitrary: pod },
  { weight: 5, arbitrary: networkPolicy },
  { weight: 3, arbitrary: namespace },
  { weight: 1, arbitrary: service },
  { weight: 1, arbitrary: node },
  { weight: 1, arbitrary: deployment },
  { weight: 1, arbitrary: fc.oneof(route, gateway) },
  { weight: 4, arbitrary: oneOf(policyApiObjects, ciliumObjects, calicoObjects) },
);

function oneOf(...lists: readonly fc.Arbitrary<readonly object[]>[]): fc.Arbitrary<Manifest> {
  return fc.oneof(...lists.map((list) => list.filter(({ length }) => length > 0).map((objects) => objects[0] as Manifest)));
}

const file = fc.constantFrom('a.json', 'b.json', 'c.json', 'd.json', 'e.json');
/** Mostly one object: then a change of the file is one of the object, where they have the same name. */
const contents = fc.oneof({ weight: 3, arbitrary: few(manifest, 1, 1) }, { weight: 1, arbitrary: few(manifest, 3) });

const edit: fc.Arbitrary<Edit> = fc.record({
  edit: fc.nat(1000),
  isToldByCluster: fc.boolean(),
  labels,
  team: fc.constantFrom('red', 'blue'),
  podIPs: fc.option(addresses, { nil: undefined, freq: 2 }),
  spec: networkPolicy.map(({ spec }) => spec),
});

/** A pod with other labels or addresses, a namespace of another team, a NetworkPolicy with other rules; objects of other kinds get a label. */
export function edited(object: Manifest, { labels, team, podIPs, spec }: Edit): Manifest {
  if (object.kind === 'NetworkPolicy' && object.apiVersion === 'networking.k8s.io/v1') return { ...object, spec } as Manifest;
  const own = object.kind === 'Pod' ? labels : { team };
  const status =
    object.kind === 'Pod' && podIPs !== undefined ? { status: { phase: 'Running', podIPs: podIPs.map((ip) => ({ ip })) } } : {};
  return { ...object, ...status, metadata: { ...object.metadata, labels: own } } as Manifest;
}

const step: fc.Arbitrary<WorldStep> = fc.oneof(
  { weight: 12, arbitrary: edit },
  { weight: 4, arbitrary: fc.record({ file, objects: contents }) },
  { weight: 4, arbitrary: manifest.map((object) => ({ object })) },
  { weight: 1, arbitrary: manifest.map((removed) => ({ removed })) },
  { weight: 1, arbitrary: fc.record({ file, text: fc.constantFrom('kind: NetworkPolicy\nspec: [', '{}', '', 'a: 1\na: 2') }) },
);

/** The files of the beginning, and what happens then. */
export const lives: fc.Arbitrary<{ readonly files: readonly (readonly Manifest[])[]; readonly steps: readonly WorldStep[] }> = fc.record({
  files: few(few(manifest, 5, 1), 5, 2),
  steps: few(step, 8, 1),
});
