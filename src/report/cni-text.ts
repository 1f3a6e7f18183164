// What `cni` found, for a tired person: does it enforce, where not, and what the policies of this cluster ask of it in vain.
import type { CniNode, CniReportDocument } from '../answer/documents/cni-report.ts';
import {
  ALWAYS_ADVICE,
  agentsWords,
  ailmentWords,
  apiGroupWords,
  BASIS_ADVICE,
  CNI_LABELS,
  correctionWords,
  DENIED_WORDS,
  embeddedWords,
  enforcementWords,
  hostNetworkWords,
  leftBehindWords,
  missingWords,
  moreInJson,
  moreWords,
  NOTHING_ENFORCED,
  nodesWords,
  notEnforcedAdvice,
  overflowWords,
  pluginWords,
  profileWords,
  STRICT_ADVICE,
} from '../words/en/cni.ts';
import { settingLabel } from '../words/en/settings.ts';
import { columns } from './columns.ts';
import type { Paint } from './paint.ts';

const COLORS = { yes: 'green', partly: 'yellow', no: 'red', unknown: 'yellow' } as const;

/** Ends with a line break. */
export function cniText(report: CniReportDocument, paint: Paint): string {
  const { enforces, profile, plugins, corrections, denied = '', nodes, conditions } = report;
  const names = plugins.map(pluginWords).join(' and ') || embeddedWords(profile, enforces);
  const symptom = enforces === 'no' ? undefined : DENIED_WORDS[denied];
  const lines = [
    `${paint[COLORS[enforces]](enforcementWords(enforces, nodes.some(isIll)))}   ${paint.bold(names)}   ${paint.dim(profileWords(profile))}`,
    '',
    ...advice(report).map((line) => `  ${paint.plain(line)}`),
    ...row(CNI_LABELS.seen, seenWords(report), paint),
    ...row(CNI_LABELS.settings, settingWords(report), paint),
    ...row(CNI_LABELS.differs, corrections.map(correctionWords), paint),
    ...row(CNI_LABELS.denied, symptom === undefined ? [] : [symptom], paint),
    ...nodeLines(report, paint),
    ...row(CNI_LABELS.sick, ailments(report), paint),
    ...row(
      CNI_LABELS.condition,
      conditions.map(({ node, condition, reason }) => `${node}: ${condition} (${reason})`),
      paint,
    ),
    ...row(CNI_LABELS.lacks, report.missing.map(missingWords), paint),
    ...row(CNI_LABELS.inVain, report.hostNetwork.map(hostNetworkWords), paint),
    ...row(CNI_LABELS.tooMany, report.tooManyPorts.map(overflowWords), paint),
  ];
  return `${lines.join('\n')}\n`;
}

/** What follows from the first line, in one or two sentences. */
function advice({ enforces, basis, corrections, plugins }: CniReportDocument): readonly string[] {
  const off = corrections.find(({ cell, to }) => cell === 'enforces' && to === 'no');
  const has = (label: string, value: string) => plugins.some(({ settings }) => settings[label] === value);
  const ofBasis = BASIS_ADVICE[basis];
  const lines = [
    ...(enforces === 'no' ? [notEnforcedAdvice(off?.because)] : []),
    ...(has(settingLabel('policy-enforcement'), 'always') ? [ALWAYS_ADVICE] : []),
    ...(has(settingLabel('enforcing-mode'), 'strict') ? [STRICT_ADVICE] : []),
    ...(ofBasis === undefined ? [] : [ofBasis]),
  ];
  return lines.length === 0 ? [] : [...lines, ''];
}

function seenWords({ candidates, apiGroups }: CniReportDocument): readonly string[] {
  const signs = candidates.map(({ profile, signs: seen }) =>
    candidates.length === 1 ? seen.join(' · ') : `${profile}: ${seen.join(' · ')}`,
  );
  return [...signs, ...(apiGroups.length === 0 ? [] : [apiGroupWords(apiGroups)])];
}

function settingWords({ plugins }: CniReportDocument): readonly string[] {
  return plugins.flatMap(({ settings }) => {
    const each = Object.entries(settings).map(([label, value]) => `${label} ${value}`);
    return each.length === 0 ? [] : [each.join(' · ')];
  });
}

const INDENT = ' '.repeat(11);

function nodeLines(report: CniReportDocument, paint: Paint): readonly string[] {
  const { nodes, agents, enforces } = report;
  if (enforces === 'no') return [];
  const known = nodes.filter(({ state }) => state !== 'unknown');
  if (known.length === 0) return agents === undefined ? [] : row(CNI_LABELS.agents, [agentsWords(agents)], paint);
  const ill = known.filter(({ state }) => state !== 'enforced');
  const shown = ill.slice(0, 20);
  return [
    ...row(CNI_LABELS.nodes, [nodesWords(known.length - ill.length, known.length)], paint),
    ...columns(shown.map((node) => nodeRow(node, report))).map((line) => `  ${INDENT}  ${paint.yellow(line)}`),
    ...(ill.length > shown.length ? [`  ${INDENT}  ${moreWords(ill.length - shown.length)}`] : []),
  ];
}

function nodeRow({ node, state, because = '' }: CniNode, { agentDown }: CniReportDocument): string[] {
  return [node, because, state === 'absent' ? NOTHING_ENFORCED : leftBehindWords(agentDown)];
}

function isIll({ state }: CniNode): boolean {
  return state === 'stale' || state === 'absent';
}

function ailments({ ailments: all, agentDown }: CniReportDocument): readonly string[] {
  const shown = all.slice(0, 20).map((ailment) => ailmentWords(ailment, agentDown));
  const left = all.length - shown.length;
  return left === 0 ? shown : [...shown, moreInJson(left)];
}

function row(label: string, values: readonly string[], paint: Paint): string[] {
  return values.map((value, i) => `  ${paint.dim((i === 0 ? label : '').padEnd(11))}  ${paint.plain(value)}`);
}
