// Where a kept lab is remembered: a folder of this user with its state and its socket. Gone when the lab is.
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

/** What every process of this user can know of a lab. `data` belongs to whoever built it. */
export interface LabState<Data> {
  readonly name: string;
  /** The process that holds everything, as this machine numbers it, and when it started: a number alone may be used again. */
  readonly holder: number;
  readonly holderStarted: string;
  readonly rootless: boolean;
  /** The process of each pod and node, as numbered inside. */
  readonly pids: Readonly<Record<string, number>>;
  readonly data: Data;
}

/** A socket's path has 107 bytes at most (Linux: sockaddr_un), and the folder's name is in it. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/;

/** Failure `bad-lab-name`. */
export function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  throw new Failure('bad-lab-name', { name });
}

/** The folder of all labs of this user: in XDG_RUNTIME_DIR, else below the folder for temporary files. It need not be there. */
function labsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const runtime = environment.XDG_RUNTIME_DIR ?? '';
  return isWritable(runtime) ? join(runtime, 'netverdict') : join(tmpdir(), `netverdict-${process.getuid?.() ?? 0}`);
}

export function labFolder(name: string): string {
  return join(labsFolder(), name);
}

function isWritable(folder: string): boolean {
  if (folder === '') return false;
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes the folder for a new lab, and removes what a dead one of that name left.
 * Failure `lab-already-up`, also while another `up` is at it; `lab-folder` when the place is not safely ours.
 */
export function claimFolder(name: string): string {
  const all = labsFolder();
  mkdirSync(all, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(all);
  if (uid !== (process.getuid?.() ?? uid) || (mode & 0o022) !== 0) {
    throw new Failure('lab-folder', { folder: all });
  }
  const folder = join(all, name);
  for (const isSecondTry of [false, true]) {
    try {
      mkdirSync(folder, { mode: 0o700 });
      writeFileSync(join(folder, 'builder'), `${process.pid} ${startOf(process.pid)}`);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (isSecondTry || isBeingBuilt(folder) || readState(name) !== undefined) throw alreadyUp(name);
      rmSync(folder, { recursive: true, force: true });
    }
  }
  throw alreadyUp(name);
}

/** Without a state yet, and the one who makes it still runs. A folder that was made this very moment has no builder's name yet. */
function isBeingBuilt(folder: string): boolean {
  if (existsSync(join(folder, 'state.json'))) return false;
  try {
    const [pid, started] = readFileSync(join(folder, 'builder'), 'utf8').split(' ');
    return started !== undefined && startOf(Number(pid)) === started;
  } catch {
    return existsSync(folder) && Date.now() - statSync(folder).ctimeMs < 1000;
  }
}

function alreadyUp(name: string): Failure {
  return new Failure('lab-already-up', { name });
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  try {
    rmdirSync(join(folder, '..'));
  } catch {
    // Another lab is in there.
  }
}

/** undefined when there is none of that name, or its holder is gone. */
function readState<Data>(name: string): LabState<Data> | undefined {
  let state: LabState<Data>;
  try {
    state = JSON.parse(readFileSync(join(labFolder(name), 'state.json'), 'utf8')) as LabState<Data>;
  } catch {
    return undefined;
  }
  return startOf(state.holder) === state.holderStarted ? state : undefined;
}

/** Failure `lab-not-up`, with the names of those that are. */
export function stateOf<Data>(name: string): LabState<Data> {
  const state = readState<Data>(name);
  if (state !== undefined) return state;
  throw new Failure('lab-not-up', { name, others: labNames() });
}

/** Labs of this user that are up. */
export function labNames(): readonly string[] {
  try {
    return readdirSync(labsFolder())
      .filter((name) => readState(name) !== undefined)
      .sort();
  } catch {
    return [];
  }
}

export function writeState<Data>(state: LabState<Data>): void {
  writeFileSync(join(labFolder(state.name), 'state.json'), JSON.stringify(state), { mode: 0o600 });
}

/** The kernel's time of start of a process (field 22 of /proc/PID/stat); '' when there is none. The name may hold blanks and brackets. */
export function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** 0 when there is no such process. */
export function parentOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

/** A process's children, by asking every process for its parent. */
export function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && parentOf(Number(entry)) === parent)
    .map(Number);
}

/** Also true of one that is gone. */
export function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
