// SARIF 2.1.0, for code scanning: one run, every rule that spoke described in it, fingerprints that survive moved lines.
import { documentText } from '../answer/document-text.ts';
import type { Place } from '../answer/documents/common.ts';
import type { FindingDocument, LintReportDocument, LintRule } from '../answer/documents/lint-report.ts';
import { TEXT } from '../words/en/lint-text.ts';
import { physicalLocation } from './sarif-place.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';

/** `version`: of netverdict. */
export function lintSarif({ findings, accepted, rules = [] }: LintReportDocument, version: string): string {
  const indexOf = new Map(rules.map(({ id }, i) => [id, i]));
  return documentText({
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'netverdict', semanticVersion: semantic(version), rules: rules.map(ruleDocument) } },
        columnKind: 'utf16CodeUnits',
        results: [
          ...findings.map((finding) => result(finding, indexOf)),
          ...accepted.map((finding) => ({
            ...result(finding, indexOf),
            suppressions: [{ kind: 'inSource', status: 'accepted', justification: finding.reason }],
          })),
        ],
      },
    ],
  });
}

/** A version that is none (a build from source) is left out by giving it a form that the format takes. */
function semantic(version: string): string {
  return /^\d+\.\d+\.\d+/.test(version) ? version : '0.0.0';
}

function ruleDocument({ id, summary, severity, catalogue, needs, page }: LintRule): unknown {
  return {
    id,
    name: id,
    shortDescription: { text: summary },
    help: { text: TEXT.page(summary, page), markdown: TEXT.page(summary, `\`${page}\``) },
    defaultConfiguration: { level: severity },
    properties: { tags: ['networkpolicy', ...catalogue, ...needs.map((need) => `needs-${need}`)] },
  };
}

function result(finding: FindingDocument, indexOf: ReadonlyMap<string, number>): object {
  const { rule, severity, text, hint, at, object, related, fingerprint } = finding;
  return {
    ruleId: rule,
    ruleIndex: indexOf.get(rule) ?? -1,
    level: severity,
    message: { text: hint === undefined ? text : `${text}\n${hint}` },
    locations: at === undefined ? [] : [location(at, object)],
    ...(related.length === 0 ? {} : { relatedLocations: related.map((place, id) => ({ id, ...location(place, undefined) })) }),
    partialFingerprints: { 'netverdictFinding/v1': fingerprint },
  };
}

function location(place: Place, object: string | undefined): object {
  return {
    physicalLocation: physicalLocation(place),
    ...(object === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: object, kind: 'object' }] }),
  };
}
