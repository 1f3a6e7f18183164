// Starts the tree of namespaces that a lab is, and ends it: user, mount, network and process namespaces whose first process is the
// holder. When that ends, the kernel takes the rest. A shell outside waits for it and removes the folder, also after kill -9.
import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import type { Ruleset } from '../nft/ruleset.ts';
import { stages } from '../nft/stages.ts';
import { forbidden } from './namespace.ts';
import { type Control, openControl } from './netns-control.ts';
import { claimFolder, isZombie, removeFolder, startOf } from './netns-place.ts';
import type { LabPlan } from './netns-plan.ts';
import { programWords } from './netns-programs.ts';
import { checkedVersions, findTools, type Tools } from './tools.ts';

/** Each pod is a process with a namespace of its own: about 20 ms of a processor and 10 MB each. */
const MOST_PODS = 200;

export interface Raised {
  readonly control: Control;
  readonly tools: Tools;
  readonly nft: string;
  /** In a user namespace, without any right outside of it. */
  readonly rootless: boolean;
  readonly folder: string;
  /** The process outside, which leads a group. */
  readonly supervisor: number;
  /** The process of each pod and node, as numbered inside. */
  readonly pids: Readonly<Record<string, number>>;
}

/**
 * Everybody is there and the cables are connected; no rules yet, no servers. It ends when the control is closed before it was told to keep.
 * `then`: what has to be done while an interruption still undoes it all. `signal`: that interruption.
 * Failures: of findTools and checkedVersions, `namespaces-forbidden`, `lab-already-up`, `too-many-pods`, `lab-fault`, `interrupted`.
 */
export async function raise<T>(
  name: string,
  plan: LabPlan,
  then: (raised: Raised) => Promise<T>,
  { signal, tools = findTools() }: { readonly signal?: AbortSignal; readonly tools?: Tools } = {},
): Promise<T> {
  const count = plan.pods.length;
  if (count > MOST_PODS) throw new Failure('too-many-pods', { pods: count, most: MOST_PODS });
  const [{ nft }, rootless] = await Promise.all([checkedVersions(tools), allowedWay(tools)]);
  const folder = claimFolder(name);
  let supervisor: number | undefined;
  try {
    supervisor = startHolder(folder, tools, rootless);
    const interrupted = new Promise<never>((_, reject) => {
      const stop = () => reject(new Failure('interrupted', { during: 'lab-up' }));
      if (signal?.aborted === true) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });
    interrupted.catch(() => undefined);
    const filled = filledWith(folder, supervisor, tools, plan).then(({ control, pids }) =>
      then({ control, tools, nft, rootless, folder, supervisor: supervisor ?? 0, pids }),
    );
    return await Promise.race([interrupted, filled]);
  } catch (error) {
    if (supervisor !== undefined) killGroup(supervisor);
    removeFolder(folder);
    throw error;
  }
}

async function filledWith(
  folder: string,
  supervisor: number,
  tools: Tools,
  plan: LabPlan,
): Promise<{ readonly control: Control; readonly pids: Raised['pids'] }> {
  const control = await firstControl(folder, supervisor);
  const { pids } = await control.ask({ op: 'build', plan, ip: tools.ip, unshare: tools.unshare, nsenter: nsenterOf(tools) });
  return { control, pids };
}

/** Ends one that was never kept, and waits until nothing of it is left. */
export async function lower({ control, folder, supervisor }: Raised): Promise<void> {
  control.close();
  for (let i = 0; i < 500 && !isZombie(supervisor); i++) await new Promise((done) => setTimeout(done, 10));
  if (!isZombie(supervisor)) killGroup(supervisor);
  removeFolder(folder);
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
  throw new Failure('tool-missing', { program: 'nsenter', package: 'util-linux' });
}

const SPACES = ['--net', '--mount', '--uts', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'];

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
    // The pipe carries nothing: its end tells the holder that whoever builds is gone.
    stdio: ['pipe', log, log],
    // Nobody's folder must stay busy because a lab was started in it.
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', NODE_NO_WARNINGS: '1' },
  });
  closeSync(log);
  child.unref();
  (child.stdin as Socket).on('error', () => undefined).unref();
  if (child.pid === undefined) throw new Failure('lab-fault', { at: 'start', said: '/bin/sh' });
  return child.pid;
}

/** As soon as the holder is at its socket. Failure `lab-fault`, with what it said, when it ended before. */
async function firstControl(folder: string, supervisor: number): Promise<Control> {
  for (;;) {
    if (existsSync(join(folder, 'control'))) {
      // The file is there an instant before anybody listens at it.
      const control = await openControl(folder).catch((error: unknown) => {
        if (!(error instanceof Failure) || (error.cause as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
      });
      if (control !== undefined) return control;
    }
    if (startOf(supervisor) === '' || !existsSync(folder) || isZombie(supervisor)) {
      throw new Failure('lab-fault', { at: 'start', said: readLog(folder) });
    }
    await new Promise((done) => setTimeout(done, 5));
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
