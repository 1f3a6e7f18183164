// The commands that show what an answer was made from, under the answer.
import type { Paint } from './paint.ts';
import { HANG, row } from './why-rows.ts';

/** An empty line and one command a line, not folded, so that each can be copied. '' for none. */
export function evidenceLines(commands: readonly string[], paint: Paint): string {
  if (commands.length === 0) return '';
  const [first = '', ...others] = commands.map((command) => paint.plain(command));
  return `\n${row('check', first)}\n${others.map((command) => `${' '.repeat(HANG)}${command}\n`).join('')}`;
}
