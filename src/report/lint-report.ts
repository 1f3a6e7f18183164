// What a run of lint gives to every report: findings that are shown, and how many are not, and why.
import { placeFor } from '../explain/place.ts';
import type { LintFinding } from '../lint/lint.ts';
import type { Severity } from '../lint/rule.ts';
import type { Place } from '../model/origin.ts';

export interface LintReport {
  /** As severe as asked for, in the order of files and lines. */
  readonly findings: readonly LintFinding[];
  /** Less severe ones. */
  readonly belowSeverity: number;
  /** Taken out by a comment, an annotation or the configuration, with the reason. */
  readonly accepted: readonly { readonly finding: LintFinding; readonly reason: string }[];
  /** Known from a baseline, or there before. */
  readonly old: number;
  /** The CNI profile that was chosen: `kubernetes`. */
  readonly profile: string;
  readonly severity: Severity;
}

/** Where the page of a rule lies: in the package and in the repository. */
export function pageOf(ruleId: string): string {
  return `docs/rules/${ruleId}.md`;
}

export interface Counts {
  readonly error: number;
  readonly warning: number;
  readonly note: number;
}

export function countsOf(findings: readonly LintFinding[]): Counts {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return { error: count('error'), warning: count('warning'), note: count('note') };
}

/** `2 errors, 1 warning`; 'no findings' for none. */
export function countWords({ error, warning, note }: Counts): string {
  const words = [
    [error, 'error'],
    [warning, 'warning'],
    [note, 'note'],
  ] as const;
  const said = words.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`]));
  return said.length === 0 ? 'no findings' : said.join(', ');
}

/** What is not shown, in words; [] when everything is. */
export function hiddenWords({ belowSeverity, accepted, old, severity }: LintReport): string[] {
  return [
    ...(belowSeverity > 0 ? [`${belowSeverity} below ${severity} (--severity note shows all)`] : []),
    ...(accepted.length > 0 ? [`${accepted.length} accepted with a reason`] : []),
    ...(old > 0 ? [`${old} known before`] : []),
  ];
}

/** Other places of a finding that have a line, at most three. */
export function relatedPlaces({ related, at }: LintFinding): readonly Place[] {
  const places = related.flatMap((origin) => placeFor(origin) ?? []).filter(({ line }) => line > 0);
  return places.filter(({ file, line }) => file !== at?.file || line !== at.line).slice(0, 3);
}
