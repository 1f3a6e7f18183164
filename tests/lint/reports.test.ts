// The reports of lint: every format says the same findings, is well formed, and nothing in a name can break out of it.
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import reportSchema from '../../schemas/lint-report.schema.json' with { type: 'json' };
import type { LintReportDocument } from '../../src/answer/documents/lint-report.ts';
import { fingerprint } from '../../src/answer/fingerprint.ts';
import { lintDocument } from '../../src/answer/lint.ts';
import { isAtLeast } from '../../src/lint/lint.ts';
import type { Severity } from '../../src/lint/rule.ts';
import { lintGithub } from '../../src/report/lint-github.ts';
import { lintJunit } from '../../src/report/lint-junit.ts';
import { lintMarkdown } from '../../src/report/lint-markdown.ts';
import { lintSarif } from '../../src/report/lint-sarif.ts';
import { lintText } from '../../src/report/lint-text.ts';
import { paint } from '../../src/report/paint.ts';
import { physicalLocation, uriOf } from '../../src/report/sarif-place.ts';
import { lintResult } from './lint-yaml.ts';
import { policy, SHOP, stream } from './shop.ts';

function report(yaml: string, severity: Severity = 'warning', file = 'in.yaml'): LintReportDocument {
  const { findings, accepted } = lintResult(yaml, { file });
  const shown = findings.filter((finding) => isAtLeast(finding.severity, severity));
  return lintDocument({
    findings: shown,
    accepted,
    belowSeverity: findings.length - shown.length,
    old: 0,
    profile: 'kubernetes',
    severity,
  });
}

const asJson = (document: LintReportDocument) => JSON.stringify(document);

const FAULTY = stream(
  policy('cart', 'podSelector: { matchLabels: { app: crat } }\ningress:\n- from: []'),
  policy('open', 'podSelector: {}\ningress:\n- from:\n  - namespaceSelector: {} # netverdict-ignore every-namespace: for all teams'),
  SHOP,
);

describe('the text of lint', () => {
  it('shows the line with a caret under the place, what to do, and where else to look', () => {
    expect(
      lintText(report(FAULTY), paint(false)),
    ).toBe(`warning selects-nothing  \`shop/cart\` selects no pods: nothing in \`shop\` has \`app=crat\`, but \`shop/cart[Deployment]\` has \`app=cart\`
  in.yaml:5:33
  5 |   podSelector: { matchLabels: { app: crat } }
    |                                 ^
  help: correct the labels; until then the policy has no effect, and pods that no other policy selects are open
  see also in.yaml:41

warning empty-list-admits-everyone  \`shop/cart\` ingress[0] is open to everyone, in and outside the cluster, because \`from: []\` means everyone
  in.yaml:7:5
  7 |   - from: []
    |     ^
  help: to deny, remove the whole rule; to allow, name the peers

2 warnings  (--fix can fix 1)
not shown: 2 below warning (--severity note shows all); 1 accepted with a reason
`);
  });

  it('says so when there is nothing', () => {
    expect(lintText(report(SHOP), paint(false))).toBe('no findings\nnot shown: 1 below warning (--severity note shows all)\n');
  });

  it('counts what it does not print', () => {
    expect(lintText(report(FAULTY), paint(false), 1)).toContain('… and 1 more; --verbose or -o json shows them');
  });

  it('puts the caret right in a line of a hundred thousand characters, and under what stands for a control character', () => {
    const long = `{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"cart","annotations":{"a":"${'x'.repeat(100_000)}"}},"spec":{"podSelector":{},"ingress":[{"from":[]}]}}`;
    const lines = lintText(report(long), paint(false)).split('\n');
    const at = lines.findIndex((line) => line.trim().startsWith('|') && line.includes('^'));
    const [shown = '', caret = ''] = [lines[at - 1], lines[at]];
    expect(shown.length).toBeLessThan(130);
    expect(shown.slice(caret.indexOf('^'))).toMatch(/^"from":\[\]/);
  });
});

describe('the JSON of lint', () => {
  it('is what its schema says', () => {
    const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(reportSchema);
    for (const yaml of [FAULTY, SHOP, 'not: [yaml']) {
      validate(JSON.parse(asJson(report(yaml, 'note'))));
      expect(validate.errors).toBeNull();
    }
    validate({ ...JSON.parse(asJson(report(FAULTY))), kind: 'Other' });
    expect(validate.errors).toHaveLength(1);
  });

  it('names rule, message, place and facts', () => {
    const { findings, summary, accepted } = JSON.parse(asJson(report(FAULTY)));
    expect(findings[0]).toMatchObject({
      rule: 'selects-nothing',
      message: 'nearMiss',
      at: { file: 'in.yaml', line: 5, column: 33 },
      object: 'NetworkPolicy shop/cart',
      facts: { policy: 'shop/cart', nearest: 'app=cart' },
      fixable: true,
    });
    expect(accepted).toMatchObject([{ rule: 'every-namespace', reason: 'for all teams' }]);
    expect(summary).toEqual({ error: 0, warning: 2, note: 0, belowSeverity: 2, accepted: 1, old: 0 });
  });
});

describe('the SARIF of lint', () => {
  // The published schema is of JSON Schema draft 4, whose `id` newer readers refuse; nothing else in it differs for them.
  const { id: _, $schema: __, ...schema } = sarifSchema;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  const errorsOf = (text: string) => {
    validate(JSON.parse(text));
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };

  it('is SARIF 2.1.0 by the official schema', () => {
    expect(sarifSchema.title).toContain('2.1.0');
    for (const yaml of [FAULTY, SHOP, 'not: [yaml', '']) expect(errorsOf(lintSarif(report(yaml, 'note'), '1.2.3'))).toEqual([]);
    expect(errorsOf(lintSarif(report(FAULTY, 'note', 'a folder/ünïcode [1].yaml'), '0.0.0-source'))).toEqual([]);
  });

  it('the schema refuses what is none', () => {
    expect(errorsOf(lintSarif(report(FAULTY), '1.2.3').replace('"level": "warning"', '"level": "severe"'))).not.toEqual([]);
    expect(errorsOf(lintSarif(report(FAULTY), '1.2.3').replace('"2.1.0"', '"2.0.0"'))).not.toEqual([]);
  });

  it('has the rules that spoke, places, and accepted findings as suppressed', () => {
    const [run] = JSON.parse(lintSarif(report(FAULTY), '1.2.3')).runs;
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
      'empty-list-admits-everyone',
      'every-namespace',
      'selects-nothing',
    ]);
    expect(run.results[0]).toMatchObject({
      ruleId: 'selects-nothing',
      ruleIndex: 2,
      level: 'warning',
      locations: [{ physicalLocation: { artifactLocation: { uri: 'in.yaml' }, region: { startLine: 5, startColumn: 33 } } }],
    });
    expect(run.results.at(-1)).toMatchObject({ ruleId: 'every-namespace', suppressions: [{ justification: 'for all teams' }] });
  });

  it('marks what stands on one line, and what goes on has its first line as region and the whole as context', () => {
    const [run] = JSON.parse(lintSarif(report(FAULTY), '1.2.3')).runs;
    const places = run.results.map(
      ({ locations: [location] }: { locations: { physicalLocation: object }[] }) => location?.physicalLocation,
    );
    expect(places[0].region).toEqual({ startLine: 5, startColumn: 33, endLine: 5, endColumn: 42 });
    expect(places[0].contextRegion).toBeUndefined();
    const long = physicalLocation({ file: 'cart.yaml', line: 7, column: 3, endLine: 9, endColumn: 12 });
    expect(long).toEqual({
      artifactLocation: { uri: 'cart.yaml' },
      region: { startLine: 7, startColumn: 3 },
      contextRegion: { startLine: 7, startColumn: 3, endLine: 9, endColumn: 12 },
    });
    expect(physicalLocation({ file: 'cart.yaml', line: 7, column: 0 })).toMatchObject({ region: { startLine: 7 } });
    expect(physicalLocation({ file: 'cart.yaml', line: 0, column: 0 })).toEqual({ artifactLocation: { uri: 'cart.yaml' } });
  });

  it('has fingerprints that stay when lines are moved', () => {
    const prints = (yaml: string) =>
      JSON.parse(lintSarif(report(yaml), '1.2.3')).runs[0].results.map(
        (result: { partialFingerprints: object }) => result.partialFingerprints,
      );
    expect(prints(`# a\n# b\n# c\n${FAULTY}`)).toEqual(prints(FAULTY));
    expect(new Set(prints(FAULTY).map((print: object) => JSON.stringify(print))).size).toBe(3);
    expect(fingerprint('')).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ['./k8s/a b.yaml', 'k8s/a%20b.yaml'],
    ['/etc/x#1.yaml', 'file:///etc/x%231.yaml'],
    ['<stdin>', '%3Cstdin%3E'],
    ['k8s\\cart.yaml', 'k8s/cart.yaml'],
  ])('%s is %s as a reference', (file, uri) => {
    expect(uriOf(file)).toBe(uri);
  });
});

/** A policy of a stranger, who would like to write something else than a finding. */
const EVIL = '\u001b[2J::error::x<b>"&amp;|`$(id)`@all';
const STRANGE = policy('x', `podSelector: {}\ningress:\n- ports: [{ port: ${JSON.stringify(EVIL)} }]`);

describe('names from strangers', () => {
  it('can not begin another workflow command, nor end the line', () => {
    const text = lintGithub(report(STRANGE, 'note', 'a,b:c%\nd.yaml'));
    const commands = text.trimEnd().split('\n').slice(0, -1);
    expect(commands.length).toBe(report(STRANGE, 'note').findings.length);
    for (const command of commands) {
      expect(command).toMatch(
        /^::(error|warning|notice) file=a%2Cb%3Ac%25%0Ad\.yaml,line=\d+,col=\d+(,endLine=\d+,endColumn=\d+)?,title=[a-z0-9-]+::/,
      );
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it must not be there
      expect(command).not.toMatch(/[\u0000-\u001f]/);
    }
  });

  it('are text in XML', () => {
    const text = lintJunit(report(STRANGE, 'note'));
    expect(text).not.toContain('<b>');
    expect(text).not.toContain('\u001b');
    expect(text.match(/<testcase /g)?.length).toBe(report(STRANGE, 'note').findings.length);
    expect(text.match(/<(testsuites|testsuite|testcase|failure)\b/g)?.length).toBe(
      1 + [...text.matchAll(/<\/(testsuite|testcase|failure)>/g)].length,
    );
  });

  it('are cells in Markdown', () => {
    const rows = lintMarkdown(report(STRANGE, 'note'))
      .split('\n')
      .filter((line) => /^\| [🔴🟡🔵]/u.test(line));
    expect(rows.length).toBe(report(STRANGE, 'note').findings.length);
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(6);
    expect(rows.join()).not.toMatch(/[^\\`]<b>/);
  });

  it('do not reach a terminal as they are', () => {
    expect(lintText(report(STRANGE, 'note'), paint(false))).not.toContain('\u001b');
    expect(asJson(report(STRANGE, 'note'))).not.toContain('\u001b');
  });
});

describe('a clean run', () => {
  const clean = report(policy('cart', 'podSelector: { matchLabels: { app: cart } }'));
  it('is one passed case in JUnit, and a headline everywhere else', () => {
    expect(lintJunit(clean)).toContain('tests="1" failures="0"');
    expect(lintMarkdown(clean)).toMatch(/^### netverdict lint: no findings\n/);
    expect(lintGithub(clean)).toBe('netverdict lint: no findings\n');
  });
});
