// Keeps an answer about a live cluster on the screen, and draws it again when it has changed. The cluster is watched, not asked again.
import { Failure } from '../failure.ts';
import type { KubeObject } from '../manifest/objects.ts';
import { harmless } from '../report/paint.ts';
import { accessOf, type ClusterFlags } from './cluster-input.ts';

/** What the answer is made from: the objects as they are now, and where names without a namespace live. */
export interface Watched {
  readonly objects: readonly KubeObject[];
  readonly namespace: string;
}

/** Where it is drawn: a terminal is cleared before each answer, anything else gets them one after the other. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const CLEAR = '\x1b[H\x1b[2J\x1b[3J';

/**
 * Draws `answer` at once and after every change that makes it another text, until `signal` (Ctrl-C). An answer that fails for the moment,
 * because a pod was just replaced, is drawn as its message. Resolves at the end; Failure when the cluster cannot be read or watched.
 */
export async function watchScreen(
  flags: ClusterFlags & { readonly namespace?: string },
  namespaces: readonly string[],
  answer: (watched: Watched) => string,
  { screen = process.stdout, signal = onInterrupt() }: { readonly screen?: Screen; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { watchCluster } = await import('../source/live-watch.ts');
  let shown: string | undefined;
  let text = '';
  let trouble: Failure | undefined;
  const draw = () => {
    const all = `${text}${trouble === undefined ? '' : `\n${harmless(trouble.message)}: this is how it was before\n`}`;
    if (all === shown) return;
    shown = all;
    screen.write(screen.isTTY === true ? `${CLEAR}${all}\nwatching; Ctrl-C ends\n` : `${all}\n`);
  };
  await watchCluster({
    ...accessOf(flags),
    namespaces: [...namespaces, ...(flags.namespace === undefined ? [] : [flags.namespace])],
    signal,
    onChange: ({ objects, context }) => {
      text = spoken(() => answer({ objects, namespace: flags.namespace ?? context.namespace }));
      draw();
    },
    onTrouble: (now) => {
      trouble = now;
      draw();
    },
  });
}

function spoken(answer: () => string): string {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${harmless(error.message)}${error.hint === undefined ? '' : `\n  ${harmless(error.hint)}`}\n`;
  }
}

function onInterrupt(): AbortSignal {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort());
  return interrupt.signal;
}
