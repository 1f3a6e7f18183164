// The fixes that `why` shows beside its answer. Loaded only where something stands in the way.
import { briefFix } from '../answer/brief-fix.ts';
import type { BriefFix } from '../answer/documents/fixes.ts';
import type { Loaded } from '../app/input.ts';
import { fixesFor } from '../question/fix.ts';
import type { WhyAnswer } from '../question/why.ts';
import { fixCommandLine } from './fix-command-line.ts';
import type { InputOptions } from './input.ts';

const MOST = 3;

/** For each connection of the answer its fixes, and the command that goes on with them. */
export function fixesBeside(
  { cluster, semantics, namespace, context }: Pick<Loaded, 'cluster' | 'semantics' | 'namespace' | 'context'>,
  { from, to }: { readonly from: string; readonly to: string },
  options: InputOptions,
  answer: Extract<WhyAnswer, { kind: 'answer' }>,
): { readonly fixes: readonly (readonly BriefFix[])[]; readonly commands: readonly string[] } {
  const found = fixesFor(cluster, semantics, { from, to, namespace }, answer, { most: MOST });
  const isOne = answer.connections.length === 1;
  return {
    fixes: found.map(({ fixes }) => fixes.map(briefFix)),
    commands: found.map(({ connection }) => {
      const { to: asked, protocol } = connection.route;
      const end = isOne ? to : protocol === 'TCP' ? asked : `${asked}/${protocol.toLowerCase()}`;
      const command = fixCommandLine(options, { from, to: end, context });
      // What came from a cluster is in no file that could be written.
      const how = context !== undefined ? ' -o kubectl' : options.file?.includes('-') === true ? '' : ' --write 1';
      return `${command}${how}`;
    }),
  };
}
