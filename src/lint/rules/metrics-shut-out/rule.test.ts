import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { metricsShutOut } from './rule.ts';

const target =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop, annotations: { prometheus.io/scrape: "true", prometheus.io/port: "9090" } }\nspec: { containers: [] }\n';
const prometheus =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: prometheus, namespace: monitoring, labels: { app: prometheus } }\nspec: { containers: [] }\n';
const monitor = `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { scrape: "yes" } }, endpoints: [{ port: metrics }] }
`;
const service =
  'apiVersion: v1\nkind: Service\nmetadata: { name: m, namespace: shop, labels: { scrape: "yes" } }\nspec: { selector: { app: cart }, ports: [{ name: metrics, port: 1, targetPort: 7070 }] }\n';
const letIn = (rules: string) => policy('in', `podSelector: {}\ningress: [${rules}]`);
const own = '{ from: [{ podSelector: {} }] }';
const monitoring = '{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } } }] }';

describe('metrics-shut-out', () => {
  it.each([
    ['its own namespace', own, ['1 warning nobody'], ['1 warning prometheus']],
    ['the namespace of Prometheus', monitoring, [], []],
    [
      'the namespace of Prometheus on another port',
      monitoring.replace('} }] }', '} }], ports: [{ port: 80 }] }'),
      ['1 warning nobody'],
      ['1 warning prometheus'],
    ],
    ['everybody', '{}', [], []],
  ])('a target that lets in %s', (_, rules, without, withPrometheus) => {
    expect(found(metricsShutOut, stream(letIn(rules), target))).toEqual(without);
    expect(found(metricsShutOut, stream(letIn(rules), target, prometheus))).toEqual(withPrometheus);
  });
  it('reads ServiceMonitors: the port of the Service leads to the port of the pod', () => {
    expect(found(metricsShutOut, stream(letIn(own), SHOP, service, monitor))).toEqual(['1 warning nobody']);
    expect(found(metricsShutOut, stream(letIn('{ ports: [{ port: 7070 }] }'), SHOP, service, monitor))).toEqual([]);
  });
  it('has nothing to say about pods that nobody scrapes', () => {
    expect(found(metricsShutOut, stream(letIn(own), SHOP))).toEqual([]);
  });
});
