// A probe for a person: what the connection did, what the model says of it, and what it means when the two differ.
import type { DialledTarget, ProbeResultDocument } from '../answer/documents/probe-result.ts';
import {
  cniWords,
  controlWords,
  NO_CONTROL_NEEDED,
  noControlWords,
  PROBE_LABELS,
  PROBE_RESULTS,
  probeModelWords,
  statusWords,
} from '../words/en/probe.ts';
import type { Paint } from './paint.ts';

/** Ends with a line break. */
export function probeText(probe: ProbeResultDocument, paint: Paint): string {
  const { from, to, dialled, result, text, control, model, cni, agreement, means, look, left, http } = probe;
  const said = PROBE_RESULTS[result];
  const isGood = result === 'answered' && (http === undefined || http.status === http.expected);
  const sign = isGood ? paint.green(`✓ ${said}`) : paint.red(`✗ ${said}`);
  const lines = [
    `${sign}   ${paint.bold(`${from} → ${to}`)} (${dialled.protocol})   ${paint.dim(cniWords(cni))}`,
    '',
    row(PROBE_LABELS.dialled, `${bracketed(dialled)}   ${text}`, paint),
    ...(http === undefined ? [] : [row(PROBE_LABELS.status, statusWords(http), paint)]),
    ...controlRow(control, paint),
    row(PROBE_LABELS.model, probeModelWords(model, agreement), paint),
    '',
    row(PROBE_LABELS.means, means, paint),
    ...look.map((item, i) => row(i === 0 ? PROBE_LABELS.look : '', item, paint)),
    ...(left === undefined ? [] : ['', row(PROBE_LABELS.left, left, paint)]),
  ];
  return `${lines.join('\n')}\n`;
}

function controlRow(control: ProbeResultDocument['control'], paint: Paint): readonly string[] {
  if (!('none' in control)) return [row(PROBE_LABELS.control, controlWords(control), paint)];
  return control.none === NO_CONTROL_NEEDED ? [] : [row(PROBE_LABELS.control, noControlWords(control.none), paint)];
}

function row(label: string, text: string, paint: Paint): string {
  return `  ${paint.dim(label.padEnd(9))}  ${paint.plain(text)}`;
}

function bracketed({ host, port }: DialledTarget): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
