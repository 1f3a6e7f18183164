import { describe, expect, it } from 'vitest';
import { type Control, conclude, type Measured } from './conclude.ts';

const answers: Control = { by: 'itself', result: 'answered', text: '' };
const closed: Control = { by: 'itself', result: 'refused', text: '' };
const silent: Control = { by: 'itself', result: 'timed-out', text: '' };

type Row = readonly [
  what: string,
  result: Measured['result'],
  model: Measured['model'],
  control: Control | undefined,
  cni: Measured['denySymptom'],
  agreement: string,
  meaning: string,
];

const rows: readonly Row[] = [
  ['what is allowed answers', 'answered', 'allowed', undefined, 'timeout', 'agrees', 'allowed-and-answered'],
  ['what is denied answers: the policy is not in force', 'answered', 'denied', undefined, 'timeout', 'contradicts', 'denied-but-answered'],
  ['what is denied is silent, and the destination answers itself', 'timed-out', 'denied', answers, 'timeout', 'agrees', 'denied-as-said'],
  ['the same with UDP', 'no-answer', 'denied', answers, 'timeout', 'agrees', 'denied-as-said'],
  ['silence without a control proves nothing', 'timed-out', 'denied', undefined, 'timeout', 'no-word', 'not-proven'],
  ['silence without a control is no contradiction either', 'timed-out', 'allowed', undefined, 'timeout', 'no-word', 'not-proven'],
  [
    'what is allowed is silent, and the destination answers itself',
    'timed-out',
    'allowed',
    answers,
    'timeout',
    'contradicts',
    'allowed-but-stopped',
  ],
  ['nobody answers, not even to itself', 'timed-out', 'denied', silent, 'timeout', 'no-word', 'nobody-answers'],
  ['nobody listens', 'refused', 'allowed', closed, 'timeout', 'no-word', 'closed-port'],
  ['a denial that is refused, on a CNI that refuses', 'refused', 'denied', answers, 'refused', 'agrees', 'denied-as-said'],
  [
    'a denial that is refused, on a CNI that is silent',
    'refused',
    'denied',
    answers,
    'timeout',
    'contradicts',
    'refused-although-silent-cni',
  ],
  [
    'a denial that is silent, on a CNI that refuses',
    'timed-out',
    'denied',
    answers,
    'refused',
    'contradicts',
    'silent-although-answering-cni',
  ],
  ['a denial that is refused, on a CNI that nobody knows', 'refused', 'denied', answers, 'open', 'agrees', 'denied-as-said'],
  ['what is broken does not answer', 'refused', 'broken', undefined, 'timeout', 'agrees', 'broken-as-said'],
  ['what is broken answers', 'answered', 'broken', undefined, 'timeout', 'contradicts', 'broken-but-answered'],
  ['what was open is settled by an answer', 'answered', 'undecided', undefined, 'open', 'settles', 'open-settled'],
  ['what was open is settled by silence, with a control', 'timed-out', 'undecided', answers, 'open', 'settles', 'open-settled'],
  ['what was open stays open by silence without one', 'timed-out', 'undecided', undefined, 'open', 'no-word', 'not-proven'],
  ['a name that does not resolve, where DNS is denied', 'name-not-resolved', 'denied', undefined, 'timeout', 'agrees', 'no-name'],
  ['a name that does not resolve, where all is allowed', 'name-not-resolved', 'allowed', undefined, 'timeout', 'contradicts', 'no-name'],
  ['a connection that is cut off was let through', 'reset', 'allowed', undefined, 'timeout', 'agrees', 'cut-off'],
  ['a connection that is cut off although it is denied', 'reset', 'denied', undefined, 'timeout', 'contradicts', 'cut-off'],
  ['an outcome that nobody understands', 'unclear', 'allowed', answers, 'timeout', 'no-word', 'unclear'],
  ['no model at all', 'answered', undefined, undefined, 'open', 'no-word', 'allowed-and-answered'],
];

describe('a connection held against the verdict', () => {
  it.each(rows)('%s', (_, result, model, control, denySymptom, agreement, meaning) => {
    expect(conclude({ result, model, control, denySymptom })).toEqual({ agreement, meaning });
  });
});
