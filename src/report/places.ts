// Places in a text for people: the folder that all of them share is said once, at the end, instead of in every line.
import { printPlace, type SaidBeside } from '../explain/place.ts';
import type { Origin } from '../model/origin.ts';

/** An origin as `api.yaml:17`; '' for nothing, and where the words beside say as much. */
export type PrintPlace = (origin: Origin | undefined, beside?: SaidBeside) => string;

/** A shorter folder stays where it is: `k8s/api.yaml:17` can be clicked. */
const WORTH_IT = 12;

/**
 * Renders twice: once to see which files are named, once without their common folder. `folder` is what was left out
 * (`deploy/overlays/prod/`), '' when there was nothing to leave out.
 */
export function withShortPlaces<T>(render: (print: PrintPlace) => T): { readonly text: T; readonly folder: string } {
  const seen = new Set<string>();
  const text = render((origin, beside) => {
    const place = printPlace(origin, beside);
    if (origin !== undefined && place !== '') seen.add(origin.document.file);
    return place;
  });
  const folder = commonFolder([...seen]);
  if (folder.length <= WORTH_IT) return { text, folder: '' };
  return { text: render((origin, beside) => printPlace(origin, beside).slice(origin === undefined ? 0 : folder.length)), folder };
}

/** `['a/b/x.yaml', 'a/b/c/y.yaml']` → `a/b/`. What is no path (`<stdin>`, `cluster:Pod/web/x`) has none. */
export function commonFolder(files: readonly string[]): string {
  const folders = files.map((file) => (/^[a-z]+:|^</.test(file) ? [] : file.split('/').slice(0, -1)));
  const [first = [], ...others] = folders;
  let shared = 0;
  while (shared < first.length && others.every((folder) => folder[shared] === first[shared])) shared++;
  return first
    .slice(0, shared)
    .map((part) => `${part}/`)
    .join('');
}
