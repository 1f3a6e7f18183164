// SARIF 2.1.0, for code scanning: one run, every rule that spoke described in it, fingerprints that survive moved lines.
import type { Place } from '../answer/documents/common.ts';
import type { FindingDocument, LintReportDocument, LintRule } from '../answer/documents/lint-report.ts';
import { TEXT } from '../words/en/lint-text.ts';
import { jsonText } from './paint.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';

/** `version`: of netverdict. */
export function lintSarif({ findings, accepted, rules = [] }: LintReportDocument, version: string): string {
  const indexOf = new Map(rules.map(({ id }, i) => [id, i]));
  return `${jsonText({
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
  })}\n`;
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

function location({ file, line, column }: Place, object: string | undefined): object {
  const region = line > 0 ? { region: { startLine: line, ...(column > 0 ? { startColumn: column } : {}) } } : {};
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...region },
    ...(object === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: object, kind: 'object' }] }),
  };
}

/** A relative reference: what is no letter of a path is escaped. `k8s/a b.yaml` → `k8s/a%20b.yaml`. */
export function uriOf(file: string): string {
  const parts = file.replaceAll('\\', '/').replace(/^\.\//, '').split('/');
  const escaped = parts.map((part) => encodeURIComponent(part)).join('/');
  // An absolute path is a file; a name in angle brackets is standard input.
  return file.startsWith('/') ? `file://${escaped}` : escaped;
}
