// `prove` as a JUnit file, for programs that show test results: one test case for each pair of ends, with the ports that differ.
import type { ProofDocument, ProofPair } from '../answer/documents/proof.ts';
import { junitCaseName, junitDifference, junitSuiteName } from '../words/en/proof.ts';
import { xml } from './xml-text.ts';

/** `<testsuites>` with one suite; pairs without a connection are no tests. Ends with a line break. */
export function proofJunit(proof: ProofDocument, pairs: readonly ProofPair[]): string {
  const failures = pairs.filter(({ wrong }) => wrong.length > 0).length;
  const seconds = (Object.values(proof.milliseconds).reduce((sum, ms) => sum + ms, 0) / 1000).toFixed(3);
  const totals = `tests="${pairs.length}" failures="${failures}" errors="0" skipped="0" time="${seconds}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="netverdict prove" ${totals}>`,
    `  <testsuite name="${xml(junitSuiteName(proof.profile.name))}" ${totals}>`,
    '    <properties>',
    ...properties(proof).map(([name, value]) => `      <property name="${name}" value="${xml(value)}"/>`),
    '    </properties>',
    ...pairs.flatMap(caseLines),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function properties({ outcome, connections, laboratory, coverage }: ProofDocument): (readonly [string, string])[] {
  return [
    ['outcome', outcome],
    ['connections', `${connections.made}`],
    ['controls', `${connections.controls}`],
    ['pods', `${coverage.podsMet} of ${coverage.pods}`],
    ['undecided', `${coverage.undecided}`],
    ['kernel', laboratory.kernel],
    ['nftables', laboratory.nftables],
  ];
}

function caseLines({ from, to, made, wrong }: ProofPair): string[] {
  const head = `    <testcase classname="${xml(to)}" name="${xml(junitCaseName(from, made))}" time="0"`;
  if (wrong.length === 0) return [`${head}/>`];
  const lines = wrong.map(junitDifference);
  return [
    `${head}>`,
    `      <failure message="${xml(lines[0] ?? '')}" type="differ">${xml(lines.join('\n'))}</failure>`,
    '    </testcase>',
  ];
}
