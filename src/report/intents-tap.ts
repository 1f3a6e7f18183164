// `test` as TAP 14 (https://testanything.org/tap-version-14-specification.html): one line for each intent, reasons as a YAML block.
import type { IntentResult, IntentsRun } from '../question/intents.ts';
import { checkEnds, checkSentence, controlWords, intentPlace } from './intents-words.ts';
import { harmless } from './paint.ts';

export function intentsTap({ results }: IntentsRun): string {
  const lines = results.flatMap((result, i) => [
    `${result.holds ? 'ok' : 'not ok'} ${i + 1} - ${described(result.intent.name)}`,
    ...(result.holds ? [] : diagnosis(result)),
  ]);
  return ['TAP version 14', `1..${results.length}`, ...lines, ''].join('\n');
}

/** In a description `#` begins a directive, and a backslash escapes it. */
function described(name: string): string {
  return harmless(name).replaceAll('\\', '\\\\').replaceAll('#', '\\#');
}

/** JSON texts are YAML texts, so that no name can end the block. */
function diagnosis(result: IntentResult): string[] {
  const failing = result.checks.filter(({ holds }) => !holds);
  const quoted = (text: string) => JSON.stringify(harmless(text));
  return [
    '  ---',
    `  at: ${quoted(intentPlace(result))}`,
    '  failures:',
    ...failing.flatMap((check) => {
      const { text, hint } = checkSentence(check);
      const control = controlWords(check.control);
      return [
        `    - connection: ${quoted(checkEnds(check))}`,
        `      code: ${check.code}`,
        `      message: ${quoted(text)}`,
        ...(check.answer === undefined
          ? []
          : [`      because: ${quoted(check.answer.connections.flatMap(({ codes }) => codes).join(', '))}`]),
        ...(hint === undefined ? [] : [`      hint: ${quoted(hint)}`]),
        ...(control === undefined ? [] : [`      control: ${quoted(control)}`]),
      ];
    }),
    '  ...',
  ];
}
