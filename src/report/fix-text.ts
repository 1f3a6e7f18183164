// `fix` for a terminal: each fix with what it opens and closes, what it restarts, and the lines that change.

import type { ConnectionFixes, FixAnswer, RankedFix } from '../question/fix.ts';
import type { EditRefusal } from '../repair/edit.ts';
import type { Effect } from '../repair/effect.ts';
import { isInLongLine, type PlannedFiles, plannedFiles, unifiedDiff } from '../repair/patch.ts';
import type { Fix } from '../repair/suggest.ts';
import { adviceSentence } from '../words/en/advice.ts';
import { obstacleSentence } from '../words/en/obstacle.ts';
import { fixTitle } from './fix-lines.ts';
import { type FixProof, proofWords } from './fix-proof.ts';
import { restartWords, rowWords, serviceWords, sharedWords } from './fix-words.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';
import { type PrintPlace, withShortPlaces } from './places.ts';
import { HANG, inBrackets, row } from './why-rows.ts';

export interface FixTextOptions {
  readonly paint: Paint;
  readonly deny: boolean;
  /** Rows of what else opens or closes that are shown of each fix. */
  readonly mostRows: number;
  /** Only the fix of this number. */
  readonly only?: number | undefined;
  /** The command that writes a fix: `netverdict fix -f k8s web/frontend payments/svc/api:8080`. */
  readonly command: (connection: ConnectionFixes) => string;
  /** What the kernel did, for the fixes that it was asked about. */
  readonly proofs?: ReadonlyMap<Fix, FixProof>;
}

/** Ends with a line break. */
export function fixText(answer: Extract<FixAnswer, { kind: 'answer' }>, options: FixTextOptions): string {
  const { text, folder } = withShortPlaces((place) =>
    answer.connections.map((each) => connectionLines(answer.from.text, each, options, place)),
  );
  const blocks = text.map((lines) => `${lines.join('\n')}\n`).join('\n');
  return folder === '' ? blocks : `${blocks}\n${row('files', options.paint.dim(`are in ${folder}`))}\n`;
}

function connectionLines(from: string, each: ConnectionFixes, options: FixTextOptions, place: PrintPlace): readonly string[] {
  const { connection, fixes, dnsStaysDenied } = each;
  const { paint, deny } = options;
  const what = `${from} → ${connection.route.to} (${connection.route.protocol})`;
  const wanted = deny ? 'denied' : 'allowed';
  const head = `${paint.bold(what)}   ${paint.dim(`is ${connection.outcome}`)}`;
  const number = options.only ?? 1;
  const shown = fixes.flatMap((fix) =>
    options.only === undefined || options.only === fix.number ? [{ fix, planned: plannedFiles(fix.steps) }] : [],
  );
  const lines = shown.flatMap((each) => ['', ...fixLines(each, options, place)]);
  if (lines.length === 0) lines.push('', ...noneLines(each, deny, paint, place));
  if (!deny) for (const advice of connection.advice) lines.push('', row('or', paint.cyan(paint.plain(adviceSentence(advice)))));
  if (dnsStaysDenied && fixes.length > 0) {
    lines.push(
      '',
      row(
        'mind',
        paint.yellow('names still do not resolve: DNS is denied; ask with the host name that programs dial to have it in the fix'),
      ),
    );
  }
  if (each.addressUnknown !== undefined && fixes.length > 0) {
    const words = `policies know addresses, not names, and the address of ${paint.plain(each.addressUnknown)} is not in the input: this opens every address outside${familyWords(each)}; ask with the address for a rule that opens nothing else`;
    lines.push('', row('mind', paint.yellow(words)));
  }
  if (fixes.length > 0) {
    const isWritable = shown[0] !== undefined && shown[0].planned.refused === undefined;
    const command = options.command(each);
    const tail = isWritable ? 'writes it; -o patch and -o kubectl print it' : 'prints the commands';
    // Long commands stay in one piece, to be copied.
    const commandRow = row(wanted, `${paint.cyan(`${command} ${isWritable ? `--write ${number}` : '-o kubectl'}`)}`);
    return [...[head, ...lines].flatMap((line) => fold(line, paint.width, HANG)), '', commandRow, row('', paint.dim(tail))];
  }
  return [head, ...lines].flatMap((line) => fold(line, paint.width, HANG));
}

/** ` of IPv4`, where the range that stands for the unknown address is of one family. */
function familyWords({ connection }: ConnectionFixes): string {
  const ranges = connection.route.legs.flatMap(({ destinationRange }) => destinationRange ?? []);
  const [has4, has6] = [ranges.some(({ v4 }) => v4.length > 0), ranges.some(({ v6 }) => v6.length > 0)];
  return has4 === has6 ? '' : has4 ? ' of IPv4' : ' of IPv6';
}

function noneLines({ connection, isDone, unreadable }: ConnectionFixes, deny: boolean, paint: Paint, place: PrintPlace): readonly string[] {
  const { outcome, obstacles } = connection;
  if (isDone) return [row('fix', paint.green(`none needed: it is ${outcome}`))];
  const sentences = obstacles.filter(({ severity }) => severity === 'broken').map(obstacleSentence);
  const broken = sentences.map(({ text }) => text);
  const [first] = unreadable;
  if (first !== undefined) {
    const names = unreadable.map(({ ref, faults }) => `${ref}${inBrackets(place(faults[0]?.origin, 'object'))}`).join(', ');
    const it = unreadable.length === 1 ? 'policy' : 'policies';
    return [
      row('fix', paint.yellow(`first put right the ${it} ${paint.plain(names)}, which cannot be read`)),
      row('', paint.dim('until then nobody can say what another edit opens or closes')),
    ];
  }
  if (broken.length > 0) {
    const isDenied = connection.legs.some(({ outcome }) => outcome !== 'allowed');
    const first = row('fix', paint.yellow(`no edit of a policy puts this right: ${broken.join('; ')}`));
    const hints = sentences.flatMap(({ hint }) => (hint === undefined ? [] : [row('', paint.dim(`→ ${paint.plain(hint)}`))]));
    const denied = isDenied ? [row('', paint.yellow('policies do not let it through either; netverdict why says which'))] : [];
    return [first, ...hints, ...denied];
  }
  const above = connection.causes.filter(({ code, facts }) => code === 'denied-by-rule' && facts.tier === 'admin');
  if (!deny && above.length > 0) {
    return [
      row(
        'fix',
        paint.yellow(
          `no NetworkPolicy can open this: ${paint.plain(`${above[0]?.facts.kind} ${above[0]?.facts.rule}`)} denies it before they are asked`,
        ),
      ),
      row(
        '',
        paint.dim('it is for whoever owns the cluster-wide policies: accept it, or pass it on, in a rule that comes before that one'),
      ),
    ];
  }
  return [
    row('fix', paint.yellow(`no edit was found that makes it ${deny ? 'denied' : 'allowed'} for certain`)),
    row('', paint.dim('netverdict why tells what stands in the way')),
  ];
}

interface ShownFix {
  readonly fix: RankedFix;
  readonly planned: PlannedFiles;
}

function fixLines({ fix, planned }: ShownFix, { paint, mostRows, deny, proofs }: FixTextOptions, place: PrintPlace): readonly string[] {
  const { opens, closes } = effectLists(fix.effect);
  const restart = restartWords(fix.steps);
  const none = deny ? { opens: 'nothing', closes: 'this, nothing else' } : { opens: 'this, nothing else', closes: 'nothing' };
  return [
    row(`fix ${fix.number}`, paint.bold(fixTitle(fix, place))),
    ...listRows('opens', opens, none.opens, deny ? '' : 'this, and', mostRows, paint),
    ...listRows('closes', closes, none.closes, deny ? 'this, and' : '', mostRows, paint),
    ...fix.shared.map((shared, i) => row('', `${i === 0 ? 'edits   ' : '        '}${paint.yellow(sharedWords(shared))}`)),
    ...(restart === undefined ? [] : [row('', paint.yellow(restart))]),
    ...changeRows(planned, paint),
    ...proofRows(proofs?.get(fix), paint),
  ];
}

function proofRows(proof: FixProof | undefined, paint: Paint): readonly string[] {
  if (proof === undefined) return [];
  const words = `on a real kernel (Linux ${proof.kernel}) ${proofWords(proof)}`;
  return [row('proof', proof.agrees ? paint.green(`✓ ${words}`) : paint.red(`✗ ${words}: not what was verified`))];
}

function effectLists({ opened, closed, services }: Effect) {
  return {
    opens: [...opened.map(rowWords), ...services.filter(({ change }) => change === 'gains').map(serviceWords)],
    closes: [...closed.map(rowWords), ...services.filter(({ change }) => change === 'loses').map(serviceWords)],
  };
}

function listRows(verb: string, list: readonly string[], none: string, before: string, most: number, paint: Paint): readonly string[] {
  const head = verb.padEnd(8);
  if (list.length === 0) return [row('', `${head}${paint.green(none)}`)];
  const shown = list.slice(0, most);
  const more =
    list.length > shown.length ? [row('', `        ${paint.dim(`… and ${list.length - shown.length} more (--verbose shows all)`)}`)] : [];
  const first = before === '' ? [] : [row('', `${head}${before}`)];
  return [
    ...first,
    ...shown.map((text, i) => row('', `${i === 0 && first.length === 0 ? head : '        '}${paint.yellow(text)}`)),
    ...more,
  ];
}

/** Lines longer than this are a whole manifest in one line: nothing to look at. */
const LONGEST_LINE = 200;
const MOST_LINES = 16;

function changeRows(planned: PlannedFiles, paint: Paint): readonly string[] {
  if (planned.refused !== undefined) return [row('', paint.dim(refusalWords(planned.refused)))];
  if (isInLongLine(planned.files, 2 * LONGEST_LINE)) return [];
  const lines = unifiedDiff(planned.files)
    .split('\n')
    .filter((line) => /^[+-](?!\+\+ |-- )/.test(line));
  if (lines.some((line) => line.length > LONGEST_LINE)) return [];
  const shown = lines.length <= MOST_LINES + 3 ? lines : lines.slice(0, MOST_LINES);
  const more = lines.length > shown.length ? [row('', paint.dim(`… and ${lines.length - shown.length} more lines`))] : [];
  return [...shown.map((line) => row('', line.startsWith('+') ? paint.green(line) : paint.red(line))), ...more];
}

/** Why a fix is not written into files. */
export function refusalWords({ reason }: EditRefusal): string {
  switch (reason) {
    case 'no-text':
      return 'the objects came from no file: -o kubectl prints the commands';
    case 'shared':
      return 'not written in place: an anchor or alias shares this part with other places, which would change too';
    case 'not-found':
    case 'layout':
    case 'overlap':
    case 'differs':
      return 'not written in place: the text is laid out in a way that is not edited; -o kubectl prints the commands';
  }
}
