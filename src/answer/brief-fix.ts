// A fix as it stands beside an answer of `why`: what to do, what comes of it, without the text of the edits.
import type { RankedFix } from '../question/fix.ts';
import type { Row } from '../repair/effect.ts';
import { leverWords, restartWords, rowWords } from '../words/en/fixes.ts';
import { documentEnd } from '../words/en/imagined.ts';
import type { BriefFix, FixRow } from './documents/fixes.ts';
import { placed } from './place.ts';
import { portsDocument } from './ports.ts';

/** `{ number: 1, text: 'label the pod app=frontend', edits: […], opens: [], closes: [], services: [], lines: 1 }`. */
export function briefFix({
  number,
  levers,
  effect,
  size,
  shared,
  steps,
}: RankedFix): Required<Pick<BriefFix, 'services' | 'lines'>> & BriefFix {
  const restarts = restartWords(steps);
  return {
    number,
    text: levers.map(leverWords).join(', and '),
    edits: levers.map((lever) => ({ code: lever.code, facts: lever.facts, text: leverWords(lever), ...placed(lever.at) })),
    opens: effect.opened.map(rowDocument),
    closes: effect.closed.map(rowDocument),
    services: effect.services,
    ...(shared.length === 0 ? {} : { shared }),
    ...(restarts === undefined ? {} : { restarts }),
    lines: size,
  };
}

function rowDocument(row: Row): FixRow {
  const { from, to, fromPods, toPods, ports, certainty, isFuture } = row;
  return {
    from: documentEnd(from),
    to: documentEnd(to),
    ...(fromPods && { fromPods }),
    ...(toPods && { toPods }),
    ports: portsDocument(ports),
    certainty,
    future: isFuture,
    text: rowWords(row),
  };
}
