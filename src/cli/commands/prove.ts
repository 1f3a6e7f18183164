// `prove`: every verdict against packets on this machine's kernel.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { proofDocument, proofPairs } from '../../answer/proof.ts';
import { prove } from '../../lab/prove.ts';
import { TIER_NAMES, type TierName } from '../../lab/tiers.ts';
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
    .description('every verdict against real packets on a real kernel: no cluster, no container, no root')
    .addOption(new Option('-o, --output <format>', 'how to say it').choices(['text', 'json', 'junit']).default('text'))
    .addOption(
      new Option('--tier <tier>', 'flat: one namespace for all, fast; netns: one for each pod, node routers, Services')
        .choices([...TIER_NAMES])
        .default(TIER_NAMES[0]),
    )
    .addOption(
      new Option('--rules <form>', 'which form of the compiled rules to prove').choices(['explaining', 'scaling']).default('explaining'),
    )
    .option('--all-pairs', 'every pod with every pod, not one pair for each two that policies can tell apart')
    .option('--sample <n>', 'at most so many connections, spread evenly over all', positive)
    .option('--faithful', 'denied packets vanish, as with most plugins, instead of being answered: slower')
    .addHelpText(
      'after',
      `
Pods become addresses in a network namespace of this machine, policies become nftables, and connections are made between them: TCP, UDP and
SCTP, IPv4 and IPv6, addresses outside the cluster included. What the kernel recorded is compared with what the engine says.

Examples:
  $ netverdict prove -f k8s/
  $ netverdict prove -f k8s/ --cni cilium -o json
  $ netverdict prove -f k8s/ --all-pairs --sample 5000 -o junit > proof.xml

Needs Linux with nftables, iproute2 and util-linux, and the right to make a user namespace (or root).
Exit codes: 0 agree · 1 differ · 2 could not.`,
    )
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
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('it is a whole number of 1 or more');
  return value;
}

/** A line on stderr that counts, when a person looks on and it takes over half a second. */
function progress(options: ProveOptions): { onProgress?: (done: number, all: number) => void } {
  if (process.stderr.isTTY !== true || options.quiet === true) return {};
  const begun = performance.now();
  return {
    onProgress: (done, all) => {
      if (performance.now() - begun < 500) return;
      process.stderr.write(done === all ? '\r\x1b[K' : `\r${done} of ${all} connections`);
    },
  };
}
