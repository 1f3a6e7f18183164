// A document that is no YAML or JSON, or one that no reader takes.
import { problemSentence } from '../../../explain/problem-sentence.ts';
import { factsOf, inputFaults, mend } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

const ADVICE: Readonly<Record<string, string>> = {
  'tab-character': 'YAML is indented with blanks; a tab is none',
  'slash-comment': 'comments in YAML begin with #',
  'smart-quotes': 'these quotes come from a word processor; write " or \'',
  'quote-the-asterisk': 'a text that begins with * must be in quotes',
  html: 'this is a web page: the file itself was not saved',
  truncated: 'the text ends in the middle of something',
};

export const yamlBroken = defineRule({
  id: 'yaml-broken',
  catalogue: ['NP005'],
  summary: 'a document that can not be parsed',
  severity: 'error',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    broken: { text: '{sentence}; nothing of this document was read', hint: '{advice}' },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'yaml-broken')) {
      const { place, facts, origin } = problem;
      const fault = facts.hint;
      const isMendable = fault === 'tab-character' || fault === 'slash-comment' || fault === 'smart-quotes';
      const fix = isMendable && place !== undefined ? mend({ kind: 'mend-syntax', place, fault }) : {};
      const { hint: _, ...rest } = facts;
      const sentence = problemSentence({ ...problem, facts: rest }).text;
      const said = { ...factsOf(problem), sentence, advice: ADVICE[String(fault)] ?? '' };
      report('broken', said, origin, { ...fix, ...(place === undefined ? {} : { place }) });
    }
  },
});
