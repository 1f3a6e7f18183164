// What reading and validation already found wrong, sorted by what a person would do about it. Nothing is validated here a second time:
// a Problem gets the name of the rule that speaks about it, and where a rule can repair it, the edit.

import type { Edit } from '../model/edit.ts';
import type { Origin } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import { apiErrorText } from '../objects/validate-problem.ts';
import { type LintContext, perRun } from './context.ts';
import type { Facts } from './facts.ts';
import type { Fix } from './rule.ts';

/** Ids of the rules that speak about problems. `tests/lint/catalogue.test.ts` holds that each of them exists. */
export const INPUT_FAULTS = [
  'api-no-longer-served',
  'api-refuses-it',
  'cidr-ambiguous',
  'cidr-is-bare-address',
  'end-port-misused',
  'except-outside-block',
  'field-unknown',
  'file-unreadable',
  'ipblock-beside-selector',
  'key-written-twice',
  'label-value-not-text',
  'merge-conflict-left',
  'object-defined-twice',
  'object-not-recognised',
  'peer-says-nothing',
  'policy-kind-not-evaluated',
  'port-number-quoted',
  'protocol-unknown',
  'replicas-fare-differently',
  'template-not-rendered',
  'yaml-broken',
] as const;
export type InputFault = (typeof INPUT_FAULTS)[number];

/** The problems of one kind, in input order. */
export function inputFaults(context: LintContext, fault: InputFault): readonly Problem[] {
  return sorted(context).get(fault) ?? [];
}

const sorted = perRun(({ cluster }) => {
  const found = new Map<InputFault, Problem[]>();
  for (const problem of cluster.problems) {
    const fault = faultOf(problem);
    const list = found.get(fault);
    if (list === undefined) found.set(fault, [problem]);
    else list.push(problem);
  }
  return found;
});

function faultOf(problem: Problem): InputFault {
  switch (problem.code) {
    case 'unreadable-file':
    case 'file-too-large':
    case 'no-manifests':
    case 'limit':
    case 'not-text':
      return 'file-unreadable';
    case 'lost-indentation':
    case 'not-yaml':
    case 'not-json':
    case 'alias-bomb':
    case 'nested-too-deep':
      return 'yaml-broken';
    case 'duplicate-key':
      return 'key-written-twice';
    case 'duplicate-object':
      return 'object-defined-twice';
    case 'not-an-object':
    case 'missing-kind':
      return 'object-not-recognised';
    case 'merge-conflict-markers':
      return 'merge-conflict-left';
    case 'unrendered-template':
    case 'wants-rendering':
      return 'template-not-rendered';
    case 'deprecated-api':
    case 'not-served':
      return 'api-no-longer-served';
    case 'unsupported-policy':
      return 'policy-kind-not-evaluated';
    case 'owner-labels-differ':
      return 'replicas-fare-differently';
    case 'warning':
      return isAboutBlock(problem) ? 'cidr-ambiguous' : 'api-refuses-it';
    case 'unknown-field':
      return problem.facts.hint === 'under-pod-selector' && isPeer(fieldOf(problem).replace(/\.[^.]*$/, ''))
        ? 'peer-says-nothing'
        : 'field-unknown';
    case 'wrong-type':
      return isLabel(problem) && problem.facts.value !== undefined ? 'label-value-not-text' : 'api-refuses-it';
    case 'invalid':
      return faultOfRefusal(problem);
    case 'ip-shared':
    case 'missing-backend':
      return 'api-refuses-it';
  }
}

/** Which rule of the API's validation it is (semantics A.10), by the words of its own message. */
function faultOfRefusal(problem: Problem): InputFault {
  const detail = String(problem.facts.detail ?? '');
  const field = fieldOf(problem);
  // QUOTED: kube-apiserver
  if (detail === 'may not specify both ipBlock and another peer') return 'ipblock-beside-selector';
  // QUOTED: kube-apiserver
  if (detail === 'must specify a peer') return 'peer-says-nothing';
  // QUOTED: kube-apiserver
  if (detail === 'must be a strict subset of `cidr`') return 'except-outside-block';
  if (field.endsWith('.endPort') && isPolicyPort(field)) return 'end-port-misused';
  if (field.endsWith('.protocol') && isPolicyPort(field)) return 'protocol-unknown';
  if (field.endsWith('.port') && isPolicyPort(field) && /^"[0-9]+"$/.test(String(problem.facts.value ?? ''))) return 'port-number-quoted';
  // QUOTED: kube-apiserver
  if (detail.startsWith('must be a valid CIDR value') && /^"[0-9a-fA-F.:]+"$/.test(String(problem.facts.value ?? '')))
    return 'cidr-is-bare-address';
  return 'api-refuses-it';
}

export function fieldOf({ facts }: Problem): string {
  return String(facts.field ?? '');
}

function isPolicyPort(field: string): boolean {
  return /^spec\.(ingress|egress)\[\d+\]\.ports\[\d+\]\./.test(field);
}

function isPeer(field: string): boolean {
  return /^spec\.(ingress\[\d+\]\.from|egress\[\d+\]\.to)\[\d+\]$/.test(field);
}

function isAboutBlock(problem: Problem): boolean {
  return /\.ipBlock\.(cidr|except\[\d+\])$/.test(fieldOf(problem));
}

/** A value in a map of labels: the last step names the label, the one before it the map. */
function isLabel({ origin }: Problem): boolean {
  const map = origin?.path.at(-2);
  return map === 'matchLabels' || map === 'labels' || map === 'selector' || map === 'annotations';
}

/** What every message about a problem can use: its facts, and as `error` the API server's own line. */
export function factsOf(problem: Problem): Facts {
  const facts: Record<string, string | number> = {};
  for (const [name, fact] of Object.entries(problem.facts)) {
    facts[name] = typeof fact === 'number' || typeof fact === 'string' ? fact : Array.isArray(fact) ? fact.join(', ') : String(fact);
  }
  facts.error = apiErrorText(problem);
  return facts;
}

/** The value that the API complained about, out of its quotes: `"tcp"` → `tcp`. undefined where it is none or cannot be read. */
export function badValue({ facts }: Problem): string | undefined {
  if (typeof facts.value !== 'string') return undefined;
  if (!facts.value.startsWith('"')) return facts.value;
  try {
    return JSON.parse(facts.value) as string;
  } catch {
    return undefined;
  }
}

/** One edit at the place of the problem; such policies are refused, so that mending them gives them a meaning at last. */
export function mend(...edits: readonly (Edit | undefined)[]): { readonly fix?: Fix } {
  const found = edits.filter((edit) => edit !== undefined);
  return found.length === 0 ? {} : { fix: { edits: found, keepsMeaning: false } };
}

/** The origin of a field that the problem names, counted from the object that the problem stands in. */
export function siblingOf(origin: Origin, key: string): Origin {
  return { document: origin.document, path: [...origin.path.slice(0, -1), key] };
}

export function parentOf(origin: Origin): Origin {
  return { document: origin.document, path: origin.path.slice(0, -1) };
}
