// The rows of `why` and `fix` for a terminal: a label, and text in a column of its own. What stands in them is for its neighbours to say.
import type { Paint } from './paint.ts';
import type { PrintPlace } from './places.ts';

export interface WhyTextOptions {
  readonly paint: Paint;
  /** How many near misses are shown in each direction: 1, or more with --verbose. */
  readonly mostMisses: number;
  /** For each connection the command that a person copies to go on with its fixes. */
  readonly commands?: readonly string[] | undefined;
}

/** What every line is made with. */
export interface Pen extends WhyTextOptions {
  readonly place: PrintPlace;
}

/** Where the text of a row begins, and what is broken goes on. */
export const HANG = 13;

export function row(label: string, text: string): string {
  return `  ${label.padEnd(10)} ${text}`.trimEnd();
}

export function placeTail(place: string, paint: Paint): string {
  return place === '' ? '' : `   ${paint.dim(place)}`;
}

export function inBrackets(place: string): string {
  return place === '' ? '' : ` (${place})`;
}

/** `✓ not isolated  `: outcomes in a column of their own. */
export function wide(sign: string, outcome: string): string {
  return `${sign} ${outcome.padEnd(16)}`;
}
