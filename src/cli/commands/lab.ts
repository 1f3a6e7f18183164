// `lab`: a cluster of namespaces on this machine that stays up. Words and flags; what it does is in lab/netns-*.ts and app/lab-*.ts.

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { labChangeDocument, labProbeDocument, labStatusDocument } from '../../answer/lab.ts';
import { type ReadObjects, readObjects as readInput } from '../../app/input.ts';
import { heldConnections, labProbe, memberOf } from '../../app/lab-probe.ts';
import { applied, changeSession, deleted, type LabData, objectChanges, openSession, startSession } from '../../app/lab-session.ts';
import { nodePorts } from '../../app/node-ports.ts';
import { profileFor } from '../../app/profile.ts';
import { checkedName, labNames, stateOf } from '../../lab/netns-place.ts';
import { nsenterOf } from '../../lab/netns-raise.ts';
import { labDown } from '../../lab/netns-up.ts';
import { findTools } from '../../lab/tools.ts';
import type { KubeObject } from '../../manifest/objects.ts';
import { decided } from '../../nft/decided.ts';
import { semanticsOf } from '../../profile/choose.ts';
import { labChangeText, labProbeText, labStatusText, labUpText } from '../../report/lab-text.ts';
import { HELP } from '../../words/en/cli/lab.ts';
import { tellBasis } from '../basis.ts';
import { formatOption } from '../help-layout.ts';
import { type InputOptions, painter, wishOf, withInput, withOutput, writeProblems } from '../input.ts';
import { mistake } from '../mistake.ts';
import { jsonAsCalled } from '../program-name.ts';

interface LabOptions extends InputOptions {
  readonly name: string;
  readonly faithful?: boolean;
  readonly timeout?: number;
  readonly hold?: boolean;
  readonly output?: 'text' | 'json';
}

export function registerLab(program: Command): void {
  const lab = program.command('lab').description(HELP.description).enablePositionalOptions().addHelpText('after', HELP.after);
  const named = (command: Command) => command.option('--name <name>', HELP.name, checkName, 'default');

  const said = (command: Command) => named(command).addOption(formatOption(['text', 'json']));

  said(withInput(lab.command('up')))
    .description(HELP.up.description)
    .option('--faithful', HELP.up.faithful)
    .addHelpText('after', HELP.up.after)
    .action(up);
  named(withOutput(lab.command('exec <pod> [command...]')))
    .description(HELP.exec.description)
    .passThroughOptions()
    .addHelpText('after', HELP.exec.after)
    .action(exec);
  said(withOutput(lab.command('probe <from> <to>')))
    .description(HELP.probe.description)
    .option('--timeout <seconds>', HELP.probe.timeout, seconds, 5)
    .option('--hold', HELP.probe.hold)
    .addHelpText('after', HELP.probe.after)
    .action(probe);
  said(withInput(lab.command('apply')))
    .description(HELP.apply.description)
    .addHelpText('after', HELP.apply.after)
    .action(apply);
  said(withInput(lab.command('delete')))
    .description(HELP.delete.description)
    .addHelpText('after', HELP.delete.after)
    .action(remove);
  said(withOutput(lab.command('status')))
    .description(HELP.status.description)
    .addHelpText('after', HELP.status.after)
    .action(status);
  named(withOutput(lab.command('down')))
    .description(HELP.down.description)
    .addHelpText('after', HELP.down.after)
    .action(down);
}

function checkName(text: string): string {
  return checkedName(text);
}

function seconds(text: string): number {
  const value = Number(text.replace(/s$/, ''));
  if (!(value > 0 && value <= 300)) throw new InvalidArgumentError(HELP.seconds);
  return value;
}

async function up(options: LabOptions): Promise<void> {
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const read = await readObjects(options);
  const { objects, namespace } = read;
  const choice = await profileFor(nodePorts.files, read, options);
  const { semantics, assumed } = decided(semanticsOf(choice));
  const session = await startSession(
    options.name,
    objects,
    { cni: choice.name, semantics, namespace, faithful: options.faithful === true },
    interrupt.signal,
  );
  process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
  const made = {
    addedDns: session.addedDns,
    assumptions: session.assumptions,
    assumedCells: assumed,
    nodesPass: session.state.data.semantics.localNodeToPod !== 'always',
    notListening: session.failed.map(({ ref, listener: { protocol, port }, code }) => ({ pod: ref, protocol, port, code })),
  };
  const document = labStatusDocument(session, { held: [], names: [], made });
  if (options.output === 'json') process.stdout.write(`${jsonAsCalled(document)}\n`);
  else if (options.quiet !== true) process.stderr.write(labUpText(document, painter(options, process.stderr)));
}

/** What was named, with what is wrong with it on stderr. */
async function readObjects(options: LabOptions): Promise<ReadObjects> {
  const wish = wishOf(options);
  if (wish.input.from === 'here') throw mistake('no-input', {});
  const read = await readInput(nodePorts, wish);
  tellBasis(read.basis, options.quiet, painter(options, process.stderr));
  const { objects, problems } = read;
  writeProblems(problems, options);
  if (options.strict === true && problems.length > 0) throw mistake('strict', { problems: problems.length });
  if (objects.length === 0) throw mistake('no-objects', {});
  return read;
}

async function exec(pod: string, command: readonly string[], options: LabOptions): Promise<void> {
  const session = openSession(options.name);
  const member = memberOf(session, pod);
  const { holder, pids, rootless } = session.state;
  const inner = pids[member.id] ?? 0;
  const nsenter = nsenterOf(findTools());
  const given = command[0] === '--' ? command.slice(1) : command;
  const words = given.length > 0 ? given : [process.env.SHELL ?? 'sh'];
  assertProgram(words[0] ?? '');
  const outer = ['-t', `${holder}`, ...(rootless ? ['-U', '--preserve-credentials'] : []), '-m', '-n', '-p', '-u'];
  const args = [
    ...outer,
    '--',
    nsenter,
    '-t',
    `${inner}`,
    '-m',
    '-n',
    '-u',
    '--',
    'sh',
    '-c',
    'cd "$1" 2>/dev/null; shift; exec "$@"',
    'sh',
    process.cwd(),
    ...words,
  ];
  // Ctrl-C is for the program inside; it reaches the whole group.
  process.on('SIGINT', () => undefined);
  process.exitCode = await new Promise<number>((done, failed) => {
    const child = spawn(nsenter, args, { stdio: 'inherit', env: { ...process.env, NETVERDICT_POD: member.name } });
    child.once('error', failed);
    child.once('exit', (code, signal) => done(signal === null ? (code ?? 1) : 130));
  });
}

/** Failure `command-not-found`. The shell of the lab would say it too, in words that blame nobody. */
function assertProgram(name: string): void {
  const files = name.includes('/') ? [name] : (process.env.PATH ?? '/usr/bin:/bin').split(':').map((folder) => join(folder, name));
  const isThere = files.some((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (isThere) return;
  throw mistake('command-not-found', { name });
}

async function probe(from: string, to: string, options: LabOptions): Promise<void> {
  const hold = options.hold === true;
  const result = await labProbe(openSession(options.name), from, to, { timeoutMs: (options.timeout ?? 5) * 1000, hold });
  const document = labProbeDocument(result);
  process.stdout.write(options.output === 'json' ? `${jsonAsCalled(document)}\n` : labProbeText(document, painter(options)));
  process.exitCode = result.kernel.outcome === 'answered' ? 0 : 1;
}

async function apply(options: LabOptions): Promise<void> {
  const session = openSession(options.name);
  const { objects } = await readObjects(inNamespaceOf(options, session.state.data));
  await change(options, session, objects, applied(session.state.data.objects, objects, session.state.data.namespace));
}

async function remove(options: LabOptions): Promise<void> {
  const session = openSession(options.name);
  const { objects } = await readObjects(inNamespaceOf(options, session.state.data));
  await change(options, session, objects, deleted(session.state.data.objects, objects, session.state.data.namespace));
}

function inNamespaceOf(options: LabOptions, { namespace }: LabData): LabOptions {
  return { ...options, namespace: options.namespace ?? namespace };
}

async function change(
  options: LabOptions,
  session: ReturnType<typeof openSession>,
  named: readonly KubeObject[],
  after: LabData['objects'],
): Promise<void> {
  const { changes, cluster } = await changeSession(session, after);
  const { objects, namespace } = session.state.data;
  const list = objectChanges(objects, after, named, namespace);
  const document = labChangeDocument(list, changes, cluster);
  if (options.output === 'json') process.stdout.write(`${jsonAsCalled(document)}\n`);
  else if (options.quiet !== true) process.stderr.write(labChangeText(document, painter(options, process.stderr)));
}

async function status(options: LabOptions): Promise<void> {
  const names = labNames();
  if (names.length === 0) stateOf(options.name);
  const session = openSession(options.name);
  const held = await heldConnections(session);
  const document = labStatusDocument(session, { held, names });
  process.stdout.write(options.output === 'json' ? `${jsonAsCalled(document)}\n` : labStatusText(document, painter(options)));
}

async function down(options: LabOptions): Promise<void> {
  await labDown(options.name);
  if (options.quiet !== true) process.stderr.write(`${HELP.down.done}\n`);
}
