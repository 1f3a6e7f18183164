// The whole of reading: texts in, cluster out. What every command and every test begins with.
import type { Cluster } from '../model/cluster.ts';
import type { Problem } from '../model/problem.ts';
import { objectsOf } from './objects.ts';
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
  const problems: Problem[] = [...(options.problems ?? [])];
  const documents = texts.flatMap(({ file, text }) => {
    const parsed = parseText(file, text);
    problems.push(...parsed.problems);
    return parsed.documents;
  });
  const { objects, problems: objectProblems } = objectsOf(documents);
  problems.push(...objectProblems);
  return toCluster(objects, problems, options.namespace ?? 'default');
}
