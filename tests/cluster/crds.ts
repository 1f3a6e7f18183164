// CustomResourceDefinitions for the policy kinds of network plugins, with schemas that take anything:
// what matters here is which kinds a server serves, not what is inside them.
import type { ApiServer } from './apiserver.ts';
import { call, type KubeObject, load, type Rejection } from './load.ts';

export interface CustomKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly scope: 'namespaced' | 'cluster';
}

function crd({ group, version, kind, resource, scope }: CustomKind): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${resource}.${group}`,
      // Kubernetes wants this for groups of its own domain.
      annotations: { 'api-approved.kubernetes.io': 'unapproved, for a test' },
    },
    spec: {
      group,
      scope: scope === 'cluster' ? 'Cluster' : 'Namespaced',
      names: { kind, plural: resource, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
}

/** Creates them and waits until the server answers for each, which takes it a second or two. */
export async function serveKinds(server: ApiServer, kinds: readonly CustomKind[]): Promise<readonly Rejection[]> {
  const rejections = await load(server, kinds.map(crd));
  for (const { group, version, resource } of kinds)
    await until(async () => (await call(server, 'GET', `/apis/${group}/${version}/${resource}`)).status === 200);
  for (const { group } of kinds) await until(async () => groupsOf(await call(server, 'GET', '/apis')).includes(group));
  return rejections;
}

/** Takes them away again, so that the server serves other kinds in their place. */
export async function withdrawKinds(server: ApiServer, kinds: readonly CustomKind[]): Promise<void> {
  for (const { resource, group } of kinds)
    await call(server, 'DELETE', `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${resource}.${group}`);
  const groups = new Set(kinds.map(({ group }) => group));
  await until(async () => !groupsOf(await call(server, 'GET', '/apis')).some((group) => groups.has(group)));
}

function groupsOf({ body }: { readonly body: unknown }): readonly string[] {
  return ((body as { groups?: { name: string }[] }).groups ?? []).map(({ name }) => name);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('the server does not serve what was asked of it');
    await new Promise((later) => setTimeout(later, 100));
  }
}
