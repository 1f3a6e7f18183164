import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { ignoreOutOfDate } from './rule.ts';

describe('ignore-out-of-date', () => {
  it('does not speak of ignores whose rule did not run, or that are not in force', () => {
    expect(found(ignoreOutOfDate, `# netverdict-ignore every-namespace: because\n${policy('cart', 'podSelector: {}')}`)).toEqual([]);
    expect(found(ignoreOutOfDate, `# netverdict-ignore ignore-out-of-date\n${policy('cart', 'podSelector: {}')}`)).toEqual([]);
  });
  it('names one that took nothing out', () => {
    expect(found(ignoreOutOfDate, `# netverdict-ignore ignore-out-of-date: because\n${policy('cart', 'podSelector: {}')}`)).toEqual([
      '1 note tookNothingOut',
    ]);
  });
});
