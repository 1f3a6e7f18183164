// Lint's words for what policies isolate and leave open: policyTypes, empty lists, wide rules, default denies.
import type { SomeLintWords } from './words.ts';

const WRITE_EGRESS = 'remove Egress from policyTypes, or add the egress rules';

export const ISOLATION = {
  'egress-denied-by-omission': {
    summary: 'policyTypes lists Egress without an egress rule, which denies all egress including DNS',
    messages: {
      needsIt: {
        text: '`{policy}` lists Egress but has no egress rule, which denies everything its pods send, even DNS; `{pod}` is configured to call {needs}',
        hint: WRITE_EGRESS,
      },
      frontDoor: {
        text: '`{policy}` lists Egress but has no egress rule: `{pod}` takes requests from outside ({door}) and cannot call anything behind it',
        hint: WRITE_EGRESS,
      },
      unseen: {
        text: '`{policy}` lists Egress but has no egress rule, which denies everything its pods send, even DNS',
        hint: `${WRITE_EGRESS}; write \`egress: []\` if that is what you want`,
      },
      noValue: {
        text: '`{policy}` lists Egress, and its `egress:` has no value, which means no rule and denies everything its pods send, even DNS',
        hint: 'add the egress rules, remove Egress from policyTypes, or write `egress: []` to deny all egress',
      },
      perhapsMeant: {
        text: '`{policy}` lists Egress but has no egress rule, so its pods cannot send anything; nothing in the input shows that they need to',
        hint: 'write `egress: []` if that is intended',
      },
    },
  },
  'empty-list-admits-everyone': {
    summary: 'an empty list of peers, which allows everyone',
    messages: {
      everyone: {
        text: '`{policy}` {name} is open to everyone, in and outside the cluster, because `{list}: []` means everyone',
        hint: 'to deny, remove the whole rule; to allow, name the peers',
      },
    },
  },
  'every-namespace': {
    summary: 'a peer that matches the pods of every namespace',
    messages: {
      ingress: {
        text: '{peer} admits every pod of every namespace, including namespaces created later',
        hint: 'name the namespaces: namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: … } }',
      },
      egress: { text: '{peer} allows connections to every pod of every namespace', hint: 'name the namespaces or the pods' },
      withLabels: {
        text: '{peer} matches pods with these labels in every namespace, so anyone who can label a pod anywhere can get in',
        hint: 'name the namespaces too',
      },
    },
  },
  'except-opened-again': {
    summary: 'an except that another rule for the same pods opens again',
    messages: {
      opened: {
        text: '{peer} excludes {except}, but `{other}` {otherRule} allows it again for the same pods; an except only shortens its own block',
        hint: 'add the same except there; a NetworkPolicy cannot deny',
      },
    },
  },
  'ingress-denied-by-omission': {
    summary: 'an egress policy without policyTypes, which denies all ingress',
    messages: {
      denied: {
        text: '`{policy}` has only egress rules and no policyTypes, so Ingress is added by default and nothing can reach these pods',
        hint: 'add policyTypes: [Egress]',
      },
      deniedAnyway: {
        text: '`{policy}` has only egress rules and no policyTypes, so it isolates these pods for ingress too; today other policies do that anyway',
        hint: 'add policyTypes: [Egress]',
      },
    },
  },
  'isolated-one-way-only': {
    summary: 'pods isolated for ingress whose egress is open',
    messages: {
      ingressOnly: {
        text: '{pods} in `{namespace}` {pods?is|are} isolated for ingress, but can send anything anywhere',
        hint: 'allow DNS and what they need, then deny other egress; netverdict baseline {namespace} writes such policies',
      },
    },
  },
  'many-policies-on-one-pod': {
    summary: 'more policies on one pod than anyone can follow',
    messages: {
      many: {
        text: '`{pod}` is selected by {count} policies, and it is hard to see what they allow together',
        hint: 'netverdict describe {pod} shows what they add up to; merge those that belong together',
      },
    },
  },
  'name-promises-denial': {
    summary: 'a policy named deny that allows what it names',
    messages: {
      opensAll: {
        text: '`{policy}` is named deny but allows everything',
        hint: 'to deny, leave the list of rules empty: `{direction}: []`',
      },
      opensThis: {
        text: '`{policy}` is named deny, but {peer} allows exactly what it names (`{label}`); a NetworkPolicy cannot deny',
        hint: 'allow all the others instead, or use a kind that can deny (Cilium, Calico, ClusterNetworkPolicy)',
      },
    },
  },
  'namespace-without-default-deny': {
    summary: 'a namespace whose next pod would be open',
    messages: {
      gap: {
        text: '`{namespace}` has no default deny for {direction}: every pod there is isolated today, but the next one would be open',
        hint: 'add a policy with `podSelector: {}`, policyTypes [{type}] and no rules',
      },
      noPolicy: {
        text: '`{namespace}` has no policies at all, so {count:pod} {count?is|are} open to everyone',
        hint: 'netverdict baseline {namespace} writes a first set',
      },
    },
  },
  'pod-open': {
    summary: 'pods that no policy selects, next to others that are isolated',
    messages: {
      open: {
        text: '{pods} in `{namespace}` {pods?is|are} not isolated for ingress, so every pod in the cluster can reach {pods?it|them}',
        hint: 'add a default deny for the namespace (`podSelector: {}`, policyTypes [Ingress], no rules); it also covers pods added later',
      },
    },
  },
  'policy-in-system-namespace': {
    summary: 'a policy in a namespace that runs the cluster itself',
    messages: {
      everything: {
        text: '`{policy}` isolates every pod in `{namespace}`, including cluster components such as DNS, metrics and CNI controllers',
        hint: 'select single pods, and allow what they need before you deny the rest',
      },
      some: {
        text: '`{policy}` isolates pods in `{namespace}`, where cluster components run whose needs are not always documented',
        hint: 'check that DNS lookups, metrics and webhooks still get through',
      },
    },
  },
  'restriction-without-effect': {
    summary: 'a restriction that another policy cancels for all its pods',
    messages: {
      overridden: {
        text: '`{policy}` restricts nothing for {direction}, because `{other}` allows everything for the same pods and policies add up',
        hint: 'narrow `{other}`, or remove this policy; NetworkPolicies have no order and no precedence',
      },
    },
  },
  'rule-admits-everything': {
    summary: 'a rule that allows everything',
    messages: {
      besideOthers: {
        text: '`{policy}` {name} allows everything, so {others:other rule} of this policy {others?changes|change} nothing',
        hint: 'remove this rule or the others',
      },
      alone: {
        text: '`{policy}` {name} allows everything, so for {direction} these pods are as open as without a policy',
        hint: 'name peers or ports if that is not intended',
      },
    },
  },
  'rule-repeated': {
    summary: 'a peer, rule or policy that repeats another',
    messages: {
      peer: { text: '`{policy}` {name} repeats {other}', hint: 'remove one of the two' },
      innerPeer: { text: '`{policy}` {name} adds nothing, because {other} already covers it', hint: 'remove the one you do not need' },
      rule: { text: '`{policy}` {name} adds nothing, because {other} already allows all of it', hint: 'remove the one you do not need' },
      elsewhere: {
        text: '`{policy}` {name} adds nothing, because `{other}` {otherName} already allows all of it for the same pods',
        hint: 'remove one; policies add up, so removing this one closes nothing',
      },
      policy: { text: '`{policy}` selects the same pods as `{other}` and has the same rules', hint: 'keep one of the two' },
    },
  },
  'rules-not-in-force': {
    summary: 'rules for a direction that policyTypes leaves out',
    messages: {
      ignored: {
        text: '`{policy}` has {rules} {direction} {rules?rule that does|rules that do} nothing, because policyTypes does not list {type}; this policy leaves {direction} open',
        hint: 'add {type} to policyTypes',
      },
    },
  },
  'shut-off-by-default-deny': {
    summary: 'a Service whose pods a default deny cuts off completely',
    messages: {
      service: {
        text: '`{policy}` isolates every pod in `{namespace}`, and no policy allows anything to reach {pods} behind {services?Service|Services} {services}',
        hint: 'allow the clients, or remove what is no longer used',
      },
    },
  },
  'type-listed-twice': {
    summary: 'a policy type listed twice',
    messages: {
      twice: { text: 'policyTypes lists {type} twice, which counts once', hint: 'if one of them was meant to be {other}, correct it' },
    },
  },
  'types-left-to-default': {
    summary: 'policyTypes left out where the default is not what the policy seems to say',
    messages: {
      emptyEgress: {
        text: '`egress: []` denies nothing here, because policyTypes is missing and defaults to [Ingress]; egress of these pods stays open',
        hint: 'write policyTypes: [Ingress, Egress] to deny egress; --fix writes [Ingress], which is what applies now',
      },
      emptyList: {
        text: '`policyTypes: []` is the same as leaving it out, so it defaults to [{types}]',
        hint: 'list the directions that the policy is about',
      },
    },
  },
  'unlabelled-namespaces-match': {
    summary: 'a namespaceSelector with only negative requirements',
    messages: {
      absent: {
        text: '{peer} selects namespaces with `{selector}`, which matches every namespace without that label, new ones too',
        hint: 'list the namespaces with In, or require a label that they have',
      },
      byName: { text: '{peer} matches every namespace except some by name, new ones too', hint: 'list the namespaces that you mean' },
    },
  },
} satisfies SomeLintWords;
