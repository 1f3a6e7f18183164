// What an answer was made from, as facts: which files, which states, or which cluster and when.
import type { Bundle } from '../source/bundle.ts';
import type { ClusterContext } from '../source/cluster-access.ts';

export type Basis =
  | {
      readonly kind: 'files';
      /** As they were named: `['k8s/', '-']`. */
      readonly paths: readonly string[];
      /** The files that were read, those without objects too; what is in a bundle is not listed. */
      readonly files: readonly string[];
      /** What was collected for support. */
      readonly bundles: readonly Bundle[];
      /** How many of them hold nothing of Kubernetes. */
      readonly foreign: number;
    }
  | { readonly kind: 'cluster'; readonly context: ClusterContext /** Milliseconds since 1970. */; readonly at: number };

/** One of two states that are compared: `{ name: 'main', files: 12 }`; a live cluster has its time instead of files. */
export interface StateBasis {
  readonly name: string;
  readonly made: { readonly files: number } | { readonly objects: number };
}
