// Clusters that grow in one dimension alone: documents, policies over the same pods, label keys, YAML text. The same for the same numbers.

import { once } from 'node:events';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { dump } from 'js-yaml';

type Labels = Readonly<Record<string, string>>;

const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'kubernetes.io/metadata.name': 'shop' } } };

function pod(i: number, labels: Labels) {
  const ip = `10.${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${i}`, namespace: 'shop', labels },
    spec: { containers: [{ name: 'main', image: 'shop/app', ports: [{ containerPort: 8080, protocol: 'TCP' }] }] },
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] },
  };
}

const policy = (name: string, spec: unknown) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: 'shop' },
  spec,
});
const list = (items: readonly unknown[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** JSON documents between `---` marks, a pod each. */
export function jsonDocuments(file: string, count: number): void {
  writeFileSync(
    file,
    range(count)
      .map((i) => JSON.stringify(pod(i, { app: 'cart' })))
      .join('\n---\n'),
  );
}

/** Every pod is a class of its own, and all are under the same policies: one for each pod, which admits it on a port of its own. */
export function deepStack(file: string, count: number): void {
  const rule = (i: number) => ({
    from: [{ podSelector: { matchLabels: { app: `app-${i}` } } }],
    ports: [{ protocol: 'TCP', port: 1000 + i }],
  });
  const pods = range(count).map((i) => pod(i, { app: `app-${i}` }));
  const policies = range(count).map((i) => policy(`admits-${i}`, { podSelector: {}, policyTypes: ['Ingress'], ingress: [rule(i)] }));
  writeFileSync(file, list([NAMESPACE, ...pods, ...policies]));
}

/** Every pod is a class of its own and reaches all others, on as many single ports: a long list of ports in every row of a map. */
export function longPortLists(file: string, pods: number, ports: number): void {
  const own = range(ports).map((i) => ({ protocol: 'TCP', port: 1000 + 2 * i }));
  const policies = [
    policy('ports', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }], ports: own }] }),
    ...range(pods).map((i) => policy(`own-${i}`, { podSelector: { matchLabels: { app: `app-${i}` } }, policyTypes: ['Ingress'] })),
  ];
  writeFileSync(file, list([NAMESPACE, ...range(pods).map((i) => pod(i, { app: `app-${i}` })), ...policies]));
}

/** Pods with a random half of the keys each, and a policy for every key: nearly every pod is a class of its own. */
export function labelSubsets(file: string, count: number, keys: number): void {
  let state = 7;
  const coin = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state & 64) === 0;
  };
  const has = (key: number) => [{ key: `key-${key}`, operator: 'Exists' }];
  const pods = range(count).map((i) => pod(i, Object.fromEntries(range(keys).flatMap((key) => (coin() ? [[`key-${key}`, 'yes']] : [])))));
  const policies = range(keys).map((key) =>
    policy(`key-${key}`, {
      podSelector: { matchExpressions: has(key) },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: { matchExpressions: has((key + 1) % keys) } }], ports: [{ protocol: 'TCP', port: 8080 }] }],
    }),
  );
  writeFileSync(file, list([NAMESPACE, ...pods, ...policies]));
}

/** What `kubectl get pods,networkpolicies -o yaml` prints for so many pods under a default deny; some 2.3 kB a pod. */
export async function kubectlYaml(file: string, count: number): Promise<void> {
  const out = createWriteStream(file);
  const options = { seqNoIndent: true, lineWidth: -1, noRefs: true };
  out.write('apiVersion: v1\nitems:\n');
  for (let from = 0; from < count; from += 500) {
    const items = range(Math.min(500, count - from)).map((i) => asStored(from + i));
    if (!out.write(dump(items, options))) await once(out, 'drain');
  }
  out.write(dump([policy('default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })], options));
  out.end('kind: List\nmetadata:\n  resourceVersion: ""\n');
  await once(out, 'finish');
}

/** A pod with what the API server and the kubelet have written into it. */
function asStored(i: number) {
  const own = pod(i, { app: `app-${i % 100}`, 'pod-template-hash': `6d4${i % 100}` });
  const time = '2026-01-01T00:00:00Z';
  const owner = {
    apiVersion: 'apps/v1',
    blockOwnerDeletion: true,
    controller: true,
    kind: 'ReplicaSet',
    name: `app-${i % 100}-6d4`,
    uid: `u-${i % 100}`,
  };
  const container = {
    env: range(6).map((e) => ({ name: `SETTING_${e}`, value: `value-${e}` })),
    image: 'shop/app:1.2.3',
    imagePullPolicy: 'IfNotPresent',
    name: 'main',
    ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
    resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m', memory: '128Mi' } },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    volumeMounts: [{ mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: 'api-access', readOnly: true }],
  };
  const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
    lastProbeTime: null,
    lastTransitionTime: time,
    status: 'True',
    type,
  }));
  return {
    ...own,
    metadata: {
      annotations: { 'kubernetes.io/config.seen': time },
      creationTimestamp: time,
      ...own.metadata,
      ownerReferences: [owner],
      uid: `uid-${i}`,
    },
    spec: { containers: [container], dnsPolicy: 'ClusterFirst', nodeName: `node-${i % 200}`, restartPolicy: 'Always', securityContext: {} },
    status: { conditions, hostIP: `192.168.0.${1 + (i % 200)}`, ...own.status, qosClass: 'Burstable', startTime: time },
  };
}

/** Writes the list of `file` with another port in the ingress rules of so many NetworkPolicies. Throws where it has fewer. */
export function withOtherPorts(file: string, out: string, count: number): void {
  const { items } = JSON.parse(readFileSync(file, 'utf8')) as {
    items: { kind: string; spec?: { ingress?: { ports?: unknown }[] } }[];
  };
  let left = count;
  for (const { kind, spec } of items) {
    const rules = kind === 'NetworkPolicy' ? (spec?.ingress ?? []) : [];
    if (rules.length === 0 || left === 0) continue;
    for (const rule of rules) rule.ports = [{ protocol: 'TCP', port: 8099 }];
    left--;
  }
  if (left > 0) throw new Error(`${file} has ${count - left} NetworkPolicies with ingress rules, not ${count}`);
  writeFileSync(out, list(items));
}
