// Lint of random shops, written in random hands: the same findings whatever the hand and the order, and mends that keep what they say
// they keep: verdicts, comments and, made twice, the text.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_CONFIG } from '../../src/lint/config.ts';
import { contextOf } from '../../src/lint/context.ts';
import { type LintFinding, lint } from '../../src/lint/lint.ts';
import { RULE_IDS, RULES } from '../../src/lint/rules/index.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { PROTOCOLS } from '../../src/net/port-set.ts';
import { decide } from '../../src/policy/decide.ts';
import { podEnd } from '../../src/policy/end.ts';
import { chooseProfile, isUnknown, type ProfileChoice } from '../../src/profile/choose.ts';
import { type LintRun, type LintText, mendFindings } from '../../src/question/lint-fix.ts';
import { findingWords } from '../../src/words/en/lint/finding.ts';
import { handwritten } from '../arbitraries/handwritten.ts';
import { PLAIN, type Plan } from '../arbitraries/plan.ts';
import { plans } from '../arbitraries/plans.ts';
import { runs } from '../arbitraries/runs.ts';
import { keep, kept } from '../corpus.ts';

interface Case {
  readonly plan: Plan;
  readonly hand: number;
  readonly otherHand: number;
  /** Where the documents are cut and laid the other way round. */
  readonly cut: number;
  readonly cni: string;
}

const cases: fc.Arbitrary<Case> = fc.record({
  plan: plans,
  hand: fc.nat(1_000_000),
  otherHand: fc.nat(1_000_000),
  cut: fc.nat(20),
  cni: fc.constantFrom('kubernetes', 'calico-iptables', 'cilium-kpr', 'flannel', 'aws-vpc-cni-strict'),
});

function objectsOf({ pods, policies, namespaces, nodes }: Plan): readonly unknown[] {
  return [
    ...Object.entries(namespaces).map(([name, labels]) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })),
    ...nodes.map(({ name, addresses }) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name },
      status: { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) },
    })),
    ...pods.map(({ name, namespace, labels, ports, hostNetwork, addresses, node, phase = 'Running' }) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: {
        ...(hostNetwork === true && { hostNetwork }),
        ...(node !== undefined && { nodeName: node }),
        containers: [
          {
            name: 'main',
            ports: ports
              .filter(({ role }) => role === 'main')
              .map(({ name: own, port, protocol }) => ({ ...(own && { name: own }), containerPort: port, protocol })),
          },
        ],
      },
      status: { phase, podIPs: addresses.map((ip) => ({ ip })) },
    })),
    ...policies.map(({ name, namespace, spec }) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace },
      spec,
    })),
  ];
}

function runWith(choice: ProfileChoice): (texts: readonly LintText[]) => LintRun {
  return (texts) => {
    const cluster = loadCluster(texts);
    return { cluster, findings: lint(contextOf(cluster, choice, RULE_IDS), { rules: RULES, config: NO_CONFIG }).findings };
  };
}

/** What is said about what, without the place. */
const said = (findings: readonly LintFinding[]) =>
  findings.map((finding) => [finding.ruleId, finding.severity, finding.object, findingWords(finding).text].join(' | ')).sort();

/** Every verdict between two pods. */
function verdicts(cluster: Cluster): string {
  const ports = [1, 53, 80, 81, 443, 65535];
  return cluster.pods
    .flatMap((from) =>
      cluster.pods.flatMap((to) =>
        PROTOCOLS.flatMap((protocol) =>
          ports.map((port) => decide(cluster, PLAIN, { source: podEnd(from), destination: podEnd(to), protocol, port }).outcome[0]),
        ),
      ),
    )
    .join('');
}

/** How often each rule spoke and mended, so that the test cannot pass by seeing nothing. */
interface Seen {
  readonly found: Map<string, number>;
  readonly mended: Map<string, number>;
}
const tally = (seen: Map<string, number>, ids: readonly { readonly ruleId: string }[]) => {
  for (const { ruleId } of ids) seen.set(ruleId, (seen.get(ruleId) ?? 0) + 1);
};

function check({ plan, hand, otherHand, cut, cni }: Case, seen: Seen): void {
  const choice = chooseProfile(cni);
  if (isUnknown(choice)) throw new Error(`no profile ${cni}`);
  const run = runWith(choice);
  const objects = objectsOf(plan);
  const written = handwritten(objects, hand);
  const texts = [{ file: 'shop.yaml', text: written.text }];
  const now = run(texts);
  tally(seen.found, now.findings);

  const turned = [...objects.slice(cut), ...objects.slice(0, cut)];
  expect(said(run([{ file: 'shop.yaml', text: handwritten(turned, otherHand).text }]).findings)).toEqual(said(now.findings));

  // What says that it keeps the meaning does.
  const kind = mendFindings(texts, run, ({ fix }) => fix?.keepsMeaning === true);
  expect(verdicts(kind.run.cluster)).toBe(verdicts(now.cluster));

  const all = mendFindings(texts, run, () => true);
  tally(seen.mended, all.fixed);
  expect(all.run.cluster.podByRef.size).toBe(now.cluster.podByRef.size);
  // An object may be read in more than one way, and what is mended in fewer.
  const names = ({ cluster }: LintRun) => [...new Set(cluster.policies.map(({ ref }) => ref))];
  expect(names(all.run)).toEqual(names(now));
  const again = mendFindings(all.texts, run, () => true);
  expect(again.fixed.map(({ key }) => key)).toEqual([]);
  expect(again.texts).toEqual(all.texts);

  // Rule by rule: of two that edit one list, one may write the very line that the other takes away with its comment.
  let before = texts;
  for (const id of new Set(all.fixed.map(({ ruleId }) => ruleId))) {
    const after = mendFindings(before, run, ({ ruleId }) => ruleId === id).texts;
    expectCommentsKept(linesOf(before), linesOf(after));
    before = [...after];
  }
}

const linesOf = ([written]: readonly LintText[]) => (written?.text ?? '').split('\n');

/**
 * A comment goes only with its line, or with the line below it: there are fewer lines that say the same, or fewer of them below the same
 * lines (an edit may write `port: 1` in another rule at the same time).
 */
function expectCommentsKept(before: readonly string[], after: readonly string[]): void {
  const stay = new Set(after.map(commentOf));
  const isFewer = (nameOf: (lines: readonly string[], at: number) => string, at: number) => {
    const name = nameOf(before, at);
    const count = (lines: readonly string[]) => lines.filter((_line, i) => nameOf(lines, i) === name).length;
    return count(after) < count(before);
  };
  for (const [i, line] of before.entries()) {
    if (stay.has(commentOf(line))) continue;
    const at = before.findIndex((each, j) => j >= i && codeOf(each) !== '');
    expect(at >= 0 && (isFewer((lines, j) => codeOf(lines[j] ?? ''), at) || isFewer(lineage, at)), `${line} is gone`).toBe(true);
  }
}

const commentOf = (line: string) => /# note \d+$/.exec(line)?.[0];
const codeOf = (line: string) => line.slice(0, line.length - (commentOf(line) ?? '').length).trim();

/** A line with the lines that it stands below: `spec: › ingress: › - from: › ports: › port: 1`. */
function lineage(lines: readonly string[], at: number): string {
  const names = [codeOf(lines[at] ?? '')];
  let indent = indentOf(lines[at] ?? '');
  for (let i = at - 1; i >= 0 && indent > 0; i--) {
    const line = lines[i] ?? '';
    if (codeOf(line) === '' || indentOf(line) >= indent) continue;
    indent = indentOf(line);
    names.unshift(codeOf(line));
  }
  return names.join(' › ');
}

const indentOf = (line: string) => line.length - line.trimStart().length;

const nothingSeen = (): Seen => ({ found: new Map(), mended: new Map() });

describe('lint of a random shop', () => {
  test('says the same in every hand and order, and mends what it says', { timeout: 600_000 }, () => {
    const options = runs<[Case]>(60);
    const seen = nothingSeen();
    const details = fc.check(
      fc.property(cases, (drawn) => check(drawn, seen)),
      options,
    );
    if (details.failed && details.counterexample !== null) keep('lint', details.counterexample[0], details.seed);
    if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
    console.log(`seed ${options.seed}: ${[...seen.found].map(([id, count]) => `${count} ${id}`).join(', ')}`);
    console.log(`mended: ${[...seen.mended].map(([id, count]) => `${count} ${id}`).join(', ')}`);
    expect(seen.found.size).toBeGreaterThan(15);
    expect(seen.mended.size).toBeGreaterThan(3);
  });

  test.for(kept<Case>('lint'))('also $name, which once failed', ({ value }) => {
    check(value, nothingSeen());
  });
});
