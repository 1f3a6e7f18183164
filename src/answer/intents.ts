// The document of `test`, and its checks that fail alike.
import type { Semantics } from '../profile/profile.ts';
import type { Check, IntentsRun } from '../question/intents.ts';
import { checkSentence, controlWords } from '../words/en/intents.ts';
import { promiseSentence, promiseTarget } from '../words/en/promises.ts';
import type { CheckDocument, IntentsReportDocument } from './documents/intents-report.ts';
import { placeOf } from './place.ts';
import { portsDocument } from './ports.ts';
import { promiseDocument } from './promises.ts';
import { whyDocument } from './why.ts';

export interface IntentsOptions {
  /** What answered. */
  readonly asked: IntentsReportDocument['asked'];
  /** For how many groups of failing checks of each intent the first check is explained. */
  readonly mostExplained?: number;
  /** Checks that fail alike are groups of their own. */
  readonly isEachExplained?: boolean;
}

export function intentsDocument(run: IntentsRun, semantics: Semantics, options: IntentsOptions): IntentsReportDocument {
  const { asked, mostExplained = 0, isEachExplained = false } = options;
  const held = run.results.filter(({ holds }) => holds).length;
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'IntentsReport',
    asked,
    profile: semantics.name,
    held,
    failed: run.results.length - held,
    intents: run.results.map(({ intent, holds, checks }) => {
      const documents = checks.map(checkDocument);
      const failing = documents.filter((check) => !check.holds);
      const groups = isEachExplained ? failing.map((check) => [check]) : checksAlike(failing);
      const explained = new Set(mostExplained === 0 ? [] : groups.slice(0, mostExplained).map(([first]) => first));
      return {
        name: intent.name,
        expect: intent.status ?? intent.promise ?? intent.expect,
        holds,
        at: placeOf(intent.origin),
        ...(intent.zonePair === undefined
          ? {}
          : { zones: { from: intent.zonePair.from, to: intent.zonePair.to, allowed: portsDocument(intent.zonePair.allowed) } }),
        checks: documents.map((document, i) => {
          const answer = explained.has(document) ? checks[i]?.answer : undefined;
          return answer === undefined ? document : { ...document, explanation: whyDocument(answer, semantics, { mostNearest: 1 }) };
        }),
      };
    }),
  };
}

function checkDocument(check: Check): CheckDocument {
  const { from, protocol, code, holds, outcome, answer, control, notByName, measured } = check;
  const promise = check.promise?.answer && promiseDocument(check.promise.answer);
  const { text, hint } =
    check.promise === undefined
      ? checkSentence(check)
      : promiseSentence(check.expect === 'denied' ? 'never' : 'always', check.promise, promise?.counterExample?.text);
  const to = check.promise === undefined ? check.to : promiseTarget(check.to, check.promise.ports);
  return {
    from,
    to,
    ...(protocol === undefined ? {} : { protocol }),
    holds,
    code,
    ...(outcome === undefined ? {} : { outcome }),
    causes: answer?.connections.flatMap(({ codes }) => codes) ?? [],
    text,
    ...(hint === undefined ? {} : { hint }),
    ...(control === undefined
      ? {}
      : { control: { by: control.by, ...('from' in control ? { from: control.from } : {}), text: controlWords(control) ?? '' } }),
    ...(notByName ? { notByName: true as const } : {}),
    ...(measured === undefined ? {} : { measured: { outcome: measured.outcome, text: measured.text } }),
    ...(promise === undefined ? {} : { promise }),
  };
}

/** Checks with one destination that fail for the same reasons, in the order of the checks. */
export function checksAlike(checks: readonly CheckDocument[]): readonly (readonly CheckDocument[])[] {
  const groups = new Map<string, CheckDocument[]>();
  for (const check of checks) {
    const { to, protocol, code, outcome, causes, measured } = check;
    const key = JSON.stringify([to, protocol, code, outcome, causes, measured?.text, outcome === undefined ? check.from : '']);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [check]);
    else group.push(check);
  }
  return [...groups.values()];
}
