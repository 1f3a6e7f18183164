// The CustomResourceDefinitions that projects publish, taken from their Go modules: schemas and rules as a server has them, word for word.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load as parseYaml } from 'js-yaml';
import type { ApiServer } from './apiserver.ts';
import { call, type KubeObject, load } from './load.ts';

export interface ProjectCrds {
  readonly module: string;
  readonly version: string;
  /** Inside the module: `config/crd/experimental`. */
  readonly folder: string;
}

/** Fetches the module and creates its CRDs; ready when the server answers for each of them. Throws with the server's words when it refuses one. */
export async function installCrds(server: ApiServer, { module, version, folder }: ProjectCrds): Promise<void> {
  // Outside of any module of ours, so that nothing here depends on it.
  const downloaded = execFileSync('go', ['mod', 'download', '-json', `${module}@${version}`], { cwd: tmpdir(), encoding: 'utf8' });
  const { Dir } = JSON.parse(downloaded) as { readonly Dir: string };
  const crds = readdirSync(join(Dir, folder))
    .map((file) => parseYaml(readFileSync(join(Dir, folder, file), 'utf8')) as KubeObject)
    .filter(({ kind }) => kind === 'CustomResourceDefinition');
  if (crds.length === 0) throw new Error(`no CustomResourceDefinition in ${folder} of ${module}@${version}`);
  const [rejection] = await load(server, crds);
  if (rejection !== undefined) throw new Error(`${rejection.object.metadata.name}: ${rejection.message}`);
  for (const { spec } of crds as unknown as readonly { readonly spec: CrdSpec }[]) {
    const served = spec.versions.find((each) => each.served);
    const path = `/apis/${spec.group}/${served?.name}/${spec.names.plural}`;
    const deadline = Date.now() + 30_000;
    while ((await call(server, 'GET', path)).status !== 200) {
      if (Date.now() > deadline) throw new Error(`the server does not serve ${path}`);
      await new Promise((later) => setTimeout(later, 100));
    }
  }
}

interface CrdSpec {
  readonly group: string;
  readonly names: { readonly plural: string };
  readonly versions: readonly { readonly name: string; readonly served: boolean }[];
}
