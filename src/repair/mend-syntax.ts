// Text that is no YAML for a reason with a name, mended at the line where the reader gave up. Works on lines: there is no tree yet.
import type { Edit } from '../model/edit.ts';
import type { Place } from '../model/origin.ts';
import type { Splice } from './splice.ts';

type Fault = Extract<Edit, { readonly kind: 'mend-syntax' }>['fault'];

const QUOTES: Readonly<Record<string, string>> = { '“': '"', '”': '"', '„': '"', '‘': "'", '’': "'", '‚': "'" };

/** undefined when the line has nothing of the kind. */
export function mended(text: string, place: Place, fault: Fault): readonly Splice[] | undefined {
  let start = 0;
  for (let line = 1; line < place.line && start >= 0; line++) start = text.indexOf('\n', start) + 1 || -1;
  if (start < 0) return undefined;
  const found = text.indexOf('\n', start);
  const line = text.slice(start, found < 0 ? text.length : found);
  const splices = patternsOf(fault).flatMap(({ pattern, put }) =>
    [...line.matchAll(pattern)].map(
      (match): Splice => ({ start: start + match.index, end: start + match.index + match[0].length, text: put(match[0]), depth: 0 }),
    ),
  );
  return splices.length > 0 ? splices : undefined;
}

function patternsOf(fault: Fault): readonly { readonly pattern: RegExp; readonly put: (found: string) => string }[] {
  switch (fault) {
    case 'tab-character':
      return [{ pattern: /^[ \t]*\t[ \t]*/g, put: (found) => found.replaceAll('\t', '  ') }];
    case 'slash-comment':
      return [{ pattern: /(?<=^\s*|\s)\/\/+/g, put: () => '#' }];
    case 'smart-quotes':
      return [{ pattern: /[“”„‘’‚]/g, put: (found) => QUOTES[found] ?? found }];
  }
}
