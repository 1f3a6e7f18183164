// `diff`: what a change of manifests opens, closes and uncovers. Thin: reading both states, choosing a report, the exit code.

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DiffInOrder } from '../../answer/documents/connectivity-diff.ts';
import { readStates, type StatesWish, type TwoStates } from '../../app/diff-states.ts';
import type { InputChoice } from '../../app/input.ts';
import { twoCnis } from '../../app/move.ts';
import { nodePorts } from '../../app/node-ports.ts';
import type { Problem } from '../../model/problem.ts';
import { semanticsOf } from '../../profile/choose.ts';
import { nearest } from '../../profile/nearest.ts';
import { type DiffAnswer, type DiffRow, diff, FAIL_ON, type FailOn, isolationFails, rowFails } from '../../question/diff.ts';
import type { AccessAnswer, AccessKind } from '../../question/new-access.ts';
import { ORDERS, type OrderBy } from '../../question/rollout-orders.ts';
import { emptyState, HELP, notEnforced, problemsIn, unknownKindWords } from '../../words/en/cli/diff.ts';
import { GROUPS, INPUT } from '../../words/en/cli/help.ts';
import { tellStates } from '../basis.ts';
import { accessOf, isLive, withCluster, withProgress } from '../cluster-input.ts';
import { DIFF_FORMATS, type DiffFormat, printDiff, write } from '../diff-output.ts';
import { formatOption } from '../help-layout.ts';
import { type InputOptions, painter, withOutput, writeProblems } from '../input.ts';
import { mistake } from '../mistake.ts';
import { asCalled } from '../program-name.ts';

/** Which two states are meant. */
export interface StatesOptions extends InputOptions {
  readonly git?: string;
  readonly clusterFile?: string;
  readonly render?: string;
  readonly staged?: boolean;
}

export interface DiffOptions extends StatesOptions {
  readonly output: DiffFormat;
  readonly failOn: readonly FailOn[];
  readonly inOrder?: OrderBy;
  /** False with `--no-new-access`, and so on. */
  readonly newAccess: boolean;
  readonly publicAccess: boolean;
}

export function registerDiff(program: Command): void {
  withOutput(withCluster(program.command('diff [paths...]')))
    .description(HELP.description)
    .addOption(formatOption(DIFF_FORMATS))
    .option('--git <revision>', HELP.git)
    .option('--staged', HELP.staged)
    .option('--render <command>', HELP.render)
    .option('--fail-on <kinds>', HELP.failOn(FAIL_ON.join(', ')), kinds, [])
    .addOption(new Option('--in-order <order>', HELP.inOrder).choices([...ORDERS]))
    .option('--no-new-access', HELP.noNewAccess)
    .option('--no-public-access', HELP.noPublicAccess)
    .optionsGroup(GROUPS.input)
    .option('-f, --file <path>', HELP.file, (path: string, all: string[] = []) => [...all, path])
    .option('--cluster-file <path>', HELP.clusterFile)
    .option('-n, --namespace <name>', HELP.namespace)
    .option('--cni <profile>', HELP.cni)
    .option('--profiles <file>', INPUT.profiles)
    .option('--strict', HELP.strict)
    .addHelpText('after', HELP.after)
    .action(async (paths: readonly string[], options: DiffOptions) => {
      const cnis = twoCnis(options.cni);
      if (cnis !== undefined) return (await import('../move.ts')).printMove(paths, options, cnis);
      const states = await withProgress(options.quiet, (onProgress) =>
        readStates(nodePorts, { ...statesWish(paths, options), onProgress }),
      );
      const { choice } = states;
      tellStates(states.basis, options.quiet, painter(options, process.stderr));
      tellProblems(states, options);
      const answer = diff(states.before, states.after, choice);
      const failing = new Set(options.failOn);
      const watched = watching(answer, failing);
      const access = await askedAccess(states, options);
      const inOrder = options.inOrder === undefined ? undefined : await walked(states, options.inOrder);
      await print({ states, answer, access, inOrder }, watched.rows(), options);
      const isLeftOpen = states.settingsDiffer.length > 0 && failing.has('undecided');
      if (watched.hasFailed() || isLeftOpen || access.some(({ outcome }) => outcome !== 'nothing-opened')) process.exitCode = 1;
      if (inOrder !== undefined && inOrder.outcome !== 'safe') process.exitCode = 1;
      if (semanticsOf(choice).enforces === 'no' && options.quiet !== true) {
        process.stderr.write(`netverdict: ${notEnforced(choice.name)}\n`);
      }
    });
}

/** What `--no-new-access` and `--no-public-access` ask. */
async function askedAccess({ before, after, choice }: TwoStates, options: DiffOptions): Promise<readonly AccessAnswer[]> {
  const asked: readonly AccessKind[] = [
    ...(options.newAccess ? [] : ['new' as const]),
    ...(options.publicAccess ? [] : ['public' as const]),
  ];
  if (asked.length === 0) return [];
  const { newAccess } = await import('../../question/new-access.ts');
  return newAccess(before, after, choice, asked);
}

/** Two paths, or a revision and paths. Failure `two-states-needed`. */
export function statesWish(paths: readonly string[], options: StatesOptions): StatesWish {
  const { git, render, file, namespace, cni, profiles, clusterFile } = options;
  const wish = { render, shared: file, namespace, cni, profiles };
  if (options.staged === true) return { ...wish, compare: { of: 'staged', input: stagedInput(paths, options) } };
  if (clusterFile !== undefined || isLive(options)) {
    if (git !== undefined || file !== undefined || (clusterFile !== undefined && isLive(options))) throw mistake('two-clusters', {});
    const cluster =
      clusterFile === undefined
        ? { from: 'cluster' as const, access: accessOf(options) }
        : { from: 'files' as const, paths: [clusterFile] };
    return { ...wish, compare: { of: 'applied', cluster, paths } };
  }
  if (git !== undefined) return { ...wish, compare: { of: 'git', revision: git, paths } };
  const [base, head, ...more] = paths;
  if (base !== undefined && head !== undefined && more.length === 0) return { ...wish, compare: { of: 'paths', base, head } };
  throw mistake('two-states-needed', { named: paths.length });
}

/** One state: files, a snapshot, or a live cluster. */
function stagedInput(paths: readonly string[], options: StatesOptions): InputChoice {
  const { git, render, file = [], clusterFile } = options;
  const named = [...paths, ...file, ...(clusterFile === undefined ? [] : [clusterFile])];
  if (git !== undefined || render !== undefined || (isLive(options) && named.length > 0)) throw mistake('one-state-staged', {});
  if (isLive(options)) return { from: 'cluster', access: accessOf(options) };
  return named.length > 0 ? { from: 'files', paths: named } : { from: 'here', access: accessOf(options) };
}

function kinds(text: string): readonly FailOn[] {
  return text.split(',').map((word) => {
    const found = FAIL_ON.find((kind) => kind === word.trim());
    if (found !== undefined) return found;
    const near = nearest(word.trim(), [...FAIL_ON]);
    throw new InvalidArgumentError(unknownKindWords(word.trim(), FAIL_ON, near));
  });
}

/** Looks at the rows as they go by, so that they need not be kept. */
function watching(answer: DiffAnswer, failing: ReadonlySet<FailOn>): { rows(): Generator<DiffRow>; hasFailed(): boolean } {
  let failed = answer.isolation.some((change) => isolationFails(change, failing));
  return {
    *rows() {
      for (const row of answer.rows()) {
        failed ||= rowFails(row, failing);
        yield row;
      }
    },
    hasFailed: () => failed,
  };
}

/** What happens on the way in this order. */
async function walked({ before, after, choice, settingsDiffer }: TwoStates, by: OrderBy): Promise<DiffInOrder> {
  const [{ walkOrder }, { inOrder }, { walkDocument }] = await Promise.all([
    import('../../question/rollout.ts'),
    import('../../question/rollout-orders.ts'),
    import('../../answer/rollout.ts'),
  ]);
  return walkDocument(
    walkOrder({ before, after, choice, settingsDiffer: settingsDiffer.length > 0 }, (steps) => inOrder(by, steps)),
    by,
  );
}

interface Found {
  readonly states: TwoStates;
  readonly answer: DiffAnswer;
  readonly access: readonly AccessAnswer[];
  readonly inOrder: DiffInOrder | undefined;
}

async function print({ states, answer, access, inOrder }: Found, rows: Iterable<DiffRow>, options: DiffOptions): Promise<void> {
  const { base, head, before, after, isApplied, settingsDiffer } = states;
  const question = { base, head, clusters: { before, after }, answer, isApplied, settingsDiffer, access, inOrder };
  if (options.output === 'json') {
    const { diffJson } = await import('../../answer/diff-json.ts');
    let text = '';
    for (const piece of diffJson(question, rows)) {
      text += asCalled(piece);
      if (text.length > 65536) {
        await write(text);
        text = '';
      }
    }
    return write(text);
  }
  const { diffDocument } = await import('../../answer/diff.ts');
  return printDiff(diffDocument(question, rows), options);
}

/** What is wrong in both states is told once; of the old state only what the new one has not. */
export function tellProblems({ base, head, before, after }: TwoStates, options: StatesOptions): void {
  for (const [name, { objectCount }, word] of [
    [base, before, 'new'],
    [head, after, 'gone'],
  ] as const) {
    if (objectCount > 0 || options.quiet === true) continue;
    process.stderr.write(`netverdict: ${emptyState(name, word)}\n`);
  }
  const key = ({ code, facts }: Problem) => `${code} ${JSON.stringify(facts)}`;
  const now = new Set(after.problems.map(key));
  const then = before.problems.filter((problem) => !now.has(key(problem)));
  const paint = painter(options, process.stderr);
  writeProblems(after.problems, options);
  if (options.quiet !== true && then.length > 0) process.stderr.write(`${paint.dim(problemsIn(base))}\n`);
  writeProblems(then, options);
  const count = after.problems.length + then.length;
  if (options.strict === true && count > 0) throw mistake('strict', { problems: count });
}
