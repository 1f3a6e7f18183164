// `prove`: every verdict against packets on this machine's kernel.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { proofDocument, proofPairs } from '../../answer/proof.ts';
import { prove } from '../../lab/prove.ts';
import { TIER_NAMES, type TierName } from '../../lab/tiers.ts';
import { countingWords } from '../../words/en/cli/progress.ts';
import { HELP } from '../../words/en/cli/prove.ts';
import { formatOption } from '../help-layout.ts';
import { type InputOptions, load, painter, withInput } from '../input.ts';
import { jsonAsCalled } from '../program-name.ts';

interface ProveOptions extends InputOptions {
  readonly output: 'text' | 'json' | 'junit';
  readonly tier: TierName;
  readonly rules: 'explaining' | 'scaling';
  readonly allPairs?: boolean;
  readonly sample?: number;
  readonly faithful?: boolean;
}

const EXIT = { agree: 0, differ: 1, incomplete: 2 } as const;

export function registerProve(program: Command): void {
  withInput(program.command('prove'))
    .description(HELP.description)
    .addOption(formatOption(['text', 'json', 'junit']))
    .addOption(new Option('--tier <tier>', HELP.tier).choices([...TIER_NAMES]).default(TIER_NAMES[0]))
    .addOption(new Option('--rules <form>', HELP.rules).choices(['explaining', 'scaling']).default('explaining'))
    .option('--all-pairs', HELP.allPairs)
    .option('--sample <n>', HELP.sample, positive)
    .option('--faithful', HELP.faithful)
    .addHelpText('after', HELP.after)
    .action(async (options: ProveOptions) => {
      const { cluster, semantics } = await load(options);
      const report = await prove(cluster, {
        semantics,
        tier: options.tier,
        form: options.rules,
        allPairs: options.allPairs ?? false,
        faithful: options.faithful ?? false,
        ...(options.sample !== undefined && { sample: options.sample }),
        ...progress(options),
      });
      process.exitCode = EXIT[report.outcome];
      const document = proofDocument(report);
      if (options.output === 'json') process.stdout.write(`${jsonAsCalled(document)}\n`);
      else if (options.output === 'junit') {
        const { proofJunit } = await import('../../report/proof-junit.ts');
        process.stdout.write(proofJunit(document, proofPairs(report)));
      } else {
        const { proofText } = await import('../../report/proof-text.ts');
        process.stdout.write(proofText(document, painter(options), options.verbose === true ? Number.POSITIVE_INFINITY : 4));
      }
    });
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError(HELP.positive);
  return value;
}

/** A line on stderr that counts, when a person looks on and it takes over half a second. */
function progress(options: ProveOptions): { onProgress?: (done: number, all: number) => void } {
  if (process.stderr.isTTY !== true || options.quiet === true) return {};
  const begun = performance.now();
  return {
    onProgress: (done, all) => {
      if (performance.now() - begun < 500) return;
      process.stderr.write(done === all ? '\r\x1b[K' : `\r${countingWords(done, all, 'connections')}`);
    },
  };
}
