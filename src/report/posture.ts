// The posture as text, Markdown and CSV.
import type { PostureDirection, PostureDocument, PostureNamespace } from '../answer/documents/posture.ts';
import {
  cellWords,
  coverageWords,
  DOUBTED_POSTURE,
  MARK_WITHOUT_END,
  NEW_POD,
  NOT_ENFORCED_POSTURE,
  POSTURE_COLUMNS,
  policyCountWords,
  postureHead,
  reachedByWords,
} from '../words/en/posture.ts';
import { columns } from './columns.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';

/** Ends with a line break. */
export function postureText(posture: PostureDocument, paint: Paint): string {
  const { pods, workloads, namespaces, policies, marked } = posture;
  const caveat = caveatOf(posture);
  const rows = [[...POSTURE_COLUMNS], ...namespaces.map(cells)];
  const [head = '', ...table] = columns(rows, paint.width - 2);
  const marks = columns(marked.map(markCells), paint.width - 2);
  return `${[
    paint.bold(postureHead(pods, workloads, namespaces.length)),
    ...(caveat === undefined ? [] : fold(paint.yellow(caveat), paint.width, 2)),
    '',
    ...fold(`  policies  ${paint.plain(policyCountWords(policies))}`, paint.width, 12),
    `  ingress   ${coverageWords(posture.ingress)}`,
    `  egress    ${coverageWords(posture.egress)}`,
    '',
    `  ${paint.dim(head)}`,
    ...table.map((line) => `  ${paint.plain(line)}`),
    ...(marks.length === 0 ? [] : ['', ...marks.map((line) => `  ${paint.plain(line)}`)]),
  ].join('\n')}\n`;
}

/** A table for a pull request or a wiki. */
export function postureMarkdown(posture: PostureDocument): string {
  const { pods, workloads, namespaces, policies, marked } = posture;
  const row = (items: readonly string[]) => `| ${items.map(escaped).join(' | ')} |`;
  const caveat = caveatOf(posture);
  return `${[
    `**${postureHead(pods, workloads, namespaces.length)}**; ${policyCountWords(policies)}`,
    ...(caveat === undefined ? [] : ['', caveat]),
    '',
    row(POSTURE_COLUMNS),
    `|${POSTURE_COLUMNS.map(() => '---').join('|')}|`,
    ...namespaces.map((each) => row(cells(each))),
    ...marked.flatMap((mark, i) => [...(i === 0 ? [''] : []), `- ${markCells(mark).map(escaped).join(': ')}`]),
  ].join('\n')}\n`;
}

const CSV_COLUMNS = ['namespace', 'direction', 'pods', 'policies', 'isolated', 'open', 'undecided', 'exempt', 'newPod', 'newPodPolicies'];

/** A row for each namespace and direction. */
export function postureCsv({ namespaces }: PostureDocument): string {
  const row = ({ namespace, pods, policies }: PostureNamespace, name: string, side: PostureDirection) =>
    [
      namespace,
      name,
      pods,
      policies,
      side.isolated,
      side.open,
      side.undecided,
      side.exempt,
      side.newPod,
      side.newPodPolicies.join(' '),
    ].join(',');
  const rows = namespaces.flatMap((each) => [row(each, 'ingress', each.ingress), row(each, 'egress', each.egress)]);
  return `${[CSV_COLUMNS.join(','), ...rows].join('\n')}\n`;
}

function cells({ namespace, pods, policies, ingress, egress }: PostureNamespace): string[] {
  return [
    namespace,
    String(pods),
    String(policies),
    cellWords(ingress),
    NEW_POD[ingress.newPod],
    cellWords(egress),
    NEW_POD[egress.newPod],
  ];
}

function markCells({ mark, ends, reachedBy }: PostureDocument['marked'][number]): string[] {
  return [mark, ends.length === 0 ? MARK_WITHOUT_END : reachedByWords(reachedBy)];
}

function caveatOf({ enforced }: PostureDocument): string | undefined {
  return enforced === 'yes' ? undefined : enforced === 'no' ? NOT_ENFORCED_POSTURE : DOUBTED_POSTURE;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
