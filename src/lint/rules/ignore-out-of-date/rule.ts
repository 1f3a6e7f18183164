// Ignores that take nothing out any more. Which those are is known only when all rules have run: lint.ts reports them with these words.
import { defineRule } from '../../rule.ts';

export const ignoreOutOfDate = defineRule({
  id: 'ignore-out-of-date',
  catalogue: [],
  summary: 'an ignore that takes nothing out',
  severity: 'note',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    tookNothingOut: {
      text: 'this ignore takes nothing out: {rules} finds nothing here',
      hint: 'remove it, or move it to the line or the object that it is about',
    },
  },
  check() {
    // Nothing before the others have run.
  },
});
