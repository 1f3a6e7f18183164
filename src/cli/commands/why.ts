// `why`: one connection, explained.

import { type Command, Option } from 'commander';
import { twoCnis } from '../../app/move.ts';
import { SYMPTOMS } from '../../explain/symptom.ts';
import { HELP } from '../../words/en/cli/why.ts';
import { formatOption } from '../help-layout.ts';
import { load, withInput } from '../input.ts';
import { mistake } from '../mistake.ts';
import type { WhyOptions } from '../why-answer.ts';

export function registerWhy(program: Command): void {
  withInput(program.command('why <from> <to>'))
    .description(HELP.description)
    .addOption(formatOption(['text', 'json', 'mermaid', 'svg']))
    .addOption(new Option('--symptom <seen>', HELP.symptom).choices([...SYMPTOMS]))
    .option('-w, --watch', HELP.watch)
    .addHelpText('after', HELP.after)
    .action(async (from: string, to: string, options: WhyOptions) => {
      const cnis = twoCnis(options.cni);
      if (options.output === 'svg' && (options.watch === true || cnis !== undefined)) throw mistake('one-picture', {});
      if (cnis !== undefined) {
        if (options.watch === true) throw mistake('watch-one-cni', {});
        return (await import('../move.ts')).printWhyTwice({ from, to }, options, cnis);
      }
      if (options.watch === true) return (await import('../why-watch.ts')).watchWhy(from, to, options);
      // While a cluster is answering there is time to load what thinks about the answer.
      const [loaded, { answered, whyOutput }] = await Promise.all([load(options, [from, to]), import('../why-answer.ts')]);
      const answer = answered(loaded, { from, to }, options);
      process.exitCode = answer.outcome === 'allowed' ? 0 : 1;
      process.stdout.write(await whyOutput(loaded, answer, { from, to }, options));
    });
}
