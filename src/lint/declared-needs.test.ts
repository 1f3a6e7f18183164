import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { chooseProfile, isUnknown } from '../profile/choose.ts';
import { contextOf } from './context.ts';
import { declaredNeeds } from './declared-needs.ts';

const service = (name: string, namespace: string) =>
  `---\napiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { ports: [{ port: 1 }] }\n`;
const OTHERS = [
  service('cart', 'shop'),
  service('redis', 'data'),
  '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: conf, namespace: shop }\ndata: { CART_ADDR: "cart:7070" }\n',
].join('');

function needs(container: string): string[] {
  const pod = `apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop }\nspec: { containers: [{ name: m, ${container} }] }\n`;
  const cluster = loadCluster([{ file: 'a', text: pod + OTHERS }]);
  const choice = chooseProfile('kubernetes');
  const [only] = cluster.pods;
  if (isUnknown(choice) || only === undefined) throw new Error('no pod');
  return declaredNeeds(contextOf(cluster, choice, []), only).map(({ written, service: found }) => `${written} ${found?.ref ?? 'outside'}`);
}
const env = (name: string, value: string) => `env: [{ name: ${name}, value: "${value}" }]`;

describe('what a pod is configured to call', () => {
  it.each([
    [env('CART_ADDR', 'cart:7070'), ['cart:7070 shop/cart']],
    [env('CART_HOST', 'cart'), ['cart shop/cart']],
    [
      env('REDIS_URL', 'redis://:secret@redis.data.svc.cluster.local:6379/0'),
      ['redis://:secret@redis.data.svc.cluster.local:6379 data/redis'],
    ],
    [env('PAYMENT_URL', 'https://api.payment.example/v1'), ['https://api.payment.example outside']],
    ['args: ["--cart=cart:7070"]', ['cart:7070 shop/cart']],
    ['envFrom: [{ configMapRef: { name: conf } }]', ['cart:7070 shop/cart']],
    ['env: [{ name: A, valueFrom: { configMapKeyRef: { name: conf, key: CART_ADDR } } }]', ['cart:7070 shop/cart']],
  ])('%s', (container, expected) => {
    expect(needs(container)).toEqual(expected);
  });

  it.each([
    env('NAME', 'cart'),
    env('GREETING', 'the cart is full'),
    env('START', '10:30'),
    env('IMAGE', 'example/cart:1.2'),
    env('SELF_ADDR', 'localhost:8080'),
    env('SELF_URL', 'http://shop.localhost/x'),
    env('LISTEN', '0.0.0.0:8080'),
    env('JAVA_OPTS', '-Xmx64m -Dfile.encoding=UTF-8'),
  ])('%s is no address', (container) => {
    expect(needs(container)).toEqual([]);
  });
});
