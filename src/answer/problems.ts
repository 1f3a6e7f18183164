// Problems of the input as a document: sorted, said, and with places that are looked up only for those that are listed.
import type { Problem } from '../model/problem.ts';
import { problemSentence } from '../words/en/problem.ts';
import type { Place } from './documents/common.ts';
import type { ProblemDocument, ProblemsDocument } from './documents/problems.ts';
import { placeOf } from './place.ts';
import { said } from './said.ts';

/** Errors first, each severity in the order of reading; at most `most` of them. `{ problems: [], more: 0 }` for none. */
export function problemsDocument(problems: readonly Problem[], most = Number.POSITIVE_INFINITY): ProblemsDocument {
  const of = (severity: Problem['severity']) => problems.filter((problem) => problem.severity === severity);
  const listed = [...of('error'), ...of('warning')].slice(0, most);
  return { problems: listed.map(problemDocument), more: problems.length - listed.length };
}

function problemDocument(problem: Problem): ProblemDocument {
  const { code, severity, facts } = problem;
  const at = problemPlace(problem);
  return { code, severity, facts, ...said(problemSentence(problem)), ...(at !== undefined && { at }) };
}

/** Where the problem is; undefined for one of a whole input. */
export function problemPlace({ place, origin }: Problem): Place | undefined {
  return place ?? (origin === undefined ? undefined : placeOf(origin));
}
