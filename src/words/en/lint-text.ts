// The phrases of a lint report: counts, what is not listed, labels.

type Severity = 'error' | 'warning' | 'note';

export const TEXT = {
  help: 'help:',
  seeAlso: (places: string) => `see also ${places}`,
  more: (count: number) => `… and ${count} more; --verbose or -o json shows them`,
  fixable: (count: number) => `(--fix can fix ${count})`,
  notShown: (what: string) => `not shown: ${what}`,
  profile: (name: string) => `CNI profile: ${name}`,
  columns: ['', 'rule', 'where', 'what'],
  moreRows: (count: number) => `… and ${count} more`,
  whatToDo: 'What to do',
  noFindings: 'no findings',
  page: (summary: string, page: string) => `${summary}. Page: ${page}`,
} as const;

/** `2 errors, 1 warning`; 'no findings' for none. */
export function countWords(counts: Readonly<Record<Severity, number>>): string {
  const said = (['error', 'warning', 'note'] as const).flatMap((level) =>
    counts[level] === 0 ? [] : [`${counts[level]} ${level}${counts[level] === 1 ? '' : 's'}`],
  );
  return said.length === 0 ? TEXT.noFindings : said.join(', ');
}

interface Hidden {
  readonly belowSeverity: number;
  readonly accepted: number;
  readonly old: number;
}

/** What is not listed: `2 below warning (--severity note shows all); 1 accepted with a reason`; '' when everything is. */
export function hiddenWords({ belowSeverity, accepted, old }: Hidden, severity: Severity): string {
  return [
    ...(belowSeverity > 0 ? [`${belowSeverity} below ${severity} (--severity note shows all)`] : []),
    ...(accepted > 0 ? [`${accepted} accepted with a reason`] : []),
    ...(old > 0 ? [`${old} known before`] : []),
  ].join('; ');
}
