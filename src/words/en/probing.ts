// What is said around probes: what they will create, what they leave in the cluster, why there was no control.
import type { Failure } from '../../failure.ts';
import { failureSentence } from './failures.ts';
import { counted } from './said.ts';

/** Before many probes, for a person to agree to. `destinations`: the most that get a container of their own. */
export function creationsSentence(facts: {
  readonly way: 'debug' | 'exec' | 'throwaway';
  readonly image: string;
  readonly sources: number;
  readonly destinations: number;
}): string {
  const pods = counted(facts.sources, 'pod');
  switch (facts.way) {
    case 'exec':
      return `This runs a probe in ${pods} with a tool of the image, and creates nothing.`;
    case 'throwaway':
      return `This creates ${pods} (${facts.image}) with the labels of the sources, and removes them afterwards.`;
    case 'debug':
      return `This adds a debug container (${facts.image}) to ${pods} and, where nothing answers, to at most ${counted(facts.destinations, 'destination')}.
${STAY}`;
  }
}

/** Before one probe. `control`: the destination that may get a container of its own too. */
export function creationSentence(facts: {
  readonly way: 'debug' | 'throwaway';
  readonly image: string;
  readonly source: string;
  readonly namespace: string;
  readonly control: string | undefined;
}): string {
  const { way, image, source, namespace, control } = facts;
  return way === 'throwaway'
    ? `This creates a pod (${image}) in ${namespace} with the labels of ${source}, and removes it afterwards.`
    : `This adds a debug container (${image}) to ${source}${control === undefined ? '' : ` and, if nothing answers, another one to ${control}`}.\n${STAY}`;
}

/** Kubernetes: an ephemeral container cannot be taken out of a pod. */
const STAY = 'Debug containers stay listed in their pods, ended, until the pods are replaced.';

/** `{ container: 'netverdict-probe-1a2b', pod: 'shop/cart-6d4' }` → 'debug container … in the list of shop/cart-6d4; it has ended'. */
export function leftSentence({ container, pod }: { readonly container: string; readonly pod: string }): string {
  return `debug container ${container} in the list of ${pod}; it has ended`;
}

/** Why the destination was not asked whether it answers itself. */
export function noControlSentence(
  facts: { readonly why: 'no-pod' | 'throwaway' | 'not-wanted' } | { readonly why: 'failed'; readonly failure: Failure },
): string {
  switch (facts.why) {
    case 'no-pod':
      return 'the destination is not a pod that runs here';
    case 'throwaway':
      return 'a new pod cannot stand in for the destination';
    case 'not-wanted':
      return 'switched off (--no-control)';
    case 'failed':
      return failureSentence(facts.failure).text;
  }
}
