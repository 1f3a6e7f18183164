// `diff -o json` in pieces: the text of the document of diff.ts, written without keeping its rows. One row a line; the counts come last.
// Without its line breaks it is `JSON.stringify(diffDocument(…))`, with what a terminal would obey escaped.
import { countRows, type DiffRow } from '../question/diff.ts';
import { jsonText } from '../question/json-text.ts';
import { changeDocument, DiffCauses, type DiffQuestion, diffHead } from './diff.ts';
import type { DiffCauseDocument, DiffSummary } from './documents/connectivity-diff.ts';

/** `rows`: of the answer. */
export function* diffJson(question: DiffQuestion, rows: Iterable<DiffRow>): Generator<string> {
  const causes = new DiffCauses();
  const written = new Map<DiffCauseDocument, string>();
  const textOf = (cause: DiffCauseDocument): string => {
    let text = written.get(cause);
    if (text === undefined) {
      text = jsonText(cause, true);
      written.set(cause, text);
    }
    return text;
  };
  yield `${jsonText(diffHead(question, causes), true).slice(0, -1)},"changes":[`;
  const counts = { opened: 0, closed: 0, changed: 0, undecided: 0 };
  let comma = '\n';
  for (const row of rows) {
    counts[row.change]++;
    const because = row.causes.map((cause) => textOf(causes.of(cause))).join();
    const each = row.isEachEnough ? ',"eachIsEnough":true' : '';
    yield `${comma}${jsonText(changeDocument(row), true).slice(0, -1)},"because":[${because}]${each}}`;
    comma = ',\n';
  }
  const summary: DiffSummary = { ...countRows([], question.answer.isolation), ...counts };
  yield `\n],"summary":${jsonText(summary, true)}}\n`;
}
