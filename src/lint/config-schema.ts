// The JSON Schema of netverdict.yaml, for editors: made from the same lists that config.ts checks against, and from the rules.

import { IGNORE_KEYS, LINT_KEYS, RULE_LEVELS, WORKLOAD_KEYS } from './config.ts';
import { HOUSE_KEYS } from './house.ts';
import { type Rule, SEVERITIES } from './rule.ts';

/** Draft 2020-12. Every key that config.ts reads, and no other. */
export function configSchema(rules: readonly Rule[]): object {
  const level = { enum: RULE_LEVELS };
  const texts = { type: 'array', items: { type: 'string', minLength: 1 } };
  const house: Readonly<Record<string, object>> = {
    labels: {
      ...texts,
      description: 'labels that no selector may use, as patterns: version, team.example.com/* (selects-by-forbidden-label)',
    },
    names: { ...texts, description: 'what policies are called, as patterns: allow-* (name-against-convention)' },
    resolvers: {
      type: 'array',
      items: { type: 'string', pattern: '^[0-9A-Fa-f.:]+(/[0-9]+)?$' },
      description: 'addresses and blocks of DNS servers beside those of the cluster: 10.0.0.2 (dns-beyond-resolver)',
    },
    wholeNamespaces: {
      ...texts,
      description: 'namespaces that a rule may name without naming pods, as patterns: monitoring (whole-namespace-admitted)',
    },
  };
  const words: Readonly<Record<string, object>> = {
    baseline: {
      type: 'string',
      description: 'a file of old findings that are left out, relative to this one; netverdict lint --write-baseline writes it',
    },
    house: {
      type: 'object',
      description: 'what a house agrees on; each part turns on the rule that holds policies to it',
      additionalProperties: false,
      properties: chosen(house, HOUSE_KEYS),
    },
    ignore: { type: 'array', description: 'findings that are accepted, each with a reason', items: { $ref: '#/$defs/ignore' } },
    profile: { type: 'string', description: 'the CNI, as after --cni: calico, cilium, k3s, …' },
    rules: {
      type: 'object',
      description: 'severity by rule; a finding that the rule itself reports as less stays less',
      additionalProperties: false,
      properties: Object.fromEntries(rules.map(({ id, summary }) => [id, { ...level, description: summary }])),
    },
    severity: { enum: SEVERITIES, description: 'findings below it are not shown and do not count' },
  };
  const ignore: Readonly<Record<string, object>> = {
    file: { type: 'string', description: 'a pattern: k8s/legacy/*' },
    object: { type: 'string', description: 'a pattern: NetworkPolicy shop/cart-*, or shop/*' },
    reason: { type: 'string', minLength: 1, description: 'why the finding is accepted' },
    rule: { enum: ['*', ...rules.map(({ id }) => id)] },
  };
  const workload: Readonly<Record<string, object>> = {
    group: { type: 'string', description: 'the API group; any without it' },
    kind: { type: 'string', description: 'a kind of your own that makes pods: Widget' },
    template: { type: 'string', description: 'where its pod template is: spec.runtime.pod' },
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://netverdict.dev/schemas/netverdict-config.schema.json',
    title: 'netverdict.yaml',
    type: 'object',
    additionalProperties: false,
    properties: {
      apiVersion: { const: 'netverdict.dev/v1' },
      kind: { const: 'Config' },
      lint: { type: 'object', additionalProperties: false, properties: chosen(words, LINT_KEYS) },
      workloads: {
        type: 'array',
        description: 'kinds that make pods, where their shape does not show it',
        items: { $ref: '#/$defs/workload' },
      },
    },
    $defs: {
      ignore: { type: 'object', additionalProperties: false, required: ['rule', 'reason'], properties: chosen(ignore, IGNORE_KEYS) },
      workload: {
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'template'],
        properties: chosen(workload, WORKLOAD_KEYS),
      },
    },
  };
}

/** A key without a description is a mistake of ours. */
function chosen(words: Readonly<Record<string, object>>, keys: readonly string[]): Record<string, object> {
  return Object.fromEntries(
    keys.map((key) => {
      const word = words[key];
      if (word === undefined) throw new Error(`no schema for the key ${key}`);
      return [key, word];
    }),
  );
}
