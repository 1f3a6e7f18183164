// Problems as the API server would state them: which object, which field, which of its kinds of error, its words.
// Knows how a field path is printed and how an error line is put together; the rules are in the other validate-*.ts.
// QUOTED THROUGHOUT: kube-apiserver
import { at, type Origin, type Path, printPath } from '../model/origin.ts';
import type { Facts, Problem } from '../model/problem.ts';
import { goQuote } from './validate-go-text.ts';

/** The object under validation, and what was found in it so far. Spots that the rules name are counted from `root`. */
export interface Check {
  readonly kind: string;
  readonly name: string;
  readonly root: Origin;
  readonly problems: Problem[];
}

/** Where a rule looks: the last step, and the spot above it. A chain, which becomes a path only when there is a problem to report. */
export interface Spot {
  readonly above: Spot | undefined;
  readonly step: string | number;
}

/** The root of the check itself, such as a label map that is validated alone. */
export const TOP: Spot | undefined = undefined;

export function under(above: Spot | undefined, step: string | number): Spot {
  return { above, step };
}

function pathOf(spot: Spot | undefined): Path {
  const path: (string | number)[] = [];
  for (let at = spot; at !== undefined; at = at.above) path.push(at.step);
  return path.reverse();
}

/** Kubernetes: field.ErrorType.String, apimachinery pkg/util/validation/field/errors.go. */
export type ApiError = 'Required value' | 'Invalid value' | 'Unsupported value' | 'Duplicate value' | 'Forbidden' | 'Too long' | 'Too many';

export interface ApiErrorDetails {
  /** As Go prints it, quotes included: `"tcp"`, `65536`. */
  readonly value?: string;
  readonly supported?: readonly string[];
  /** Where it stands, when that is narrower than the field the API names: one label of `matchLabels`. */
  readonly standsAt?: Spot;
}

/** `whose` is left out where only a part of an object is at hand. */
export function startCheck(root: Origin, whose: { readonly kind: string; readonly name: string } = { kind: '', name: '' }): Check {
  return { kind: whose.kind, name: whose.name, root, problems: [] };
}

/** Files one error of the API's validation: `spec.policyTypes[0]: Unsupported value: "ingress": supported values: …`. */
export function refuse(check: Check, field: Spot | undefined, error: ApiError, detail: string, more: ApiErrorDetails = {}): void {
  const facts: Record<string, Facts[string]> = {
    kind: check.kind,
    name: check.name,
    field: printField(check.root, pathOf(field)),
    error,
    detail,
  };
  if (more.value !== undefined) facts.value = more.value;
  if (more.supported !== undefined) facts.supported = more.supported;
  check.problems.push({ code: 'invalid', severity: 'error', facts, origin: originOf(check, more.standsAt ?? field) });
}

/** Files what a server says in a Warning header; `strict` is the detail of the error where newer servers make it one. */
export function warn(check: Check, field: Spot | undefined, detail: string, value: string, strict: string | undefined): void {
  const facts = { kind: check.kind, name: check.name, field: printField(check.root, pathOf(field)), detail, value };
  const origin = originOf(check, field);
  check.problems.push({ code: 'warning', severity: 'warning', facts: strict === undefined ? facts : { ...facts, strict }, origin });
}

/** One error for each text, as the API does for names, labels and ports. */
export function refuseText(check: Check, field: Spot | undefined, text: string, faults: readonly string[]): void {
  for (const fault of faults) refuse(check, field, 'Invalid value', fault, { value: goQuote(text) });
}

export function refuseUnsupported(check: Check, field: Spot, value: string, supported: readonly string[]): void {
  refuse(check, field, 'Unsupported value', `supported values: ${supported.map(goQuote).join(', ')}`, { value, supported });
}

/** The place of a part, for problems that are not made by refuse() or warn(). */
export function originOf(check: Check, spot: Spot | undefined): Origin {
  return at(check.root, ...pathOf(spot));
}

/** `spec.ingress[0]`, as written in the object: what a decoder says, which knows nothing of how validation shortens it. */
export function stepsOf(check: Check, spot: Spot | undefined): Path {
  return objectPath(check.root, pathOf(spot));
}

/**
 * The field as API errors spell it: from the object's own top, so without the `items[3]` of a List that holds it, and with the
 * labels of a pod template directly under `template` (Kubernetes: ValidatePodTemplateSpec, pkg/apis/core/validation).
 */
function printField(root: Origin, field: Path): string {
  return printPath(objectPath(root, field)).replace(/\btemplate\.metadata\.(labels|annotations)$/, 'template.$1');
}

/** `['items', 3, 'spec']` + `['ports', 0]` → `['spec', 'ports', 0]`. */
function objectPath(root: Origin, field: Path): Path {
  let start = 0;
  while (root.path[start] === 'items' && typeof root.path[start + 1] === 'number') start += 2;
  return [...root.path.slice(start), ...field];
}

/**
 * The API's own line for a problem that validation found:
 * `spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive`. For one that could not be decoded
 * the decoder's line, for a warning the Warning header's. Empty for problems that are none of the API server's.
 */
export function apiErrorText({ code, facts }: Problem): string {
  const { field, error, value, detail } = facts;
  if (code === 'invalid') return [`${field}`, error, value, detail].filter((part) => part !== undefined && part !== '').join(': ');
  if (code === 'warning') return `${field}: ${detail}`;
  if (code === 'unknown-field') return `unknown field ${goQuote(String(field))}`;
  if (code === 'deprecated-api')
    return `no matches for kind ${goQuote(String(facts.kind))} in version ${goQuote(String(facts.apiVersion))}`;
  return code === 'wrong-type' ? String(detail) : '';
}

/**
 * For a warning that newer servers make an error (StrictIPCIDRValidation, on by default from 1.36): that error's line,
 * `….cidr: Invalid value: "10.0.0.5/24": must not have bits set beyond the prefix length`. undefined for all others.
 */
export function strictErrorText({ code, facts }: Problem): string | undefined {
  return code === 'warning' && facts.strict !== undefined ? `${facts.field}: Invalid value: ${facts.value}: ${facts.strict}` : undefined;
}
