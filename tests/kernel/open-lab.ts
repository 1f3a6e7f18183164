// A program of its own for the tests of faults: opens a lab, says its process, and makes connections until it is stopped.
// `once`: says what came of it as one line of JSON, and ends.
import { Failure } from '../../src/failure.ts';
import { complete } from '../../src/lab/complete.ts';
import { openFlat } from '../../src/lab/flat.ts';
import { prove } from '../../src/lab/prove.ts';
import type { Shot } from '../../src/lab/stage.ts';
import { findTools } from '../../src/lab/tools.ts';
import { compile } from '../../src/nft/compile.ts';
import { decided } from '../../src/nft/decided.ts';
import { failureSentence } from '../../src/words/en/failures.ts';
import { semantics } from './agreement.ts';
import { clusterOf } from './random-cluster.ts';

const pod = (app: string, i: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name: app, labels: { app } },
  spec: { containers: [{ name: 'main', image: 'example/app' }] },
  status: { phase: 'Running', podIP: `10.0.0.${i + 2}`, podIPs: [{ ip: `10.0.0.${i + 2}` }] },
});
const policy = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: 'shop', name: 'cart' },
  spec: { podSelector: { matchLabels: { app: 'cart' } }, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 7070 }] }] },
};
const shop = clusterOf([...['frontend', 'cart', 'checkout'].map(pod), policy]);

async function once(): Promise<object> {
  const { outcome, made, facts } = await prove(shop, { semantics: semantics('calico') });
  return { outcome, made, rootless: facts.rootless };
}

async function forever(): Promise<never> {
  const lab = await openFlat(findTools());
  const { cluster } = complete(shop);
  await lab.load(compile(cluster, decided(semantics('calico')).semantics));
  const [frontend, cart] = cluster.pods.map(({ addresses: [address] }) => address);
  if (frontend === undefined || cart === undefined) throw new Error('the shop has no addresses');
  const shots = Array.from(
    { length: 5000 },
    (_, i): Shot => ({ source: frontend, destination: cart, protocol: 'TCP', port: 7000 + (i % 100) }),
  );
  console.log(JSON.stringify({ inside: lab.namespace.pid }));
  for (;;) await lab.shoot(shots);
}

try {
  if (process.argv[2] === 'once') console.log(JSON.stringify(await once()));
  else await forever();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.log(JSON.stringify({ code: error.code, message: failureSentence(error).text, hint: failureSentence(error).hint }));
}
