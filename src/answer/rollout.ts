// `rollout` as a document; and its steps as a script of kubectl, and as sync waves of Argo CD.
import type { Plain } from '../model/edit.ts';
import type { PortSet } from '../net/port-set.ts';
import { get, isObject } from '../objects/read.ts';
import type { RolloutAnswer, Trouble, Walked } from '../question/rollout.ts';
import type { OrderBy } from '../question/rollout-orders.ts';
import type { Step } from '../question/rollout-steps.ts';
import type { Temporary } from '../question/rollout-temporary.ts';
import { quoted } from '../repair/kubectl.ts';
import { blockLines } from '../repair/render.ts';
import { portsWords } from '../words/en/ports.ts';
import { doubtSentence } from '../words/en/promises.ts';
import { ARGO, outcomeWords, rolloutDoubtWords, SCRIPT, stepWords, troubleWords } from '../words/en/rollout.ts';
import type { DiffInOrder } from './documents/connectivity-diff.ts';
import type { RolloutDocument, RolloutStepDocument, RolloutTroubleDocument } from './documents/rollout.ts';
import { placed } from './place.ts';
import { portsDocument } from './ports.ts';

/** `kind: Rollout`, schemas/rollout.schema.json. */
export function rolloutDocument(answer: RolloutAnswer, base: string, head: string): RolloutDocument {
  const { outcome, profile, steps, waves, troubles, doubts, temporary, toCome } = answer;
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'Rollout',
    profile,
    base,
    head,
    outcome,
    objects: steps.length,
    waves: waves.map((wave, i) => ({ wave: i + 1, steps: wave.map((step) => stepDocument(step, temporary)) })),
    troubles: troubles.map(troubleDocument),
    doubts: doubts.map((doubt) => ({ code: doubt.code, text: rolloutDoubtWords(doubt) })),
    checked: toCome === undefined ? {} : { podsToCome: toCome },
    text: outcomeWords(outcome, { objects: steps.length, waves: waves.length, temporary: temporary.length }),
  };
}

function stepDocument(step: Step, temporary: readonly Temporary[]): RolloutStepDocument {
  const { action, kind, ref, at } = step;
  const own = step.of === 'temporary' ? temporary.find(({ policies }) => policies === step.policies) : undefined;
  return {
    action,
    kind,
    object: ref,
    ...placed(at),
    ...(own !== undefined && { temporary: own.of, ...(action === 'apply' && { manifest: yamlOf(own.value) }) }),
  };
}

function troubleDocument({ effect, step, after, from, to, ports, because }: Trouble): RolloutTroubleDocument {
  const { action, kind, ref, at } = step;
  const shown = { action, kind, object: ref };
  const words = portsText(ports);
  return {
    effect,
    step: { ...shown, ...placed(at) },
    after: after.length,
    from,
    to,
    ports: words,
    because: because.map((doubt) => doubtSentence(doubt).text),
    text: troubleWords({ effect, step: shown, after: after.length, from, to, ports: words }),
  };
}

function portsText(ports: PortSet): string {
  return portsWords(portsDocument(ports));
}

/** What an order that is given does on the way; part of a `ConnectivityDiff`. */
export function walkDocument({ outcome, troubles, doubts }: Walked, by: OrderBy): DiffInOrder {
  return {
    by,
    outcome,
    troubles: troubles.map(troubleDocument),
    doubts: doubts.map((doubt) => ({ code: doubt.code, text: rolloutDoubtWords(doubt) })),
  };
}

/** What was read from JSON or YAML, as YAML. */
function yamlOf(value: unknown): string {
  return `${blockLines(value as Plain).join('\n')}\n`;
}

/** A POSIX shell script: every object in a here-document of its own, in the order of the waves. */
export function rolloutScript({ waves }: RolloutAnswer): string {
  const lines: string[] = [...SCRIPT.head];
  for (const [i, wave] of waves.entries()) {
    lines.push('', SCRIPT.wave(i + 1, waves.length));
    for (const step of wave) lines.push(...(step.action === 'delete' ? [deletion(step)] : application(step)));
    if (i + 1 < waves.length && wave.some(({ of }) => of === 'policy' || of === 'temporary')) lines.push(SCRIPT.pause);
  }
  return `${lines.join('\n')}\n`;
}

/** Kinds whose pods are made anew, and that kubectl can wait for. */
const ROLLED_OUT: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

function application(step: Step): readonly string[] {
  // A namespace whose object is in the old state only keeps existing: there is nothing to apply.
  if (step.value === undefined && step.at === undefined) return [];
  const manifest = manifestOf(step).trimEnd();
  let end = 'END';
  while (manifest.split(/\r?\n/).includes(end)) end += '_';
  const wait = ROLLED_OUT.has(step.kind)
    ? [`kubectl rollout status${inNamespace(step)} -- ${word(`${step.kind.toLowerCase()}/${step.name}`)}`]
    : [];
  return [`kubectl apply${inNamespace(step)} -f - <<'${end}'`, manifest, end, ...wait];
}

function deletion(step: Step): string {
  return `kubectl delete${inNamespace(step)} --ignore-not-found -- ${word(resourceOf(step))} ${word(step.name)}`;
}

function inNamespace({ namespace }: Step): string {
  return namespace === undefined ? '' : ` --namespace=${word(namespace)}`;
}

/** `NetworkPolicy.v1.networking.k8s.io`, so that kubectl takes no other kind of that name. */
function resourceOf({ kind, value }: Step): string {
  const [group, version] = String(get(value, 'apiVersion') ?? '').split('/');
  return version === undefined ? kind : `${kind}.${version}.${group}`;
}

/** No name that the API server takes has a control character. */
function word(text: string): string {
  return quoted(oneLine(text));
}

/** As it is written, where that is a document of its own; else as it was read. */
function manifestOf({ at, value, of }: Step): string {
  const { document, path } = at ?? {};
  if (of === 'temporary' || document?.text === undefined || document.format !== 'yaml' || path?.length !== 0) return yamlOf(value);
  return document.text.slice(document.start, document.end).replace(/^(?:---[^\n]*\n)+/, '');
}

/** Patches that carry the annotation, one for every object that is applied; what is deleted, in comments. */
export function rolloutSyncWaves({ waves }: RolloutAnswer): string {
  const deletes = waves.some((wave) => wave.some(({ action }) => action === 'delete'));
  const comments = waves.flatMap((wave, i) =>
    wave.flatMap((step) =>
      step.action === 'delete'
        ? [ARGO.deleted(i + 1, oneLine(stepWords({ ...step, action: 'delete', object: step.ref }).slice('delete '.length)))]
        : [],
    ),
  );
  const patches = waves.flatMap((wave, i) =>
    wave.flatMap((step) => {
      if (step.action === 'delete') return [];
      const whole = isObject(step.value) ? step.value : {};
      const annotations = { 'argocd.argoproj.io/sync-wave': String(i + 1) };
      const metadata = { name: step.name, ...(step.namespace !== undefined && { namespace: step.namespace }), annotations };
      const shown = step.of === 'temporary' ? { ...whole, metadata } : { apiVersion: whole.apiVersion ?? 'v1', kind: step.kind, metadata };
      return [`---\n${yamlOf(shown)}`];
    }),
  );
  return `${[...ARGO.head({ deletes }), ...comments].join('\n')}\n${patches.join('')}`;
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a name in a comment must not end the line
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]/g, '?');
}
