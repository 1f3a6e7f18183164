// Makes a kept laboratory and ends it. Everything is inside one tree of user, mount, network and process namespaces whose first process is
// the holder: when it ends, the kernel takes the rest. A shell outside waits for that and removes the folder, also after kill -9.
import { execFile, spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import type { Ruleset } from '../nft/ruleset.ts';
import { stages } from '../nft/stages.ts';
import type { Zone } from './dns-zone.ts';
import { forbidden } from './namespace.ts';
import { type Control, openControl } from './netns-control.ts';
import { childrenOf, claimFolder, type LabState, labFolder, parentOf, removeFolder, startOf, stateOf, writeState } from './netns-place.ts';
import type { LabListener, LabPlan, LabService } from './netns-plan.ts';
import { programWords } from './netns-programs.ts';
import { servicesTable } from './netns-services.ts';
import { checkedVersions, findTools, type Tools } from './tools.ts';

/** Each pod is a process with a namespace of its own: about 20 ms of a processor and 10 MB each. */
const MOST_PODS = 200;

export interface LabContent {
  readonly plan: LabPlan;
  readonly services: readonly LabService[];
  readonly zone: Zone;
  /** Per node id, every table that hangs on it. */
  readonly rules: ReadonlyMap<string, readonly Ruleset[]>;
}

export interface BuiltLab<Data> {
  readonly state: LabState<Data>;
  /** Listeners that could not be opened: two pods in one node's network that want one port. */
  readonly failed: readonly { readonly ref: string; readonly listener: LabListener; readonly code: string }[];
}

/**
 * Builds it, and comes back when it stands. `signal`: an interruption; then nothing is left.
 * Failures: of findTools and checkedVersions, `namespaces-forbidden`, `lab-already-up`, `too-many-pods`, `lab-fault`.
 */
export async function labUp<Data>(name: string, content: LabContent, data: Data, signal: AbortSignal): Promise<BuiltLab<Data>> {
  const count = content.plan.pods.length;
  if (count > MOST_PODS) {
    throw new Failure('too-many-pods', `${count} pods, and a laboratory with a namespace for each holds ${MOST_PODS}`, {
      hint: 'none was left out: give fewer manifests, or use netverdict prove, which has no such limit',
    });
  }
  const tools = findTools();
  const [, rootless] = await Promise.all([checkedVersions(tools), allowedWay(tools)]);
  const folder = claimFolder(name);
  let supervisor: number | undefined;
  const undo = () => {
    if (supervisor !== undefined) killGroup(supervisor);
    removeFolder(folder);
  };
  try {
    supervisor = startHolder(folder, tools, rootless);
    const interrupted = new Promise<never>((_, reject) => {
      const stop = () => reject(new Failure('interrupted', 'interrupted: the half-built laboratory was removed'));
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
    interrupted.catch(() => undefined);
    return await Promise.race([interrupted, fill(name, folder, supervisor, tools, rootless, content, data)]);
  } catch (error) {
    undo();
    throw error;
  }
}

async function fill<Data>(
  name: string,
  folder: string,
  supervisor: number,
  tools: Tools,
  rootless: boolean,
  { plan, services, zone, rules }: LabContent,
  data: Data,
): Promise<BuiltLab<Data>> {
  await socketThere(folder, supervisor);
  const control = await openControl(folder);
  const { pids } = await control.ask({ op: 'build', plan, ip: tools.ip, unshare: tools.unshare, nsenter: nsenterOf(tools) });
  await Promise.all(
    plan.nodes.map(async ({ id }) => {
      await control.run(id, tools.nft, ['-f', '-'], servicesTable(services));
      for (const ruleset of rules.get(id) ?? []) await loadRules(control, tools, id, ruleset, rootless);
    }),
  );
  const failed = await serve(control, plan, zone);
  const [unshare] = childrenOf(supervisor);
  const [holder] = unshare === undefined ? [] : childrenOf(unshare);
  if (holder === undefined) throw new Failure('lab-ended', 'the laboratory ended while it was made');
  const state: LabState<Data> = { name, holder, holderStarted: startOf(holder), rootless, pids, data };
  writeState(state);
  await control.ask({ op: 'keep' });
  control.close();
  return { state, failed };
}

async function serve(control: Control, plan: LabPlan, zone: Zone): Promise<BuiltLab<unknown>['failed']> {
  const found = await Promise.all(
    plan.pods.map(async ({ id, ref, listeners }) => {
      if (listeners.some(({ role }) => role === 'dns')) await control.to(id, { op: 'zone', zone });
      const { failed } = await control.to(id, { op: 'serve', name: ref, listeners });
      return failed.map((each) => ({ ref, ...each }));
    }),
  );
  return found.flat();
}

/** Puts a table in force on a node; `replaces` names one that goes in the same instant. */
export async function loadRules(
  control: Control,
  tools: Tools,
  node: string,
  ruleset: Ruleset,
  rootless: boolean,
  replaces?: string,
): Promise<void> {
  for (const text of stages(ruleset, { buffer: netlinkBuffer(rootless), ...(replaces !== undefined && { replaces }) }))
    await control.run(node, tools.nft, ['-f', '-'], text);
}

/** How much one transaction may hold (nft/stages.ts): in a user namespace no more than a socket's usual buffer. */
export function netlinkBuffer(rootless: boolean): number {
  const isRealRoot = process.geteuid?.() === 0 && /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
  if (!rootless && isRealRoot) return Number.POSITIVE_INFINITY;
  try {
    return Number(readFileSync('/proc/sys/net/core/wmem_default', 'utf8'));
  } catch {
    return 212_992; // the usual default
  }
}

/** The program that enters namespaces; it is in the package of `unshare`. Failure `tool-missing`. */
export function nsenterOf({ unshare }: Tools): string {
  const beside = join(unshare, '..', 'nsenter');
  if (existsSync(beside)) return beside;
  throw new Failure('tool-missing', 'the program `nsenter` is not installed', {
    hint: 'it is in the package util-linux: apt-get install util-linux, or dnf install util-linux',
  });
}

const SPACES = ['--net', '--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'];

/** True: in a user namespace, which is the first choice for root too. Failure `namespaces-forbidden`. */
async function allowedWay(tools: Tools): Promise<boolean> {
  const rootless = await tried(tools, ['-U', '-r', ...SPACES]);
  if (rootless === undefined) return true;
  const asRoot = process.getuid?.() === 0 ? await tried(tools, SPACES) : rootless;
  if (asRoot === undefined) return false;
  throw forbidden([rootless, asRoot]);
}

/** What stood in the way; undefined for nothing. */
function tried(tools: Tools, flags: readonly string[]): Promise<string | undefined> {
  return new Promise((done) => {
    execFile(tools.unshare, [...flags, 'true'], { timeout: 10_000 }, (error, _, stderr) =>
      done(error === null ? undefined : stderr.trim() || error.message),
    );
  });
}

/** The shell is all that lives outside of the namespaces: it waits, and removes the folder. */
const SUPERVISOR = `trap '' INT HUP
folder=$1; shift
"$@"
rm -rf "$folder"
rmdir "$(dirname "$folder")" 2>/dev/null
exit 0`;

function startHolder(folder: string, tools: Tools, rootless: boolean): number {
  const log = openSync(join(folder, 'log'), 'a', 0o600);
  const words = [tools.unshare, ...(rootless ? ['-U', '-r'] : []), ...SPACES, ...programWords('netns-holder'), folder];
  const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'netverdict-lab', folder, ...words], {
    detached: true,
    stdio: ['ignore', log, log],
    // Nobody's folder must stay busy because a laboratory was started in it.
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', NODE_NO_WARNINGS: '1' },
  });
  child.unref();
  if (child.pid === undefined) throw new Failure('lab-fault', 'cannot start /bin/sh');
  return child.pid;
}

async function socketThere(folder: string, supervisor: number): Promise<void> {
  for (;;) {
    if (existsSync(join(folder, 'control'))) return;
    if (startOf(supervisor) === '' || !existsSync(folder) || isZombie(supervisor)) {
      const said = readLog(folder);
      throw new Failure('lab-fault', `the laboratory did not start${said === '' ? '' : `: ${said}`}`);
    }
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** The command line of both names the folder. */
function isOurs(pid: number, folder: string): boolean {
  try {
    return pid > 1 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(folder);
  } catch {
    return false;
  }
}

function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

function readLog(folder: string): string {
  try {
    return readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').slice(-4).join('; ');
  } catch {
    return '';
  }
}

/** The supervisor leads a process group: the shell and `unshare`, whose end is the end of all that is inside. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

/** Ends it and waits until its processes are gone. Failure `lab-not-up`. */
export async function labDown(name: string): Promise<void> {
  const { holder, holderStarted } = stateOf(name);
  const folder = labFolder(name);
  const unshare = parentOf(holder);
  // Whose supervisor was killed has init for a parent, which stays.
  const supervisors = [unshare, parentOf(unshare)].filter((pid) => isOurs(pid, folder));
  try {
    const control = await openControl(folder);
    await control.ask({ op: 'down' });
    control.close();
  } catch {
    // It does not listen any more; the harder way is below.
  }
  const isUp = () => (startOf(holder) === holderStarted && !isZombie(holder)) || supervisors.some((pid) => !isZombie(pid));
  for (let i = 0; i < 200 && isUp(); i++) {
    if (i === 100) process.kill(holder, 'SIGKILL');
    await new Promise((done) => setTimeout(done, 20));
  }
  removeFolder(folder);
}
