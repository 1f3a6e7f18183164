import { describe, expect, it } from 'vitest';
import { printPortSet } from '../../src/net/port-set.ts';
import { parseAllowed, parseConns, parseEnd } from './notation.ts';

describe('the notation of the corpus', () => {
  it.each([
    ['All Connections', 'all', []],
    ['No Connections', 'none', []],
    ['TCP 80', 'TCP 80', []],
    ['SCTP 1-65535,TCP 1-79,81-65535,UDP 53', 'TCP 1-79,81-65535 UDP 53 SCTP 1-65535', []],
    ['TCP http,8080,local-dns', 'TCP 8080', ['TCP http', 'TCP local-dns']],
    ['local-dns', 'none', ['any local-dns']],
  ])('reads the set %s', (text, ports, names) => {
    const allowed = parseAllowed(text);
    expect(printPortSet(allowed.ports)).toBe(ports);
    expect(allowed.names.map(({ protocol = 'any', name }) => `${protocol} ${name}`)).toEqual(names);
  });

  it.each([
    ['TCP, UDP, SCTP', 'all'],
    ['TCP:[80]', 'TCP 80'],
    ['TCP:[1-79,81-65535], UDP, SCTP', 'TCP 1-79,81-65535 UDP 1-65535 SCTP 1-65535'],
  ])('reads the section %s', (text, ports) => {
    expect(printPortSet(parseConns(text))).toBe(ports);
  });

  it.each([
    ['shop/cart[Deployment]', { kind: 'workload', ref: 'shop/cart[Deployment]' }],
    ['shop/cart-0', { kind: 'pod', ref: 'shop/cart-0' }],
    ['10.0.0.0-10.0.0.255', { kind: 'range', range: { family: 4, from: 0x0a000000, to: 0x0a0000ff } }],
    ['10.0.0.7', { kind: 'range', range: { family: 4, from: 0x0a000007, to: 0x0a000007 } }],
    ['{ingress-controller}', { kind: 'ingress-controller' }],
    ['entire-cluster', { kind: 'entire-cluster' }],
    ['shop/[all pods]', { kind: 'selector', peer: { namespace: { name: 'shop' }, pods: [] } }],
    [
      '[all namespaces]/[pod with {app=cart}]',
      { kind: 'selector', peer: { namespace: [], pods: [{ key: 'app', operator: 'In', values: ['cart'] }] } },
    ],
    [
      '[namespace with {team=shop,{Key:env,Operator:NotIn,Values:[a b],}}]/[pod with {{Key:app,Operator:Exists,Values:[],}}]',
      {
        kind: 'selector',
        peer: {
          namespace: [
            { key: 'team', operator: 'In', values: ['shop'] },
            { key: 'env', operator: 'NotIn', values: ['a', 'b'] },
          ],
          pods: [{ key: 'app', operator: 'Exists', values: [] }],
        },
      },
    ],
  ])('reads the end %s', (text, end) => {
    expect(parseEnd(text)).toEqual(end);
  });

  it.each(['', 'cart', 'a/b/c', '10.0.0.0-shop', '[namespace with {broken]/[all pods]'])('refuses the end %j', (text) => {
    expect(() => parseEnd(text)).toThrow();
  });

  it.each(['80', 'ICMP 8', 'TCP 80;81'])('refuses the set %s', (text) => {
    expect(() => parseAllowed(text)).toThrow();
  });

  it.each(['TCP:[]', 'tcp', 'TCP:[80] UDP'])('refuses the section %s', (text) => {
    expect(() => parseConns(text)).toThrow();
  });
});
