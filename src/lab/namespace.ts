// A network namespace of our own, with a program inside that does what it is told. As an ordinary user through a user namespace.
// Nothing has to be cleaned up, ever: when either process ends, however it ends, the kernel removes the namespace and all that is in it.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Failure } from '../failure.ts';
import type { Envelope, Hello, Ran, Replies, Reply, Request } from './messages.ts';
import type { Tools } from './tools.ts';

export interface Namespace {
  readonly hello: Hello;
  /** True: in a user namespace, without any right outside of it. */
  readonly rootless: boolean;
  readonly pid: number;
  readonly send: <Op extends Request['op']>(request: Extract<Request, { op: Op }>) => Promise<Replies[Op]>;
  /** Runs a program inside and gives its output. Failure `command-failed` with what it said when it did not end well. */
  readonly run: (program: string, args: readonly string[], input?: string) => Promise<Ran>;
  readonly close: () => Promise<void>;
}

export interface NamespaceOptions {
  /** What `unshare` unshares, besides the user namespace; `-m` gives a mount namespace of our own too. */
  readonly flags?: readonly string[];
  /** The program inside, when it is not the one beside this file: to measure the built one from a checkout. */
  readonly program?: string;
}

/** Failure `namespaces-forbidden`, with the ways that would allow it. */
export async function openNamespace(tools: Tools, options: NamespaceOptions = {}): Promise<Namespace> {
  const flags = ['-n', ...(options.flags ?? [])];
  const rootless = await attempt(tools, ['-U', '-r', ...flags], options.program, true);
  if (typeof rootless !== 'string') return rootless;
  // Only root may do without a user namespace. It is the second choice: with one, the kernel itself sees to it that we change nothing outside.
  const asRoot = process.getuid?.() === 0 ? await attempt(tools, flags, options.program, false) : undefined;
  if (asRoot !== undefined && typeof asRoot !== 'string') return asRoot;
  throw forbidden([rootless, ...(asRoot === undefined ? [] : [asRoot])]);
}

/** A namespace, or what stood in the way. */
function attempt(tools: Tools, flags: readonly string[], program: string | undefined, rootless: boolean): Promise<Namespace | string> {
  return new Promise((resolve) => {
    const { file, loader } = program === undefined ? insideProgram() : { file: program, loader: [] };
    const child = spawn(tools.unshare, [...flags, process.execPath, ...loader, file], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      env: { PATH: process.env.PATH ?? '', NODE_NO_WARNINGS: '1' },
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString().slice(0, 10_000);
    });
    child.once('error', (error) => resolve(error.message));
    // Not `close`: Node does not emit it after we disconnected. What was said last may come after the exit.
    child.once('exit', (code) => {
      const finish = () => resolve(said.trim() || `exit code ${code}`);
      if (child.stderr === null || child.stderr.closed) finish();
      else child.stderr.once('close', finish);
    });
    child.once('message', (hello: Hello) => resolve(namespaceOf(child, hello, rootless, () => said)));
  });
}

function namespaceOf(child: ChildProcess, hello: Hello, rootless: boolean, said: () => string): Namespace {
  const waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>();
  let lastId = 0;
  let ended: Failure | undefined;
  child.on('message', (reply: Reply) => {
    const one = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) one?.reject(new Failure('lab-fault', { at: 'inside', said: reply.error }));
    else one?.resolve(reply.value);
  });
  const closed = new Promise<void>((done) => {
    child.once('exit', (code, signal) => {
      ended = new Failure('lab-ended', { when: 'program', end: String(signal ?? code), said: said().trim() });
      for (const { reject } of waiting.values()) reject(ended);
      waiting.clear();
      done();
    });
  });
  const send: Namespace['send'] = (request) =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      const id = ++lastId;
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      child.send({ id, request } satisfies Envelope, (error) => {
        if (error !== null) reject(ended ?? error);
      });
    });
  return {
    hello,
    rootless,
    pid: child.pid ?? 0,
    send,
    run: async (program, args, input) => {
      const ran = await send({ op: 'run', program, args, ...(input !== undefined && { input }) });
      if (ran.code === 0) return ran;
      throw new Failure('command-failed', { command: [program, ...args].join(' '), exitCode: ran.code, said: firstLines(ran.stderr) });
    },
    close: async () => {
      if (child.connected) child.disconnect();
      // Inside, the end of the channel is the signal; a program that hangs in a system call gets a harder one.
      const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
      await closed;
      clearTimeout(timer);
    },
  };
}

function firstLines(text: string): string {
  return text.trim().split('\n').slice(0, 4).join('; ');
}

/** The program inside is a file of its own beside this one: bundled as dist/lab/inside.js, or TypeScript in a checkout. */
function insideProgram(): { readonly file: string; readonly loader: readonly string[] } {
  const candidates = ['../lab/inside.js', './lab/inside.js', './inside.ts'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const file = candidates.find((candidate) => existsSync(candidate));
  if (file === undefined) throw new Error(`the program inside the lab is not at ${candidates.join(' or ')}`);
  if (!file.endsWith('.ts')) return { file, loader: [] };
  return { file, loader: ['--import', createRequire(import.meta.url).resolve('tsx/esm')] };
}

/** The sysctls that forbid user namespaces, with the value that does, as far as they exist on this kernel. */
const SWITCHES = [
  { file: '/proc/sys/kernel/unprivileged_userns_clone', forbids: '0', allow: 'sysctl kernel.unprivileged_userns_clone=1' },
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    allow: 'sysctl kernel.apparmor_restrict_unprivileged_userns=0',
  },
  { file: '/proc/sys/user/max_user_namespaces', forbids: '0', allow: 'sysctl user.max_user_namespaces=10000' },
  { file: '/proc/sys/user/max_net_namespaces', forbids: '0', allow: 'sysctl user.max_net_namespaces=10000' },
];

/** Failure `namespaces-forbidden`, with what would allow it on this machine. `said`: by the programs that tried. */
export function forbidden(said: readonly string[]): Failure {
  const switches = SWITCHES.filter(({ file, forbids }) => existsSync(file) && readFileSync(file, 'utf8').trim() === forbids).map(
    ({ allow }) => allow,
  );
  return new Failure('namespaces-forbidden', { said: [...new Set(said)], switches, isRoot: process.getuid?.() === 0 });
}
