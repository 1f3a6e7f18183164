// `diff` as workflow commands of GitHub Actions: one line per edit and what it does, shown beside the edited line of the pull request.
import { countWords, type DiffReport } from './diff-report.ts';
import { DIFF_RULES, diffResults } from './diff-results.ts';
import { workflowCommand } from './lint-github.ts';

/** `::error file=cart.yaml,line=6,col=9,title=relabelling-leaves-open::shop/cart: …`. Ends with a line of counts. */
export function diffGithub(report: DiffReport): string {
  const commands = diffResults(report).map(({ rule, text, at }) => workflowCommand(DIFF_RULES[rule].level, rule, text, at));
  return [...commands, `netverdict diff: ${countWords(report)}`, ''].join('\n');
}
