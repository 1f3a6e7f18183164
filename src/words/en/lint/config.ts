// What is said of netverdict.yaml: faults in it, and the descriptions that an editor shows.
import type { ConfigFault, Wanted } from '../../../lint/config.ts';
import type { ConfigWords } from '../../../lint/config-schema.ts';
import type { HouseRules } from '../../../lint/house.ts';
import { ruleSummary } from './finding.ts';

/** `` { text: '`lint.rulez` is not a known key', hint: 'did you mean `rules`?' } ``. */
export function configFaultWords(fault: ConfigFault): { readonly text: string; readonly hint?: string } {
  const hint = hintOf(fault);
  return { text: textOf(fault), ...(hint === '' ? {} : { hint }) };
}

function textOf({ path, code, wanted }: ConfigFault): string {
  const where = `\`${path.join('.')}\``;
  switch (code) {
    case 'unknown-key':
      return `${where} is not a known key`;
    case 'unknown-rule':
      return `${where} is not a rule`;
    case 'wrong-value':
      return `${where} must be ${wantedWords(wanted)}`;
    case 'missing':
      return `${where} is missing or empty`;
    case 'list-missing':
      return `${where} is on, but finds nothing without \`${wanted.names.join(', ')}\``;
  }
}

function hintOf({ nearest, wanted, code }: ConfigFault): string {
  if (nearest.length > 0) return `did you mean ${nearest.map((name) => `\`${name}\``).join(' or ')}?`;
  if (code === 'missing') return `write ${wantedWords(wanted)}`;
  if (code === 'list-missing') return `add \`${wanted.names.join(', ')}\`: ${wantedWords(wanted)}`;
  return code === 'unknown-key' ? `known keys: ${wanted.names.join(', ')}` : '';
}

function wantedWords({ code, names }: Wanted): string {
  switch (code) {
    case 'address':
      return 'an address or a block: 10.0.0.2, 10.0.0.0/29';
    case 'house-list':
    case 'patterns':
      return 'a list of patterns, such as ["allow-*"]';
    case 'level-by-rule':
      return 'a mapping of rule ids to levels';
    case 'list':
      return 'a list';
    case 'mapping':
      return `a mapping with ${names.join(', ')}`;
    case 'one-of':
      return `one of ${names.join(', ')}`;
    case 'reason':
      return 'the reason why this finding is accepted';
    case 'rule-id':
      return 'the id of a rule';
    case 'rule-id-or-star':
      return 'the id of a rule, or *';
    case 'text':
      return 'a string';
  }
}

/** `lint --rule` for a rule of the house whose list is missing. */
export function ruleNeedsListWords(id: string, part: keyof HouseRules): { readonly text: string; readonly hint: string } {
  return {
    text: `rule \`${id}\` finds nothing without \`lint.house.${part}\``,
    hint: `add a list of patterns under \`lint.house.${part}\` in netverdict.yaml`,
  };
}

/** For schemas/netverdict-config.schema.json. */
export const CONFIG_WORDS: ConfigWords = {
  lint: {
    baseline: 'file with old findings to hide, relative to this file; netverdict lint --write-baseline writes it',
    house: 'conventions of your own; each part turns on the rule that checks it',
    ignore: 'accepted findings, each with a reason',
    profile: 'CNI profile, as with --cni: calico, cilium, k3s, …',
    rules: 'severity by rule; a finding that the rule itself reports as less severe stays less severe',
    severity: 'findings below it are neither shown nor counted',
  },
  house: {
    labels: 'labels that selectors must not use, as patterns: version, team.example.com/* (selects-by-forbidden-label)',
    names: 'patterns for policy names: allow-* (name-against-convention)',
    resolvers: 'addresses and blocks of DNS servers besides the cluster’s own: 10.0.0.2 (dns-beyond-resolver)',
    wholeNamespaces: 'namespaces that a rule may name without selecting pods, as patterns: monitoring (whole-namespace-admitted)',
  },
  ignore: {
    file: 'pattern for the file: k8s/legacy/*',
    object: 'pattern for the object: NetworkPolicy shop/cart-*, or shop/*',
    reason: 'why the finding is accepted',
    rule: 'id of the rule, or * for all',
  },
  workload: {
    group: 'API group; any group if left out',
    kind: 'kind of yours that creates pods: Widget',
    template: 'path of its pod template: spec.runtime.pod',
  },
  marked: 'ends whose exposure `netverdict map --posture` reports, written as for --focus: payments/db, ns/vault',
  workloads: 'custom kinds that create pods, where their shape does not show it',
  rule: ruleSummary,
};
