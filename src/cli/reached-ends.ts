// `map --from END --hops N`: who can be reached from there, one connection after the other.
import { boundedMap, plainRows } from '../answer/map.ts';
import { mapQuestion } from '../answer/map-question.ts';
import { reachedEndsDocument } from '../answer/reached-ends.ts';
import { nearest } from '../profile/nearest.ts';
import { hopsFrom } from '../question/hops.ts';
import { endsNamed } from '../question/map.ts';
import { reachOf } from '../reach/reach.ts';
import { reachedEndsMarkdown, reachedEndsText } from '../report/reached-ends-text.ts';
import { type InputOptions, type Loaded, painter } from './input.ts';
import { mistake } from './mistake.ts';
import { jsonAsCalled } from './program-name.ts';

export interface HopsOptions extends InputOptions {
  readonly output: string;
  readonly from?: string;
  readonly hops?: string;
}

/** Three connections after one another are what most applications are deep. */
const USUAL_HOPS = 3;
const MOST_HOPS = 100;
/** The whole map is in memory here. */
const MOST_ROWS = 2_000_000;

export async function printReachedEnds({ cluster, semantics, choice, namespace }: Loaded, options: HopsOptions): Promise<void> {
  const { output, from = '', hops: text = String(USUAL_HOPS) } = options;
  const hops = Number(text);
  if (!/^\d{1,3}$/.test(text) || hops < 1 || hops > MOST_HOPS) throw mistake('bad-hops', { text, most: MOST_HOPS });
  if (output !== 'text' && output !== 'json' && output !== 'md') throw mistake('hops-format', { output });
  const question = await mapQuestion(reachOf(cluster, semantics), {}, { profile: choice.name, withExposure: false });
  const map = boundedMap(question, MOST_ROWS);
  if (map === 'too-large') throw mistake('map-too-large', { most: MOST_ROWS, output });
  const rows = [...plainRows(map)];
  const sources = [...new Set(rows.map((row) => row.from))];
  const named = from === 'internet' ? sources.filter(isOutside) : endsNamed(cluster, from, namespace);
  // A name means a workload and its pods; the map has one of them.
  const speaking = named.filter((end) => sources.includes(end));
  const start = speaking.length > 0 ? speaking : named.slice(0, 1);
  if (start.length === 0 && from !== 'internet') {
    const known = [...cluster.workloads.values()].map((workload) => `${workload.namespace}/${workload.name}`);
    throw mistake('no-such-end', { name: from, near: nearest(from, known) });
  }
  const undecided = map.undecided?.length ?? 0;
  const document = reachedEndsDocument(hopsFrom(rows, start, { most: hops, isOutside }), {
    profile: choice.name,
    from: start,
    hops,
    undecided,
  });
  process.stdout.write(
    output === 'json'
      ? `${jsonAsCalled(document)}\n`
      : output === 'md'
        ? reachedEndsMarkdown(document)
        : reachedEndsText(document, painter(options)),
  );
}

/** A range of addresses. Workloads and pods are `ns/name`, and a namespace has neither a dot nor a colon. */
function isOutside(end: string): boolean {
  return /^[^/]*[.:]/.test(end);
}
