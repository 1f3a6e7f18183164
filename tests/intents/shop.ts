// The shop under policies, and its intents: a front that may reach the cart, an admin tool that may not, a cart that nobody outside reaches.
import { loadCluster } from '../../src/manifest/load.ts';
import { parseText } from '../../src/manifest/parse.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import type { IntentsFile } from '../../src/question/intent.ts';
import { type IntentsRun, runIntents } from '../../src/question/intents.ts';
import { readIntents } from '../../src/question/intents-file.ts';
import { semanticsNamed } from '../shop-manifests.ts';

const workload = (name: string, port: string, extra = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: 1
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [ { name: main, image: shop/${name}${port === '' ? '' : `, ports: [ { containerPort: ${port} } ]`}${extra} } ] }
---
`;

export const SHOP = `${workload('frontend', '8080')}${workload('cart', '7070')}${workload('admin', '9000')}${workload('worker', '')}
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [ { port: 80, targetPort: 7070 } ] }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Namespace
metadata: { name: kube-system }
`;

export const CART_POLICY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart-ingress, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  policyTypes: [Ingress]
  ingress: [ { from: [ { podSelector: { matchLabels: { app: frontend } } } ], ports: [ { port: 7070 } ] } ]
`;

export const NO_EGRESS = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: no-egress, namespace: shop }
spec: { podSelector: { matchLabels: { app: worker } }, policyTypes: [Egress] }
`;

export function clusterWith(...texts: readonly string[]): Cluster {
  return loadCluster(texts.map((text, i) => ({ file: `${i + 1}.yaml`, text })));
}

/** Faults and all, of a text. */
export function parsed(text: string): ReturnType<typeof readIntents> {
  const [document] = parseText('intents.yaml', text).documents;
  if (document === undefined) throw new Error('no document');
  return readIntents(document.value, { document: document.document, path: [] });
}

export function intentsOf(...items: readonly string[]): IntentsFile {
  const { file, faults } = parsed(
    `groups: { clients: [ shop/frontend, shop/admin ] }\nintents:\n${items.map((item) => `  - ${item}\n`).join('')}`,
  );
  if (faults.length > 0) throw new Error(JSON.stringify(faults.map(({ code, what }) => [code, what])));
  return file;
}

export function runOf(cluster: Cluster, file: IntentsFile, cni = 'calico'): IntentsRun {
  const run = runIntents(cluster, semanticsNamed(cni), file, 'default');
  if ('tooMany' in run) throw new Error(`too many: ${run.tooMany}`);
  return run;
}

/** `['shop/frontend as-expected', 'shop/admin not-allowed']`, of one intent. */
export function codesOf(cluster: Cluster, item: string, cni = 'calico'): readonly string[] {
  return runOf(cluster, intentsOf(item), cni).results.flatMap(({ checks }) => checks.map(({ from, code }) => `${from} ${code}`));
}
