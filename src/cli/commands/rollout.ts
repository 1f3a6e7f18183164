// `rollout`: the order in which a change can be applied. Thin: reading both states, choosing a report, the exit code.

import type { Command } from 'commander';
import { rolloutDocument, rolloutScript, rolloutSyncWaves } from '../../answer/rollout.ts';
import { readStates } from '../../app/diff-states.ts';
import { nodePorts } from '../../app/node-ports.ts';
import { rollout } from '../../question/rollout.ts';
import { rolloutMarkdown, rolloutText } from '../../report/rollout-text.ts';
import { HELP as DIFF_HELP } from '../../words/en/cli/diff.ts';
import { GROUPS, INPUT } from '../../words/en/cli/help.ts';
import { HELP } from '../../words/en/cli/rollout.ts';
import { NO_ORDER_TO_WRITE } from '../../words/en/rollout.ts';
import { tellStates } from '../basis.ts';
import { withCluster, withProgress } from '../cluster-input.ts';
import { formatOption } from '../help-layout.ts';
import { painter, withOutput } from '../input.ts';
import { jsonAsCalled } from '../program-name.ts';
import { type StatesOptions, statesWish, tellProblems } from './diff.ts';

interface RolloutOptions extends StatesOptions {
  readonly output: (typeof FORMATS)[number];
}

const FORMATS = ['text', 'json', 'md', 'script', 'argocd'] as const;

export function registerRollout(program: Command): void {
  withOutput(withCluster(program.command('rollout [paths...]')))
    .description(HELP.description)
    .addOption(formatOption(FORMATS, HELP.script))
    .option('--git <revision>', DIFF_HELP.git)
    .option('--render <command>', DIFF_HELP.render)
    .optionsGroup(GROUPS.input)
    .option('-f, --file <path>', DIFF_HELP.file, (path: string, all: string[] = []) => [...all, path])
    .option('--cluster-file <path>', DIFF_HELP.clusterFile)
    .option('-n, --namespace <name>', DIFF_HELP.namespace)
    .option('--cni <profile>', DIFF_HELP.cni)
    .option('--profiles <file>', INPUT.profiles)
    .option('--strict', DIFF_HELP.strict)
    .addHelpText('after', HELP.after)
    .action(async (paths: readonly string[], options: RolloutOptions) => {
      const states = await withProgress(options.quiet, (onProgress) =>
        readStates(nodePorts, { ...statesWish(paths, options), onProgress }),
      );
      const { base, head, before, after, choice, settingsDiffer } = states;
      tellStates(states.basis, options.quiet, painter(options, process.stderr));
      tellProblems(states, options);
      const answer = rollout({ before, after, choice, settingsDiffer: settingsDiffer.length > 0 });
      const { outcome } = answer;
      process.exitCode = outcome === 'ordered' || outcome === 'unchanged' ? 0 : 1;
      const isWritten = options.output === 'script' || options.output === 'argocd';
      if (isWritten && (outcome === 'none' || outcome === 'undecided')) {
        process.stderr.write(`netverdict: ${NO_ORDER_TO_WRITE}\n`);
        return;
      }
      const document = rolloutDocument(answer, base, head);
      const texts: Readonly<Record<RolloutOptions['output'], () => string>> = {
        text: () => rolloutText(document, painter(options)),
        json: () => `${jsonAsCalled(document)}\n`,
        md: () => rolloutMarkdown(document),
        script: () => rolloutScript(answer),
        argocd: () => rolloutSyncWaves(answer),
      };
      process.stdout.write(texts[options.output]());
    });
}
