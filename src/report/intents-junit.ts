// `test` as JUnit: one test case for each intent, its failing connections in the failure.

import { whyDocument } from '../answer/why.ts';
import type { Semantics } from '../profile/profile.ts';
import type { IntentResult, IntentsRun } from '../question/intents.ts';
import { checkEnds, checkSentence, intentPlace, totals } from './intents-words.ts';
import { paint } from './paint.ts';
import { whyText } from './why-text.ts';
import { xml } from './xml-text.ts';

/** `suite`: what was asked, `the model`. */
export function intentsJunit(run: IntentsRun, semantics: Semantics, suite: string): string {
  const { failed } = totals(run);
  const counts = `tests="${run.results.length}" failures="${failed}" errors="0" skipped="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="netverdict test" ${counts}>`,
    `  <testsuite name="${xml(suite)}" ${counts}>`,
    ...run.results.map((result) => caseOf(result, semantics)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf(result: IntentResult, semantics: Semantics): string {
  const place = intentPlace(result);
  const [file = '', line] = /^(.*):(\d+):\d+$/.exec(place)?.slice(1) ?? [place];
  const at = line === undefined ? '' : ` file="${xml(file)}" line="${line}"`;
  const head = `    <testcase classname="netverdict.test" name="${xml(result.intent.name)}"${at}`;
  const failing = result.checks.filter(({ holds }) => !holds);
  const [first] = failing;
  if (first === undefined) return `${head}/>`;
  const body = failing.map((check) => {
    const { text, hint } = checkSentence(check);
    const reasons =
      check.answer === undefined ? '' : `\n${whyText(whyDocument(check.answer, semantics), { paint: paint(false), mostMisses: 1 })}`;
    return `${checkEnds(check)}: ${text}${hint === undefined ? '' : ` (${hint})`}${reasons}`;
  });
  const message = `${checkEnds(first)}: ${checkSentence(first).text}`;
  return [
    `${head}>`,
    `      <failure type="${first.code}" message="${xml(message)}">${xml([place, ...body].join('\n'))}</failure>`,
    '    </testcase>',
  ].join('\n');
}
