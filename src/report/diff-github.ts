// `diff` as workflow commands of GitHub Actions: one line per edit and what it does, shown beside the edited line of the pull request.
import { DIFF_RULES, diffResults } from '../answer/diff-results.ts';
import type { ConnectivityDiff } from '../answer/documents/connectivity-diff.ts';
import { countWords } from '../words/en/diff.ts';
import { workflowCommand } from './lint-github.ts';

/** `::error file=cart.yaml,line=6,col=9,title=relabelling-leaves-open::shop/cart: …`. Ends with a line of counts. */
export function diffGithub(diff: ConnectivityDiff): string {
  const commands = diffResults(diff).map(({ rule, text, at }) => workflowCommand(DIFF_RULES[rule].level, rule, text, at));
  return [...commands, `netverdict diff: ${countWords(diff)}`, ''].join('\n');
}
