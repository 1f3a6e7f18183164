// The fixes that `why` shows beside its answer. Loaded only where something stands in the way.
import type { Loaded } from '../app/input.ts';
import { fixesFor } from '../question/fix.ts';
import type { WhyAnswer } from '../question/why.ts';
import { briefFix } from '../report/fix-json.ts';
import { fixRows } from '../report/fix-lines.ts';
import type { Pen } from '../report/why-rows.ts';
import { fixCommandLine } from './fix-command-line.ts';
import type { InputOptions } from './input.ts';

const MOST = 3;

/** For each connection of the answer: a function that makes its rows, and the fixes as data. */
export function fixesBeside(
  { cluster, semantics, namespace, context }: Pick<Loaded, 'cluster' | 'semantics' | 'namespace' | 'context'>,
  { from, to }: { readonly from: string; readonly to: string },
  options: InputOptions,
  answer: Extract<WhyAnswer, { kind: 'answer' }>,
): { readonly rows: readonly ((pen: Pen) => readonly string[])[]; readonly documents: readonly unknown[] } {
  const found = fixesFor(cluster, semantics, { from, to, namespace }, answer, { most: MOST });
  const isOne = answer.connections.length === 1;
  return {
    rows: found.map(({ fixes, connection }) => ({ paint, place }: Pen) => {
      const { to: asked, protocol } = connection.route;
      const end = isOne ? to : protocol === 'TCP' ? asked : `${asked}/${protocol.toLowerCase()}`;
      const command = fixCommandLine(options, { from, to: end, context });
      // What came from a cluster is in no file that could be written.
      const how = context !== undefined ? ' -o kubectl' : options.file?.includes('-') === true ? '' : ' --write 1';
      return fixRows(fixes, paint, place, `${command}${how}`);
    }),
    documents: found.map(({ fixes }) => fixes.map((each) => briefFix(each))),
  };
}
