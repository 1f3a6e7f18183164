// `lint` as a document: findings with their places and words, the rules they come from, and how many are not listed.
import type { Accepted, LintFinding } from '../lint/lint.ts';
import type { Rule } from '../lint/rule.ts';
import { lineText } from '../manifest/positions.ts';
import { findingWords, ruleSummary } from '../words/en/lint/finding.ts';
import type { Place } from './documents/common.ts';
import type { Excerpt, FindingDocument, LintReportDocument, LintRule, Severity } from './documents/lint-report.ts';
import { fingerprint } from './fingerprint.ts';
import { placeOf } from './place.ts';
import { said } from './said.ts';

/** What a run of lint gives: the findings that are listed, and how many are not, and why. */
export interface LintOutcome {
  /** As severe as asked for, in the order of files and lines. */
  readonly findings: readonly LintFinding[];
  /** Less severe ones. */
  readonly belowSeverity: number;
  /** Taken out by a comment, an annotation or the configuration, with the reason. */
  readonly accepted: readonly Accepted[];
  /** Known from a baseline, or there before. */
  readonly old: number;
  /** The CNI profile that was chosen: `kubernetes`. */
  readonly profile: string;
  readonly severity: Severity;
}

/** `kind: LintReport`, schemas/lint-report.schema.json. */
export function lintDocument({ findings, accepted, belowSeverity, old, profile, severity }: LintOutcome): LintReportDocument {
  const count = (level: Severity) => findings.filter((finding) => finding.severity === level).length;
  const rules = new Map([...findings, ...accepted.map(({ finding }) => finding)].map(({ rule }) => [rule.id, rule]));
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'LintReport',
    profile,
    severity,
    findings: findings.map(findingDocument),
    accepted: accepted.map(({ finding, reason }) => ({ ...findingDocument(finding), reason })),
    summary: { error: count('error'), warning: count('warning'), note: count('note'), belowSeverity, accepted: accepted.length, old },
    rules: [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(ruleDocument),
  };
}

function findingDocument(finding: LintFinding): FindingDocument {
  const { ruleId, messageId, severity, at, object, facts, fix, rule, key } = finding;
  const excerpt = excerptOf(finding);
  return {
    rule: ruleId,
    message: messageId,
    severity,
    ...said(findingWords(finding)),
    ...(at === undefined ? {} : { at }),
    ...(object === undefined ? {} : { object }),
    facts,
    related: relatedPlaces(finding),
    fixable: fix !== undefined,
    catalogue: rule.catalogue,
    page: pageOf(ruleId),
    ...(excerpt !== undefined && { excerpt }),
    fingerprint: fingerprint(key),
  };
}

/** Where the page of a rule lies: in the package and in the repository. */
function pageOf(ruleId: string): string {
  return `docs/rules/${ruleId}.md`;
}

function ruleDocument({ id, severity, catalogue, needs }: Rule): LintRule {
  return { id, summary: ruleSummary(id), severity, catalogue, needs, page: pageOf(id) };
}

/** Other places of a finding that have a line, at most three. */
function relatedPlaces({ related, at }: LintFinding): readonly Place[] {
  const places = related.map(placeOf).filter(({ line }) => line > 0);
  return places.filter(({ file, line }) => file !== at?.file || line !== at.line).slice(0, 3);
}

/** Characters of a line that are repeated: lines of a machine's JSON are longer than any terminal. */
const WIDTH = 100;

function excerptOf({ at, origin }: LintFinding): Excerpt | undefined {
  if (at === undefined || at.line === 0 || origin === undefined) return undefined;
  const line = lineText(origin.document, at.line);
  if (line.trim() === '') return undefined;
  const from = at.column > WIDTH ? at.column - 20 : 0;
  return { text: line.slice(from, from + WIDTH), before: Math.max(at.column - 1 - from, 0) };
}
