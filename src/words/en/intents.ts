// What a check of `test` means: the same in every format.
import { printPlace } from '../../explain/place.ts';
import type { Check } from '../../question/intents.ts';
import type { Shown } from '../../question/intents-control.ts';
import { printEnd } from '../../question/intents-file.ts';
import type { LeftOut, Recorded } from '../../question/intents-record.ts';
import { endErrorSentence } from './end-error.ts';
import { andMore } from './lists.ts';

/** `shop/frontend → shop/svc/cart:7070 (TCP)`. */
export function checkEnds({ from, to, protocol }: { readonly from: string; readonly to: string; readonly protocol?: string }): string {
  return `${from} → ${to}${protocol === undefined ? '' : ` (${protocol})`}`;
}

/** Why it fails, or what it rests on. `expected denied, but it is allowed`. */
export function checkSentence(check: Check): { readonly text: string; readonly hint: string | undefined } {
  const { code, expect, outcome, measured } = check;
  const say = (text: string, hint?: string) => ({ text, hint });
  switch (code) {
    case 'as-expected':
      return say(`${expect}${measured === undefined ? '' : ` (${measured.text})`}`, controlWords(check.control));
    case 'not-allowed':
    case 'not-denied': {
      const found = measured?.outcome ?? outcome ?? 'unknown';
      return say(`expected ${expect}, but it is ${found}${found === 'partial' ? ', because the pods differ' : ''}`, measured?.text);
    }
    case 'only-lookup-denied':
      return say(
        'expected denied, but only the lookup of the name is denied: a client that knows the address gets through',
        'name the Service or the workload instead, or close the port',
      );
    case 'broken':
      return say(`expected ${expect}, but it is broken: no policy decides it, because nothing can answer`);
    case 'undecided':
      return say(`expected ${expect}, but it is undecided`, 'a CNI profile may decide it: --cni NAME');
    case 'no-control':
      return say(
        measured === undefined
          ? 'denied as expected, but nothing shows that the destination listens on this port, so it might fail without any policy, too'
          : `denied as expected, but the destination answers no other source either: ${measured.text}`,
        'declare the containerPort, name the port that is actually served, or name a source that can reach it: `control: NAMESPACE/NAME`',
      );
    case 'control-fails':
      return say(
        `denied as expected, but its control is not allowed: ${check.control?.by === 'named' ? `${check.control.from} is ${check.control.outcome}` : errorText(check)}`,
      );
    case 'matches-nothing':
      return unmatchedSentence(check);
    case 'not-answerable':
    case 'no-pods':
      return say(errorText(check), check.error === undefined ? undefined : endErrorSentence(check.error).hint);
    case 'port-said-twice':
      return say('the port is given in both `to` and `port`', 'remove one of them');
    case 'kernel-differs':
      return say(
        `the kernel does not do what the model says (${outcome}): ${measured?.text ?? ''}`,
        'this is a bug in netverdict; please report it',
      );
    case 'cluster-differs':
      return say(
        `the cluster does not do what the model says (${outcome}): ${measured?.text ?? ''}`,
        'is the profile right (--cni)? Does the CNI enforce policies (netverdict cni)? Do policies of another kind apply?',
      );
    case 'status-unknown':
      return say(
        `expected HTTP ${check.http?.status}: ${outcome}, but no request was made${measured === undefined ? '' : ` (${measured.text})`}`,
        'only a live cluster can decide it: netverdict test --live',
      );
    case 'status-differs':
      return say(`expected HTTP ${check.http?.status}, but the answer was ${measured?.text ?? ''}`);
    case 'not-measured':
      return say(`could not be tried: ${measured?.text ?? 'the reason is not known'}`);
  }
}

function errorText({ error }: Check): string {
  return error === undefined ? 'the reason is not known' : endErrorSentence(error).text;
}

function unmatchedSentence({ unmatched, error }: Check): { readonly text: string; readonly hint: string | undefined } {
  if (unmatched === undefined)
    return { text: errorText({ error } as Check), hint: error === undefined ? undefined : endErrorSentence(error).hint };
  const near = unmatched.nearest.length === 0 ? undefined : `did you mean ${unmatched.nearest.join(' or ')}?`;
  return { text: `\`${printEnd(unmatched.written)}\` matches nothing`, hint: near };
}

/** `control: shop/frontend can reach it`. */
export function controlWords(control: Shown | undefined): string | undefined {
  switch (control?.by) {
    case undefined:
      return undefined;
    case 'peer':
      return `control: ${control.from} can reach it, and it listens`;
    case 'listens':
      return `control: it listens (${printPlace(control.origin) || 'as usual'}), although nothing can reach it`;
    case 'outside':
      return 'control: none; the input does not say whether an address outside answers';
    case 'named':
      return `control: ${control.from} can reach it`;
  }
}

/** `3 intents hold, 1 does not`. */
export function heldWords(held: number, failed: number): string {
  const sum = `${held} ${held === 1 ? 'intent holds' : 'intents hold'}`;
  return failed === 0 ? sum : `${sum}, ${failed} ${failed === 1 ? 'does' : 'do'} not`;
}

/** `48 connections, asked of the model, cni: calico`. */
export function askedWords(checks: number, asked: string, profile: string): string {
  const connections = checks === 1 ? '1 connection' : `${checks} connections`;
  return `${connections}, asked of ${asked}, cni: ${profile === 'kubernetes' ? 'any' : profile}`;
}

export function moreFailing(count: number): string {
  return `and ${count} more that ${count === 1 ? 'fails' : 'fail'} (--verbose shows all)`;
}

/** A program that uses the name fails although its connection is allowed. */
export function notByNameWords(from: string, others: number): string {
  return `allowed, but not by name: DNS is denied to ${others === 0 ? from : `${from} and ${others} more`}`;
}

export function sameForWords(sources: readonly string[]): string {
  return `the same for ${andMore(sources, 12)}`;
}

/** The name of a recorded intent: `shop/cart:7070 is open to shop/frontend`, `internet:443 is closed to 3 of its possible clients`. */
export function recordedName({ to, port, expect, clients }: Recorded): string {
  const who = clients.length === 1 ? clients.join() : `${clients.length} of its possible clients`;
  return `${to}:${port ?? ''} is ${expect === 'allowed' ? 'open' : 'closed'} to ${who}`;
}

const LEFT_OUT: Readonly<Record<LeftOut['why'], string>> = {
  'no-port': 'declares no port, so there is nothing to check',
  undecided: 'is undecided; a CNI profile may decide it (--cni)',
  partial: 'differs from pod to pod',
  broken: 'is broken: nothing can answer',
  'no-control': 'is denied, but nothing shows that anything listens there',
};

/** The lines on top of a recorded file. */
export function recordingComments(profile: string, leftOut: readonly LeftOut[]): readonly string[] {
  return [
    'Recorded by `netverdict test --record`: what could connect, and what could not, when this was written.',
    `CNI profile: ${profile}. Change the policies, then run \`netverdict test\` with this file.`,
    ...(leftOut.length === 0
      ? []
      : ['Not pinned:', ...leftOut.map(({ what, why }) => `  ${typeof what === 'string' ? what : recordedName(what)} ${LEFT_OUT[why]}`)]),
  ];
}
