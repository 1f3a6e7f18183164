// Keeps an answer about a live cluster on the screen, and draws it again when it has changed. The cluster is watched, not asked again.
// Knows terminals; what the answer is, and how the cluster is watched (source/live-watch.ts), is for others.
import { namespacesIn } from '../app/named-namespaces.ts';
import { Failure } from '../failure.ts';
import type { KubeObject } from '../manifest/objects.ts';
import { jsonText } from '../question/json-text.ts';
import { harmless } from '../report/paint.ts';
import { WATCH } from '../words/en/cli/progress.ts';
import { failureSentence } from '../words/en/failures.ts';
import { accessOf, type ClusterFlags } from './cluster-input.ts';

/** What the answer is made from: the objects as they are now, and where names without a namespace live. */
export interface Watched {
  readonly objects: readonly KubeObject[];
  readonly namespace: string;
  /** The name of the kubeconfig context. */
  readonly context: string;
}

/** Where it is drawn. A terminal shows the last answer alone; anything else gets every answer, one after the other. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

export interface WatchScreenOptions {
  readonly screen?: Screen;
  /** Told what is wrong with the connection where `screen` is no terminal, so that stdout holds answers only. */
  readonly aside?: Pick<Screen, 'write'>;
  /** Ends it. Without one: SIGINT (Ctrl-C) and SIGTERM. */
  readonly signal?: AbortSignal;
}

interface Flags extends ClusterFlags {
  readonly namespace?: string;
  readonly output?: string;
}

/**
 * Draws `answer` at once and after every change that makes it another text. `ends`: of the question, as typed. An answer that fails for the
 * moment, because a pod was just replaced, is drawn as its message. Resolves at the end, with the terminal as it was and the last answer on
 * it; Failure when the cluster cannot be read or watched.
 */
export async function watchScreen(
  flags: Flags,
  ends: readonly string[],
  answer: (watched: Watched) => string | Promise<string>,
  { screen = process.stdout, aside = process.stderr, signal }: WatchScreenOptions = {},
): Promise<void> {
  const { watchCluster } = await import('../source/live-watch.ts');
  const drawing = screen.isTTY === true ? onTerminal(screen) : inALine(screen, aside, flags.output === 'json');
  const interrupt = signal === undefined ? onInterrupt(drawing.leave) : undefined;
  const broken = new AbortController();
  let latest: Watched | undefined;
  let working: Promise<void> | undefined;
  const work = async () => {
    // While an answer is being made the cluster may change again: only its last state counts.
    while (latest !== undefined) {
      const watched = latest;
      latest = undefined;
      drawing.answer(await spoken(() => answer(watched), flags.output === 'json'));
    }
    working = undefined;
  };
  let shown: Watched | undefined;
  const again = () => {
    latest = shown;
    working ??= work().catch((error: unknown) => broken.abort(error));
  };
  // What is drawn is as wide as the terminal is.
  screen.on?.('resize', again);
  try {
    await watchCluster({
      ...accessOf(flags),
      namespaces: [...namespacesIn(ends), ...(flags.namespace === undefined ? [] : [flags.namespace])],
      signal: AbortSignal.any([broken.signal, ...[signal ?? interrupt?.signal ?? []].flat()]),
      onChange: ({ objects, context }) => {
        shown = { objects, namespace: flags.namespace ?? context.namespace, context: context.name };
        again();
      },
      onTrouble: (trouble) => drawing.trouble(trouble),
    });
    await working;
    if (broken.signal.aborted) throw broken.signal.reason;
  } finally {
    screen.off?.('resize', again);
    interrupt?.stop();
    drawing.leave();
  }
}

interface Drawing {
  answer(text: string): void;
  trouble(trouble: Failure | undefined): void;
  /** The terminal as it was. More than once is as good as once. */
  leave(): void;
}

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const REST_OF_LINE = '\x1b[K';
const REST_OF_SCREEN = '\x1b[J';

/** The terminal's other screen: what a person had on theirs comes back afterwards, with the last answer below it. */
function onTerminal(screen: Screen): Drawing {
  let text = '';
  let trouble: Failure | undefined;
  let state: 'before' | 'inside' | 'after' = 'before';
  const draw = () => {
    if (state === 'after') return;
    if (state === 'before') {
      state = 'inside';
      screen.write(ENTER);
      process.once('exit', leave);
    }
    const status = trouble === undefined ? WATCH.fine : WATCH.trouble(harmless(failureSentence(trouble).text));
    screen.write(`${HOME}${fitting([...text.trimEnd().split('\n'), ''], status, screen)}${REST_OF_SCREEN}`);
  };
  const leave = () => {
    process.off('exit', leave);
    if (state === 'inside') screen.write(`${LEAVE}${text}`);
    state = 'after';
  };
  return {
    answer: (now) => {
      text = now;
      draw();
    },
    trouble: (now) => {
      trouble = now;
      draw();
    },
    leave,
  };
}

/** From the top, as much as there are lines, and the status last: a screen that scrolls would show the end, and the verdict stands first. */
function fitting(lines: readonly string[], status: string, { rows = 24 }: Screen): string {
  const room = Math.max(1, rows - 1);
  const left = lines.length - room;
  const kept = left <= 0 ? lines : lines.slice(0, room);
  const more = left <= 0 ? '' : `… ${left} more lines; `;
  return [...kept, `${more}${status}`].map((line) => `${line}${REST_OF_LINE}`).join('\n');
}

/** Each answer as a block with an empty line after it, or as one line of JSON. The same answer is not printed twice. */
function inALine(screen: Screen, aside: Pick<Screen, 'write'>, isJson: boolean): Drawing {
  let last: string | undefined;
  return {
    answer: (text) => {
      if (text !== last) screen.write(isJson ? text : `${text}\n`);
      last = text;
    },
    trouble: (trouble) => {
      aside.write(
        trouble === undefined ? 'netverdict: connected again\n' : `netverdict: ${harmless(failureSentence(trouble).text)}; trying again\n`,
      );
    },
    leave: () => {},
  };
}

/** In JSON as the lines of `verdicts` say it: `{ "error": { "code": …, "message": … } }`. */
async function spoken(answer: () => string | Promise<string>, isJson: boolean): Promise<string> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, hint } = error;
    if (isJson) return `${jsonText({ error: { code, message } }, true)}\n`;
    return `${harmless(message)}${hint === undefined ? '' : `\n  ${harmless(hint)}`}\n`;
  }
}

/** The terminal is given back at once, and not only when everything has ended: a second Ctrl-C ends the program without asking. */
function onInterrupt(leave: () => void): { readonly signal: AbortSignal; stop(): void } {
  const interrupt = new AbortController();
  const end = () => {
    leave();
    interrupt.abort();
  };
  const names = ['SIGINT', 'SIGTERM'] as const;
  for (const name of names) process.once(name, end);
  return {
    signal: interrupt.signal,
    stop: () => {
      for (const name of names) process.off(name, end);
    },
  };
}
