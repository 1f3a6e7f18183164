// The texts of a world, each parsed once for as long as it stays the same, and what a changed text changes.
import type { InputText } from '../manifest/load.ts';
import { type KubeObject, objectsOf } from '../manifest/objects.ts';
import { type ParsedText, parseText } from '../manifest/parse.ts';
import { treesIn } from '../manifest/render-trees.ts';

export interface FileReader {
  readonly parsed: (text: InputText) => ParsedText;
  /** No folder among them wants rendering, so that each file means what it says. */
  readonly areAsWritten: (texts: readonly InputText[]) => boolean;
  /**
   * The objects that say something else in `after`, which is another text of the same file. undefined where the two have not the same objects one
   * by one, or where something is wrong with either.
   */
  readonly changedObjects: (before: InputText, after: InputText) => readonly KubeObject[] | undefined;
}

export function fileReader(namespace: string): FileReader {
  const texts = new WeakMap<InputText, ParsedText>();
  const parsed = (text: InputText): ParsedText => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    const made = parseText(text.file, text.text);
    texts.set(text, made);
    return made;
  };
  return {
    parsed,
    areAsWritten(files) {
      const { files: aside, problems } = treesIn(files.flatMap((text) => parsed(text).documents));
      return aside.size === 0 && problems.length === 0;
    },
    changedObjects(before, after) {
      if (before.isFound !== after.isFound || before.bundle !== undefined || after.bundle !== undefined) return undefined;
      const [old, now] = [plainObjects(parsed(before), namespace), plainObjects(parsed(after), namespace)];
      if (old === undefined || now === undefined || old.length !== now.length) return undefined;
      const isSame = (a: KubeObject, b: KubeObject) =>
        a.apiVersion === b.apiVersion && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
      return old.every((object, i) => isSame(object, now[i] as KubeObject)) ? now : undefined;
    },
  };
}

/** undefined where the text holds anything but objects of which nothing is wrong, each under a name of its own. */
function plainObjects({ documents, problems, broken }: ParsedText, namespace: string): readonly KubeObject[] | undefined {
  if (problems.length > 0 || broken.length > 0) return undefined;
  const found = objectsOf(documents, namespace);
  const isPlain =
    found.problems.length === 0 && found.objects.length > 0 && found.objects.every(({ kind, name }) => name !== '' && !BUILDS.has(kind));
  return isPlain ? found.objects : undefined;
}

/** What kustomize and Helm read: it says how other files are to be taken. */
const BUILDS: ReadonlySet<string> = new Set(['Kustomization', 'Component']);
