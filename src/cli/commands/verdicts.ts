// `verdicts`: the batch door for other programs. Streams: a line is answered as soon as it is read, in the order of the input.

import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { lineAnswerer } from '../../answer/verdict-lines.ts';
import { LONGEST_LINE } from '../../question/verdicts.ts';
import { reachOf } from '../../reach/reach.ts';
import { HELP } from '../../words/en/cli/verdicts.ts';
import { type InputOptions, load, withInput } from '../input.ts';
import { mistake } from '../mistake.ts';

export function registerVerdicts(program: Command): void {
  withInput(program.command('verdicts'))
    .description(HELP.description)
    .option('--queries <file>', HELP.queries, '-')
    .addHelpText('after', HELP.after)
    .action(async (options: InputOptions & { queries: string }) => {
      if (options.queries === '-' && options.file?.includes('-') === true) {
        throw mistake('stdin-twice', {});
      }
      const { cluster, semantics } = await load(options);
      const answer = lineAnswerer(reachOf(cluster, semantics));
      const input = options.queries === '-' ? process.stdin : createReadStream(options.queries);
      input.setEncoding('utf8');
      let rest = '';
      try {
        for await (const chunk of input as AsyncIterable<string>) {
          const lines = (rest + chunk).split('\n');
          // A line without an end is cut where the answerer refuses it anyway, so that memory stays bounded.
          rest = (lines.pop() ?? '').slice(0, LONGEST_LINE + 1);
          await write(lines, answer);
        }
      } catch (cause) {
        throw mistake('questions-unreadable', { reason: (cause as Error).message }, cause);
      }
      await write([rest], answer);
    });
}

async function write(lines: readonly string[], answer: (line: string) => string | undefined): Promise<void> {
  let out = '';
  for (const line of lines) {
    const text = answer(line);
    if (text !== undefined) out += `${text}\n`;
  }
  if (out !== '' && !process.stdout.write(out)) await once(process.stdout, 'drain');
}
