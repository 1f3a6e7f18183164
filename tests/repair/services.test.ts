// A way that is broken at its Service: what is wrong is named and edited, together with the policies that deny what lies behind it.
import { describe, expect, test } from 'vitest';
import { loadCluster } from '../../src/manifest/load.ts';
import { fix, isMendedIn, type RankedFix } from '../../src/question/fix.ts';
import { why } from '../../src/question/why.ts';
import { plannedFiles } from '../../src/repair/patch.ts';
import { serviceWords } from '../../src/words/en/fixes.ts';
import { semanticsNamed } from '../shop-manifests.ts';

interface Shop {
  readonly workload?: string;
  readonly labels?: string;
  readonly ports?: string;
  readonly service?: string;
  readonly more?: string;
  readonly to?: string;
}

const PLAIN = semanticsNamed();
const SERVICE = '{ selector: { app: cart }, ports: [{ port: 80, targetPort: 8080 }] }';

function shop({
  workload = 'cart',
  labels = '{ app: cart }',
  ports = '[{ containerPort: 8080 }]',
  service = SERVICE,
  more = '',
}: Shop): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: frontend, namespace: shop }
spec:
  selector: { matchLabels: { app: frontend } }
  template:
    metadata: { labels: { app: frontend } }
    spec: { containers: [{ name: main }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${workload}, namespace: shop }
spec:
  selector: { matchLabels: { id: one } }
  template:
    metadata: { labels: { id: one, ${labels.slice(1, -1)} } }
    spec: { containers: [{ name: main, ports: ${ports} }] }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: ${service}
${more}`;
}

/** All fixes; each is written and asked again: the text that it writes is allowed. */
function fixesOf(drawn: Shop): readonly RankedFix[] {
  const text = shop(drawn);
  const cluster = loadCluster([{ file: 'shop.yaml', text }]);
  const question = { from: 'shop/frontend', to: drawn.to ?? 'shop/svc/cart:80', namespace: 'shop' };
  const answer = fix(cluster, PLAIN, question, { most: 100 });
  if (answer.kind === 'error') throw new Error(JSON.stringify(answer.errors));
  const [connection] = answer.connections;
  if (connection === undefined) throw new Error('no connection');
  for (const each of connection.fixes) {
    const after = loadCluster([{ file: 'shop.yaml', text: writtenBy(each) }]);
    expect(isMendedIn(after, PLAIN, question, connection, false)).toBe(true);
    expect(why(after, PLAIN, question)).toMatchObject({ outcome: 'allowed' });
  }
  return connection.fixes;
}

function writtenBy({ steps }: RankedFix): string {
  const planned = plannedFiles(steps);
  if (planned.refused !== undefined) throw new Error(planned.refused.reason);
  return planned.files[0]?.after ?? '';
}

const codesOf = ({ levers }: RankedFix) => levers.map(({ code }) => code).join('+');

describe('a Service that selects no pod', () => {
  test('selects the label that the pods have, or the pods get the one that it selects by', () => {
    const fixes = fixesOf({ labels: '{ app: carts }' });
    expect(fixes.map(codesOf).sort()).toEqual(['label-pod', 'service-selector']);
    const selecting = fixes.find((each) => codesOf(each) === 'service-selector') as RankedFix;
    expect(writtenBy(selecting)).toContain('selector: { app: carts }');
    expect(selecting.effect.services.map(serviceWords)).toEqual(['Service shop/cart gains shop/cart']);
    expect(selecting.effect).toMatchObject({ opened: [], closed: [] });
  });

  test('by another key of the same value', () => {
    const [first] = fixesOf({ labels: '{ name: cart }' }).filter((each) => codesOf(each) === 'service-selector');
    expect(writtenBy(first as RankedFix)).toContain('selector: { name: cart }');
  });

  test('has no fix where nothing in the namespace is near', () => {
    expect(fixesOf({ workload: 'basket', labels: '{ app: basket }' })).toEqual([]);
  });
});

describe('a target port that the pods do not have', () => {
  test('becomes the name of the port that they have, or their port gets the name', () => {
    const named = fixesOf({ service: SERVICE.replace('8080', 'http'), ports: '[{ name: web, containerPort: 8080 }]' });
    expect(named.map(codesOf)).toEqual(['service-target-port']);
    expect(writtenBy(named[0] as RankedFix)).toContain('targetPort: web');
    const unnamed = fixesOf({ service: SERVICE.replace('8080', 'http') });
    expect(unnamed.map(codesOf).sort()).toEqual(['name-container-port', 'service-target-port']);
  });

  test('is put right also where a policy would have to open the wrong number instead', () => {
    const more = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { podSelector: { matchLabels: { id: one } }, policyTypes: [Ingress], ingress: [{ ports: [{ port: 8080 }] }] }
`;
    const codes = fixesOf({ service: SERVICE.replace('8080', '8081'), more }).map(codesOf);
    expect(codes).toContain('service-target-port');
  });
});

describe('a port that the Service does not have', () => {
  test('is added where the pods listen on it, and ports that had no name get one', () => {
    const [first] = fixesOf({ to: 'shop/svc/cart:8080' });
    expect(codesOf(first as RankedFix)).toBe('service-port');
    expect(writtenBy(first as RankedFix)).toContain('name: port-80');
  });

  test('is not made up where nothing listens on it', () => {
    expect(fixesOf({ to: 'shop/svc/cart:9999' })).toEqual([]);
  });
});

describe('a broken Service behind which policies deny', () => {
  const DENY = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { podSelector: { matchLabels: { id: one } }, policyTypes: [Ingress] }
`;

  test('is one fix with both parts, the Service first, as why says it', () => {
    const fixes = fixesOf({ labels: '{ app: carts }', more: DENY });
    expect(fixes.length).toBeGreaterThan(0);
    for (const each of fixes) {
      expect(each.levers.length).toBe(2);
      expect(['service-selector', 'label-pod']).toContain(each.levers[0]?.code);
      expect(['add-rule', 'new-policy']).toContain(each.levers[1]?.code);
    }
  });
});

describe('endpoints that are written by hand', () => {
  const endpoints = `---
apiVersion: v1
kind: Endpoints
metadata: { name: cart, namespace: shop }
subsets: [{ addresses: [{ ip: 192.168.5.10 }], ports: [{ name: api, port: 80 }] }]
`;
  const isolated = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: isolated, namespace: shop }
spec: { podSelector: {}, policyTypes: [Egress], egress: [{ ports: [{ port: 53 }, { port: 53, protocol: UDP }] }] }
`;
  const named = (name: string) => `{ ports: [{ name: ${name}, port: 80 }] }`;

  test('are found by the name of their port, which the Service takes', () => {
    const [first, ...others] = fixesOf({ service: named('apy'), more: endpoints });
    expect(codesOf(first as RankedFix)).toBe('service-port-name');
    expect(writtenBy(first as RankedFix)).toContain(named('api'));
    expect(others).toEqual([]);
    expect(fixesOf({ service: named('api'), more: endpoints })).toEqual([]);
  });

  test('are opened together with the policy that denies them then', () => {
    const found = fixesOf({ service: named('apy'), more: endpoints + isolated }).map(codesOf);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((codes) => /^service-port-name\+(add-rule|new-policy)$/.test(codes))).toBe(true);
  });
});
