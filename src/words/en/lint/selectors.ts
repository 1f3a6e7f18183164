// Lint's words for selectors: which pods a policy selects, and which pods and namespaces a peer matches.
import { filled } from './fill.ts';
import type { SomeLintWords } from './words.ts';

/** A rule without a live peer admits no traffic; beside other peers only this one is dead. */
function untilThen(effect: unknown): string {
  return `correct the label; until a pod has it, ${effect === 'rule-dead' ? 'the rule' : 'this peer'} admits no traffic`;
}

const NO_EFFECT = 'correct the labels; until then the policy has no effect, and pods that no other policy selects are open';

export const SELECTORS = {
  'label-on-owner-not-on-pods': {
    summary: 'a selector for labels that are on a workload but not on its pods',
    messages: {
      peer: {
        text: '{peer} selects `{selector}`, which is on {kind} `{owner}` but not on its pods; pods get only the labels of the template',
        hint: 'add the label under {place}',
      },
      subject: {
        text: '`{policy}` selects `{selector}`, which is on {kind} `{owner}` but not on its pods; pods get only the labels of the template',
        hint: 'add the label under {place}',
      },
    },
  },
  'namespace-selector-matches-nothing': {
    summary: 'a namespaceSelector that matches no namespace',
    messages: {
      nameIsNoLabel: {
        text: '{peer} selects namespaces with the label `{selector}`, and none has it; namespace `{called}` has the name, but a name is not a label',
        hint: 'write kubernetes.io/metadata.name: {called}, a label that the API server sets on every namespace',
      },
      nearMiss: {
        text: '{peer} selects namespaces with `{selector}`, and none has it; {owner} has `{nearest}`',
        hint: 'did you mean `{nearest}`?',
      },
      nobody: {
        text: ({ facts }) =>
          filled(
            `{peer} selects namespaces with \`{selector}\`, and none has it: ${
              facts.effect === 'rule-dead'
                ? 'the rule admits no traffic'
                : 'this peer matches nothing, and only the other peers of the rule count'
            }`,
            facts,
          ),
        hint: 'correct the labels, or label the namespace',
      },
    },
  },
  'namespace-label-by-hand': {
    summary: 'a namespace selected by a label that only repeats its name',
    messages: {
      repeatsName: {
        text: '`{key}: {value}` selects one namespace by a label that someone set by hand, and anyone who can edit namespaces can set it elsewhere',
        hint: 'write kubernetes.io/metadata.name: {value}, which the API server sets on every namespace and which cannot be changed',
      },
    },
  },
  'namespace-not-written': {
    summary: 'a policy without a namespace that ends up in the wrong one',
    messages: {
      podsElsewhere: {
        text: '`{policy}` has no namespace and ends up in `{namespace}`, where it selects no pods; pods with these labels are in {elsewhere}',
        hint: 'add the namespace to its metadata',
      },
      contextDecides: {
        text: '`{policy}` has no namespace, so the kubectl context of whoever applies it decides which pods it isolates',
        hint: 'add the namespace to its metadata',
      },
    },
  },
  'peer-needs-namespace-selector': {
    summary: 'a bare podSelector for pods in another namespace',
    messages: {
      elsewhere: {
        text: '{peer} matches pods with `{labels}` in `{own}` only, and there are none; such pods are in {namespaces}',
        hint: 'add to the same peer: namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {first} } }',
      },
    },
  },
  'peer-selects-nothing': {
    summary: 'a peer that matches no pods',
    messages: {
      nearMiss: {
        text: '{peer} matches no pods: nothing in {namespaces} has `{wanted}`, but {owner} has `{nearest}`',
        hint: ({ facts }) => untilThen(facts.effect),
      },
      nobody: {
        text: '{peer} matches no pods: nothing in {namespaces} has `{selector}`',
        hint: ({ facts }) => untilThen(facts.effect),
      },
    },
  },
  'peers-both-not-either': {
    summary: 'two selectors in one peer where two peers were meant',
    messages: {
      joined: {
        text: '{peer} requires both selectors, and no pod in {namespaces} has these labels; pods in `{own}` do ({pods})',
        hint: 'if either one should be enough, write two peers, each with its own dash',
      },
    },
  },
  'peers-either-not-both': {
    summary: 'two peers where one peer with both selectors was meant',
    messages: {
      splitSurely: {
        text: ({ facts }) =>
          filled(
            `{peer} and {partner} are two separate peers: ${everyPod(facts.direction)}, and no pod in \`{namespace}\` has these labels`,
            facts,
          ),
        hint: 'put both selectors under one dash to match pods with these labels in those namespaces ({elsewhere} has some)',
      },
      splitPerhaps: {
        text: ({ facts }) =>
          filled(
            `{peer} and {partner} are two separate peers, and either is enough: ${everyPod(facts.direction)}, and so can pods with these labels in \`{namespace}\``,
            facts,
          ),
        hint: 'to require both at once, put them under one dash',
      },
    },
  },
  'replicas-fare-differently': {
    summary: 'pods of one workload differ in a label that a policy selects by',
    messages: {
      differ: {
        text: 'pods of `{workload}` differ in {labels}, and a policy selects by it, so some replicas get other verdicts than the rest',
        hint: 'finish the rollout, or remove the label that was set by hand; until then connections fail now and then',
      },
    },
  },
  'selects-another-release': {
    summary: 'a policy that also selects pods of another application or release',
    messages: {
      release: {
        text: '`{policy}` belongs to release `{own}` and also selects {pods} of release {others}, and isolates {pods?it|them} too',
        hint: 'add `app.kubernetes.io/instance: {own}` to its podSelector',
      },
      application: {
        text: '`{policy}` belongs to `{own}` and also selects {pods} of application {others}, and isolates {pods?it|them} too',
        hint: 'add `{key}: {own}` to its podSelector',
      },
      releases: {
        text: '`{policy}` selects `{selector}`, which matches pods of several releases: {others}',
        hint: 'if only one release is meant, add app.kubernetes.io/instance to the podSelector',
      },
    },
  },
  'selects-by-rollout-label': {
    summary: 'a selector on a label that the next rollout changes',
    messages: {
      hash: {
        text: '`{label}` changes with every rollout, so the policy will not match the new pods',
        hint: 'select by a label that stays, such as app; a policy that loses its pods leaves them open',
      },
      release: {
        text: '`{label}` changes with every release, so the policy will not match the pods after an upgrade',
        hint: 'select by a label that stays, such as app.kubernetes.io/name',
      },
    },
  },
  'selects-nothing': {
    summary: 'a policy that selects no pods',
    messages: {
      nearMiss: {
        text: '`{policy}` selects no pods: nothing in `{namespace}` has `{wanted}`, but {owner} has `{nearest}`',
        hint: NO_EFFECT,
      },
      onWorkloadOnly: {
        text: '`{policy}` selects no pods: {owner} itself has `{selector}`, but its pod template does not',
        hint: 'add the labels under spec.template.metadata.labels, or select labels that the pods have',
      },
      operated: {
        text: '`{policy}` selects no pods in this input; an operator creates the pods of {made}, and they may have `{selector}`',
        hint: 'check against the cluster, or add its pods to the input',
      },
      nobody: { text: '`{policy}` selects no pods: nothing in `{namespace}` has `{selector}`', hint: NO_EFFECT },
    },
  },
  'selects-one-replica': {
    summary: 'a selector that matches a single replica',
    messages: {
      one: {
        text: '`{label}` matches only one replica; the others of its workload get other verdicts',
        hint: 'if a leader is meant, note that another replica can become the leader',
      },
    },
  },
} satisfies SomeLintWords;

function everyPod(direction: unknown): string {
  return direction === 'ingress' ? 'every pod of the namespaces can connect' : 'every pod of the namespaces can be reached';
}
