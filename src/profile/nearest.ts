// Which known names a mistyped one was probably meant to be. Plain string distance; knows nothing of profiles.

/**
 * The known names nearest to a mistyped one, best first, at most three.
 * `nearest('calcio', ['calico', 'cilium', 'weave'])` → `['calico']`. A name that begins with what was typed counts as near.
 * Nothing near → `[]`. Equal distances keep the order of `known`. Never throws.
 */
export function nearest(typed: string, known: readonly string[]): readonly string[] {
  const wanted = typed.toLowerCase();
  // Whatever is longer than this is no typing mistake, and the distance below costs the product of both lengths.
  if (wanted === '' || wanted.length > 60) return [];
  // A third of the letters may be wrong: `cilum` finds `cilium`, `foo` finds nothing.
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  return known
    .map((name) => ({ name, away: howFar(wanted, name.toLowerCase()) }))
    .filter(({ away }) => away <= limit)
    .sort((a, b) => a.away - b.away)
    .slice(0, 3)
    .map(({ name }) => name);
}

function howFar(wanted: string, name: string): number {
  if (name === wanted) return 0;
  return name.startsWith(wanted) ? 1 : editDistance(wanted, name);
}

/** Fewest letters to insert, delete, replace or swap with their neighbour (optimal string alignment distance). */
export function editDistance(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const differs = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + differs,
          swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

// Every index used above exists; the rows are as long as `to` plus one.
const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;
