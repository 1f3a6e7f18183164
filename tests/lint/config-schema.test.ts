// The published schema of netverdict.yaml says what config.ts reads, no less and no more.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import published from '../../schemas/netverdict-config.schema.json' with { type: 'json' };
import { readConfig } from '../../src/lint/config.ts';
import { configSchema } from '../../src/lint/config-schema.ts';
import { RULE_IDS, RULES } from '../../src/lint/rules/index.ts';
import { CONFIG_WORDS } from '../../src/words/en/lint/config.ts';

const validate = new Ajv2020({ allErrors: true }).compile(published);

describe('the schema of netverdict.yaml', () => {
  it('is the one that the code makes', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(configSchema(RULES, CONFIG_WORDS))));
  });

  it.each([
    {},
    { apiVersion: 'netverdict.dev/v1', kind: 'Config', lint: { rules: { 'pod-open': 'off', 'dns-denied': 'note' } } },
    {
      lint: {
        profile: 'calico',
        severity: 'error',
        baseline: 'old.json',
        ignore: [{ rule: '*', object: 'shop/*', file: 'k8s/*', reason: 'gone by March' }],
      },
    },
    { lint: { house: { labels: ['version'], names: ['allow-*'], resolvers: ['10.0.0.2', 'fd00::/64'], wholeNamespaces: [] } } },
    { lint: { rules: { 'name-against-convention': 'warning' }, house: { names: ['allow-*'] } } },
    { lint: { rules: { 'name-against-convention': 'warning' } } },
    { lint: { rules: { 'name-against-convention': 'off', 'dns-beyond-resolver': 'warning' } } },
    { lint: { rules: { 'selects-by-forbidden-label': 'note' }, house: { names: ['allow-*'] } } },
    { lint: { rules: { 'selects-by-forbidden-label': 'note' }, house: { labels: [] } } },
    { lint: { house: { labels: 'version' } } },
    { lint: { house: { lables: ['version'] } } },
    { lint: { house: { names: [7] } } },
    { lint: { house: { resolvers: ['dns.example.com'] } } },
    { lint: { rulez: {} } },
    { lnit: {} },
    { lint: { rules: { 'pod-opne': 'off' } } },
    { lint: { rules: { 'pod-open': 'loud' } } },
    { lint: { severity: 'off' } },
    { lint: { ignore: [{ rule: 'pod-open' }] } },
    { lint: { ignore: [{ rule: 'pod-opne', reason: 'x' }] } },
    { lint: { ignore: [{ rule: 'pod-open', reason: 'x', because: 'y' }] } },
  ])('takes %j if and only if it is read without a fault', (config) => {
    expect(validate(config)).toBe(readConfig(config, RULE_IDS).faults.length === 0);
  });
});
