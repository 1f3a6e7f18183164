// `snapshot`: what netverdict reads of a cluster, in one file that can be given away.

import type { Command } from 'commander';
import { limitsOf } from '../../manifest/read-limits.ts';
import { sanitized, snapshotText } from '../../source/snapshot.ts';
import { writeWhole } from '../../source/write-whole.ts';
import { GROUPS } from '../../words/en/cli/help.ts';
import { HELP, snapshotWritten } from '../../words/en/cli/snapshot.ts';
import { tellBasis } from '../basis.ts';
import { type ClusterFlags, readObjects, withCluster } from '../cluster-input.ts';
import { type InputOptions, painter, withOutput, writeProblems } from '../input.ts';
import { mistake } from '../mistake.ts';

export function registerSnapshot(program: Command): void {
  withOutput(withCluster(program.command('snapshot')))
    .description(HELP.description)
    .optionsGroup(GROUPS.input)
    .option('-f, --file <path>', HELP.file, (path: string, all: string[] = []) => [...all, path])
    .option('-n, --namespace <name>', HELP.namespace)
    .optionsGroup(GROUPS.output)
    .option('-o, --output <file>', HELP.output, 'netverdict-snapshot.json')
    .addHelpText('after', HELP.after)
    .action(async (options: ClusterFlags & InputOptions & { readonly output: string }) => {
      const { objects, basis } = await readObjects(options);
      tellBasis(basis, options.quiet, painter(options, process.stderr));
      const kept = objects.filter((object) => sanitized(object) !== undefined);
      if (kept.length === 0) throw mistake('nothing-to-keep', {});
      const { problems } = limitsOf(objects);
      writeProblems(problems, options);
      if (options.output === '-') {
        for (const piece of snapshotText(kept)) process.stdout.write(piece);
        return;
      }
      await writeWhole(options.output, snapshotText(kept));
      if (options.quiet !== true)
        process.stderr.write(`${painter(options, process.stderr).plain(snapshotWritten(kept.length, options.output))}\n`);
    });
}
