// The lower half of `why` for a terminal: the rules that came nearest, and what it means.
import type { CauseDocument, ConnectionDocument, NearestRule, PodsDocument } from '../answer/documents/explanation.ts';
import { LABELS } from '../words/en/why-text.ts';
import { wanted } from './why-parts.ts';
import { type Pen, placeTail, row } from './why-rows.ts';

/** As many for each direction as were asked for. */
export function shownMisses({ egress, ingress }: PodsDocument, { mostMisses }: Pen): NearestRule[] {
  return [egress, ingress].flatMap(({ nearest = [] }) => nearest.slice(0, mostMisses));
}

export function missLines({ rule, title = rule, at, checks }: NearestRule, { paint, place }: Pen): string[] {
  const labels = checks.map((check) => `${check.field ?? check.part} ${wanted(check)}`);
  const width = Math.min(60, Math.max(...labels.map((label) => label.length)));
  return [
    row(LABELS.nearest, `${paint.bold(title)}${placeTail(place(at, 'path'), paint)}`),
    ...checks.map((check, i) => {
      const label = (labels[i] ?? '').padEnd(width);
      const [difference] = check.differences;
      if (difference === undefined) return row('', `  ${paint.plain(label)}  ${paint.green('✓')}`);
      return row('', `  ${paint.plain(label)}  ${paint.red(`✗ ${difference.text}`)}${placeTail(place(difference.hasAt, 'object'), paint)}`);
    }),
  ];
}

/** The leading causes, first blocker first. `shown`: the near misses that stand above. */
export function causeLines({ cause, causes, leading = [], pods }: ConnectionDocument, shown: readonly NearestRule[], pen: Pen): string[] {
  const led = leading.flatMap((i) => causes[i] ?? []);
  if (led.length === 0) return cause === undefined ? [] : ['', row(LABELS.cause, pen.paint.bold(cause))];
  const isShown = ({ nearest }: CauseDocument) => {
    const said = nearest === undefined ? undefined : pods[nearest.pods]?.[nearest.direction].nearest?.[nearest.position];
    return said !== undefined && shown.includes(said);
  };
  return ['', ...led.flatMap((each, i) => causeLine(each, i === 0 ? LABELS.cause : LABELS.alsoCause, isShown(each), pen))];
}

/** The code alone where the near miss above has said it all. */
function causeLine({ code, text, hint, at }: CauseDocument, label: string, isShown: boolean, { paint, place }: Pen): string[] {
  const rest = isShown ? '' : `  ${paint.plain(text)}${placeTail(place(at, 'object'), paint)}`;
  const lines = [row(label, `${paint.bold(code)}${rest}`)];
  if (hint !== undefined) lines.push(row('', paint.cyan(`→ ${hint}`)));
  return lines;
}
