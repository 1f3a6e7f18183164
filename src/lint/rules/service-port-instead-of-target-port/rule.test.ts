import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { servicePortInsteadOfTargetPort } from './rule.ts';

const ingress = (port: string) => policy('f', `podSelector: { matchLabels: { app: frontend } }\ningress:\n- ports:\n  - ${port}`);
const egress = (port: string) =>
  policy(
    'f',
    `podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [{ podSelector: { matchLabels: { app: frontend } } }]\n  ports:\n  - ${port}`,
  );

describe('service-port-instead-of-target-port', () => {
  it('speaks of both directions, and writes the target port', () => {
    expect(found(servicePortInsteadOfTargetPort, stream(ingress('port: 80'), SHOP))).toEqual(['8 error servicePort']);
    expect(found(servicePortInsteadOfTargetPort, stream(egress('port: 80'), SHOP))).toEqual(['10 error servicePort']);
    expect(findings(servicePortInsteadOfTargetPort, stream(ingress('port: 80'), SHOP))[0]?.fix?.edits).toMatchObject([
      { kind: 'set-value', value: 8080 },
    ]);
  });
  it.each([
    ['the target port', 'port: 8080'],
    ['its name', 'port: http'],
    ['another protocol', '{ port: 80, protocol: UDP }'],
    ['a port that no Service has', 'port: 81'],
    ['both', 'port: 80\n  - port: 8080'],
  ])('is silent for %s', (_, port) => {
    expect(found(servicePortInsteadOfTargetPort, stream(ingress(port), SHOP))).toEqual([]);
  });
  it('is silent when a pod declares the port after all', () => {
    expect(
      found(
        servicePortInsteadOfTargetPort,
        stream(ingress('port: 80'), SHOP.replace('containerPort: 8080 }', 'containerPort: 8080 }, { containerPort: 80 }')),
      ),
    ).toEqual([]);
  });
  it('knows the DNS pods of OpenShift without seeing them', () => {
    const dns = (ports: string) =>
      policy(
        'd',
        `podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: openshift-dns } } }]\n  ports: [${ports}]`,
      );
    expect(found(servicePortInsteadOfTargetPort, dns('{ port: 53, protocol: UDP }'))).toEqual(['9 error openshiftDns']);
    expect(found(servicePortInsteadOfTargetPort, dns('{ port: 53, protocol: UDP }, { port: 5353, protocol: UDP }'))).toEqual([]);
  });
});
