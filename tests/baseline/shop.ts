// A shop whose manifests say who calls whom, in every place where they can: variables, arguments, ConfigMaps, a mounted file, an Ingress.
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { chooseProfile, isUnknown, type ProfileChoice } from '../../src/profile/choose.ts';
import { type Baseline, type BaselineOptions, baseline } from '../../src/question/baseline.ts';

export function clusterWith(...texts: readonly string[]): Cluster {
  return loadCluster(texts.map((text, i) => ({ file: `${i + 1}.yaml`, text })));
}

export function profileNamed(name = 'calico'): ProfileChoice {
  const choice = chooseProfile(name);
  if (isUnknown(choice)) throw new Error(`no profile ${name}`);
  return choice;
}

export function baselineOf(cluster: Cluster, options: Partial<BaselineOptions> = {}, cni = 'calico'): Baseline {
  return baseline(cluster, profileNamed(cni), {
    namespaces: ['shop'],
    dns: 'auto',
    ingressController: undefined,
    monitoring: undefined,
    apiServer: [],
    ...options,
  });
}

/** A Deployment with a Service in front. `container` goes into the container, `pod` into the pod's spec. */
export function app(name: string, port: number, container = '', { pod = '', namespace = 'shop', annotations = '' } = {}): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  replicas: 1
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, version: v1 }${annotations} }
    spec: { ${pod}containers: [ { name: main, image: x${container}, ports: [ { containerPort: ${port} } ] } ] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [ { port: 80, targetPort: ${port} } ] }
---
`;
}

export const KUBE_DNS = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: coredns, namespace: kube-system }
spec:
  replicas: 1
  selector: { matchLabels: { k8s-app: kube-dns } }
  template:
    metadata: { labels: { k8s-app: kube-dns } }
    spec: { containers: [ { name: coredns, image: x, ports: [ { name: dns, containerPort: 53, protocol: UDP }, { name: dns-tcp, containerPort: 53 } ] } ] }
---
apiVersion: v1
kind: Service
metadata: { name: kube-dns, namespace: kube-system, labels: { k8s-app: kube-dns } }
spec:
  clusterIP: 10.96.0.10
  selector: { k8s-app: kube-dns }
  ports: [ { name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53, protocol: TCP } ]
---
`;
