// A policy that does not say what it is for, or who owns it. Only on request.
import { dig, isObject } from '../../../objects/read.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';
import { annotationsOf } from '../../written.ts';

export const purposeNotWritten = defineRule({
  id: 'purpose-not-written',
  catalogue: ['NP137'],
  severity: 'note',
  offByDefault: true,
  needs: ['policies'],
  since: '0.1.0',
  messages: ['nothing'],
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      const words = [annotationsOf(policy), dig(policy.value, 'metadata', 'labels')].flatMap((map) =>
        isObject(map) ? Object.keys(map) : [],
      );
      const isSaid = words.some((word) => /(^|[/.-])(description|purpose|owner|team|contact|maintainer)$/i.test(word));
      if (!isSaid) report('nothing', { policy: policy.ref }, policy.origin);
    }
  },
});
