// The JSON Schema of netverdict.yaml, for editors: made from the same lists that config.ts checks against, and from the rules. What an
// editor shows beside a key comes in as words.

import { type IGNORE_KEYS, type LINT_KEYS, RULE_LEVELS, type WORKLOAD_KEYS } from './config.ts';
import { HOUSE_RULE, type HouseRules, LIST_NEEDED } from './house.ts';
import { type Rule, SEVERITIES } from './rule.ts';

type Described<Key extends string> = Readonly<Record<Key, string>>;

/** What an editor shows: a description of every key, and the summary of a rule. */
export interface ConfigWords {
  readonly lint: Described<(typeof LINT_KEYS)[number]>;
  readonly house: Described<keyof HouseRules>;
  readonly ignore: Described<(typeof IGNORE_KEYS)[number]>;
  readonly workload: Described<(typeof WORKLOAD_KEYS)[number]>;
  readonly marked: string;
  readonly workloads: string;
  rule(id: string): string;
}

/** Draft 2020-12. Every key that config.ts reads, and no other. */
export function configSchema(rules: readonly Rule[], words: ConfigWords): object {
  const level = { enum: RULE_LEVELS };
  const house: Readonly<Record<keyof HouseRules, object>> = {
    labels: { type: 'array', minItems: 1, items: TEXT },
    names: { type: 'array', minItems: 1, items: TEXT },
    resolvers: { type: 'array', items: { type: 'string', pattern: '^[0-9A-Fa-f.:]+(/[0-9]+)?$' } },
    wholeNamespaces: { type: 'array', items: TEXT },
  };
  const lint: Readonly<Record<(typeof LINT_KEYS)[number], object>> = {
    baseline: { type: 'string' },
    house: object(house, words.house),
    ignore: { type: 'array', items: { $ref: '#/$defs/ignore' } },
    profile: { type: 'string' },
    rules: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(rules.map(({ id }) => [id, { ...level, description: words.rule(id) }])),
    },
    severity: { enum: SEVERITIES },
  };
  const ignore: Readonly<Record<(typeof IGNORE_KEYS)[number], object>> = {
    file: { type: 'string' },
    object: { type: 'string' },
    reason: { type: 'string', minLength: 1 },
    rule: { enum: ['*', ...rules.map(({ id }) => id)] },
  };
  const workload: Readonly<Record<(typeof WORKLOAD_KEYS)[number], object>> = {
    group: { type: 'string' },
    kind: { type: 'string' },
    template: { type: 'string' },
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
      lint: { ...object(lint, words.lint), allOf: LIST_NEEDED.map(listNeeded) },
      marked: { type: 'array', description: words.marked, items: TEXT },
      workloads: { type: 'array', description: words.workloads, items: { $ref: '#/$defs/workload' } },
    },
    $defs: {
      ignore: { ...object(ignore, words.ignore), required: ['rule', 'reason'] },
      workload: { ...object(workload, words.workload), required: ['kind', 'template'] },
    },
  };
}

const TEXT = { type: 'string', minLength: 1 };

function object<Key extends string>(parts: Readonly<Record<Key, object>>, words: Described<Key>): object {
  const keys = Object.keys(parts).sort() as Key[];
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(keys.map((key) => [key, { ...parts[key], description: words[key] }])),
  };
}

/** A rule that is on wants the list without which it finds nothing. */
function listNeeded(part: keyof HouseRules): object {
  const id = HOUSE_RULE[part];
  const isOn = { required: ['rules'], properties: { rules: { required: [id], properties: { [id]: { not: { enum: ['off', false] } } } } } };
  return { anyOf: [{ not: isOn }, { required: ['house'], properties: { house: { required: [part] } } }] };
}
