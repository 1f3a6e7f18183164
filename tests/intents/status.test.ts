// `expect: 200`: only a request that was made decides a status. The model and the kernel say that they cannot.
import { describe, expect, it } from 'vitest';
import { planProbe } from '../../src/probe/plan.ts';
import { type Check, type Measured, withMeasured } from '../../src/question/intents.ts';
import { checkSentence } from '../../src/words/en/intents.ts';
import { CART_POLICY, clusterWith, codesOf, intentsOf, runOf, SHOP } from './shop.ts';

const closed = clusterWith(SHOP, CART_POLICY);

function checkOf(item: string): Check {
  const check = runOf(closed, intentsOf(item)).results[0]?.checks[0];
  if (check === undefined) throw new Error('no check');
  return check;
}

const seen = (more: Partial<Measured>): Measured => ({
  by: 'cluster',
  outcome: 'allowed',
  control: 'answers',
  text: 'HTTP 200 (curl)',
  ...more,
});
const WANTS_200 = '{ from: shop/frontend, to: http://cart.shop/health, expect: 200 }';

describe('an intent with an HTTP status', () => {
  it('is not decided by the model where policies allow the connection, and fails where they deny it', () => {
    expect(codesOf(closed, '{ from: shop/frontend, to: shop/cart, port: 7070, expect: 200 }')).toEqual(['shop/frontend status-unknown']);
    expect(codesOf(closed, '{ from: shop/admin, to: shop/cart, port: 7070, expect: 200 }')).toEqual(['shop/admin not-allowed']);
    const { text, hint } = checkSentence(checkOf(WANTS_200));
    expect([text, hint]).toEqual([expect.stringContaining('HTTP 200'), expect.stringContaining('--live')]);
  });

  it('asks for the path of the URL', () => {
    expect(checkOf(WANTS_200).http).toEqual({ status: 200, path: '/health', tls: false });
    expect(checkOf('{ from: shop/frontend, to: shop/cart, port: 7070, expect: 404 }').http).toEqual({ status: 404, path: '/', tls: false });
  });

  it('holds where a request was answered so, and not with another status or without a request', () => {
    const check = checkOf(WANTS_200);
    expect(withMeasured(check, seen({ status: 200 }))).toMatchObject({ code: 'as-expected', holds: true });
    expect(withMeasured(check, seen({ status: 503 }))).toMatchObject({ code: 'status-differs', holds: false });
    expect(withMeasured(check, seen({ by: 'kernel' }))).toMatchObject({ code: 'status-unknown', holds: false });
    expect(withMeasured(check, seen({ outcome: 'denied' }))).toMatchObject({ code: 'cluster-differs', holds: false });
  });

  it('is a number of three digits', () => {
    expect(() => intentsOf('{ from: shop/frontend, to: shop/cart, expect: 99 }')).toThrow();
    expect(() => intentsOf('{ from: shop/frontend, to: shop/cart, expect: 2xx }')).toThrow();
  });
});

it('a probe makes a request only over TCP', () => {
  const running = clusterWith(
    SHOP.replaceAll('replicas: 1', 'replicas: 1'),
    `
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: shop, labels: { app: frontend } }
spec: { nodeName: node-1, containers: [ { name: main, image: shop/client } ] }
status: { phase: Running, podIP: 10.0.0.9 }
`,
  );
  const http = { path: '/health', tls: false };
  const planFor = (to: string) => {
    const { answer } = runOf(running, intentsOf(`{ from: shop/pod/client, to: "${to}", expect: allowed }`)).results[0]?.checks[0] ?? {};
    if (answer === undefined) throw new Error(`no answer for ${to}`);
    return planProbe(running, answer, { http }).target;
  };
  expect(planFor('10.9.9.9:80').http).toEqual(http);
  expect(planFor('10.9.9.9:53/udp').http).toBeUndefined();
});
