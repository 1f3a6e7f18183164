// The shop in a few lines: frontend and checkout may be asked about, cart lets frontend in.
const pod = (name: string, address: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { containers: [{ name: main, image: shop/${name}, ports: [{ name: grpc, containerPort: 7070 }] }] }
status: { phase: Running, podIP: ${address} }
---`;

export const PODS: string = [pod('frontend', '10.0.0.1'), pod('checkout', '10.0.0.2'), pod('cart', '10.0.0.3')].join('');

/** `policyFor('frontend')`: cart lets in who has this label, on 7070. */
export const policyFor = (app: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: ${app} } } }]
      ports: [{ port: 7070 }]
`;

/** Cilium, whose policies are watched and not enforced. */
export const CILIUM_AUDITS = `
apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: kube-system }
data: { enable-policy: default, policy-audit-mode: "true" }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: cilium, namespace: kube-system }
spec:
  selector: { matchLabels: { k8s-app: cilium } }
  template:
    metadata: { labels: { k8s-app: cilium } }
    spec: { hostNetwork: true, containers: [{ name: cilium-agent, image: "quay.io/cilium/cilium:v1.17.3" }] }
---
`;
