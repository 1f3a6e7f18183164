import { describe, expect, it } from 'vitest';
import type { Facts } from '../../model/problem.ts';
import type { EndError, Note, ObstacleCode } from '../../route/obstacle.ts';
import { endErrorSentence } from './end-error.ts';
import { noteSentence } from './note.ts';
import { obstacleSentence } from './obstacle.ts';

describe('what is in the way', () => {
  it.each<[ObstacleCode, Facts, string, string | undefined]>([
    [
      'service-port-missing',
      { service: 'shop/svc/cart', port: 7070, ports: ['80/TCP'], targetPortOf: 80 },
      'Service shop/svc/cart has no port 7070; it has 80/TCP',
      '7070 is a port of its pods; clients of the Service use 80',
    ],
    [
      'scaled-to-zero',
      { workload: 'shop/cart[Deployment]' },
      'shop/cart[Deployment] is scaled to 0, so there is no pod to answer',
      'scale it up: kubectl scale deployment cart -n shop --replicas=1',
    ],
    [
      'target-port-missing',
      { service: 'shop/svc/cart', targetPort: 'grpc', pods: ['shop/cart-1', 'shop/cart-2'], declared: ['http'] },
      'Service shop/svc/cart sends to port `grpc`, which shop/cart-1, shop/cart-2 do not declare (http)',
      undefined,
    ],
    [
      'name-not-in-dns',
      { host: 'crt.shop', tried: ['crt.shop.svc.cluster.local'] },
      '`crt.shop` does not exist in DNS (tried crt.shop.svc.cluster.local)',
      undefined,
    ],
  ])('%s', (code, facts, text, hint) => {
    expect(obstacleSentence({ code, facts })).toEqual({ text, ...(hint !== undefined && { hint }) });
  });

  it.each<[EndError['code'], Facts, string, string | undefined]>([
    [
      'unknown-name',
      { namespace: 'shop', name: 'crt', nearest: ['cart'] },
      'nothing in the input is called `shop/crt`',
      'did you mean cart?',
    ],
    [
      'unknown-name',
      { namespace: 'shop', name: 'bank' },
      'nothing in the input is called `shop/bank`',
      'netverdict map lists what the input contains',
    ],
    [
      'bad-port',
      { text: 'cart:99999', port: '99999' },
      '`99999` in `cart:99999` is not a port',
      'a port is 1-65535 or a port name, optionally with /udp or /sctp: kube-dns:53/udp',
    ],
  ])('%s %o', (code, facts, text, hint) => {
    expect(endErrorSentence({ code, facts })).toEqual({ text, ...(hint !== undefined && { hint }) });
  });

  it.each<[Note['code'], Facts, string]>([
    [
      'selector-near-miss',
      { workload: 'shop/cart', key: 'app', wanted: 'cart', found: 'crt' },
      'near miss: shop/cart has app=crt, the selector requires app=cart',
    ],
    [
      'selector-near-miss',
      { workload: 'shop/cart', key: 'app', wanted: 'cart' },
      'near miss: shop/cart has no label app, the selector requires app=cart',
    ],
    [
      'external-name',
      { service: 'shop/svc/bank', externalName: 'bank.example', inside: false },
      'shop/svc/bank is an alias of bank.example, outside the cluster',
    ],
  ])('%s %o', (code, facts, text) => {
    expect(noteSentence({ code, facts })).toBe(text);
  });
});
