// `lint` on a large cluster and `fix` on a small one, as whole processes, against reading the same file.
import { distantPods } from './costs.ts';
import { costRow, costsBeyondStart, pair, type Row } from './measure.ts';

type Make = (name: string, pods: number, policies: number) => string;
type Node = (...args: string[]) => readonly [string, ...string[]];

/** Rows for `--only lint`: what `reader` does with a file is called reading. */
export function lintRow(make: Make, node: Node, program: string, reader: string): Row {
  const large = make('lint-100k.json', 100_000, 10_000);
  // Ends with 1: the policies of this workload allow at one end only.
  const found = costsBeyondStart([node(program, 'lint', '-q', '--no-config', '-f', large), node(reader, large)], 3, [0, 1]);
  return costRow('`lint`, 100,000 pods, 10,000 policies, against reading and parsing, both beyond the start of Node', pair(found), 6);
}

/** Rows for `--only fix`: a connection between two namespaces, which the default deny of the second stops. */
export function fixRow(file: string, node: Node, program: string): Row {
  const [from, to] = distantPods(file);
  const found = costsBeyondStart([node(program, 'fix', '-f', file, from, `${to}:8080`), node(program, 'map', '-o', 'json', '-f', file)], 5);
  return costRow('`fix`, 10,000 pods, 1,000 policies, against `map`, both beyond the start of Node', pair(found), 2);
}
