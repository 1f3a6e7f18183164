// An object of policy.networking.k8s.io held against its schema: what makes it unreadable.
import { at } from '../../model/origin.ts';
import type { Problem } from '../../model/problem.ts';
import { get } from '../../objects/read.ts';
import { checkMetadata } from '../../objects/validate-metadata.ts';
import { refuse, startCheck, under } from '../../objects/validate-problem.ts';
import { isAboutName, type KindObject } from '../kind.ts';
import { checkSchema, type ObjectSchema } from './crd-schema.ts';

export interface ApiChecked {
  readonly problems: readonly Problem[];
  /** Those of the problems that leave its content unknown. */
  readonly faults: readonly Problem[];
}

const SELECTORS: ReadonlySet<string> = new Set(['namespaceSelector', 'podSelector']);

export const GROUP = 'policy.networking.k8s.io';

/** `version`: the only one that ever had this kind. `spec`: the schema of its spec. */
export function checkObject(object: KindObject, version: string, spec: ObjectSchema): ApiChecked {
  const { kind, name, value, origin, apiVersion } = object;
  const use = `${GROUP}/${version}`;
  if (apiVersion !== use) {
    const facts = { kind, apiVersion, name, use, useKind: kind };
    const fault: Problem = { code: 'not-served', severity: 'error', facts, origin: at(origin, 'apiVersion') };
    return { problems: [fault], faults: [fault] };
  }
  const check = startCheck(origin, { kind, name });
  checkMetadata(check, value);
  const place = under(undefined, 'spec');
  const written = get(value, 'spec');
  if (written === undefined || written === null) refuse(check, place, 'Required value', '');
  else checkSchema(check, written, spec, place);
  const problems = check.problems;
  const isAboutMeaning = (problem: Problem) =>
    !isAboutName(problem, origin) &&
    // A cluster-scoped object has no namespace; one that is written all the same changes nothing.
    problem.origin?.path.at(-1) !== 'namespace' &&
    // Refused, but there is one thing only that it can mean: everything, as for every selector that is empty.
    !(problem.facts.error === 'Required value' && SELECTORS.has(String(problem.origin?.path.at(-1))));
  return { problems, faults: problems.filter((problem) => problem.severity === 'error' && isAboutMeaning(problem)) };
}
