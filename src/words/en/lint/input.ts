// Lint's words for the input itself: files, YAML, objects, and ignores.
import { problemSentence } from '../problem.ts';
import { factText, filled, meant, namesIn } from './fill.ts';
import type { SomeLintWords, Spoken } from './words.ts';

/** What reading the input said of it, in its own words. */
function problemText({ problem, messageId }: Spoken): string {
  return problem === undefined ? messageId : problemSentence(problem).text;
}

function problemHint({ problem }: Spoken): string | undefined {
  return problem === undefined ? undefined : problemSentence(problem).hint;
}

/** Where a field belongs that is in the wrong place (objects/validate-unknown-field.ts). */
const PLACES: Readonly<Record<string, string>> = {
  'under-pod-selector': 'it belongs under `podSelector`',
  'under-match-labels': 'labels belong under `matchLabels`',
  'under-match-expressions': 'it belongs in an item of `matchExpressions`',
  'under-ip-block': 'it belongs under `ipBlock`',
  'under-peers': 'it belongs in an item of `from` or `to`',
  'under-ports': 'it belongs in an item of `ports`',
  'in-rule': 'it belongs one level up, next to `from` or `to`',
  'in-spec': 'it belongs directly under `spec`',
  'in-metadata': 'it belongs under `metadata`',
};

const BROKEN: Readonly<Record<string, string>> = {
  'tab-character': 'indent with spaces; YAML does not allow tabs',
  'slash-comment': 'start comments with #',
  'smart-quotes': 'replace the typographic quotes with " or \'',
  'quote-the-asterisk': 'put the value that starts with * in quotes',
  html: 'download the file itself; what was saved is a web page',
  truncated: 'get the whole file; the text ends in the middle',
};

export const INPUT = {
  'api-no-longer-served': {
    summary: 'an object in an API version that was removed or never existed',
    messages: {
      removed: {
        text: '{kind} `{name}` uses {apiVersion}, which Kubernetes removed in 1.16',
        hint: 'change apiVersion to {use}; the fields stay the same',
      },
      neverServed: { text: problemText, hint: problemHint },
    },
  },
  'api-refuses-it': {
    summary: 'the API server would reject this object',
    messages: {
      refused: { text: 'the API server rejects this: {error}', hint: 'correct the field; until then the object cannot be applied' },
      doubtful: { text: problemText },
    },
  },
  'field-unknown': {
    summary: 'a field that the API does not have',
    messages: {
      misspelt: { text: '`{field}` is not a field of the API; the closest one is `{nearest}`', hint: 'write `{nearest}`' },
      misplaced: {
        text: ({ facts }) =>
          filled(`\`{field}\` is not a field of the API here: ${PLACES[factText(facts.hint)] ?? 'it belongs elsewhere'}`, facts),
      },
      unknown: {
        text: '`{field}` is not a field of the API',
        hint: 'remove or correct it; kubectl rejects it, and clients that do not validate drop it silently',
      },
    },
  },
  'file-unreadable': {
    summary: 'a file that could not be read, or only partly',
    messages: { unreadable: { text: problemText, hint: problemHint } },
  },
  'ignore-out-of-date': {
    summary: 'an ignore that no longer hides a finding',
    messages: {
      tookNothingOut: {
        text: 'this ignore hides nothing, because {rules} finds nothing here',
        hint: 'remove it, or move it to the line or object it is meant for',
      },
    },
  },
  'ignore-unusable': {
    summary: 'an ignore without a reason, or for a rule that does not exist',
    messages: {
      noReason: {
        text: 'this ignore has no effect, because it gives no reason',
        hint: 'say why the finding is accepted: `# netverdict-ignore {rules}: reason`',
      },
      noRule: { text: 'this ignore has no effect, because it names no rule', hint: 'write `# netverdict-ignore RULE: reason`' },
      unknownRule: {
        text: 'this ignore names `{rule}`, which is not a rule',
        hint: ({ facts }) => meant(namesIn(facts, 'advice')) ?? 'netverdict lint --rules lists the rules',
      },
    },
  },
  'key-written-twice': {
    summary: 'the same key twice in one mapping',
    messages: {
      twice: {
        text: 'key `{key}` appears twice in one mapping; the last one counts and the first is lost',
        hint: 'merge the two, or remove one',
      },
    },
  },
  'label-value-not-text': {
    summary: 'a label value without quotes that YAML reads as a number or a boolean',
    messages: {
      unquoted: {
        text: 'label value `{value}` is a {found} in YAML, and the API server accepts only strings',
        hint: 'put it in quotes',
      },
    },
  },
  'merge-conflict-left': {
    summary: 'conflict markers of an unfinished merge',
    messages: {
      markers: {
        text: 'merge conflict markers (<<<<<<<, =======, >>>>>>>) are still in this document, so it was skipped',
        hint: 'resolve the conflict',
      },
    },
  },
  'object-defined-twice': {
    summary: 'two objects with the same name',
    messages: {
      twice: {
        text: '{kind} `{name}` is defined a second time and replaces the one at {first}',
        hint: 'rename one of them, or remove it',
      },
    },
  },
  'object-not-recognised': {
    summary: 'a document that is not a Kubernetes object',
    messages: {
      halfAnObject: { text: problemText, hint: 'add the missing field; without apiVersion and kind nothing can tell what this is' },
      noObject: { text: problemText },
    },
  },
  'policy-kind-not-evaluated': {
    summary: 'a policy of a kind that is not evaluated here',
    messages: {
      notEvaluated: {
        text: '{kind} `{name}` is not evaluated, so findings about the pods it may affect are left out',
        hint: 'check this policy by hand',
      },
    },
  },
  'template-not-rendered': {
    summary: 'a template that has not been rendered',
    messages: {
      template: {
        text: 'this file is an unrendered template, so it was skipped',
        hint: 'render it first: helm template CHART | netverdict lint -f -',
      },
      tree: { text: problemText, hint: problemHint },
    },
  },
  'yaml-broken': {
    summary: 'a document that cannot be parsed',
    messages: {
      broken: {
        // What to do about the usual slips is said here, in the words of lint.
        text: ({ problem, messageId }) => {
          if (problem === undefined) return messageId;
          const { hint: _, ...facts } = problem.facts;
          return `${problemSentence({ ...problem, facts }).text}${problem.code === 'lost-indentation' ? '' : '; the whole document was skipped'}`;
        },
        hint: ({ facts }) => BROKEN[factText(facts.hint)],
      },
    },
  },
} satisfies SomeLintWords;
