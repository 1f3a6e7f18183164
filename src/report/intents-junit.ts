// `test` as JUnit: one test case for each intent, its failing connections in the failure.
import type { CheckDocument, IntentDocument, IntentsReportDocument } from '../answer/documents/intents-report.ts';
import { checkEnds } from '../words/en/intents.ts';
import { paint } from './paint.ts';
import { whyText } from './why-text.ts';
import { xml } from './xml-text.ts';

/** `suite`: what was asked, `the model`. Checks that fail should be explained in the document. */
export function intentsJunit({ intents, failed }: IntentsReportDocument, suite: string): string {
  const counts = `tests="${intents.length}" failures="${failed}" errors="0" skipped="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="netverdict test" ${counts}>`,
    `  <testsuite name="${xml(suite)}" ${counts}>`,
    ...intents.map(caseOf),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf({ name, at, checks }: IntentDocument): string {
  const { file, line, column } = at;
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  const head = `    <testcase classname="netverdict.test" name="${xml(name)}" file="${xml(file)}"${line === 0 ? '' : ` line="${line}"`}`;
  const failing = checks.filter(({ holds }) => !holds);
  const [first] = failing;
  if (first === undefined) return `${head}/>`;
  const message = `${checkEnds(first)}: ${first.text}`;
  return [
    `${head}>`,
    `      <failure type="${first.code}" message="${xml(message)}">${xml([place, ...failing.map(failureText)].join('\n'))}</failure>`,
    '    </testcase>',
  ].join('\n');
}

function failureText(check: CheckDocument): string {
  const { text, hint, explanation } = check;
  const reasons = explanation === undefined ? '' : `\n${whyText(explanation, { paint: paint(false), mostMisses: 1 })}`;
  return `${checkEnds(check)}: ${text}${hint === undefined ? '' : ` (${hint})`}${reasons}`;
}
