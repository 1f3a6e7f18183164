// Ignores that take nothing out any more. Which those are is known only when all rules have run: lint.ts reports them with these words.
import { defineRule } from '../../rule.ts';

export const ignoreOutOfDate = defineRule({
  id: 'ignore-out-of-date',
  catalogue: [],
  severity: 'note',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['tookNothingOut'],
  check() {
    // Nothing before the others have run.
  },
});
