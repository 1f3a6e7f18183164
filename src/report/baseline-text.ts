// What a person reads beside the policies of a baseline: what they let through, what they do not, and what could not be known.
import { type BaselineSummary, openByKind } from '../answer/baseline.ts';
import type { BaselineDocument } from '../answer/documents/baseline.ts';
import {
  alsoOpenWords,
  baselineHead,
  checkedWords,
  DNS_TAKEN,
  moreWords,
  openKindWords,
  presentWords,
  silentWords,
  stillClosedWords,
  withoutDnsWords,
} from '../words/en/baseline.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';
import { printPlace } from './places.ts';

const MOST_BESIDES = 8;

/** For stderr; the policies themselves go to stdout. Ends with a line break. */
export function baselineText(baseline: BaselineDocument, summary: BaselineSummary, paint: Paint): string {
  const { namespaces, policies, declared, withoutDns, besides, present, dnsAssumed, dns, silent } = baseline;
  const wrong = (text: string) => `  ${paint.red('✗')} ${paint.plain(text)}`;
  const mind = (text: string) => `  ${paint.yellow('!')} ${paint.plain(text)}`;
  const unsure = (text: string) => `  ${paint.yellow('?')} ${paint.plain(text)}`;
  const sign = summary.isWhole ? paint.green('✓') : paint.red('✗');
  const lines = [
    `${sign} ${paint.bold(baselineHead(policies.length, namespaces))}   ${paint.dim(checkedWords(summary, besides.length))}`,
    ...declared.filter(({ outcome }) => outcome !== 'allowed').map((each) => wrong(stillClosedWords(each))),
    ...(withoutDns.length === 0 ? [] : [wrong(withoutDnsWords(withoutDns))]),
    ...besides.slice(0, MOST_BESIDES).map((each) => mind(alsoOpenWords(each))),
    ...(besides.length > MOST_BESIDES ? [`  ${paint.dim(moreWords(besides.length - MOST_BESIDES))}`] : []),
    ...[...openByKind(baseline)].map(([code, list]) => {
      const names = list.map(({ who, what, at }) => `${who}: ${what}${inBrackets(printPlace(at))}`);
      return unsure(openKindWords(code, names));
    }),
    ...(silent.length === 0 ? [] : [unsure(silentWords(silent))]),
    ...(dnsAssumed ? [mind(DNS_TAKEN[dns])] : []),
    ...(present.length === 0 ? [] : [mind(presentWords(present))]),
  ];
  return `${lines.flatMap((line) => fold(line, paint.width, 4)).join('\n')}\n`;
}

function inBrackets(place: string): string {
  return place === '' ? '' : ` (${place})`;
}
