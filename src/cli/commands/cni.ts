// `cni`: which network plugin, does it enforce policies and where, and what this cluster's policies ask of it in vain.

import type { Command } from 'commander';
import { cniDocument } from '../../answer/cni.ts';
import { detectProfile } from '../../cni/detect.ts';
import { cniReport } from '../../cni/report.ts';
import { clusterOf } from '../../manifest/load.ts';
import { cniText } from '../../report/cni-text.ts';
import { HELP } from '../../words/en/cli/cni.ts';
import { GROUPS } from '../../words/en/cli/help.ts';
import { tellBasis } from '../basis.ts';
import { type ClusterFlags, readObjects, withCluster } from '../cluster-input.ts';
import { formatOption } from '../help-layout.ts';
import { type InputOptions, painter, withOutput, writeProblems } from '../input.ts';
import { jsonAsCalled } from '../program-name.ts';

const EXIT = { yes: 0, partly: 1, no: 1, unknown: 2 } as const;

export function registerCni(program: Command): void {
  withOutput(withCluster(program.command('cni')))
    .description(HELP.description)
    .optionsGroup(GROUPS.input)
    .option('-f, --file <path>', HELP.file, (path: string, all: string[] = []) => [...all, path])
    .addOption(formatOption(['text', 'json']))
    .addHelpText('after', HELP.after)
    .action(async (options: ClusterFlags & InputOptions & { readonly output: string }) => {
      const { objects, problems, namespace, basis } = await readObjects(options);
      tellBasis(basis, options.quiet, painter(options, process.stderr));
      const cluster = clusterOf(objects, problems, namespace);
      const report = cniReport(cluster, detectProfile(objects));
      // What is wrong with somebody's manifests is not the question here; what could not be read may change the answer.
      const limits = cluster.problems.filter(({ code }) => code === 'limit');
      writeProblems(limits, options);
      const document = cniDocument(report);
      process.stdout.write(options.output === 'json' ? `${jsonAsCalled(document)}\n` : cniText(document, painter(options)));
      process.exitCode = EXIT[report.enforces];
    });
}
