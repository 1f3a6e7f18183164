// What `rollout` and `diff --in-order` say.
import { counted } from './lists.ts';

interface Step {
  readonly action: 'apply' | 'delete';
  readonly kind: string;
  readonly object: string;
  readonly temporary?: 'copy' | 'admit-all';
}

/** `apply NetworkPolicy shop/cart`. */
export function stepWords({ action, kind, object, temporary }: Step): string {
  const note =
    temporary === undefined || action === 'delete'
      ? ''
      : temporary === 'copy'
        ? ' (temporary, the old version under another name)'
        : ' (temporary, admits everything to the same pods)';
  return `${action} ${kind} ${object}${note}`;
}

interface Trouble {
  readonly effect: 'cut' | 'opened' | 'doubt';
  readonly step: Step;
  readonly after: number;
  readonly from: string;
  readonly to: string;
  readonly ports: string;
}

export function troubleWords({ effect, step, after, from, to, ports }: Trouble): string {
  const when = `${stepWords(step)}${after === 0 ? ' first' : ` after ${counted(after, 'other step')}`}`;
  const connection = `${from === '*' ? '' : `${from} → `}${to} on ${ports}`;
  if (effect === 'cut') return `${when} cuts ${connection}, which is allowed before and after the change`;
  if (effect === 'opened') return `${when} opens ${connection}, which is denied before and after the change`;
  return `${when} leaves it open whether ${connection} stays as it is before and after the change`;
}

export function outcomeWords(
  outcome: string,
  facts: { readonly objects: number; readonly waves: number; readonly temporary: number },
): string {
  const objects = counted(facts.objects, 'object');
  const waves = counted(facts.waves, 'wave');
  switch (outcome) {
    case 'unchanged':
      return 'no object that connections depend on differs, so the order does not matter';
    case 'ordered':
      return facts.waves === 1
        ? `${objects} can be applied in any order: nothing is cut or opened on the way`
        : `${objects} in ${waves}: nothing is cut or opened on the way, in whatever order the objects of a wave are applied`;
    case 'temporary':
      return `no order of these ${objects} is safe; with ${counted(facts.temporary, 'temporary policy', 'temporary policies')} there is one, in ${waves}`;
    case 'none':
      return `no order of these ${objects} is safe: each of them cuts or opens a connection on the way`;
    default:
      return `no order of these ${objects} is proved safe`;
  }
}

export function rolloutDoubtWords(
  doubt:
    | { readonly code: 'derived' | 'refused'; readonly policies: readonly string[] }
    | { readonly code: 'too-many-steps'; readonly steps: number }
    | { readonly code: 'settings-differ' }
    | { readonly code: 'open-states' },
): string {
  switch (doubt.code) {
    case 'derived':
      return `what ${doubt.policies.slice(0, 3).join(', ')} says depends on another object that changes (such as a Tier, a NetworkSet or endpoints), and that is not ordered here; roll out that object by itself`;
    case 'refused':
      return `${doubt.policies.slice(0, 3).join(', ')} cannot be applied as ${doubt.policies.length === 1 ? 'it is' : 'they are'}: the API server refuses ${doubt.policies.length === 1 ? 'it' : 'them'}; correct what is listed as an error, then ask again`;
    case 'too-many-steps':
      return `${doubt.steps} steps act on the same connections, more than can be tried; roll out the change in smaller parts`;
    case 'settings-differ':
      return 'the two states configure the CNI differently; roll out that setting by itself';
    case 'open-states':
      return 'every order passes through a state that the profile or the input leaves open; choose a profile with --cni, or resolve the doubts above';
  }
}

/** What the order holds for. */
export function checkedWords(podsToCome: number | undefined): string {
  return podsToCome === undefined
    ? 'checked for the pods that exist, not for pods with other labels that may be created meanwhile'
    : `checked for all pods and for ${counted(podsToCome, 'kind')} of pods that do not exist yet`;
}

export const ROLLOUT_ASSUMES =
  'A wave ends when its objects are in force on every node and its workloads are rolled out. Connections among the pods of one workload during its own rollout are not checked.';

export const ROLLOUT_TITLES = {
  wave: (number: number) => `wave ${number}`,
  why: 'why no order is safe without them',
  whyNone: 'what stands in the way',
  doubts: 'what is open',
  page: '## Rollout order',
  candidate: 'an order that is safe but for what is open',
} as const;

export const SCRIPT = {
  head: ['#!/bin/sh', '# An order in which nothing is cut or opened on the way; made by netverdict rollout.', 'set -eu'],
  wave: (number: number, of: number) => `# wave ${number} of ${of}`,
  pause: '# Wait here until the CNI has put these policies in force on every node.',
} as const;

export const ARGO = {
  head: (options: { readonly deletes: boolean }) => [
    '# Sync waves for Argo CD, as patches: list this file under `patches` of a kustomization, or copy the annotations.',
    ...(options.deletes
      ? [
          '# Argo CD prunes what is no longer in the manifests. The objects named in comments below have to be there until their wave:',
          '# keep them in the manifests, and remove them in a later commit.',
        ]
      : []),
  ],
  deleted: (wave: number, object: string) => `# wave ${wave}: delete ${object}`,
} as const;

export const NO_ORDER_TO_WRITE = 'there is no safe order to write; -o text says what stands in the way';

interface Walk {
  readonly outcome: 'safe' | 'unsafe' | 'undecided';
  readonly by: string;
}

/** Above what an order that is given does on the way. */
export function walkWords({ outcome, by }: Walk): string {
  const order = by === 'sync-waves' ? 'in the order of the sync waves' : 'in the order of the files';
  if (outcome === 'safe') return `applied ${order}, nothing is cut or opened on the way`;
  if (outcome === 'undecided') return `applied ${order}, it is open whether anything is cut or opened on the way`;
  return `applied ${order}, connections are cut or opened on the way`;
}

export const ORDER_HINT = 'netverdict rollout finds an order that is safe';
