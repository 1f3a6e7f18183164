// The walk through the stages, on policies that say only what they do: whether a rule matches is given by its name.
import { describe, expect, it } from 'vitest';
import type { Origin } from '../model/origin.ts';
import type { Policy, Rule, Tier } from '../model/policy.ts';
import type { Stage } from '../program/stages.ts';
import type { Match } from './peer-matches.ts';
import { throughStages } from './through-stages.ts';
import type { Doubt } from './verdict.ts';

const origin: Origin = { document: { file: 'shop.yaml', text: undefined, start: 0, end: 0, line: 1, format: 'yaml' }, path: [] };
const everyone = { requirements: [], origin };

/** `['yes deny', 'no allow']`: whether each rule matches, and what it does then. */
function policy(tier: Tier, name: string, rules: readonly string[], more: Partial<Policy> = {}): Policy {
  const written = rules.map((text, index): Rule => {
    const [match, action] = text.split(' ') as [string, Rule['action']];
    return { index, action, peers: 'anyone', ports: 'every-port', label: match, origin };
  });
  return {
    kind: 'Test',
    tier,
    order: 0,
    name,
    namespace: undefined,
    ref: name,
    subject: { namespace: { by: 'any' }, pods: everyone },
    ingress: written,
    egress: 'not-governed',
    types: { written: true, directions: ['ingress'], origin },
    ignored: {},
    faults: [],
    origin,
    ...more,
  };
}

const faulty = { faults: [{ code: 'invalid', severity: 'error', facts: {} }] } as const;
const ordered: Stage = { tier: 'admin', combine: 'ordered', end: 'next', ties: 'open' };
const union: Stage = { tier: 'namespaced', combine: 'union', end: 'deny', ties: 'open' };
const baseline: Stage = { tier: 'baseline', combine: 'ordered', end: 'next', ties: 'open' };
const kubernetes = [ordered, union, baseline];
const doubt: Doubt = { code: 'families-differ' };

function outcome(stages: readonly Stage[], policies: readonly Policy[]): string {
  const verdict = throughStages(stages, policies, 'ingress', ({ rule }): Match => (rule.label === 'maybe' ? doubt : (rule.label as Match)));
  return verdict.outcome === 'undecided' ? `undecided: ${verdict.because.map(({ code }) => code).join(', ')}` : verdict.outcome;
}

describe('an ordered stage', () => {
  it.each([
    ['the first rule that matches decides', [policy('admin', 'a', ['no deny', 'yes allow', 'yes deny'])], 'allowed'],
    ['a policy that selects without a matching rule changes nothing', [policy('admin', 'a', ['no deny'])], 'not-isolated'],
    ['the lower number comes first', [policy('admin', 'a', ['yes deny'], { order: 2 }), policy('admin', 'b', ['yes allow'])], 'allowed'],
    ['pass skips the rest of the stage', [policy('admin', 'a', ['yes pass', 'yes deny'])], 'not-isolated'],
    ['pass hands over to the union', [policy('admin', 'a', ['yes pass']), policy('namespaced', 'n', [])], 'denied'],
    ['deny is final', [policy('admin', 'a', ['yes deny']), policy('namespaced', 'n', ['yes allow'])], 'denied'],
    ['a rule in doubt matters', [policy('admin', 'a', ['maybe deny'])], 'undecided: families-differ'],
    ['a rule in doubt does not matter where both ways are open', [policy('admin', 'a', ['maybe allow'])], 'not-isolated'],
    [
      'an unreadable policy is asked in its place',
      [policy('admin', 'a', ['yes allow']), policy('admin', 'b', [], { order: 1, ...faulty })],
      'allowed',
    ],
    [
      'an unreadable policy before a rule leaves it open',
      [policy('admin', 'a', ['yes allow'], { order: 1 }), policy('admin', 'b', [], faulty)],
      'undecided: policy-unreadable',
    ],
  ])('%s', (_, policies, expected) => expect(outcome(kubernetes, policies)).toBe(expected));
});

describe('policies of one order', () => {
  it.each([
    ['that decide alike are decided', [policy('admin', 'a', ['yes deny']), policy('admin', 'b', ['yes deny'])], 'denied'],
    [
      'that decide differently are not',
      [policy('admin', 'a', ['yes deny']), policy('admin', 'b', ['yes allow'])],
      'undecided: equal-priority',
    ],
    ['of which one matches are decided', [policy('admin', 'a', ['no deny']), policy('admin', 'b', ['yes allow'])], 'allowed'],
    [
      'are decided where pass ends as allow does',
      [policy('admin', 'a', ['yes pass']), policy('admin', 'b', ['yes allow'])],
      'not-isolated',
    ],
    [
      'are open where pass ends in a denial',
      [policy('admin', 'a', ['yes pass']), policy('admin', 'b', ['yes allow']), policy('namespaced', 'n', [])],
      'undecided: equal-priority',
    ],
    [
      'do not matter behind one that decides',
      [policy('admin', 'z', ['yes allow'], { order: -1 }), policy('admin', 'a', ['yes deny']), policy('admin', 'b', ['yes allow'])],
      'allowed',
    ],
  ])('%s', (_, policies, expected) => expect(outcome(kubernetes, policies)).toBe(expected));

  it('come by name where the profile says so', () => {
    const policies = [policy('admin', 'b', ['yes allow']), policy('admin', 'a', ['yes deny'])];
    expect(outcome([{ ...ordered, ties: 'by-name' }], policies)).toBe('denied');
  });

  it('are one where they are parts of one policy', () => {
    const policies = [policy('admin', 'a', ['yes deny'], { part: 1 }), policy('admin', 'a', ['yes allow'], { part: 0 })];
    expect(outcome(kubernetes, policies)).toBe('allowed');
  });
});

describe('a union', () => {
  const last: Stage = { ...union, end: 'deny-last' };
  it.each([
    ['lets through what any rule allows', kubernetes, [policy('namespaced', 'a', []), policy('namespaced', 'b', ['yes allow'])], 'allowed'],
    [
      'denies what any rule denies',
      kubernetes,
      [policy('namespaced', 'a', ['yes deny']), policy('namespaced', 'b', ['yes allow'])],
      'denied',
    ],
    ['isolates where no rule matches', kubernetes, [policy('namespaced', 'a', ['no allow'])], 'denied'],
    [
      'isolates nobody by a policy that only opens',
      kubernetes,
      [policy('namespaced', 'a', ['no allow'], { opensOnly: ['ingress'] })],
      'not-isolated',
    ],
    [
      'a deny in doubt does not matter where nothing is open',
      kubernetes,
      [policy('namespaced', 'a', ['maybe deny', 'no allow'])],
      'denied',
    ],
    [
      'a deny in doubt matters where something is open',
      kubernetes,
      [policy('namespaced', 'a', ['maybe deny', 'yes allow'])],
      'undecided: families-differ',
    ],
    ['closes the baseline off', kubernetes, [policy('namespaced', 'a', []), policy('baseline', 'b', ['yes allow'])], 'denied'],
    [
      'leaves the baseline its say where isolation comes last',
      [ordered, last, baseline],
      [policy('namespaced', 'a', []), policy('baseline', 'b', ['yes allow'])],
      'allowed',
    ],
    ['isolates after the baseline then', [ordered, last, baseline], [policy('namespaced', 'a', []), policy('baseline', 'b', [])], 'denied'],
  ])('%s', (_, stages, policies, expected) => expect(outcome(stages, policies)).toBe(expected));
});

describe('an ordered stage that ends in a denial', () => {
  const tier: Stage = { tier: 'tier security', combine: 'ordered', end: 'deny', ties: 'by-name' };
  it.each([
    ['denies what no rule of its policies matches', [policy('tier security', 'a', ['no allow'])], 'denied'],
    ['hands over what a rule passes', [policy('tier security', 'a', ['yes pass'])], 'not-isolated'],
    ['is not there for whom none of its policies selects', [policy('baseline', 'b', ['yes allow'])], 'allowed'],
  ])('%s', (_, policies, expected) => expect(outcome([tier, baseline], policies)).toBe(expected));
});
