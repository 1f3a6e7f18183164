// `why` on a live cluster against what people type instead: kubectl fetching the same four kinds. A real API server, loaded beforehand.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiServer, clusterToolsMissing, startApiServer } from '../tests/cluster/apiserver.ts';
import { type KubeObject, load } from '../tests/cluster/load.ts';
import { measure, type Row, ratioRow } from './measure.ts';

const MOST = 1.5;
const NAME = '`why` on a live cluster with 500 pods and 100 policies, against `kubectl get pods,svc,netpol,ns -A -o json`';

/** `make`: a bench input of so many pods and policies; skips visibly where no API server or no kubectl is. */
export async function clusterRows(
  make: (name: string, pods: number, policies: number) => string,
  folder: string,
  program: string,
): Promise<Row[]> {
  const missing = clusterToolsMissing() ?? (spawnSync('kubectl', ['version', '--client']).status === 0 ? undefined : 'no kubectl here');
  if (missing !== undefined) return [{ name: NAME, figure: `skipped: ${missing}`, bound: `<= ${MOST} times`, holds: undefined }];
  const { items } = JSON.parse(readFileSync(make('500.json', 500, 100), 'utf8')) as { items: KubeObject[] };
  let server: ApiServer | undefined;
  try {
    server = await startApiServer();
    const rejected = await load(server, items);
    if (rejected.length > 0)
      throw new Error(`the API server refused ${rejected.length} objects of the bench input: ${rejected[0]?.message}`);
    const pods = items.filter(({ kind }) => kind === 'Pod').map(({ metadata }) => `${metadata.namespace}/pod/${metadata.name}`);
    const [from = '', to = ''] = [pods[0], pods.at(-1)];
    // kubectl keeps what it has discovered in the home folder; the first run, which is not counted, fills it.
    const home = ['env', `HOME=${join(folder, 'home')}`];
    const kubectl = [...home, 'kubectl', '--kubeconfig', server.kubeconfigPath, 'get', 'pods,svc,netpol,ns', '-A', '-o', 'json'];
    const ours = [...home, process.execPath, program, 'why', '-q', '--kubeconfig', server.kubeconfigPath, from, `${to}:8080`];
    return [ratioRow(NAME, measure(ours, 7, [0, 1]), measure(kubectl, 7), MOST)];
  } finally {
    await server?.stop();
  }
}
