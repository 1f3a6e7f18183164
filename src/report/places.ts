// Places in a text for people: the folder that all of them share is said once, at the end, instead of in every line.
import type { Place } from '../answer/documents/common.ts';

/** What the words beside a place say already: which object it is in, or also where in it. */
export type SaidBeside = 'nothing' | 'object' | 'path';

/** A place as `api.yaml:17`; '' for nothing, and where the words beside say as much. */
export type PrintPlace = (place: Place | undefined, beside?: SaidBeside) => string;

/**
 * `api.yaml:17`. Where there are no lines because a cluster sent it, the place inside the object: `spec.egress[0].ports[0]`, with the
 * object (`NetworkPolicy/web/deny spec.egress[0]`) unless the words beside name it. '' where there is nothing left to say.
 */
export function printPlace(place: Place | undefined, beside: SaidBeside = 'nothing'): string {
  if (place === undefined) return '';
  if (place.line !== 0) return `${place.file}:${place.line}`;
  if (beside === 'path') return '';
  const object = beside === 'object' ? '' : place.file.replace(/^cluster:/, '');
  return [object, place.path ?? ''].filter((part) => part !== '').join(' ');
}

/** With the column, as editors and terminals make a link of it: `api.yaml:17:9`. The file alone where there is no line. */
export function printPosition({ file, line, column }: Place): string {
  if (line === 0) return file;
  return column === 0 ? `${file}:${line}` : `${file}:${line}:${column}`;
}

/** A shorter folder stays where it is: `k8s/api.yaml:17` can be clicked. */
const WORTH_IT = 12;

/**
 * Renders twice: once to see which files are named, once without their common folder. `folder` is what was left out
 * (`deploy/overlays/prod/`), '' when there was nothing to leave out.
 */
export function withShortPlaces<T>(render: (print: PrintPlace) => T): { readonly text: T; readonly folder: string } {
  const seen = new Set<string>();
  const text = render((place, beside) => {
    const printed = printPlace(place, beside);
    if (place !== undefined && printed !== '') seen.add(place.file);
    return printed;
  });
  const folder = commonFolder([...seen]);
  if (folder.length <= WORTH_IT) return { text, folder: '' };
  return { text: render((place, beside) => printPlace(place, beside).slice(place === undefined ? 0 : folder.length)), folder };
}

/** `['a/b/x.yaml', 'a/b/c/y.yaml']` → `a/b/`. What is not a path (`<stdin>`, `cluster:Pod/web/x`) has none. */
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
