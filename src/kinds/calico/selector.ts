// A selector expression as the requirements that every evaluator reads (model/selector.ts).
import type { Origin } from '../../model/origin.ts';
import type { Requirement, Selector } from '../../model/selector.ts';
import type { Comparison, Expression } from './expression.ts';

/**
 * `app == 'cart' && !has(legacy)` → `[{ key: 'app', operator: 'In', values: ['cart'] }, { key: 'legacy', operator: 'DoesNotExist' }]`.
 * `global()` holds for everything, as in Calico: where it means something else, it is replaced before.
 */
export function selectorOfExpression(expression: Expression, origin: Origin): Selector {
  return { requirements: requirementsOf(expression, origin), origin };
}

function requirementsOf(expression: Expression, origin: Origin): readonly Requirement[] {
  switch (expression.is) {
    case 'all':
    case 'global':
      return [];
    case 'and':
      return expression.of.flatMap((one) => requirementsOf(one, origin));
    case 'or':
      return [{ key: '', operator: 'AnyOf', values: [], of: expression.of.map((one) => selectorOfExpression(one, origin)), origin }];
    case 'not':
      return negated(expression.of, origin);
    case 'has':
      return [one('Exists', expression.label, [], origin)];
    case 'in':
      // No value is in an empty set.
      return expression.values.length === 0 ? [nothing(origin)] : [one('In', expression.label, expression.values, origin)];
    case 'not in':
      return expression.values.length === 0 ? [] : [one('NotIn', expression.label, expression.values, origin)];
    default:
      return [one(OPERATORS[expression.is], expression.label, [expression.value], origin)];
  }
}

const OPERATORS: Readonly<Record<Comparison, Requirement['operator']>> = {
  '==': 'In',
  '!=': 'NotIn',
  contains: 'Contains',
  'starts with': 'StartsWith',
  'ends with': 'EndsWith',
};

/** With the operator's own contrary where it has one, so that answers can name a label instead of a "none of". */
function negated(of: Expression, origin: Origin): readonly Requirement[] {
  switch (of.is) {
    case 'not':
      return requirementsOf(of.of, origin);
    case 'has':
      return [one('DoesNotExist', of.label, [], origin)];
    case '==':
      return requirementsOf({ ...of, is: '!=' }, origin);
    case '!=':
      return requirementsOf({ ...of, is: '==' }, origin);
    case 'in':
      return requirementsOf({ ...of, is: 'not in' }, origin);
    case 'not in':
      return requirementsOf({ ...of, is: 'in' }, origin);
    case 'or':
      return of.of.flatMap((each) => negated(each, origin));
    default:
      return [{ key: '', operator: 'NoneOf', values: [], of: [selectorOfExpression(of, origin)], origin }];
  }
}

function one(operator: Requirement['operator'], key: string, values: readonly string[], origin: Origin): Requirement {
  return { key, operator, values, origin };
}

/** None of "everything": matches nothing at all. */
function nothing(origin: Origin): Requirement {
  return { key: '', operator: 'NoneOf', values: [], of: [{ requirements: [], origin }], origin };
}
