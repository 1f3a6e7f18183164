// `why` on a live cluster against what people type instead: kubectl fetching the same four kinds. Both ask one server on loopback, which
// is a process of its own and whose time is not counted.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cost, costRow, costs, type Row } from './measure.ts';

type Size = { readonly pods: number; readonly policies: number; readonly most: number };

/**
 * A cluster to try things in, where starting the program is nearly all of the time, and two of teams. `most`: how many times the cost of
 * kubectl. With 50 pods the aim of 1.5 times is out of reach of Node (docs/cluster.md), so a row beside it holds the barest program there is.
 */
const SIZES: readonly Size[] = [
  { pods: 50, policies: 10, most: 6 },
  { pods: 500, policies: 100, most: 4 },
  { pods: 5_000, policies: 500, most: 1.5 },
];
const KINDS = 'pods,svc,netpol,ns';

/** The least that a program of Node does to get the four lists: no discovery, no client, nothing but the parsed JSON. */
const BAREST = `import { get } from 'node:http';
import { readFileSync } from 'node:fs';
const { server } = JSON.parse(readFileSync(process.argv[2], 'utf8')).clusters[0].cluster;
const paths = ['/api/v1/pods', '/api/v1/services', '/apis/networking.k8s.io/v1/networkpolicies', '/api/v1/namespaces'];
const read = (path) => new Promise((done) => get(server + path, (answer) => {
  let text = '';
  answer.on('data', (part) => (text += part)).on('end', () => done(JSON.parse(text)));
}));
await Promise.all(paths.map(read));
`;

/** `make`: a bench input of so many pods and policies; skips visibly where no kubectl is. */
export async function clusterRows(
  make: (name: string, pods: number, policies: number) => string,
  folder: string,
  program: string,
): Promise<Row[]> {
  const name = `\`why\` on a live cluster, against \`kubectl get ${KINDS} -A -o json\``;
  if (spawnSync('kubectl', ['version', '--client']).status !== 0) {
    return [{ name, figure: 'skipped: no kubectl here', bound: '', holds: undefined }];
  }
  const rows: Row[] = [];
  for (const size of SIZES) {
    rows.push(...(await rowsOf(size, make(`live-${size.pods}.json`, size.pods, size.policies), folder, program)));
  }
  return rows;
}

async function rowsOf({ pods, policies, most }: Size, file: string, folder: string, program: string): Promise<Row[]> {
  const { items } = JSON.parse(readFileSync(file, 'utf8')) as {
    items: readonly { readonly kind: string; readonly metadata: { readonly name: string; readonly namespace: string } }[];
  };
  const names = items.flatMap(({ kind, metadata }) => (kind === 'Pod' ? [`${metadata.namespace}/pod/${metadata.name}`] : []));
  const [from = '', to = ''] = [names[0], names.at(-1)];
  const server = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'fake-cluster.ts'), file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const kubeconfig = await firstLine(server);
    const [barest, client] = [join(folder, 'barest.mjs'), join(folder, 'client.mjs')];
    writeFileSync(barest, BAREST);
    writeFileSync(client, `import '${import.meta.resolve('@kubernetes/client-node')}';\n`);
    // kubectl keeps what it has discovered in the home folder; it is filled before anything is counted.
    const home = ['env', `HOME=${join(folder, 'home')}`];
    const kubectl = [...home, 'kubectl', '--kubeconfig', kubeconfig, 'get', KINDS, '-A', '-o', 'json'];
    const why = [...home, process.execPath, program, 'why', '-q', '--kubeconfig', kubeconfig, from, `${to}:8080`];
    const others = pods > 50 ? [] : [[process.execPath, barest, kubeconfig] as const, [process.execPath, client] as const];
    costs([kubectl], 1);
    const [ours, theirs, least, official] = costs([why, kubectl, ...others], 9, [0, 1]) as readonly [Cost, Cost, Cost?, Cost?];
    const of = `a live cluster with ${pods} pods and ${policies} policies`;
    const rows = [costRow(`\`why\` on ${of}, against \`kubectl get ${KINDS} -A -o json\``, [ours, theirs], most)];
    if (least === undefined || official === undefined) return rows;
    return [
      ...rows,
      costRow(`\`why\` on ${of}, against the barest program of Node that fetches the same four lists`, [ours, least], 4.5),
      costRow(`\`why\` on ${of}, against only loading the official client for Node`, [ours, official], 0.75),
    ];
  } finally {
    server.stdin?.end();
    await once(server, 'exit');
  }
}

async function firstLine(server: ChildProcess): Promise<string> {
  const [text] = (await once(server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return text.toString().trim();
}
