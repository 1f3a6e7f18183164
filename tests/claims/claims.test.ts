// Every claim is run, and what happens is what its entry says, per profile. docs/claims.md is made from the same run.
import { describe, expect, it } from 'vitest';
import { CLAIMS, expectedOf, happened } from './run.ts';

describe('the claims book', () => {
  it('has each claim once', () => {
    const ids = CLAIMS.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('has something to compare with wherever a connection is asked about', () => {
    const alone = CLAIMS.filter(({ checks }) => {
      const asked = checks.filter((check) => check.kind === 'ask');
      // Answers of one kind only would be given by an engine that always says the same.
      const outcomes = new Set(asked.flatMap((check) => Object.keys(check.expected)));
      return asked.length > 0 && outcomes.size < 2;
    });
    expect(alone.map(({ id }) => id)).toEqual([]);
  });

  it.each(CLAIMS.map((claim) => [claim.id, claim] as const))('%s', (_, claim) => {
    for (const { check, outcomes } of happened(claim)) {
      const sorted = (record: Readonly<Record<string, readonly string[]>>) =>
        Object.fromEntries(Object.entries(record).map(([outcome, profiles]) => [outcome, [...profiles].sort()]));
      expect({ check, outcomes: sorted(outcomes) }).toEqual({ check, outcomes: sorted(expectedOf(check)) });
    }
  });
});
