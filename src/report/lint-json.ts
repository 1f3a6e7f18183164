// The run as one JSON document: schemas/lint-report.schema.json.
import type { LintFinding } from '../lint/lint.ts';
import type { Place } from '../model/origin.ts';
import { findingWords } from '../words/en/lint/finding.ts';
import { countsOf, type LintReport, pageOf, relatedPlaces } from './lint-report.ts';
import { jsonText } from './paint.ts';

export function lintJson(report: LintReport): string {
  const { findings, accepted, belowSeverity, old, profile, severity } = report;
  return `${jsonText({
    apiVersion: 'netverdict.dev/v1',
    kind: 'LintReport',
    profile,
    severity,
    findings: findings.map(findingDocument),
    accepted: accepted.map(({ finding, reason }) => ({ ...findingDocument(finding), reason })),
    summary: { ...countsOf(findings), belowSeverity, accepted: accepted.length, old },
  })}\n`;
}

function findingDocument(finding: LintFinding): object {
  const { ruleId, messageId, severity, at, object, facts, fix, rule } = finding;
  const { text, hint } = findingWords(finding);
  return {
    rule: ruleId,
    message: messageId,
    severity,
    text,
    ...(hint === undefined ? {} : { hint }),
    ...(at === undefined ? {} : { at: placeDocument(at) }),
    ...(object === undefined ? {} : { object }),
    facts,
    related: relatedPlaces(finding).map(placeDocument),
    fixable: fix !== undefined,
    catalogue: rule.catalogue,
    page: pageOf(ruleId),
  };
}

function placeDocument({ file, line, column, path }: Place): object {
  return { file, line, column, ...(path !== undefined && { path }) };
}
