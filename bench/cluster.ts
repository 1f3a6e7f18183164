// `why` on a live cluster against what people type instead: kubectl fetching the same four kinds. A real API server, loaded beforehand.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiServer, clusterToolsMissing, startApiServer } from '../tests/cluster/apiserver.ts';
import { type KubeObject, load } from '../tests/cluster/load.ts';
import { measure, type Row, ratioRow } from './measure.ts';

const MOST = 1.5;
/** A cluster to try things in, where starting the program is nearly all of the time, and one of a team. */
const SIZES = [
  { pods: 50, policies: 10 },
  { pods: 500, policies: 100 },
] as const;
const nameOf = ({ pods, policies }: (typeof SIZES)[number]) =>
  `\`why\` on a live cluster with ${pods} pods and ${policies} policies, against \`kubectl get pods,svc,netpol,ns -A -o json\``;

/** `make`: a bench input of so many pods and policies; skips visibly where no API server or no kubectl is. */
export async function clusterRows(
  make: (name: string, pods: number, policies: number) => string,
  folder: string,
  program: string,
): Promise<Row[]> {
  const missing = clusterToolsMissing() ?? (spawnSync('kubectl', ['version', '--client']).status === 0 ? undefined : 'no kubectl here');
  const bound = `<= ${MOST} times`;
  if (missing !== undefined) return SIZES.map((size) => ({ name: nameOf(size), figure: `skipped: ${missing}`, bound, holds: undefined }));
  const rows: Row[] = [];
  for (const size of SIZES) rows.push(await rowOf(size, make(`${size.pods}.json`, size.pods, size.policies), folder, program));
  return rows;
}

async function rowOf(size: (typeof SIZES)[number], file: string, folder: string, program: string): Promise<Row> {
  const { items } = JSON.parse(readFileSync(file, 'utf8')) as { items: KubeObject[] };
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
    return ratioRow(nameOf(size), measure(ours, 9, [0, 1]), measure(kubectl, 9), MOST);
  } finally {
    await server?.stop();
  }
}
