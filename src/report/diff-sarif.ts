// `diff` as SARIF 2.1.0, for code scanning of a pull request.
import { DIFF_RULES, type DiffResult, type DiffRuleId, diffResults } from '../answer/diff-results.ts';
import { documentText } from '../answer/document-text.ts';
import type { ConnectivityDiff } from '../answer/documents/connectivity-diff.ts';
import { fingerprint } from '../answer/fingerprint.ts';
import { DIFF_RULE_TEXTS } from '../words/en/diff.ts';
import { physicalLocation } from './sarif-place.ts';

const RULE_IDS = Object.keys(DIFF_RULES) as readonly DiffRuleId[];
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';
/** `version`: of netverdict. Ends with a line break. */
export function diffSarif(diff: ConnectivityDiff, version: string): string {
  const results = diffResults(diff);
  return documentText({
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'netverdict',
            semanticVersion: /^\d+\.\d+\.\d+/.test(version) ? version : '0.0.0',
            rules: RULE_IDS.map((id) => ({
              id,
              name: id,
              shortDescription: { text: DIFF_RULE_TEXTS[id] },
              help: { text: `${DIFF_RULE_TEXTS[id]}. Page: docs/diff.md`, markdown: `${DIFF_RULE_TEXTS[id]}. Page: \`docs/diff.md\`` },
              defaultConfiguration: { level: DIFF_RULES[id].level },
              properties: { tags: ['networkpolicy', ...DIFF_RULES[id].tags] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: results.map(({ rule, text, at, object, key }) => ({
          ruleId: rule,
          ruleIndex: RULE_IDS.indexOf(rule),
          level: DIFF_RULES[rule].level,
          message: { text },
          locations: at === undefined ? [] : [location(at, object)],
          partialFingerprints: { 'netverdictChange/v2': fingerprint(key) },
        })),
      },
    ],
  });
}

function location(place: NonNullable<DiffResult['at']>, object: string): object {
  return {
    physicalLocation: physicalLocation(place),
    logicalLocations: [{ fullyQualifiedName: object, kind: 'object' }],
  };
}
