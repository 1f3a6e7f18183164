// The rules for a LabelSelector. Kubernetes: ValidateLabelSelector, apimachinery pkg/apis/meta/v1/validation/validation.go,
// as for a new object: on update a server tolerates bad values in matchExpressions that the old object had.
// QUOTED THROUGHOUT: kube-apiserver
import { get, isObject, listOf } from './read.ts';
import { goJson } from './validate-go-text.ts';
import { checkLabels } from './validate-metadata.ts';
import { labelKeyFaults, labelValueFaults } from './validate-names.ts';
import { type Check, refuse, refuseText, type Spot, under } from './validate-problem.ts';

/** Absent is fine, `{}` too; a value of a wrong type was already complained about by decode.ts. */
export function checkSelector(check: Check, selector: unknown, spot: Spot): void {
  if (!isObject(selector)) return;
  checkLabels(check, get(selector, 'matchLabels'), under(spot, 'matchLabels'));
  listOf(get(selector, 'matchExpressions')).forEach((requirement, i) => {
    // An empty item decodes to a requirement with no key and no operator, which is refused as such.
    if (requirement === null || isObject(requirement)) checkRequirement(check, requirement, under(under(spot, 'matchExpressions'), i));
  });
}

function checkRequirement(check: Check, requirement: unknown, spot: Spot): void {
  const operator = get(requirement, 'operator') ?? '';
  const written = get(requirement, 'values');
  const values = listOf(written);
  if (operator === 'In' || operator === 'NotIn') {
    if (written === undefined || (Array.isArray(written) && values.length === 0)) {
      refuse(check, under(spot, 'values'), 'Required value', "must be specified when `operator` is 'In' or 'NotIn'");
    }
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) {
      refuse(check, under(spot, 'values'), 'Forbidden', "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    }
  } else if (typeof operator === 'string') {
    refuse(check, under(spot, 'operator'), 'Invalid value', 'not a valid selector operator', { value: goJson(operator) });
  }
  const key = get(requirement, 'key') ?? '';
  if (typeof key === 'string') refuseText(check, under(spot, 'key'), key, labelKeyFaults(key));
  values.forEach((value, i) => {
    if (typeof value === 'string') refuseText(check, under(under(spot, 'values'), i), value, labelValueFaults(value));
  });
}
