// `test` as TAP 14 (https://testanything.org/tap-version-14-specification.html): one line for each intent, reasons as a YAML block.
import type { IntentDocument, IntentsReportDocument } from '../answer/documents/intents-report.ts';
import { checkEnds } from '../words/en/intents.ts';
import { harmless } from './paint.ts';

export function intentsTap({ intents }: IntentsReportDocument): string {
  const lines = intents.flatMap((intent, i) => [
    `${intent.holds ? 'ok' : 'not ok'} ${i + 1} - ${described(intent.name)}`,
    ...(intent.holds ? [] : diagnosis(intent)),
  ]);
  return ['TAP version 14', `1..${intents.length}`, ...lines, ''].join('\n');
}

/** In a description `#` begins a directive, and a backslash escapes it. */
function described(name: string): string {
  return harmless(name).replaceAll('\\', '\\\\').replaceAll('#', '\\#');
}

/** JSON texts are YAML texts, so that no name can end the block. */
function diagnosis({ at: { file, line, column }, checks }: IntentDocument): string[] {
  const quoted = (text: string) => JSON.stringify(harmless(text));
  return [
    '  ---',
    `  at: ${quoted(line === 0 ? file : `${file}:${line}:${column}`)}`,
    '  failures:',
    ...checks
      .filter(({ holds }) => !holds)
      .flatMap((check) => [
        `    - connection: ${quoted(checkEnds(check))}`,
        `      code: ${check.code}`,
        `      message: ${quoted(check.text)}`,
        ...(check.outcome === undefined ? [] : [`      because: ${quoted(check.causes.join(', '))}`]),
        ...(check.hint === undefined ? [] : [`      hint: ${quoted(check.hint)}`]),
        ...(check.control === undefined ? [] : [`      control: ${quoted(check.control.text)}`]),
      ]),
    '  ...',
  ];
}
