// From a line to its records. A file may hold lines of several formats; each line is told apart by itself.
import { FORMATS } from './formats/index.ts';
import { objectOf } from './json-value.ts';
import type { Format, Json, LineRead, ReadOptions } from './record.ts';

/** Longer lines are not of any log that is known. Characters. */
const LONGEST_LINE = 1_000_000;

const BAD_JSON: LineRead = { kind: 'broken', because: 'bad-json' };
const NOT_RECOGNIZED: LineRead = { kind: 'broken', because: 'not-recognized' };
const TOO_LONG: LineRead = { kind: 'broken', because: 'too-long' };

export interface LineReader {
  /** What one line says; undefined for an empty one. Never throws. */
  readonly line: (text: string) => LineRead | undefined;
  /** The same for a value that is parsed already: an element of a JSON array. */
  readonly value: (value: unknown) => LineRead;
}

/** A reader for one file: formats whose records take several lines remember them. */
export function lineReader(options: ReadOptions): LineReader {
  const json = asked<Json>(FORMATS.flatMap((format) => (format.form === 'json' ? [opened(format, options)] : [])));
  const text = asked<string>(FORMATS.flatMap((format) => (format.form === 'text' ? [opened(format, options)] : [])));
  return {
    line: (line) => {
      if (line.length > LONGEST_LINE) return TOO_LONG;
      const first = line.charCodeAt(0);
      if (first === OPENING_BRACE) {
        const value = parsed(line);
        return value === undefined ? BAD_JSON : json(objectOf(value));
      }
      const trimmed = line.trim();
      if (trimmed === '') return undefined;
      if (trimmed.charCodeAt(0) !== OPENING_BRACE) return text(trimmed);
      const value = parsed(trimmed);
      return value === undefined ? BAD_JSON : json(objectOf(value));
    },
    value: (value) => json(objectOf(value)),
  };
}

const OPENING_BRACE = 123;

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

type Reading<T> = (of: T) => LineRead | undefined;

function opened<F extends Format>(format: F, options: ReadOptions): ReturnType<F['open']> {
  return format.open(options) as ReturnType<F['open']>;
}

/** The format of the line before is asked first; each says undefined of what is not its own. */
function asked<T>(readings: readonly Reading<T>[]): (of: T) => LineRead {
  let last: Reading<T> | undefined;
  return (of) => {
    const usual = last?.(of);
    if (usual !== undefined) return usual;
    for (const reading of readings) {
      if (reading === last) continue;
      const read = reading(of);
      if (read === undefined) continue;
      last = reading;
      return read;
    }
    return NOT_RECOGNIZED;
  };
}
