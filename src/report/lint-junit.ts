// JUnit XML: one suite for each rule that spoke, one failed case for each finding. A run without findings is one passed case,
// because readers take a file without cases for a run that did not happen.
import type { FindingDocument, LintReportDocument } from '../answer/documents/lint-report.ts';
import { TEXT } from '../words/en/lint-text.ts';

export function lintJunit({ findings }: LintReportDocument): string {
  const byRule = new Map<string, FindingDocument[]>();
  for (const finding of findings) {
    const list = byRule.get(finding.rule);
    if (list === undefined) byRule.set(finding.rule, [finding]);
    else list.push(finding);
  }
  const suites = [...byRule].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, list]) => suite(id, list));
  const clean = `  <testsuite name="netverdict lint" tests="1" failures="0">\n    <testcase name="${TEXT.noFindings}" classname="netverdict.lint"/>\n  </testsuite>\n`;
  const total = Math.max(findings.length, 1);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites name="netverdict lint" tests="${total}" failures="${findings.length}">\n`,
    ...(suites.length === 0 ? [clean] : suites),
    '</testsuites>\n',
  ].join('');
}

function suite(id: string, findings: readonly FindingDocument[]): string {
  const cases = findings.map(({ at, object, severity, text, hint, page }) => {
    const place = at === undefined ? '' : at.line === 0 ? at.file : `${at.file}:${at.line}:${at.column}`;
    const name = [object, place].filter((part) => part !== undefined && part !== '').join(' at ') || id;
    const file = at === undefined || at.line === 0 ? '' : ` file="${xml(at.file)}" line="${at.line}"`;
    const body = [place, text, hint ?? '', page].filter((line) => line !== '').join('\n');
    return `    <testcase name="${xml(name)}" classname="netverdict.lint.${id}"${file}>\n      <failure type="${severity}" message="${xml(text)}">${xml(body)}</failure>\n    </testcase>\n`;
  });
  return `  <testsuite name="${id}" tests="${findings.length}" failures="${findings.length}">\n${cases.join('')}  </testsuite>\n`;
}

/** Text for XML 1.0: characters that it does not have at all are written as `?`. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
