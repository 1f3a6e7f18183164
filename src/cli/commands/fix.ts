// `fix`: the smallest edits that make a connection allowed, or with --deny denied; shown, written, or printed as a patch or commands.

import { type Command, InvalidArgumentError } from 'commander';
import type { FixProof } from '../../answer/documents/fixes.ts';
import { nodePorts } from '../../app/node-ports.ts';
import { type ConnectionFixes, type FixAnswer, fix } from '../../question/fix.ts';
import type { WhyQuestion } from '../../question/why.ts';
import type { Fix } from '../../repair/suggest.ts';
import { HELP, WRITTEN } from '../../words/en/cli/fix.ts';
import { badEnd } from '../bad-end.ts';
import { fixCommandLine } from '../fix-command-line.ts';
import { formatOption } from '../help-layout.ts';
import { type InputOptions, type Loaded, load, painter, withInput } from '../input.ts';
import { mistake } from '../mistake.ts';
import { jsonAsCalled } from '../program-name.ts';

interface FixOptions extends InputOptions {
  readonly output: 'text' | 'json' | 'patch' | 'kubectl';
  readonly deny?: boolean;
  readonly write?: number;
  readonly pick?: number;
  readonly all?: boolean;
  readonly prove?: boolean;
}

type Answer = Extract<FixAnswer, { kind: 'answer' }>;

interface Found {
  readonly loaded: Loaded;
  readonly answer: Answer;
  /** The connections that are not yet as they are wanted. */
  readonly open: readonly ConnectionFixes[];
  /** The command line that goes on with one of them. */
  readonly command: (each: ConnectionFixes) => string;
}

/** Shown without --all. */
const MOST = 5;

export function registerFix(program: Command): void {
  withInput(program.command('fix <from> <to>'))
    .description(HELP.description)
    .addOption(formatOption(['text', 'json', 'patch', 'kubectl']))
    .option('--deny', HELP.deny)
    .option('--write <n>', HELP.write, ordinal)
    .option('--pick <n>', HELP.pick, ordinal)
    .option('--all', HELP.all(MOST))
    .option('--prove', HELP.prove)
    .addHelpText('after', HELP.after)
    .action(async (from: string, to: string, options: FixOptions) => {
      const loaded = await load(options, [from, to]);
      const { cluster, semantics, namespace, context } = loaded;
      const wanted = options.write ?? options.pick;
      const most = options.all === true ? Number.POSITIVE_INFINITY : (wanted ?? MOST);
      const answer = fix(cluster, semantics, { from, to, namespace }, { most, exact: wanted !== undefined, deny: options.deny === true });
      if (answer.kind === 'error') throw badEnd(answer.errors);
      const open = answer.connections.filter(({ isDone }) => !isDone);
      process.exitCode = open.every(({ fixes }) => fixes.length > 0) ? 0 : 1;
      const command = (each: ConnectionFixes) =>
        fixCommandLine(options, { from, to: answer.connections.length === 1 ? to : askedAs(each), deny: options.deny === true, context });
      const found: Found = { loaded, answer, open, command };
      if (options.write !== undefined) await write(found, { from, to, namespace }, options);
      else await show(found, options);
    });
}

function ordinal(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError(HELP.number);
  return value;
}

function askedAs({ connection }: ConnectionFixes): string {
  const { to, protocol } = connection.route;
  return protocol === 'TCP' ? to : `${to}/${protocol.toLowerCase()}`;
}

async function show({ loaded, answer, open, command }: Found, options: FixOptions): Promise<void> {
  const { pick } = options;
  const [first] = open;
  // One of several connections may have fewer fixes than another.
  if (pick !== undefined && first !== undefined && !open.some(({ fixes }) => fixes.some(({ number }) => number === pick)))
    picked(first, pick);
  const proofs = new Map<Fix, FixProof>();
  if (options.prove === true) {
    const { proveFixes } = await import('../../app/prove-fix.ts');
    for (const each of open) {
      const chosen = pick === undefined ? each.fixes : [picked(each, pick)];
      if (chosen.length > 0) for (const [one, proof] of await proveFixes(nodePorts.kernel, loaded, each, chosen)) proofs.set(one, proof);
    }
    if ([...proofs.values()].some(({ agrees }) => !agrees)) process.exitCode = 2;
  }
  if (options.output === 'json' || options.output === 'text') {
    const { fixDocument } = await import('../../answer/fix.ts');
    const document = fixDocument(answer, loaded.semantics, { deny: options.deny === true, proofs });
    if (options.output === 'json') {
      process.stdout.write(`${jsonAsCalled(document)}\n`);
      return;
    }
    const { fixText } = await import('../../report/fix-text.ts');
    const mostRows = options.verbose === true ? Number.POSITIVE_INFINITY : 8;
    process.stdout.write(fixText(document, { paint: painter(options), mostRows, only: pick, commands: answer.connections.map(command) }));
  } else {
    // What a connection needs stands after what the one before it needs, so that all of it can be piped into one command.
    for (const each of open) {
      const chosen = each.fixes.length === 0 ? undefined : picked(each, pick ?? 1);
      if (chosen !== undefined) process.stdout.write(options.output === 'patch' ? await patchOf(chosen) : await commandsOf(chosen));
    }
  }
}

function picked({ fixes, connection }: ConnectionFixes, number: number): Fix {
  const chosen = fixes.find((each) => each.number === number);
  if (chosen !== undefined) return chosen;
  throw mistake('no-such-fix', { number, to: connection.route.to, count: fixes.length });
}

async function patchOf(chosen: Fix): Promise<string> {
  const { plannedFiles, unifiedDiff } = await import('../../repair/patch.ts');
  const planned = plannedFiles(chosen.steps);
  if (planned.refused === undefined) return unifiedDiff(planned.files);
  const { refusalWords } = await import('../../words/en/fixes.ts');
  throw mistake('not-writable', { reason: refusalWords(planned.refused.reason), wanted: 'patch' });
}

async function commandsOf(chosen: Fix): Promise<string> {
  const { kubectlCommands } = await import('../../repair/kubectl.ts');
  return kubectlCommands(chosen.steps)
    .map((line) => `${line}\n`)
    .join('');
}

async function write({ loaded, answer, open, command }: Found, question: WhyQuestion, options: FixOptions): Promise<void> {
  const [first, second] = open;
  if (first === undefined) {
    process.stdout.write(`${WRITTEN.nothingToDo(options.deny === true)}\n`);
    return;
  }
  if (second !== undefined) {
    throw mistake('which-port', { to: answer.to.text, command: `${command(first)} --write ${options.write ?? 1}` });
  }
  const chosen = picked(first, options.write ?? 1);
  if (options.prove === true) await proven(loaded, first, chosen, options);
  const { writeAndTell } = await import('../write-fix.ts');
  await writeAndTell(loaded, { question, connection: first, fix: chosen, deny: options.deny === true }, options);
}

/** Nothing is written where the kernel does something else than the engine says. */
async function proven(loaded: Loaded, connection: ConnectionFixes, chosen: Fix, options: FixOptions): Promise<void> {
  const { proveFixes } = await import('../../app/prove-fix.ts');
  const proof = (await proveFixes(nodePorts.kernel, loaded, connection, [chosen])).get(chosen);
  if (proof === undefined) return;
  const [{ proofWords }, { kernelWords }] = await Promise.all([import('../../words/en/fixes.ts'), import('../../words/en/fix-text.ts')]);
  if (!proof.agrees) throw mistake('kernel-differs', { proof: proofWords(proof) });
  process.stdout.write(`${painter(options).green('✓')} ${kernelWords(proof.kernel, proofWords(proof), true)}\n`);
}
