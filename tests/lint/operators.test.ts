// Applications whose pods an operator makes, or that the API server calls: lint must not call their policies dead or their pods out of reach.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lintYaml } from './lint-yaml.ts';

const read = (name: string) => readFileSync(new URL(`operators/${name}.yaml`, import.meta.url), 'utf8');
const told = (yaml: string) =>
  lintYaml(yaml)
    .filter(({ severity }) => severity !== 'note')
    .map(({ ruleId, object }) => `${ruleId} ${object ?? ''}`);

it.each([
  ['prometheus', []],
  ['webhook', []],
  // Nothing isolates the consumer, which is so.
  ['kafka', ['pod-open Deployment queue/consumer']],
])('%s has no false finding', (name, expected) => {
  expect(told(read(name))).toEqual(expected);
});

it('and the same policies are findings where the operator, the open block or the egress rule is missing', () => {
  expect(told(read('kafka').replace('kind: Kafka\n', 'kind: Topic\n'))).toContain('selects-nothing NetworkPolicy queue/orders-kafka');
  expect(told(read('webhook').replace('[{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]', '[]'))).toContain(
    'api-server-shut-out NetworkPolicy cert-manager/webhook-allow-ingress',
  );
  expect(told(read('prometheus').replaceAll('egress: [{}]', 'egress: []'))).toContain(
    'api-server-out-of-reach NetworkPolicy monitoring/prometheus-operator',
  );
});
