// The help of `lint`.
import { counted } from '../said.ts';
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description: 'Find mistakes in policies: the line, what it causes, and how to fix it.',
  severity: 'lowest severity to show; findings of at least this severity give exit code 1 (default: warning)',
  rule: 'run only this rule; repeatable',
  rules: 'list all rules',
  config: 'file with severities and accepted findings (default: ./netverdict.yaml if it exists)',
  noConfig: 'ignore any configuration file',
  baseline: 'hide the findings listed in this file',
  writeBaseline: 'write all current findings to this file, for --baseline',
  since: 'hide findings that already existed at this git revision',
  fix: 'repair what has a safe fix, in place; comments, order and indentation are kept',
  dryRun: 'with --fix: show what would change, and write nothing',
  after: afterHelp({
    notes: 'To accept a finding, add a comment above the object or at the end of the line: # netverdict-ignore RULE: reason',
    examples: [
      'netverdict lint -f k8s/',
      'netverdict lint -f k8s/ --cni calico --severity error',
      'helm template ./chart | netverdict lint -f - -o github',
      'netverdict lint -f k8s/ --fix',
      'netverdict lint -f k8s/ --since main -o sarif > netverdict.sarif',
    ],
    exitCodes: `0 no findings, 1 findings of at least --severity, ${CANNOT_ANSWER}.`,
  }),
} as const;

export const baselineWritten = (findings: number, file: string) => `${counted(findings, 'finding')} written to ${file}`;

/** Columns of `--rules`. */
export const RULE_COLUMNS = ['RULE', 'SEVERITY', '', 'WHAT'] as const;

/** What --fix did with each finding. */
export const FIXED = {
  fixed: 'fixed    ',
  left: 'not fixed',
  total: (isDryRun: boolean, findings: number, files: number) =>
    `${isDryRun ? 'would fix' : 'fixed'} ${counted(findings, 'finding')} in ${counted(files, 'file')}`,
} as const;

/** Why a finding that has an edit was not fixed. */
export const NOT_FIXED = {
  'no-edit': 'the layout of this text cannot be edited safely',
  stays: 'the edit would not remove the finding',
  verdict: 'the edit would change what is allowed elsewhere',
  'new-error': 'the edit would cause a new error',
} as const;
