// A small shop for tests of the way from name to pod: a web front, a payments API with its database, the cart, and cluster DNS in three
// variants. Each part is YAML of its own, so that a test takes what it needs and adds what is wrong.
import { loadCluster } from '../src/manifest/load.ts';
import type { Cluster } from '../src/model/cluster.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../src/profile/choose.ts';
import type { Semantics } from '../src/profile/profile.ts';

/** The cluster of these YAML texts. The n-th is called `1.yaml`, `2.yaml`… */
export function clusterOf(...texts: readonly string[]): Cluster {
  return loadCluster(texts.map((text, i) => ({ file: `${i + 1}.yaml`, text })));
}

/** What a `--cni` choice answers: `semanticsNamed('calico')`. */
export function semanticsNamed(name = 'kubernetes'): Semantics {
  const choice = chooseProfile(name);
  if (isUnknown(choice)) throw new Error(`no profile ${name}`);
  return semanticsOf(choice);
}

export const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: frontend, namespace: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: frontend } }
  template:
    metadata: { labels: { app: frontend } }
    spec:
      containers:
        - name: nginx
          ports: [{ name: http, containerPort: 8080 }]
---
apiVersion: v1
kind: Service
metadata: { name: frontend, namespace: web }
spec:
  selector: { app: frontend }
  ports: [{ name: http, port: 80, targetPort: http }]
`;

export const PAYMENTS = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: payments }
spec:
  replicas: 2
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api, tier: back } }
    spec:
      containers:
        - name: server
          ports:
            - { name: http, containerPort: 8080 }
            - { name: metrics, containerPort: 9090 }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: payments }
spec:
  selector: { app: api }
  ports:
    - { name: http, port: 80, targetPort: http }
    - { name: metrics, port: 9090 }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: payments }
spec:
  serviceName: db
  replicas: 2
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
        - name: postgres
          ports: [{ name: sql, containerPort: 5432 }]
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: payments }
spec:
  clusterIP: None
  selector: { app: db }
  ports: [{ name: sql, port: 5432, targetPort: sql }]
`;

export const CART = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec:
      containers:
        - name: server
          ports: [{ name: grpc, containerPort: 7070 }]
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec:
  selector: { app: cart }
  ports: [{ name: grpc, port: 7070 }]
`;

export const KUBE_DNS = `
apiVersion: v1
kind: Namespace
metadata: { name: kube-system }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: coredns, namespace: kube-system }
spec:
  replicas: 2
  selector: { matchLabels: { k8s-app: kube-dns } }
  template:
    metadata: { labels: { k8s-app: kube-dns } }
    spec:
      dnsPolicy: Default
      containers:
        - name: coredns
          ports:
            - { name: dns, containerPort: 53, protocol: UDP }
            - { name: dns-tcp, containerPort: 53, protocol: TCP }
            - { name: metrics, containerPort: 9153, protocol: TCP }
---
apiVersion: v1
kind: Service
metadata: { name: kube-dns, namespace: kube-system, labels: { k8s-app: kube-dns } }
spec:
  clusterIP: 10.96.0.10
  selector: { k8s-app: kube-dns }
  ports:
    - { name: dns, port: 53, protocol: UDP }
    - { name: dns-tcp, port: 53, protocol: TCP }
`;

export const OPENSHIFT_DNS = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: dns-default, namespace: openshift-dns }
spec:
  selector: { matchLabels: { dns.operator.openshift.io/daemonset-dns: default } }
  template:
    metadata: { labels: { dns.operator.openshift.io/daemonset-dns: default } }
    spec:
      containers:
        - name: dns
          ports:
            - { name: dns, containerPort: 5353, protocol: UDP }
            - { name: dns-tcp, containerPort: 5353, protocol: TCP }
---
apiVersion: v1
kind: Service
metadata: { name: dns-default, namespace: openshift-dns }
spec:
  clusterIP: 172.30.0.10
  selector: { dns.operator.openshift.io/daemonset-dns: default }
  ports:
    - { name: dns, port: 53, protocol: UDP, targetPort: dns }
    - { name: dns-tcp, port: 53, protocol: TCP, targetPort: dns-tcp }
`;

export const NODELOCAL_DNS = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: node-local-dns, namespace: kube-system }
spec:
  selector: { matchLabels: { k8s-app: node-local-dns } }
  template:
    metadata: { labels: { k8s-app: node-local-dns } }
    spec:
      hostNetwork: true
      dnsPolicy: Default
      containers:
        - name: node-cache
          args: ['-localip', '169.254.20.10', '-conf', '/etc/Corefile']
          ports:
            - { name: dns, containerPort: 53, protocol: UDP }
            - { name: dns-tcp, containerPort: 53, protocol: TCP }
`;

/** Isolates every pod of a namespace in these directions: `denyAll('web', 'Egress')`. */
export function denyAll(namespace: string, ...types: readonly ('Ingress' | 'Egress')[]): string {
  return `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny-all, namespace: ${namespace} }
spec: { podSelector: {}, policyTypes: [${types.join(', ')}] }
`;
}

/** An egress policy for every pod of a namespace, with these rules in flow style: `egress('web', '[{ ports: [{ port: 53 }] }]')`. */
export function egress(namespace: string, rules: string): string {
  return `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: egress, namespace: ${namespace} }
spec: { podSelector: {}, policyTypes: [Egress], egress: ${rules} }
`;
}
