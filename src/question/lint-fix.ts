// `lint --fix`: the edits that findings carry, made on a copy of the texts and linted again. What does not take its finding away, what
// changes a verdict though it says that it does not, and what brings a new error is left undone.

import { policyKey } from '../lint/implied.ts';
import { INPUT_FAULTS } from '../lint/input-faults.ts';
import type { LintFinding } from '../lint/lint.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import { matches, type Selector } from '../model/selector.ts';
import { editTexts } from '../repair/edit.ts';

export interface LintText {
  readonly file: string;
  readonly text: string;
}

/** One run over texts: what was read, and what was found. */
export interface LintRun {
  readonly cluster: Cluster;
  readonly findings: readonly LintFinding[];
}

export interface Mended {
  /** The texts afterwards, in the order they came in. */
  readonly texts: readonly LintText[];
  readonly run: LintRun;
  readonly fixed: readonly LintFinding[];
  /** Findings with an edit that was not made, and why. */
  readonly left: readonly { readonly finding: LintFinding; readonly because: Obstacle }[];
}

/** `no-edit`: the text is laid out in a way that is not edited. `stays`: the finding is still there. `verdict`, `new-error`: as above. */
export type Obstacle = 'no-edit' | 'stays' | 'verdict' | 'new-error';

/** A mended policy may be read for the first time, and then has faults of its own: these are looked at in the next round. */
const ROUNDS = 32;

/** `run` lints texts; `wanted` says which findings are to be mended. Never throws. */
export function mendFindings(
  texts: readonly LintText[],
  run: (texts: readonly LintText[]) => LintRun,
  wanted: (finding: LintFinding) => boolean,
): Mended {
  let state = { texts, run: run(texts) };
  const fixed: LintFinding[] = [];
  const left = new Map<string, Mended['left'][number]>();
  for (let round = 0; round < ROUNDS; round++) {
    const candidates = state.run.findings.filter((finding) => finding.fix !== undefined && wanted(finding) && !left.has(placeKey(finding)));
    if (candidates.length === 0) break;
    let progress = false;
    // All at once, else by halves: a single edit that can not be made must not keep the others back.
    const waiting: (readonly LintFinding[])[] = [candidates];
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      const made = attempt(state, group, run);
      if (typeof made !== 'string') {
        state = made;
        fixed.push(...group);
        progress = true;
        // The other groups' origins speak of texts as they were; they are asked again in the next round.
        break;
      }
      const [only] = group;
      if (group.length === 1 && only !== undefined) left.set(placeKey(only), { finding: only, because: made });
      else waiting.push(group.slice(0, group.length >> 1), group.slice(group.length >> 1));
    }
    if (!progress) break;
  }
  return { ...state, fixed, left: [...left.values()] };
}

interface State {
  readonly texts: readonly LintText[];
  readonly run: LintRun;
}

function attempt(state: State, findings: readonly LintFinding[], run: (texts: readonly LintText[]) => LintRun): State | Obstacle {
  const edits = findings.flatMap(({ fix }) => fix?.edits ?? []);
  const edited = editTexts(edits, (file) => state.texts.find((text) => text.file === file)?.text);
  if (edited.refused !== undefined) return 'no-edit';
  const afterOf = new Map(edited.texts.map(({ file, after }) => [file, after]));
  const texts = state.texts.map(({ file, text }) => ({ file, text: afterOf.get(file) ?? text }));
  const after = run(texts);
  if (!areGone(findings, state.run, after)) return 'stays';
  if (!keepsMeaning(findings, state.run.cluster, after.cluster)) return 'verdict';
  if (bringsError(findings, state.run, after)) return 'new-error';
  return { texts, run: after };
}

/** Of equal findings, as many must be gone as were mended. */
function areGone(findings: readonly LintFinding[], before: LintRun, after: LintRun): boolean {
  const count = (run: readonly LintFinding[], key: string) => run.filter((finding) => finding.key === key).length;
  return [...new Set(findings.map(({ key }) => key))].every(
    (key) => count(after.findings, key) <= count(before.findings, key) - count(findings, key),
  );
}

/** Policies that no finding with a change of meaning touches must mean what they meant: the same pods, namespaces and ports. */
function keepsMeaning(findings: readonly LintFinding[], before: Cluster, after: Cluster): boolean {
  const changing = new Set(findings.filter(({ fix }) => fix?.keepsMeaning === false).map(({ object }) => object));
  const now = new Map(after.policies.map((policy) => [readingOf(policy), policy]));
  return before.policies.every((policy) => {
    if (changing.has(`${policy.kind} ${policy.ref}`)) return true;
    const same = now.get(readingOf(policy));
    // A document that could not be read before may define an object anew; a policy that is gone is never meant.
    if (same === undefined || changing.has(undefined)) return same !== undefined;
    return saidToday(before, policy) === saidToday(after, same);
  });
}

/** One object may be read in several ways, by which CNI reads it, and in several parts. */
function readingOf({ ref, needs, part = 0 }: Policy): string {
  return `${ref} ${needs ?? 'any'} ${part}`;
}

/** What a policy says, with the namespaces that it means today in place of the labels by which it finds them. */
function saidToday({ namespaces }: Cluster, policy: Policy): string {
  const named = (selector: Selector) =>
    [...namespaces.values()]
      .filter(({ labels }) => matches(selector, labels))
      .map(({ name }) => name)
      .sort()
      .join();
  return `${policy.faults.length > 0} ${policyKey(policy, named)}`;
}

/** An error that was not there, unless it is about an object that the API server would have refused until now. */
function bringsError(findings: readonly LintFinding[], before: LintRun, after: LintRun): boolean {
  const wasRefused = new Set(
    findings.filter(({ ruleId }) => (INPUT_FAULTS as readonly string[]).includes(ruleId)).map(({ object }) => object),
  );
  if (wasRefused.size > 0) return false;
  const known = new Set(before.findings.filter(({ severity }) => severity === 'error').map(({ key }) => key));
  return after.findings.some(({ severity, key }) => severity === 'error' && !known.has(key));
}

/** One fixable finding, so that one that can not be mended is not tried again. */
function placeKey({ key, at }: LintFinding): string {
  return `${key} ${at?.file}:${at?.line}:${at?.column}`;
}
