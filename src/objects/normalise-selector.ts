// LabelSelector as written → one list of requirements. Absent and {} both match everything; which of them it was
// matters only to peers, and normalise-policy.ts looks at that.
import { at, type Origin } from '../model/origin.ts';
import type { Requirement, Selector } from '../model/selector.ts';
import { get, isObject, listOf, textOf } from './read.ts';

const OPERATORS: ReadonlySet<string> = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

/** `{ matchLabels: { app: cart } }` → `[{ key: 'app', operator: 'In', values: ['cart'] }]`. Unreadable parts are left out. */
export function selectorOf(value: unknown, origin: Origin): Selector {
  const requirements: Requirement[] = [];
  const matchLabels = get(value, 'matchLabels');
  if (isObject(matchLabels)) {
    for (const key of Object.keys(matchLabels)) {
      const wanted = matchLabels[key];
      // A null value decodes to the empty string in Go, as for any string field.
      if (typeof wanted === 'string' || wanted === null) {
        requirements.push({ key, operator: 'In', values: [wanted ?? ''], origin: at(origin, 'matchLabels', key) });
      }
    }
  }
  for (const [i, expression] of listOf(get(value, 'matchExpressions')).entries()) {
    const key = textOf(get(expression, 'key'));
    const operator = textOf(get(expression, 'operator'));
    if (key === undefined || operator === undefined || !OPERATORS.has(operator)) continue;
    const values = listOf(get(expression, 'values')).filter((item) => typeof item === 'string');
    requirements.push({ key, operator: operator as Requirement['operator'], values, origin: at(origin, 'matchExpressions', i) });
  }
  return { requirements, origin };
}

export function everything(origin: Origin): Selector {
  return { requirements: [], origin };
}
