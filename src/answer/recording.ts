// What `test --record` writes: intents that pin what is so now, and what they could not pin.
import type { Recording } from '../question/intents-record.ts';
import { recordedName, recordingComments } from '../words/en/intents.ts';

export interface RecordedFile {
  /** Lines on top of the file. */
  readonly comments: readonly string[];
  readonly intents: readonly RecordedIntent[];
}

export interface RecordedIntent {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly port: string | undefined;
  readonly expect: 'allowed' | 'denied';
}

/** `profile`: the CNI that was asked for. */
export function recordedFile({ intents, leftOut }: Recording, profile: string): RecordedFile {
  return {
    comments: recordingComments(profile, leftOut),
    intents: intents.map((each) => {
      const { from, to, port, expect } = each;
      return { name: recordedName(each), from, to, port, expect };
    }),
  };
}
