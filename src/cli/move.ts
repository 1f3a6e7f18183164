// `--cni A..B`: the same manifests under two CNIs, for `diff`, `map` and `why`.
import { moveDocument } from '../answer/move.ts';
import type { Loaded } from '../app/input.ts';
import { readMove, type TwoCnis } from '../app/move.ts';
import { nodePorts } from '../app/node-ports.ts';
import { semanticsOf } from '../profile/choose.ts';
import { asReadBy } from '../program/in-force.ts';
import { type FailOn, isolationFails, rowFails } from '../question/diff.ts';
import { move } from '../question/move.ts';
import { moveFindings } from '../question/move-findings.ts';
import { tellBasis } from './basis.ts';
import { withProgress } from './cluster-input.ts';
import { type DiffFormat, printDiff } from './diff-output.ts';
import { type InputOptions, painter, wishOf, writeProblems } from './input.ts';
import { mistake } from './mistake.ts';
import { answered, type Ends, type WhyOptions, whyOutput } from './why-answer.ts';

/** What has no meaning beside two CNIs. */
interface MoveOptions extends InputOptions {
  readonly output: DiffFormat;
  readonly failOn?: readonly FailOn[];
  readonly git?: string;
  readonly clusterFile?: string;
  readonly render?: string;
  readonly inOrder?: string;
  readonly newAccess?: boolean;
  readonly publicAccess?: boolean;
}

/** What a move opens and closes, as `diff` prints it. Exit code 1 for what `--fail-on` asks. */
export async function printMove(paths: readonly string[], options: MoveOptions, cnis: readonly [string, string]): Promise<void> {
  const { git, clusterFile, render, inOrder, newAccess = true, publicAccess = true, file = [] } = options;
  if (git !== undefined || clusterFile !== undefined || render !== undefined || inOrder !== undefined || !newAccess || !publicAccess)
    throw mistake('one-state-for-two-cnis', {});
  const named = [...paths, ...file];
  const { before, after } = await readTwice({ ...options, ...(named.length > 0 && { file: named }) }, cnis);
  const answer = move(before, after);
  const failing = new Set(options.failOn ?? []);
  if (answer.rows.some((row) => rowFails(row, failing)) || answer.isolation.some((change) => isolationFails(change, failing)))
    process.exitCode = 1;
  const findings = moveFindings(before, after);
  await printDiff(moveDocument({ cluster: after.cluster, answer, findings }), options);
}

/** Both answers, the old CNI's first; the exit code is that of the new one. JSON: a document a line. */
export async function printWhyTwice(ends: Ends, options: WhyOptions, cnis: readonly [string, string]): Promise<void> {
  const { before, after, namespace, basis } = await readTwice(options, cnis);
  const context = basis.kind === 'cluster' ? { context: basis.context.name } : {};
  const texts: string[] = [];
  for (const [i, { cluster, choice }] of [before, after].entries()) {
    const semantics = semanticsOf(choice);
    const asked: Pick<Loaded, 'cluster' | 'semantics' | 'namespace' | 'context'> = {
      cluster: asReadBy(cluster, semantics),
      semantics,
      namespace,
      ...context,
    };
    const answer = answered(asked, ends, options);
    process.exitCode = answer.outcome === 'allowed' ? 0 : 1;
    texts.push(await whyOutput(asked, answer, ends, { ...options, cni: cnis[i] as string, watch: true }));
  }
  process.stdout.write(texts.join(options.output === 'json' ? '' : '\n'));
}

async function readTwice(options: InputOptions, cnis: readonly [string, string]): Promise<TwoCnis> {
  const read = await withProgress(options.quiet, (onProgress) => readMove(nodePorts, { ...wishOf(options), onProgress }, cnis));
  tellBasis(read.basis, options.quiet, painter(options, process.stderr));
  const { problems, objectCount } = read.after.cluster;
  writeProblems(problems, options);
  if (options.strict === true && problems.length > 0) throw mistake('strict', { problems: problems.length });
  if (objectCount === 0) throw mistake('no-objects', {});
  return read;
}
