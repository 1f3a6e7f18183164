import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { awsServiceNotOpened } from './rule.ts';

const out = (labels: string, ports = '') =>
  policy('out', `podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ podSelector: { matchLabels: { ${labels} } } }]${ports} }]`);
const tiered = SHOP.replaceAll('metadata: { labels: { app: cart }', 'metadata: { labels: { app: cart, tier: data }');
const checkout = SHOP.replace('port: 5050, targetPort', 'port: 80, targetPort');

describe('aws-service-not-opened', () => {
  it.each([
    ['labels that the Service does not select by', out('tier: data'), tiered, ['7 error labels']],
    ['labels that it selects by', out('app: cart'), tiered, []],
    ['the container’s port behind another', out('app: checkout', ', ports: [{ port: 5050 }]'), checkout, ['7 error ports']],
    ['both ports', out('app: checkout', ', ports: [{ port: 5050 }, { port: 80 }]'), checkout, []],
    ['a port that is the same', out('app: checkout', ', ports: [{ port: 5050 }]'), SHOP, []],
  ])('%s', (_, yaml, objects, expected) => {
    expect(found(awsServiceNotOpened, stream(yaml, objects), { cni: 'aws' })).toEqual(expected);
    expect(found(awsServiceNotOpened, stream(yaml, objects), { cni: 'calico' })).toEqual([]);
  });
});
