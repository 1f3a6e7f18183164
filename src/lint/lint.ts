// Runs the rules over a cluster: severities as configured, accepted findings taken out, the rest in the order of files and lines.
import { locateRange } from '../manifest/locate.ts';
import type { Place } from '../model/origin.ts';
import { findingKey } from './baseline.ts';
import { type LintConfig, means } from './config.ts';
import type { LintContext } from './context.ts';
import { housePartOf } from './house.ts';
import { type Ignore, ignoresIn } from './ignores.ts';
import { type ObjectAt, objectAt } from './objects.ts';
import { type Finding, type Rule, SEVERITIES, type Severity } from './rule.ts';

/** A finding with everything that a report needs to show it but the words. */
export interface LintFinding extends Finding {
  readonly rule: Rule;
  /** undefined for a finding about the input as a whole. */
  readonly at: Place | undefined;
  /** `NetworkPolicy shop/cart-ingress`. */
  readonly object: string | undefined;
  /** For baselines and fingerprints: the same after lines were moved. */
  readonly key: string;
}

export interface Accepted {
  readonly finding: LintFinding;
  readonly reason: string;
}

export interface LintResult {
  readonly findings: readonly LintFinding[];
  /** Taken out by a comment, an annotation or the configuration. */
  readonly accepted: readonly Accepted[];
}

export interface LintOptions {
  readonly rules: readonly Rule[];
  readonly config: LintConfig;
  /** Only these rules, whatever is off by default. */
  readonly only?: readonly string[];
}

/** The rules that will run, with the severity that the configuration gives them. */
function enabledRules({ rules, config, only }: LintOptions): readonly Rule[] {
  return rules.flatMap((rule): Rule[] => {
    const level = config.rules.get(rule.id);
    const part = housePartOf(rule.id);
    const isAsked = level !== undefined || (part !== undefined && config.house[part] !== undefined);
    if (only !== undefined ? !only.includes(rule.id) : level === 'off' || (rule.offByDefault && !isAsked)) return [];
    return level === undefined || level === 'off' ? [rule] : [{ ...rule, severity: level }];
  });
}

/** Never throws. The same input gives the same findings in the same order. */
export function lint(context: LintContext, options: LintOptions): LintResult {
  const enabled = enabledRules(options);
  const findings: LintFinding[] = [];
  const accepted: Accepted[] = [];
  const used = new Set<Ignore>();
  for (const rule of enabled) {
    const asWritten = options.rules.find(({ id }) => id === rule.id) ?? rule;
    for (const found of asWritten.check(context)) {
      const finding = completed(context, rule, { ...found, severity: severityOf(found, asWritten, rule) });
      const reason = reasonToAccept(context, finding, options.config, used);
      if (reason === undefined) findings.push(finding);
      else accepted.push({ finding, reason });
    }
  }
  findings.push(...outOfDate(context, enabled, used));
  return { findings: findings.sort(byPlace), accepted };
}

/** A configured level replaces the rule's own. What a rule itself reports as less stays less: the input did not show it for sure. */
function severityOf({ severity }: Finding, asWritten: Rule, configured: Rule): Severity {
  if (configured === asWritten) return severity;
  return isAtLeast(severity, asWritten.severity) ? configured.severity : lower(severity, configured.severity);
}

function lower(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) > SEVERITIES.indexOf(b) ? a : b;
}

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}

function completed(context: LintContext, rule: Rule, finding: Finding): LintFinding {
  const object = finding.origin === undefined ? undefined : objectAt(context, finding.origin)?.name;
  const place = finding.place ?? (finding.origin === undefined ? undefined : locateRange(finding.origin));
  return { ...finding, rule, at: place, object, key: findingKey(finding, object) };
}

function reasonToAccept(context: LintContext, finding: LintFinding, config: LintConfig, used: Set<Ignore>): string | undefined {
  const object = finding.origin === undefined ? undefined : objectAt(context, finding.origin);
  const inline = object === undefined ? undefined : inlineIgnore(context, finding, object);
  if (inline !== undefined) {
    used.add(inline);
    return inline.reason;
  }
  return config.ignore.find(
    ({ rule, object: pattern, file }) =>
      (rule === '*' || rule === finding.ruleId) && means(pattern, finding.object ?? '') && means(file, finding.at?.file ?? ''),
  )?.reason;
}

function inlineIgnore(context: LintContext, finding: LintFinding, object: ObjectAt): Ignore | undefined {
  return ignoresIn(context)
    .get(object)
    ?.find(
      ({ rules, reason, scope }) =>
        reason !== '' && rules.includes(finding.ruleId) && (scope === 'object' || scope.line === finding.at?.line),
    );
}

/** Ignores that took nothing out, although their rule ran: the fault is fixed, or the comment is in the wrong place. */
function outOfDate(context: LintContext, enabled: readonly Rule[], used: ReadonlySet<Ignore>): LintFinding[] {
  const rule = enabled.find(({ id }) => id === OUT_OF_DATE);
  if (rule === undefined) return [];
  const ran = new Set(enabled.map(({ id }) => id));
  const found: LintFinding[] = [];
  for (const [object, ignores] of ignoresIn(context)) {
    for (const ignore of ignores) {
      if (used.has(ignore) || ignore.reason === '' || !ignore.rules.every((id) => ran.has(id))) continue;
      const finding: Finding = {
        ruleId: rule.id,
        messageId: 'tookNothingOut',
        severity: rule.severity,
        facts: { rules: ignore.rules.join(', ') },
        place: ignore.place,
        related: [],
      };
      found.push({ ...finding, rule, at: ignore.place, object: object.name, key: findingKey(finding, object.name) });
    }
  }
  return found;
}

const OUT_OF_DATE = 'ignore-out-of-date';

function byPlace(a: LintFinding, b: LintFinding): number {
  return (
    compare(a.at?.file ?? '', b.at?.file ?? '') ||
    (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
    (a.at?.column ?? 0) - (b.at?.column ?? 0) ||
    compare(a.ruleId, b.ruleId) ||
    compare(a.key, b.key)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
