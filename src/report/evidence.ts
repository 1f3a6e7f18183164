// The commands that show what an answer is based on, under the answer.
import type { ExplanationDocument } from '../answer/documents/explanation.ts';
import type { Paint } from './paint.ts';
import { HANG, row } from './why-rows.ts';

/** An empty line and one command a line, each once and not folded, so that it can be copied. '' for none. */
export function evidenceLines({ connections }: ExplanationDocument, paint: Paint): string {
  const commands = [...new Set(connections.flatMap(({ evidence = [] }) => evidence))];
  if (commands.length === 0) return '';
  const [first = '', ...others] = commands.map((command) => paint.plain(command));
  return `\n${row('check', first)}\n${others.map((command) => `${' '.repeat(HANG)}${command}\n`).join('')}`;
}
