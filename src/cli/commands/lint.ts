// `lint`: findings about policies, with what to do; repaired with --fix. Thin: reading, choosing a report, the exit code.

import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { LintReportDocument } from '../../answer/documents/lint-report.ts';
import { type LintOutcome, lintDocument } from '../../answer/lint.ts';
import { findConfig, isConfig } from '../../app/lint-config.ts';
import { type LintInput, lintInput } from '../../app/lint-input.ts';
import { nodePorts } from '../../app/node-ports.ts';
import { Failure } from '../../failure.ts';
import { type Baseline, baselineOf, newOnes, readBaseline, writtenBaseline } from '../../lint/baseline.ts';
import type { LintConfig } from '../../lint/config.ts';
import { contextOf } from '../../lint/context.ts';
import { missingPart } from '../../lint/house.ts';
import { isAtLeast, type LintFinding, lint } from '../../lint/lint.ts';
import { SEVERITIES, type Severity } from '../../lint/rule.ts';
import { RULE_IDS, RULES } from '../../lint/rules/index.ts';
import { loadCluster } from '../../manifest/load.ts';
import { nearest } from '../../profile/nearest.ts';
import { jsonText } from '../../question/json-text.ts';
import { type LintRun, type LintText, type Mended, mendFindings } from '../../question/lint-fix.ts';
import { columns } from '../../report/columns.ts';
import { lintGithub } from '../../report/lint-github.ts';
import { lintJunit } from '../../report/lint-junit.ts';
import { lintMarkdown } from '../../report/lint-markdown.ts';
import { lintSarif } from '../../report/lint-sarif.ts';
import { lintText } from '../../report/lint-text.ts';
import { baselineWritten, FIXED, HELP, NOT_FIXED, RULE_COLUMNS } from '../../words/en/cli/lint.ts';
import { ruleNeedsListWords } from '../../words/en/lint/config.ts';
import { findingWords, ruleSummary } from '../../words/en/lint/finding.ts';
import { tellBasis } from '../basis.ts';
import { formatOption } from '../help-layout.ts';
import { type InputOptions, painter, wishOf, withInput } from '../input.ts';
import { mistake } from '../mistake.ts';
import { jsonAsCalled } from '../program-name.ts';
import { version } from '../version.ts';

interface LintOptions extends InputOptions {
  readonly output: 'text' | 'json' | 'sarif' | 'junit' | 'github' | 'markdown';
  readonly severity?: Severity;
  readonly rule?: readonly string[];
  readonly config?: string | false;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly since?: string;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
  readonly rules?: boolean;
}

/** A terminal is not read further than this. */
const MOST_PRINTED = 200;

export function registerLint(program: Command): void {
  withInput(program.command('lint'))
    .description(HELP.description)
    .addOption(formatOption(['text', 'json', 'sarif', 'junit', 'github', 'markdown']))
    .addOption(new Option('--severity <level>', HELP.severity).choices([...SEVERITIES]))
    .option('--rule <id>', HELP.rule, (id: string, all: readonly string[] = []) => [...all, id])
    .option('--rules', HELP.rules)
    .option('--config <file>', HELP.config)
    .option('--no-config', HELP.noConfig)
    .option('--baseline <file>', HELP.baseline)
    .option('--write-baseline <file>', HELP.writeBaseline)
    .option('--since <revision>', HELP.since)
    .option('--fix', HELP.fix)
    .option('--dry-run', HELP.dryRun)
    .addHelpText('after', HELP.after)
    .action(async (options: LintOptions, command: Command) => {
      if (options.rules === true) process.stdout.write(ruleList());
      else process.exitCode = await runLint(options, (name) => command.getOptionValueSource(name) === 'cli');
    });
}

function ruleList(): string {
  const rows = RULES.map(({ id, severity, fixable, offByDefault }) => [
    id,
    offByDefault ? 'off' : severity,
    fixable ? '--fix' : '',
    ruleSummary(id),
  ]);
  return `${columns([RULE_COLUMNS, ...rows]).join('\n')}\n`;
}

async function runLint(options: LintOptions, isGiven: (option: string) => boolean): Promise<number> {
  for (const id of options.rule ?? []) knownRule(id);
  const { config } = await findConfig(nodePorts.files, options.config, RULE_IDS);
  for (const id of options.rule ?? []) {
    const part = missingPart(id, config.house);
    if (part === undefined) continue;
    const { text, hint } = ruleNeedsListWords(id, part);
    throw new Failure('rule-needs-list', text, { hint });
  }
  const cni = isGiven('cni') ? options.cni : (config.profile ?? options.cni);
  const read = await lintInput(nodePorts, { ...wishOf(options), cni });
  if (read.isLive && options.fix === true) throw mistake('fix-needs-files', { live: true });
  tellBasis(read.basis, options.quiet, painter(options, process.stderr));
  const { texts } = read;
  const lintTexts = linter(read, options, config, isGiven('namespace') ? options.namespace : undefined);

  const severity = options.severity ?? config.severity ?? 'warning';
  const first = lintTexts(texts);
  const { problems, objectCount } = first.run.cluster;
  if (objectCount === 0 && problems.length === 0) {
    throw mistake('no-objects', {});
  }
  if (options.strict === true && problems.length > 0) throw mistake('strict', { problems: problems.length });

  const last = options.fix === true ? await fixed(texts, lintTexts, options, severity) : first;
  const known = await oldFindings(options, config, lintTexts);
  const { fresh, old } = newOnes(last.run.findings, known);
  const findings = fresh.filter((finding) => isAtLeast(finding.severity, severity));
  if (options.writeBaseline !== undefined) {
    const { writeWhole } = await import('../../source/write-whole.ts');
    await writeWhole(options.writeBaseline, [`${jsonText(writtenBaseline(last.run.findings.map(({ key }) => key)))}\n`]);
    process.stderr.write(`${baselineWritten(last.run.findings.length, options.writeBaseline)}\n`);
    return 0;
  }
  const report = lintDocument({
    findings,
    belowSeverity: fresh.length - findings.length,
    accepted: last.accepted,
    old: old.length,
    profile: read.choice.name,
    severity,
  });
  process.stdout.write(printed(report, options));
  return findings.length > 0 ? 1 : 0;
}

function knownRule(id: string): void {
  if (RULE_IDS.includes(id)) return;
  throw mistake('unknown-rule', { id, near: nearest(id, RULE_IDS) });
}

interface Linted {
  readonly run: LintRun;
  readonly accepted: LintOutcome['accepted'];
}

function linter(
  read: LintInput,
  options: LintOptions,
  config: LintConfig,
  givenNamespace: string | undefined,
): (texts: readonly LintText[]) => Linted {
  return (texts) => {
    // What was read for choosing the CNI is not read again.
    const { namespace, problems } = read;
    const cluster = read.isLive || texts === read.texts ? read.cluster : loadCluster(texts, { namespace, problems });
    const { findings, accepted } = lint(contextOf(cluster, read.choice, RULE_IDS, { givenNamespace, house: config.house }), {
      rules: RULES,
      config,
      ...(options.rule === undefined ? {} : { only: options.rule }),
    });
    return { run: { cluster, findings }, accepted };
  };
}

/** Fixes and writes, says on stderr what was done, and returns what is left. */
async function fixed(
  texts: readonly LintText[],
  lintTexts: (texts: readonly LintText[]) => Linted,
  options: LintOptions,
  severity: Severity,
): Promise<Linted> {
  let last: Linted | undefined;
  const mended = mendFindings(
    texts,
    (all) => {
      last = lintTexts(all);
      return last.run;
    },
    // A finding that is not shown is not fixed either.
    (finding) => isAtLeast(finding.severity, severity),
  );
  const changes = mended.texts.flatMap(({ file, text: after }, i) => {
    // A byte order mark is put back by whoever writes the file.
    const before = texts[i]?.text.replace(/^\ufeff/, '');
    return after.replace(/^\ufeff/, '') === before ? [] : [{ file, before, after }];
  });
  const isPiped = changes.some(({ file }) => file.startsWith('<'));
  if (isPiped) throw mistake('fix-needs-files', { live: false });
  if (options.dryRun !== true && changes.length > 0) {
    const { writeChanges } = await import('../../source/write.ts');
    await writeChanges(changes);
  }
  tellFixes(mended, changes.length, options);
  return lintTexts(mended.texts);
}

function tellFixes({ fixed: done, left }: Mended, files: number, options: LintOptions): void {
  if (options.quiet === true) return;
  const paint = painter(options, process.stderr);
  const lines = [
    ...done.map(
      (finding) =>
        `${paint.green(FIXED.fixed)} ${paint.bold(placeWords(finding.at))}  ${paint.plain(`${finding.ruleId}: ${findingWords(finding).text}`)}`,
    ),
    ...left.map(
      ({ finding: { at, ruleId }, because }) =>
        `${paint.yellow(FIXED.left)} ${paint.bold(placeWords(at))}  ${paint.plain(`${ruleId}: ${NOT_FIXED[because]}`)}`,
    ),
    paint.dim(FIXED.total(options.dryRun === true, done.length, files)),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}

function placeWords(at: LintFinding['at']): string {
  return at === undefined ? '' : at.line === 0 ? at.file : `${at.file}:${at.line}`;
}

/** What a baseline, and what a revision knew. */
async function oldFindings(options: LintOptions, config: LintConfig, lintTexts: (texts: readonly LintText[]) => Linted): Promise<Baseline> {
  const keys: string[] = [];
  if (options.since !== undefined) {
    const { textsAt } = await import('../../source/git-texts.ts');
    const then = await textsAt(options.since, options.file ?? ['.']);
    keys.push(...lintTexts(then.filter(({ file }) => !isConfig(file))).run.findings.map(({ key }) => key));
  }
  const file = options.baseline ?? config.baseline;
  if (file === undefined) return baselineOf(keys);
  const known = readBaseline(await jsonIn(file));
  if (known === undefined) throw mistake('baseline-invalid', { file });
  const all = new Map(known);
  for (const [key, count] of baselineOf(keys)) all.set(key, Math.max(all.get(key) ?? 0, count));
  return all;
}

async function jsonIn(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw mistake('baseline-unreadable', { file }, cause);
  });
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function printed(report: LintReportDocument, options: LintOptions): string {
  switch (options.output) {
    case 'text':
      return lintText(report, painter(options), options.verbose === true ? Number.POSITIVE_INFINITY : MOST_PRINTED);
    case 'json':
      return `${jsonAsCalled(report)}\n`;
    case 'sarif':
      return lintSarif(report, version);
    case 'junit':
      return lintJunit(report);
    case 'github':
      return lintGithub(report);
    case 'markdown':
      return lintMarkdown(report);
  }
}
