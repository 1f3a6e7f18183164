// `verdicts`: one line in, one line out.
import { lineWriter } from '../question/verdicts.ts';
import type { Reach } from '../reach/reach.ts';
import { lineFaultSentence } from '../words/en/verdict-lines.ts';

/** A function that answers one line as `schemas/verdict-answer.schema.json` has it; undefined for an empty line. Never throws. */
export function lineAnswerer(reach: Reach): (line: string) => string | undefined {
  return lineWriter(reach, lineFaultSentence);
}
