// The shop of the lint tests: three workloads, their Services and the cluster's DNS, and a short way to write a policy for it.

const workload = (name: string, labels: string, ports: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { ${labels} } }
  template:
    metadata: { labels: { ${labels} } }
    spec:
      containers:
        - name: main
          image: example/${name}
          ports: [${ports}]
`;

const service = (name: string, port: number, target: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { app: ${name} }
  ports: [{ port: ${port}, targetPort: ${target} }]
`;

/** frontend (http 8080), cart (grpc 7070), checkout (http 5050); frontend's Service translates 80 to 8080. */
export const SHOP = [
  'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { team: retail } }\n',
  workload('frontend', 'app: frontend', '{ name: http, containerPort: 8080 }'),
  workload('cart', 'app: cart', '{ name: grpc, containerPort: 7070 }'),
  workload('checkout', 'app: checkout', '{ name: http, containerPort: 5050 }'),
  service('frontend', 80, 'http'),
  service('cart', 7070, 'grpc'),
  service('checkout', 5050, '5050'),
].join('---\n');

/** CoreDNS as kubeadm installs it. */
export const DNS = `apiVersion: v1
kind: Namespace
metadata: { name: kube-system }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: coredns, namespace: kube-system }
spec:
  selector: { matchLabels: { k8s-app: kube-dns } }
  template:
    metadata: { labels: { k8s-app: kube-dns } }
    spec:
      containers:
        - name: coredns
          image: example/coredns
          ports: [{ name: dns, containerPort: 53, protocol: UDP }, { name: dns-tcp, containerPort: 53 }]
---
apiVersion: v1
kind: Service
metadata: { name: kube-dns, namespace: kube-system }
spec:
  clusterIP: 10.96.0.10
  selector: { k8s-app: kube-dns }
  ports: [{ name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53 }]
`;

/** A NetworkPolicy of the shop; `spec` is the text under `spec:`, its lines not indented. The policy begins on line 1 of what comes back. */
export function policy(name: string, spec: string, namespace = 'shop'): string {
  const body = spec
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec:\n${body}\n`;
}

/** Documents of one stream. Lines are counted from the first, so put what you look at there. */
export function stream(...documents: readonly string[]): string {
  return documents.join('---\n');
}
