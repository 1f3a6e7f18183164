// The whole of reading: texts in, cluster out. What every command and every test begins with.
import type { Cluster } from '../model/cluster.ts';
import type { Problem } from '../model/problem.ts';
import { brokenPolicyObjects } from './broken-documents.ts';
import { type KubeObject, objectsOf } from './objects.ts';
import { parseText } from './parse.ts';
import { toCluster } from './to-cluster.ts';

export interface InputText {
  /** As a person would name it: `deploy/api.yaml`, `<stdin>`. */
  readonly file: string;
  readonly text: string;
}

/**
 * `loadCluster([{ file: 'shop.yaml', text }])` → a cluster; what could not be read is in `cluster.problems`. Never throws.
 * `namespace`: where objects without one live (kubectl's context; `default` when nothing else is said).
 */
export function loadCluster(
  texts: readonly InputText[],
  options: { readonly namespace?: string; readonly problems?: readonly Problem[] } = {},
): Cluster {
  const namespace = options.namespace ?? 'default';
  const { objects, problems } = objectsIn(texts, namespace);
  return clusterOf(objects, [...(options.problems ?? []), ...problems], namespace);
}

/**
 * The objects of texts, those that stand for broken policies among them, and what is wrong with the rest.
 * `namespace`: where objects without one live.
 */
export function objectsIn(
  texts: readonly InputText[],
  namespace: string,
): { readonly objects: readonly KubeObject[]; readonly problems: readonly Problem[] } {
  const parsed = texts.map(({ file, text }) => parseText(file, text));
  const found = objectsOf(
    parsed.flatMap(({ documents }) => documents),
    namespace,
  );
  const broken = brokenPolicyObjects(
    parsed.flatMap((each) => each.broken),
    namespace,
  );
  return { objects: [...found.objects, ...broken], problems: [...parsed.flatMap(({ problems }) => problems), ...found.problems] };
}

/** The same from objects that were read elsewhere, such as from a live cluster. */
export function clusterOf(objects: readonly KubeObject[], problems: readonly Problem[], namespace: string): Cluster {
  const cluster = toCluster(objects, problems, namespace);
  return { ...cluster, problems: distinct(cluster.problems) };
}

/** Reading and validation may both notice the same wrong type: said once. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length < 2) return problems;
  const seen = new Map<unknown, Set<string>>();
  return problems.filter(({ code, origin, facts }) => {
    if (origin === undefined) return true;
    const said = seen.get(origin.document) ?? new Set<string>();
    seen.set(origin.document, said);
    const key = `${code} ${origin.path.join('/')} ${JSON.stringify(facts)}`;
    return said.has(key) ? false : said.add(key);
  });
}
