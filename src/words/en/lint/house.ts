// Lint's words for what a house agrees on beyond Kubernetes (`lint.house` in netverdict.yaml).
import type { Facts } from '../../../lint/facts.ts';
import { filled, namesIn } from './fill.ts';
import type { Sentence, SomeLintWords } from './words.ts';

export const HOUSE = {
  'name-against-convention': {
    summary: 'a policy whose name does not match the patterns in `lint.house.names`',
    messages: {
      name: {
        text: '`{policy}` does not match the naming convention {patterns}',
        hint: 'rename it: apply it under the new name, then delete the old one',
      },
    },
  },
  'purpose-not-written': {
    summary: 'a policy without a description or an owner',
    messages: {
      nothing: {
        text: '`{policy}` does not say what it is for or who owns it',
        hint: 'add a `description` annotation, and an `owner` or `team` label',
      },
    },
  },
  'selects-by-forbidden-label': {
    summary: 'a selector on a label that `lint.house.labels` forbids in selectors',
    messages: {
      label: { text: '{selector} selects by `{requirement}`, but policies must not depend on `{key}`', hint: 'select by another label' },
    },
  },
  'whole-namespace-admitted': {
    summary: 'a peer that names a namespace but no pods, except those in `lint.house.wholeNamespaces`',
    messages: {
      ingress: { text: wholeNamespace('admits'), hint: 'add a podSelector to this peer that selects the clients' },
      egress: { text: wholeNamespace('allows'), hint: 'add a podSelector to this peer that selects the servers' },
    },
  },
} satisfies SomeLintWords;

function wholeNamespace(verb: 'admits' | 'allows'): Sentence {
  return ({ facts }) => filled(`\`{policy}\` {peer} ${verb} every pod of ${namespaces(facts)}`, facts);
}

function namespaces(facts: Facts): string {
  switch (facts.by) {
    case 'own':
      return 'its own namespace {namespaces}';
    case 'every':
      return 'every namespace';
    case 'names':
      return `${namesIn(facts, 'namespaces').count === 1 ? 'namespace' : 'namespaces'} {namespaces}`;
    default:
      return 'the namespaces with {namespaces}';
  }
}
