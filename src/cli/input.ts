// What every command begins with: the flags that say where objects come from and which CNI, and reading them.

import type { Command } from 'commander';
import { problemsDocument } from '../answer/problems.ts';
import { type InputWish, type Loaded, loadInput } from '../app/input.ts';
import { nodePorts } from '../app/node-ports.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Problem } from '../model/problem.ts';
import { type Paint, paint } from '../report/paint.ts';
import { problemLines } from '../report/problems.ts';
import { GROUPS, INPUT, OUTPUT } from '../words/en/cli/help.ts';
import { tellBasis } from './basis.ts';
import { type ClusterFlags, type FileFlags, inputOf, repeatable, withCluster, withProgress } from './cluster-input.ts';
import { inGroup } from './help-layout.ts';
import { mistake } from './mistake.ts';
import { asCalled } from './program-name.ts';

export type { Loaded } from '../app/input.ts';

export interface InputOptions extends ClusterFlags, FileFlags {
  readonly cni?: string;
  readonly profiles?: string;
  readonly strict?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: string;
}

/** Adds the flags of every command that reads objects. */
export function withInput(command: Command): Command {
  const withFiles = inGroup(command, GROUPS.input, (each) =>
    each
      .option('-f, --file <path>', INPUT.file, repeatable)
      .option('-k, --kustomize <dir>', INPUT.kustomize, repeatable)
      .option('--helm <chart>', INPUT.helm, repeatable)
      .option('--values <file>', INPUT.values, repeatable)
      .option('-n, --namespace <name>', INPUT.namespace)
      .option('--cni <profile>', INPUT.cni)
      .option('--profiles <file>', INPUT.profiles)
      .option('--strict', INPUT.strict),
  );
  return withOutput(withCluster(withFiles));
}

/** Adds the flags of every command that prints. */
export function withOutput(command: Command): Command {
  return inGroup(command, GROUPS.output, (each) =>
    each.option('--color <when>', OUTPUT.color, 'auto').option('-q, --quiet', OUTPUT.quiet).option('-v, --verbose', OUTPUT.verbose),
  );
}

/** For stdout. NO_COLOR and --color decide, else whether it is a terminal. */
export function painter(options: InputOptions, stream: { isTTY?: boolean; columns?: number } = process.stdout): Paint {
  const width = stream.isTTY === true ? stream.columns : undefined;
  if (options.color === 'always') return paint(true, width, asCalled);
  if (options.color === 'never' || (process.env.NO_COLOR ?? '') !== '') return paint(false, width, asCalled);
  return paint(stream.isTTY === true && process.env.TERM !== 'dumb', width, asCalled);
}

/** What the flags ask for, for app/input.ts. `unsaid`: what is read where they name nothing. */
export function wishOf(options: InputOptions, unsaid: 'here' | 'cluster' = 'here'): InputWish {
  return { input: inputOf(options, unsaid), namespace: options.namespace, cni: options.cni, profiles: options.profiles };
}

/**
 * The cluster that the options name: files, this folder, or a live one. Problems are printed on stderr; with --strict they end the run.
 * `ends`: as they were typed; where to look when the whole cluster may not be listed. Failure when no object was found too.
 */
export async function load(options: InputOptions, ends: readonly string[] = []): Promise<Loaded> {
  const loaded = await withProgress(options.quiet, (onProgress) => loadInput(nodePorts, { ...wishOf(options), onProgress }, ends));
  tellBasis(loaded.basis, options.quiet, painter(options, process.stderr));
  tellProblems(loaded.cluster, options);
  return loaded;
}

/** Problems that are listed without --verbose. */
const MOST_PROBLEMS = 20;

/** Problems as lines on stderr, so that the answer on stdout can be piped. Nothing with --quiet; all of them with --verbose. */
export function writeProblems(problems: readonly Problem[], options: InputOptions): void {
  if (options.quiet === true || problems.length === 0) return;
  const document = problemsDocument(problems, options.verbose === true ? Number.POSITIVE_INFINITY : MOST_PROBLEMS);
  process.stderr.write(problemLines(document, painter(options, process.stderr)));
}

/** Problems with the input on stderr. Failure with --strict where there is one, and where no object was found. */
export function tellProblems(cluster: Cluster, options: InputOptions): void {
  const { problems } = cluster;
  writeProblems(problems, options);
  if (options.verbose === true && cluster.otherKinds.size > 0) {
    const kinds = [...cluster.otherKinds].map(([kind, count]) => `${count} ${kind}`).sort();
    process.stderr.write(`${painter(options, process.stderr).dim(`read past: ${kinds.join(', ')}`)}\n`);
  }
  if (options.strict === true && problems.length > 0) {
    throw mistake('strict', { problems: problems.length });
  }
  const unusable = cluster.objectCount === 0;
  if (unusable) throw mistake('no-objects', {});
}
