// An intents file on disk: read, parsed, its faults told with their places and the nearest names. What it means is question/intents*.ts.
import { readFile } from 'node:fs/promises';
import { placeOf, printPlace } from '../explain/place.ts';
import { Failure } from '../failure.ts';
import { locate } from '../manifest/locate.ts';
import { parseText } from '../manifest/parse.ts';
import type { Origin } from '../model/origin.ts';
import { type Intent, type IntentsFault, type IntentsFile, readIntents, type WrittenEnd } from '../question/intents-file.ts';
import { faultWords } from '../report/intents-words.ts';
import { decodeText } from '../source/decode-text.ts';
import { problemSentence } from '../words/en/problem.ts';

/** The name that is looked for where none is given. */
export const USUAL_FILE = 'intents.yaml';

/**
 * Every document of every file, as one list; a group is known in the document that defines it.
 * Failure `intents-unreadable` or `intents-invalid` with the first fault and all others as its hint.
 */
export async function readIntentFiles(files: readonly string[]): Promise<readonly IntentsFile[]> {
  const found: IntentsFile[] = [];
  const names = new Map<string, Origin>();
  for (const file of files) {
    for (const one of await readOne(file)) {
      for (const intent of one.intents) checkName(names, intent);
      found.push(one);
    }
  }
  return found;
}

async function readOne(file: string): Promise<readonly IntentsFile[]> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const hint =
      cause.code === 'ENOENT'
        ? `write one, or record what is so now: netverdict test --record > ${file}`
        : 'it holds `intents: [ { from: shop/frontend, to: shop/cart, port: 7070, expect: allowed } ]`';
    throw new Failure('intents-unreadable', `cannot read ${file}: ${cause.code === 'ENOENT' ? 'there is no such file' : cause.message}`, {
      cause,
      hint,
    });
  });
  const decoded = decodeText(bytes);
  if (typeof decoded !== 'string') throw new Failure('intents-invalid', `${file} is no text`, { hint: 'it must be YAML in UTF-8' });
  const { documents, problems } = parseText(file, decoded);
  const [problem] = problems.filter(({ severity }) => severity === 'error');
  if (problem !== undefined) {
    const { text, hint } = problemSentence(problem);
    throw new Failure('intents-invalid', `${placeOf(problem) || file}: ${text}`, { hint });
  }
  const read = documents.map(({ value, document }) => readIntents(value, { document, path: [] }));
  const faults = read.flatMap((each) => each.faults);
  const [first, ...others] = faults;
  if (first !== undefined) {
    const more = others.slice(0, 9).map((fault) => `also ${placed(fault)}`);
    const rest = others.length > 9 ? [`and ${others.length - 9} more`] : [];
    throw new Failure('intents-invalid', placed(first), {
      hint: [advice(first), ...more, ...rest].filter((line) => line !== '').join('\n  '),
    });
  }
  if (read.length === 0) throw new Failure('intents-invalid', `${file} holds no document`, { hint: 'netverdict test --record writes one' });
  return read.map((each) => each.file);
}

/** Names that a person wrote must differ over all files; those that are made from the ends may repeat. */
function checkName(names: Map<string, Origin>, intent: Intent): void {
  const first = names.get(intent.name);
  if (first !== undefined && first.document.file !== intent.origin.document.file)
    throw new Failure('intents-invalid', `${printPlace(intent.origin)}: two intents are called \`${intent.name}\``, {
      hint: `the first is at ${printPlace(first)}`,
    });
  names.set(intent.name, intent.origin);
}

function placed(fault: IntentsFault): string {
  const { file, line, column } = locate(fault.origin);
  return `${line === 0 ? file : `${file}:${line}:${column}`}: ${faultWords(fault)}`;
}

function advice({ nearest, wanted, code, first }: IntentsFault): string {
  if (nearest.length > 0) return `did you mean ${nearest.map((name) => `\`${name}\``).join(' or ')}?`;
  if (first !== undefined) return `the first is at ${printPlace(first)}`;
  return code === 'unknown-key' ? `known: ${wanted}` : '';
}

/** All documents as one, for a run: groups that two documents define differently stay apart because ends are put in their place here. */
export function joined(files: readonly IntentsFile[]): IntentsFile {
  const resolved = files.flatMap(({ groups, intents }) => {
    const open = (ends: readonly WrittenEnd[]) => ends.flatMap((end) => (end.kind === 'text' ? (groups.get(end.text) ?? [end]) : [end]));
    return intents.map(
      (intent): Intent => ({ ...intent, from: open(intent.from), to: open(intent.to), control: intent.control && open(intent.control) }),
    );
  });
  return { groups: new Map(), intents: resolved, groupNames: files.flatMap(({ groups }) => [...groups.keys()]) };
}
