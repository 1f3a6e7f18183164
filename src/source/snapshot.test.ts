import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../tests/shared.ts';
import { detectProfile } from '../cni/detect.ts';
import { loadCluster } from '../manifest/load.ts';
import { objectsOf } from '../manifest/objects.ts';
import { parseText } from '../manifest/parse.ts';
import { limitObject } from '../manifest/read-limits.ts';
import type { Cluster } from '../model/cluster.ts';
import { readInputs } from './files.ts';
import { sanitized, snapshotText } from './snapshot.ts';

const objectsIn = (text: string) => objectsOf(parseText('cluster.yaml', text).documents).objects;
const textOf = (text: string): string => [...snapshotText(objectsIn(text))].join('');

/** Everywhere a secret was ever found, in objects that are otherwise kept. */
const LEAKY = `
apiVersion: v1
kind: Pod
metadata:
  name: cart
  namespace: shop
  labels: { app: cart }
  annotations: { kubectl.kubernetes.io/last-applied-configuration: SWORDFISH, vault.example/role: SWORDFISH, prometheus.io/port: "9090" }
  managedFields: [ { manager: SWORDFISH } ]
spec:
  nodeName: node-1
  imagePullSecrets: [ { name: SWORDFISH } ]
  volumes: [ { name: v, secret: { secretName: SWORDFISH } } ]
  containers:
    - name: main
      image: example.test/cart:v1
      command: [ SWORDFISH ]
      args: [ --token=SWORDFISH ]
      env: [ { name: PASSWORD, value: SWORDFISH } ]
      envFrom: [ { secretRef: { name: SWORDFISH } } ]
      lifecycle: { preStop: { exec: { command: [ SWORDFISH ] } } }
      livenessProbe: { httpGet: { port: 8080, path: /SWORDFISH, httpHeaders: [ { name: Authorization, value: SWORDFISH } ] } }
      readinessProbe: { exec: { command: [ SWORDFISH ] } }
      ports: [ { name: grpc, containerPort: 7070 } ]
  initContainers: [ { name: init, image: a, args: [ SWORDFISH ], env: [ { name: A, value: SWORDFISH } ] } ]
  ephemeralContainers: [ { name: debug, image: a, command: [ SWORDFISH ] } ]
status: { phase: Running, podIP: 10.0.0.2, message: SWORDFISH, containerStatuses: [ { name: main, ready: true, state: { terminated: { message: SWORDFISH } } } ] }
---
apiVersion: v1
kind: Secret
metadata: { name: s, namespace: shop }
data: { key: SWORDFISH }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: shop }
data: { key: SWORDFISH }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: kube-system, annotations: { a: SWORDFISH } }
data: { enable-policy: default, etcd-config: SWORDFISH }
---
apiVersion: crd.projectcalico.org/v1
kind: FelixConfiguration
metadata: { name: default, annotations: { a: SWORDFISH } }
spec: { bpfEnabled: true, prometheusMetricsCAFile: SWORDFISH }
---
apiVersion: v1
kind: Node
metadata: { name: node-1, annotations: { k3s.io/node-args: '["server","--disable-network-policy","--token","SWORDFISH"]', csi.volume.kubernetes.io/nodeid: SWORDFISH } }
status: { images: [ { names: [ SWORDFISH ] } ] }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: aws-node, namespace: kube-system }
spec:
  template:
    metadata: { annotations: { a: SWORDFISH } }
    spec:
      containers:
        - name: aws-node
          image: a
          env: [ { name: NETWORK_POLICY_ENFORCING_MODE, value: strict }, { name: AWS_KEY, value: SWORDFISH } ]
        - name: aws-eks-nodeagent
          image: a
          args: [ --enable-network-policy, "true", --log-token=SWORDFISH ]
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: report, namespace: shop }
spec: { jobTemplate: { spec: { template: { spec: { containers: [ { name: a, image: a, env: [ { name: A, value: SWORDFISH } ] } ] } } } } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: shop, annotations: { nginx.ingress.kubernetes.io/auth-secret: SWORDFISH } }
spec: { tls: [ { secretName: SWORDFISH } ], rules: [ { host: shop.example, http: { paths: [ { path: /, pathType: Prefix, backend: { service: { name: cart, port: { number: 80 } } } } ] } } ] }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop, annotations: { service.example/key: SWORDFISH } }
spec: { selector: { app: cart }, ports: [ { port: 80, targetPort: grpc } ] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop, annotations: { note: SWORDFISH } }
spec: { podSelector: { matchLabels: { app: cart } } }
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: l7, namespace: shop, annotations: { note: SWORDFISH } }
spec: { endpointSelector: {}, ingress: [{}] }
---
apiVersion: example.test/v1
kind: Widget
metadata: { name: w }
spec: { key: SWORDFISH }
`;

describe('a snapshot', () => {
  it('has nothing in it that could be a secret', () => {
    const text = textOf(LEAKY);
    expect(LEAKY.match(/SWORDFISH/g)?.length).toBeGreaterThan(30);
    expect(text).not.toContain('SWORDFISH');
    expect(text).not.toContain('PASSWORD');
    expect(text).not.toContain('AWS_KEY');
  });

  it('has everything in it that an answer needs', () => {
    const { podByRef, services, ingresses, policies, problems } = loadCluster([{ file: 'snapshot.json', text: textOf(LEAKY) }]);
    expect(podByRef.get('shop/cart')).toMatchObject({ node: 'node-1', phase: 'Running', ports: [{ name: 'grpc', port: 7070 }] });
    expect(services.get('shop/cart')).toMatchObject({ ports: [{ port: 80, targetPort: 'grpc' }] });
    expect(ingresses).toMatchObject([{ rules: [{ host: 'shop.example', service: 'cart', port: 80 }] }]);
    expect([...new Set(policies.map(({ ref }) => ref))].sort()).toEqual(['shop/cart', 'shop/l7']);
    expect(problems.filter(({ code }) => code !== 'unsupported-policy')).toEqual([]);
  });

  it('leaves out Secrets, and kinds that nobody asks for', () => {
    const kinds = objectsIn(LEAKY)
      .filter((object) => sanitized(object) === undefined)
      .map(({ kind }) => kind);
    expect(kinds).toEqual(['Secret', 'Widget']);
  });

  it.each(readdirSync(new URL('../../tests/fixtures/cni/', import.meta.url)))(
    'tells the same network plugin in the same mode: %s',
    (file) => {
      const text = readFileSync(new URL(`../../tests/fixtures/cni/${file}`, import.meta.url), 'utf8');
      const { profile, basis, plugins, candidates } = detectProfile(objectsIn(text));
      expect(detectProfile(objectsIn(textOf(text)))).toMatchObject({ profile, basis, plugins, candidates });
    },
  );

  it('carries along what could not be read, without the words of the server, which name the user', () => {
    const limit = limitObject(
      {
        kind: 'NetworkPolicy',
        group: 'networking.k8s.io',
        resource: 'networkpolicies.networking.k8s.io',
        reason: 'forbidden',
        readIn: ['shop'],
        weight: 'policy',
        message: 'User "anna" cannot',
      },
      'cluster',
    );
    const text = [...snapshotText([limit])].join('');
    expect(text).not.toContain('anna');
    const { policies, problems } = loadCluster([{ file: 'snapshot.json', text }]);
    expect(policies).toMatchObject([{ kind: 'NetworkPolicy', faults: [{ code: 'limit' }] }]);
    expect(problems).toMatchObject([{ code: 'limit', facts: { readIn: ['shop'] } }]);
  });

  it('of nothing is an empty List', () => {
    expect(JSON.parse([...snapshotText([])].join(''))).toEqual({ apiVersion: 'v1', kind: 'List', metadata: {}, items: [] });
  });
});

/** The cluster without its places and without what a snapshot leaves out on purpose. */
function plainly(cluster: Cluster): unknown {
  const dropped = new Set([
    'metadata',
    'origin',
    'selectorOrigin',
    'spec',
    'value',
    'annotations',
    'problems',
    'otherKinds',
    'objectCount',
    'extras',
  ]);
  return JSON.parse(
    JSON.stringify(cluster, (key, value: unknown) => {
      if (dropped.has(key)) return undefined;
      if (typeof value === 'bigint') return String(value);
      return value instanceof Map ? [...value] : value;
    }),
  );
}

describeWithShared('a snapshot of a real application', () => {
  it.each(['bookinfo', 'minikube-cluster-dump', 'online-boutique', 'sock-shop', 'wordpress'])('is the same cluster: %s', async (name) => {
    const { texts } = await readInputs([sharedPath('realworld', name)], {});
    const objects = objectsOf(texts.flatMap(({ file, text }) => parseText(file, text).documents)).objects;
    const before = loadCluster(texts);
    const after = loadCluster([{ file: 'snapshot.json', text: [...snapshotText(objects)].join('') }]);
    expect(before.pods.length).toBeGreaterThan(0);
    expect(plainly(after)).toEqual(plainly(before));
  });
});

describe('what policies of other kinds look up', () => {
  it.each([
    ['projectcalico.org/v3', 'HostEndpoint', 'node: node-1'],
    ['crd.projectcalico.org/v1', 'Tier', 'order: 10'],
    ['projectcalico.org/v3', 'GlobalNetworkSet', 'nets: [203.0.113.0/24]'],
    ['cilium.io/v2', 'CiliumCIDRGroup', 'externalCIDRs: [203.0.113.0/24]'],
  ])('is kept: %s %s', (apiVersion, kind, spec) => {
    const text = (version: string) =>
      textOf(`apiVersion: ${version}\nkind: ${kind}\nmetadata: { name: one, annotations: { a: SWORDFISH } }\nspec: { ${spec} }\n`);
    expect(objectsIn(text(apiVersion))).toMatchObject([{ kind, name: 'one' }]);
    expect(text(apiVersion)).toContain(spec.split(':')[0]);
    expect(text(apiVersion)).not.toContain('SWORDFISH');
    expect(objectsIn(text('other.example/v1'))).toEqual([]);
  });
});
