// SARIF 2.1.0, for code scanning: one run, every rule that spoke described in it, fingerprints that survive moved lines.
import type { LintFinding } from '../lint/lint.ts';
import type { Rule } from '../lint/rule.ts';
import type { Place } from '../model/origin.ts';
import { findingWords, ruleSummary } from '../words/en/lint/finding.ts';
import { type LintReport, pageOf, relatedPlaces } from './lint-report.ts';
import { jsonText } from './paint.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';

/** `version`: of netverdict. */
export function lintSarif({ findings, accepted }: LintReport, version: string): string {
  const all = [...findings, ...accepted.map(({ finding }) => finding)];
  const rules = [...new Map(all.map(({ rule }) => [rule.id, rule])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
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
          ...accepted.map(({ finding, reason }) => ({
            ...result(finding, indexOf),
            suppressions: [{ kind: 'inSource', status: 'accepted', justification: reason }],
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

function ruleDocument({ id, severity, catalogue, needs }: Rule): unknown {
  const summary = ruleSummary(id);
  return {
    id,
    name: id,
    shortDescription: { text: summary },
    help: { text: `${summary}. Page: ${pageOf(id)}`, markdown: `${summary}. Page: \`${pageOf(id)}\`` },
    defaultConfiguration: { level: severity },
    properties: { tags: ['networkpolicy', ...catalogue, ...needs.map((need) => `needs-${need}`)] },
  };
}

function result(finding: LintFinding, indexOf: ReadonlyMap<string, number>): object {
  const { ruleId, severity, at, object, key } = finding;
  const { text, hint } = findingWords(finding);
  const related = relatedPlaces(finding);
  return {
    ruleId,
    ruleIndex: indexOf.get(ruleId) ?? -1,
    level: severity,
    message: { text: hint === undefined ? text : `${text}\n${hint}` },
    locations: at === undefined ? [] : [location(at, object)],
    ...(related.length === 0 ? {} : { relatedLocations: related.map((place, id) => ({ id, ...location(place, undefined) })) }),
    partialFingerprints: { 'netverdictFinding/v1': fingerprint(key) },
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

/** 64 bits of the key as text (FNV-1a over its UTF-16 units): not secret, only short and stable. */
export function fingerprint(key: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < key.length; i++) hash = ((hash ^ BigInt(key.charCodeAt(i))) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash.toString(16).padStart(16, '0');
}
