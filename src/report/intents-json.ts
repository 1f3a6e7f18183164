// `test` as a document for programs. schemas/intents-report.schema.json describes it.
import { placeFor } from '../explain/place.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Check, IntentsRun } from '../question/intents.ts';
import { checkSentence, controlWords, totals } from './intents-words.ts';

/** `kind: IntentsReport`. `asked`: who answered. */
export function intentsDocument(run: IntentsRun, semantics: Semantics, asked: 'model' | 'kernel' | 'cluster'): unknown {
  const { held, failed } = totals(run);
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'IntentsReport',
    asked,
    profile: semantics.name,
    held,
    failed,
    intents: run.results.map(({ intent, holds, checks }) => ({
      name: intent.name,
      expect: intent.status ?? intent.expect,
      holds,
      at: placeFor(intent.origin),
      checks: checks.map(checkDocument),
    })),
  };
}

function checkDocument(check: Check): unknown {
  const { from, to, protocol, code, holds, outcome, answer, control, notByName, measured } = check;
  const { text, hint } = checkSentence(check);
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
      : { control: { by: control.by, ...('from' in control ? { from: control.from } : {}), text: controlWords(control) } }),
    ...(notByName ? { notByName } : {}),
    ...(measured === undefined ? {} : { measured: { outcome: measured.outcome, text: measured.text } }),
  };
}
