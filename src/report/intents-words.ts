// What a check means, in words: the same in every format of `test`.

import { printPlace } from '../explain/place.ts';
import { locate } from '../manifest/locate.ts';
import type { Check, IntentResult, IntentsRun } from '../question/intents.ts';
import type { Shown } from '../question/intents-control.ts';
import { printEnd } from '../question/intents-file.ts';
import { endErrorSentence } from '../words/en/end-error.ts';

/** `tests/shop.yaml:12:5`. */
export function intentPlace({ intent }: IntentResult): string {
  const { file, line, column } = locate(intent.origin);
  return line === 0 ? file : `${file}:${line}:${column}`;
}

/** `shop/frontend → shop/svc/cart:7070 (TCP)`. */
export function checkEnds({ from, to, protocol }: Check): string {
  return `${from} → ${to}${protocol === undefined ? '' : ` (${protocol})`}`;
}

/** Why it fails, or what it rests on. `expected denied, and it is allowed`. */
export function checkSentence(check: Check): { readonly text: string; readonly hint: string | undefined } {
  const { code, expect, outcome, measured } = check;
  const say = (text: string, hint?: string) => ({ text, hint });
  switch (code) {
    case 'as-expected':
      return say(`${expect}${measured === undefined ? '' : ` (${measured.text})`}`, controlWords(check.control));
    case 'not-allowed':
    case 'not-denied': {
      const found = measured?.outcome ?? outcome ?? 'unknown';
      return say(`expected ${expect}, and it is ${found}${found === 'partial' ? ': the pods differ' : ''}`, measured?.text);
    }
    case 'only-lookup-denied':
      return say(
        'expected denied, and only the lookup of the name is: whoever knows the address gets through',
        'name the Service or the workload instead, or close the port',
      );
    case 'broken':
      return say(`expected ${expect}, and it is broken: no policy decides, because nothing can answer`);
    case 'undecided':
      return say(`expected ${expect}, and it is undecided`, 'a CNI profile may decide it: --cni NAME');
    case 'no-control':
      return say(
        measured === undefined
          ? 'denied as expected, but nothing says that the destination listens on this port: it would fail without any policy too'
          : `denied as expected, but the destination answers nobody else either: ${measured.text}`,
        'declare the containerPort, name the port that is really served, or name who may reach it: `control: NAMESPACE/NAME`',
      );
    case 'control-fails':
      return say(
        `denied as expected, but its control is not allowed: ${check.control?.by === 'named' ? `${check.control.from} is ${check.control.outcome}` : errorText(check)}`,
      );
    case 'matches-nothing':
      return nobody(check);
    case 'not-answerable':
      return say(errorText(check), check.error === undefined ? undefined : endErrorSentence(check.error).hint);
    case 'port-said-twice':
      return say('the port stands in `to` and in `port`', 'take one of them out');
    case 'kernel-differs':
      return say(
        `the kernel does something else than the model says (${outcome}): ${measured?.text ?? ''}`,
        'this is a defect of netverdict; please report it',
      );
    case 'cluster-differs':
      return say(
        `the cluster does something else than the model says (${outcome}): ${measured?.text ?? ''}`,
        'is the profile right (--cni), does the CNI enforce (netverdict cni), are policies of another kind at work?',
      );
    case 'status-unknown':
      return say(
        `expected HTTP ${check.http?.status}: ${outcome}, but no request was made${measured === undefined ? '' : ` (${measured.text})`}`,
        'only a live cluster can decide it: netverdict test --live',
      );
    case 'status-differs':
      return say(`expected HTTP ${check.http?.status}, and the answer was ${measured?.text ?? ''}`);
    case 'not-measured':
      return say(`could not be tried: ${measured?.text ?? 'no reason is known'}`);
  }
}

function errorText({ error }: Check): string {
  return error === undefined ? 'no reason is known' : endErrorSentence(error).text;
}

function nobody({ unmatched, error }: Check): { readonly text: string; readonly hint: string | undefined } {
  if (unmatched === undefined)
    return { text: errorText({ error } as Check), hint: error === undefined ? undefined : endErrorSentence(error).hint };
  const near = unmatched.nearest.length === 0 ? undefined : `did you mean ${unmatched.nearest.join(' or ')}?`;
  return { text: `\`${printEnd(unmatched.written)}\` matches nothing`, hint: near };
}

/** `control: shop/frontend may reach it`. */
export function controlWords(control: Shown | undefined): string | undefined {
  switch (control?.by) {
    case undefined:
      return undefined;
    case 'peer':
      return `control: ${control.from} may reach it, and it listens`;
    case 'listens':
      return `control: it listens (${printPlace(control.origin) || 'as is usual'}), though nobody may reach it`;
    case 'outside':
      return 'control: none; whether an address outside answers is not in the input';
    case 'named':
      return `control: ${control.from} may reach it`;
  }
}

/** `12 intents hold, 1 does not (48 connections)`. */
export function totals({ results }: IntentsRun): { readonly held: number; readonly failed: number; readonly checks: number } {
  const held = results.filter(({ holds }) => holds).length;
  return { held, failed: results.length - held, checks: results.reduce((sum, { checks }) => sum + checks.length, 0) };
}
