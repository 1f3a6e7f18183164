// An intents file on disk: read, parsed, its faults told with their places and the nearest names. What it means is question/intents*.ts.
import { placeOf, printPlace } from '../explain/place.ts';
import { Failure } from '../failure.ts';
import { locate } from '../manifest/locate.ts';
import { parseText } from '../manifest/parse.ts';
import type { Origin } from '../model/origin.ts';
import type { Intent, IntentsFault, IntentsFile, WrittenEnd } from '../question/intent.ts';
import { readIntents } from '../question/intents-file.ts';
import {
  faultAdvice,
  firstIsAt,
  intentsFaultText,
  noDocument,
  notTextFile,
  otherFaults,
  sameIntentName,
} from '../words/en/intents-faults.ts';
import { problemSentence } from '../words/en/problem.ts';
import type { FilesPort } from './ports.ts';
import { saidFailure } from './said-failure.ts';

/** The name that is looked for where none is given. */
export const USUAL_FILE = 'intents.yaml';

/** Further ones are counted. */
const MOST_FAULTS = 9;

/**
 * Every document of every file, as one list; a group is known in the document that defines it.
 * Failure `intents-unreadable` or `intents-invalid` with the first fault and all others as its hint.
 */
export async function readIntentFiles(port: FilesPort, files: readonly string[]): Promise<readonly IntentsFile[]> {
  const found: IntentsFile[] = [];
  const names = new Map<string, Origin>();
  for (const file of files) {
    for (const one of await readOne(port, file)) {
      for (const intent of one.intents) checkName(names, intent);
      found.push(one);
    }
  }
  return found;
}

async function readOne(port: FilesPort, file: string): Promise<readonly IntentsFile[]> {
  const found = await port.one(file);
  if (found.kind === 'not-text') throw saidFailure('intents-invalid', notTextFile(file));
  if (found.kind === 'missing') throw new Failure('intents-unreadable', { file, reason: undefined });
  if (found.kind === 'unreadable') throw new Failure('intents-unreadable', { file, reason: found.reason }, { cause: found.cause });
  const { documents, problems } = parseText(file, found.text);
  const [problem] = problems.filter(({ severity }) => severity === 'error');
  if (problem !== undefined) {
    const { text, hint } = problemSentence(problem);
    throw new Failure('intents-invalid', `${placeOf(problem) || file}: ${text}`, { hint });
  }
  const read = documents.map(({ value, document }) => readIntents(value, { document, path: [] }));
  const faults = read.flatMap((each) => each.faults);
  const [first, ...others] = faults;
  if (first !== undefined) {
    const hint = [advice(first), ...otherFaults(others.map(placed), MOST_FAULTS)].filter((line) => line !== '').join('\n  ');
    throw new Failure('intents-invalid', placed(first), { hint });
  }
  if (read.length === 0) throw saidFailure('intents-invalid', noDocument(file));
  return read.map((each) => each.file);
}

/** Names that a person wrote must differ over all files; those that are made from the ends may repeat. */
function checkName(names: Map<string, Origin>, intent: Intent): void {
  const first = names.get(intent.name);
  if (first !== undefined && first.document.file !== intent.origin.document.file)
    throw new Failure('intents-invalid', sameIntentName(printPlace(intent.origin), intent.name), { hint: firstIsAt(printPlace(first)) });
  names.set(intent.name, intent.origin);
}

function placed(fault: IntentsFault): string {
  const { file, line, column } = locate(fault.origin);
  return `${line === 0 ? file : `${file}:${line}:${column}`}: ${intentsFaultText(fault)}`;
}

function advice(fault: IntentsFault): string {
  const { nearest, first } = fault;
  return nearest.length === 0 && first !== undefined ? firstIsAt(printPlace(first)) : faultAdvice(fault);
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
