import { describe, expect, it } from 'vitest';
import { namespacesIn } from './named-namespaces.ts';

describe('the namespaces that a question names', () => {
  it.each([
    [
      ['web/frontend', 'payments/svc/api:8080'],
      ['web', 'payments'],
    ],
    [
      ['web/deploy/frontend', 'http://api.payments.svc.cluster.local:8080/health'],
      ['web', 'payments'],
    ],
    [
      ['web/frontend', 'web-0.web.data.svc'],
      ['web', 'data'],
    ],
    [['frontend', 'api.payments:8080'], ['payments']],
    [['web/frontend', 'web/cart'], ['web']],
    [['web/frontend', '10.0.0.7:443'], ['web']],
    [['internet', '[2001:db8::1]:443'], []],
    [['node/node-1', '203.0.113.0/24'], []],
    [['', 'a b'], []],
    // Not shorter than it is: an address on the internet is no namespace.
    [['web/frontend', 'https://api.stripe.example.com/v1'], ['web']],
  ])('%j → %j', (ends, namespaces) => {
    expect(namespacesIn(ends)).toEqual(namespaces);
  });
});
