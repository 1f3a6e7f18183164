// `serve`: the page and the HTTP API, until Ctrl-C.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { nodePorts } from '../../app/node-ports.ts';
import { openWorkspace } from '../../app/workspace.ts';
import { Failure } from '../../failure.ts';
import { harmless } from '../../report/paint.ts';
import { startServer } from '../../server/server.ts';
import { HELP } from '../../words/en/cli/serve.ts';
import { failureSentence } from '../../words/en/failures.ts';
import { SERVING } from '../../words/en/serve.ts';
import { basisWords } from '../basis.ts';
import { bundled } from '../bundled.ts';
import { type InputOptions, painter, tellProblems, wishOf, withInput } from '../input.ts';

interface ServeOptions extends InputOptions {
  readonly port: string;
  readonly host: string;
  readonly token: boolean;
  readonly open?: boolean;
  readonly demo?: boolean;
}

export function registerServe(program: Command): void {
  withInput(program.command('serve'))
    .description(HELP.description)
    .option('--port <number>', HELP.port, '0')
    .option('--host <address>', HELP.host, '127.0.0.1')
    .option('--no-token', HELP.noToken)
    .option('--open', HELP.open)
    .option('--demo', HELP.demo)
    .addHelpText('after', HELP.after)
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const { host } = options;
  const port = portOf(options.port);
  const workspace = openWorkspace(nodePorts, wishOf(options.demo === true ? { ...options, ...(await demoInput(options)) } : options));
  // Input that cannot be read fails here, not in the browser.
  const { basis, cluster } = await workspace.loaded();
  tellProblems(cluster, options);
  const token = options.token ? randomBytes(18).toString('base64url') : undefined;
  const wish = { host, port, token, basis: async () => basisWords((await workspace.loaded()).basis) };
  const serving = await startServer(workspace, wish).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') throw new Failure('port-taken', SERVING.portTaken(host, port), { hint: SERVING.portTakenHint });
    throw new Failure('cannot-listen', SERVING.cannotListen(host, port, error.message));
  });
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${serving.port}/${token === undefined ? '' : `?token=${token}`}`;
  const paint = painter(options, process.stderr);
  process.stdout.write(`${url}\n`);
  const isOwn = host === 'localhost' || host === '::1' || host.startsWith('127.');
  if (options.quiet !== true) {
    for (const line of [basisWords(basis), SERVING.stop]) process.stderr.write(`${paint.dim(line)}\n`);
  }
  if (!isOwn) process.stderr.write(`${paint.yellow(SERVING.reachable(host, token !== undefined))}\n`);
  if (options.open === true) openBrowser(url);
  const stopped = stopSignal();
  // The state that was read is served on; the server must not end with its watch.
  const tellTrouble = (trouble: unknown) => {
    if (trouble === undefined || stopped.aborted) return;
    if (!(trouble instanceof Failure)) throw trouble;
    process.stderr.write(`${paint.yellow(harmless(SERVING.notWatched(failureSentence(trouble).text)))}\n`);
  };
  const watching =
    basis.kind === 'cluster'
      ? workspace.onChange(serving.changed, { signal: stopped, onTrouble: tellTrouble }).catch(tellTrouble)
      : filesWatched(basis.files, stopped, () => {
          workspace.forget();
          serving.changed();
        });
  await ended(stopped);
  await Promise.all([serving.close(), watching]);
}

/** The sample outage before its fix, with the CNI of the demo. */
async function demoInput({ cni = 'calico' }: ServeOptions): Promise<Pick<ServeOptions, 'file' | 'cni'>> {
  const files = await Promise.all(['shop.yaml', 'policies-friday.yaml'].map(bundled));
  return { file: files.map(({ file }) => file), cni };
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65535) return port;
  throw new Failure('bad-port', SERVING.badPort(text));
}

/** Aborted by Ctrl-C and SIGTERM. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

async function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

/** Editors save a file in several steps. */
const SETTLED_MS = 200;

/** Calls `changed` after changes in the folders of these files, until the signal. Inputs that are not files, such as `<stdin>`, are not watched. */
async function filesWatched(files: readonly string[], signal: AbortSignal, changed: () => void): Promise<void> {
  let waiting: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, SETTLED_MS);
  };
  for (const folder of new Set(files.filter((file) => existsSync(file)).map((file) => dirname(file)))) {
    // When a folder is deleted, its last contents are still served.
    watch(folder, { signal }, soon).on('error', () => {});
  }
  await ended(signal);
  clearTimeout(waiting);
}

/** With the desktop's own opener. If there is none, the address is still on standard output. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin' ? ['open', url] : process.platform === 'win32' ? ['explorer', url] : ['xdg-open', url];
  spawn(command as string, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
