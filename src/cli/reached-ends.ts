// `map --from END --hops N`: what can be reached from an end, one connection after the other.
import { boundedMap, MOST_ROWS, plainRows } from '../answer/map.ts';
import { mapQuestion } from '../answer/map-question.ts';
import { reachedEndsDocument } from '../answer/reached-ends.ts';
import { hopsFrom, INTERNET } from '../question/hops.ts';
import type { ConnectionOptions } from '../reach/connections.ts';
import { reachOf } from '../reach/reach.ts';
import { reachedEndsMarkdown, reachedEndsText } from '../report/reached-ends-text.ts';
import { isOutsideEnd } from '../words/en/ends.ts';
import { type InputOptions, type Loaded, painter } from './input.ts';
import { mistake } from './mistake.ts';
import { jsonAsCalled } from './program-name.ts';

export interface HopsOptions extends InputOptions {
  readonly output: string;
  readonly from: string;
  readonly hops?: string;
}

/** Most applications are no deeper than this. */
const USUAL_HOPS = 3;
const MOST_HOPS = 100;

/** `focus`: the ends that `from` means; of `internet` there are none. */
export async function printReachedEnds(
  { cluster, semantics, choice }: Loaded,
  { focus, port }: ConnectionOptions,
  options: HopsOptions,
): Promise<void> {
  const { output, from, hops: text = String(USUAL_HOPS) } = options;
  const hops = Number(text);
  if (!/^\d{1,3}$/.test(text) || hops < 1 || hops > MOST_HOPS) throw mistake('bad-hops', { text, most: MOST_HOPS });
  if (output !== 'text' && output !== 'json' && output !== 'md') throw mistake('hops-format', { output });
  const question = await mapQuestion(reachOf(cluster, semantics), port === undefined ? {} : { port }, {
    profile: choice.name,
    withExposure: false,
  });
  const map = boundedMap(question);
  if (map === 'too-large') throw mistake('map-too-large', { most: MOST_ROWS, output });
  const rows = [...plainRows(map)];
  const sources = new Set(rows.map((row) => row.from));
  const named = from === INTERNET ? [...sources].filter(isOutsideEnd) : (focus?.ends ?? []);
  // A name means a workload and its pods, and the map has one of them.
  const sending = named.filter((end) => sources.has(end));
  const start = sending.length > 0 ? sending : [named[0] ?? from];
  const document = reachedEndsDocument(hopsFrom(rows, start, { most: hops, isOutside: isOutsideEnd }), {
    profile: choice.name,
    from: start,
    hops,
    undecided: map.undecided?.length ?? 0,
  });
  process.stdout.write(
    output === 'json'
      ? `${jsonAsCalled(document)}\n`
      : output === 'md'
        ? reachedEndsMarkdown(document)
        : reachedEndsText(document, painter(options)),
  );
}
