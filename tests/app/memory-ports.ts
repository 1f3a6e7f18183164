// Ports without a machine: files are a record, the cluster is a list of objects, git and the kernel are what a test says.
import type { OneText, Ports } from '../../src/app/ports.ts';
import { type KubeObject, objectsOf } from '../../src/manifest/objects.ts';
import { parseText } from '../../src/manifest/parse.ts';

export interface Memory {
  /** `{ 'k8s/cart.yaml': '…' }` */
  readonly files?: Readonly<Record<string, string>>;
  /** Values of the objects of the cluster. */
  readonly cluster?: readonly object[];
  /** By revision, as `files`. */
  readonly revisions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly kernel?: Partial<Ports['kernel']>;
}

const nobody = (what: string) => () => Promise.reject(new Error(`nobody answers for ${what} here`));

/** The objects of values, as a reader of a cluster gives them. */
export function objectsFrom(values: readonly object[]): readonly KubeObject[] {
  return values.flatMap((value) => objectsOf(parseText('cluster:', JSON.stringify(value)).documents).objects);
}

/** The ports, and the files as they are now: what is written goes there. */
export function memoryPorts(memory: Memory): Ports & { readonly written: ReadonlyMap<string, string> } {
  const files = new Map(Object.entries(memory.files ?? {}));
  const under = (all: Iterable<readonly [string, string]>, paths: readonly string[]) =>
    [...all].filter(([file]) => paths.some((path) => path === '.' || path === file || file.startsWith(`${path}/`)));
  const textsOf = (all: Iterable<readonly [string, string]>, paths: readonly string[]) =>
    under(all, paths)
      .filter(([file]) => /\.ya?ml$/.test(file))
      .map(([file, text]) => ({ file, text }));
  const at = (revision: string) => Object.entries(memory.revisions?.[revision] ?? {});
  return {
    written: files,
    files: {
      read: async (paths) => ({ texts: textsOf(files, paths), problems: [] }),
      one: async (path): Promise<OneText> => {
        const text = files.get(path);
        return text === undefined ? { kind: 'missing' } : { kind: 'text', text };
      },
      kindOf: async (path) => (files.has(path) ? 'file' : under(files, [path]).length > 0 ? 'folder' : undefined),
      change: async (changes) => {
        for (const { file, after } of changes) files.set(file, after);
      },
    },
    render: { kustomized: nobody('kustomize'), helmed: nobody('helm'), printed: nobody('a command') },
    cluster: {
      read: async () => ({
        objects: objectsFrom(memory.cluster ?? []),
        context: { name: 'prod', server: 'https://10.0.0.1:6443', cluster: 'prod', user: 'anna', namespace: 'shop' },
      }),
      watch: nobody('a watch'),
      probing: nobody('probes'),
    },
    git: {
      repositoryAt: async () => ({ root: '/' }),
      commitOf: async (_, revision) => revision,
      mergeBase: async (_, one) => one,
      insideOf: async (_, path) => path,
      manifestsAt: async (_, commit, paths) => ({ texts: textsOf(at(commit), paths), problems: [] }),
      printedAt: nobody('a command'),
      textsAt: async (revision, paths) => textsOf(at(revision), paths),
    },
    clock: { now: () => 0 },
    kernel: { ask: nobody('a kernel'), prove: nobody('a kernel'), ...memory.kernel },
  };
}
