// `fix` in cluster-wide policies: rules that let through or deny where these kinds decide, written as each version writes them, and what
// each would open and close besides. The text that is written means the cluster that was verified.
import { describe, expect, test } from 'vitest';
import { loadCluster } from '../../src/manifest/load.ts';
import { fix, isMendedIn } from '../../src/question/fix.ts';
import { changedCluster } from '../../src/repair/apply.ts';
import { kubectlCommands } from '../../src/repair/kubectl.ts';
import { plannedFiles } from '../../src/repair/patch.ts';
import type { Fix } from '../../src/repair/suggest.ts';
import { differenceInMeaning } from '../../src/repair/verify.ts';
import { leverWords, rowWords, sharedWords } from '../../src/words/en/fixes.ts';
import { semanticsNamed } from '../shop-manifests.ts';

const deployment = (namespace: string, name: string, labels = `app: ${name}`) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { ${labels} } }
    spec: { containers: [{ name: main, image: main, ports: [{ containerPort: 7070 }] }] }
---`;

const SHOP = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: shop } }
---
apiVersion: v1
kind: Namespace
metadata: { name: web, labels: { team: web } }
---${deployment('shop', 'cart')}${deployment('web', 'frontend')}${deployment('web', 'checkout', 'app: checkout, tier: front')}`;

const CNP = `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata:
  name: tenants   # ask #platform
spec:
  tier: Admin
  priority: 10
  subject:
    namespaces:
      matchLabels: { team: shop }
  ingress:
    # the checkout may
    - action: Accept
      from:
        - pods:
            namespaceSelector: { matchLabels: { team: web } }
            podSelector: { matchLabels: { tier: front } }
      protocols:
        - tcp: { destinationPort: { number: 7070 } }
    # all others may not
    - action: Deny
      from:
        - namespaces: {}
`;

const ANP = CNP.replace('v1alpha2', 'v1alpha1')
  .replace('ClusterNetworkPolicy', 'AdminNetworkPolicy')
  .replace('  tier: Admin\n', '')
  .replace('Accept', 'Allow')
  .replace('protocols:', 'ports:')
  .replace('tcp: { destinationPort: { number: 7070 } }', 'portNumber: { port: 7070 }');

interface Asked {
  readonly from?: string;
  readonly to?: string;
  readonly deny?: boolean;
  readonly cni?: string;
}

function fixesOf(
  policies: string,
  { from = 'web/frontend', to = 'shop/cart:7070', deny = false, cni = 'kube-network-policies' }: Asked = {},
) {
  const load = (text: string) =>
    loadCluster([
      { file: 'shop.yaml', text: SHOP },
      { file: 'policies.yaml', text },
    ]);
  const cluster = load(policies);
  const semantics = semanticsNamed(cni);
  const question = { from, to, namespace: 'default' };
  const answer = fix(cluster, semantics, question, { most: 100, deny });
  const connection = answer.kind === 'answer' ? answer.connections[0] : undefined;
  if (connection === undefined) throw new Error(JSON.stringify(answer));
  for (const each of connection.fixes) {
    const planned = plannedFiles(each.steps);
    if (planned.refused !== undefined) continue;
    const edited = load(planned.files.find(({ file }) => file === 'policies.yaml')?.after ?? policies);
    if (planned.files.every(({ file }) => file === 'policies.yaml'))
      expect(differenceInMeaning(changedCluster(cluster, each.changes), edited)).toBeUndefined();
    expect(isMendedIn(changedCluster(cluster, each.changes), semantics, question, connection, deny)).toBe(true);
  }
  return connection.fixes;
}

const texts = (fixes: readonly Fix[]) => fixes.map(({ levers }) => levers.map(leverWords).join(' + '));

function written(fixes: readonly Fix[], words: string): string {
  const found = fixes.find(({ levers }) => levers.map(leverWords).join(' + ').startsWith(words));
  const planned = found && plannedFiles(found.steps);
  if (planned === undefined || planned.refused !== undefined) throw new Error(`no fix "${words}" among ${texts(fixes).join('; ')}`);
  return planned.files[0]?.after ?? '';
}

const ACCEPTED = `      protocols:
        - tcp: { destinationPort: { number: 7070 } }
    - action: Accept
      from:
        - pods:
            namespaceSelector:
              matchLabels:
                kubernetes.io/metadata.name: web
            podSelector:
              matchLabels:
                app: frontend
      protocols:
        - tcp:
            destinationPort:
              number: 7070
    # all others may not
`;

describe('a connection that a rule of a ClusterNetworkPolicy denies', () => {
  test('is accepted or passed on by a rule before that one, and the comments stay where they were', () => {
    const fixes = fixesOf(CNP);
    expect(written(fixes, 'add a rule to ClusterNetworkPolicy tenants before ingress[1]: Accept from')).toBe(
      CNP.replace(/ {6}protocols:\n.*\n {4}# all others may not\n/, ACCEPTED),
    );
    expect(written(fixes, 'add a rule to ClusterNetworkPolicy tenants before ingress[1]: Pass from')).toContain('- action: Pass\n');
  });

  test('becomes one more peer of a rule that accepts other peers, or gets the label that the rule wants', () => {
    const fixes = fixesOf(CNP);
    // The label edits a workload of the one who asks, so it comes before every edit of what belongs to the owner of the cluster.
    expect(texts(fixes)[0]).toBe('label the pod template tier=front');
    expect(texts(fixes)).toContain('add web/app=frontend to the rule');
    expect(fixes[1]?.shared.map(sharedWords)).toEqual(['tenants belongs to the cluster’s owner and applies to 1 pod of 1 workload']);
  });

  test('becomes one more port of a rule that accepts the peer on another one', () => {
    const after = written(fixesOf(CNP, { from: 'web/checkout', to: 'shop/cart:9090' }), 'allow port 9090/TCP in the rule');
    expect(after).toBe(
      CNP.replace('number: 7070 } }\n', 'number: 7070 } }\n        - tcp:\n            destinationPort:\n              number: 9090\n'),
    );
  });

  test('says what else each edit opens', () => {
    const opens = ({ effect }: Fix) => effect.opened.filter(({ isFuture }) => !isFuture).map(rowWords);
    const fixes = fixesOf(CNP);
    const of = (words: string) => fixes.find((_, i) => texts(fixes)[i]?.startsWith(words)) as Fix;
    expect(opens(of('add a rule'))).toEqual([]);
    expect(opens(of('remove the rule tenants ingress[1]'))).toContain('web/checkout → shop/cart on every port but 7070/TCP');
  });

  test('gets no 26th rule, which the API server would refuse', () => {
    const rule = '    - { action: Deny, from: [{ namespaces: {} }] }\n';
    const full = `${CNP.slice(0, CNP.indexOf('    # the checkout may'))}${rule.repeat(25)}`;
    expect(texts(fixesOf(full)).filter((text) => text.startsWith('add a rule'))).toEqual([]);
    const room = `${CNP.slice(0, CNP.indexOf('    # the checkout may'))}${rule.repeat(24)}`;
    expect(texts(fixesOf(room)).filter((text) => text.startsWith('add a rule to ClusterNetworkPolicy'))).toHaveLength(2);
  });

  test('is no longer denied where its peer, its network or its port leaves the rule', () => {
    const egress = (rule: string) => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: outside }
spec:
  tier: Admin
  priority: 1
  subject: { namespaces: {} }
  egress:
    - action: Deny
${rule}`;
    const outside = { to: '203.0.113.7:443' };
    const networks = egress('      to:\n        - networks: [198.51.100.0/24, 203.0.113.0/24]\n');
    expect(written(fixesOf(networks, outside), 'remove 203.0.113.0/24 from the rule')).toBe(networks.replace(', 203.0.113.0/24', ''));
    const ports = egress(
      '      to:\n        - networks: [203.0.113.0/24]\n      protocols:\n        - tcp: { destinationPort: { range: { start: 400, end: 443 } } }\n',
    );
    expect(written(fixesOf(ports, outside), 'remove port 443/TCP from the rule')).toMatch(/range:\n +start: 400\n +end: 442\n/);
    expect(texts(fixesOf(networks, outside))).toContain(
      'add a rule to ClusterNetworkPolicy outside before egress[0]: Accept to 203.0.113.7/32, port 443/TCP',
    );
  });

  test('has commands that put the rule in its place', () => {
    const fixes = fixesOf(CNP);
    const inserted = fixes.find((_, i) => texts(fixes)[i]?.includes('Pass from')) as Fix;
    expect(kubectlCommands(inserted.steps).join()).toMatch(
      /^kubectl patch clusternetworkpolicy tenants --type=json -p='\[\{"op":"add","path":"\/spec\/ingress\/1","value":\{"action":"Pass"/,
    );
  });
});

test('an AdminNetworkPolicy is edited in the words of v1alpha1', () => {
  const fixes = fixesOf(ANP);
  const after = written(fixes, 'add a rule to AdminNetworkPolicy tenants before ingress[1]: Allow from');
  expect(after).toContain(
    '      ports:\n        - portNumber:\n            protocol: TCP\n            port: 7070\n    # all others may not\n',
  );
});

test('the denial of a BaselineAdminNetworkPolicy is opened by a NetworkPolicy first, and by a rule of its own after that', () => {
  const baseline = `apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: { name: default }
spec:
  subject: { namespaces: {} }
  ingress:
    - { action: Deny, from: [{ namespaces: {} }] }
`;
  const found = texts(fixesOf(baseline));
  const own = found.findIndex((text) => text.startsWith('add a rule to BaselineAdminNetworkPolicy default before ingress[0]: Allow from'));
  const policy = found.findIndex((text) => text.startsWith('new policy shop/'));
  expect(policy).toBe(0);
  expect(own).toBeGreaterThan(policy);
  expect(found.filter((text) => text.includes('Pass'))).toEqual([]);
});

describe('a connection that is to be denied', () => {
  test('gets a Deny rule before the one that accepts it, and a cut of that one', () => {
    const found = texts(fixesOf(CNP, { from: 'web/checkout', deny: true }));
    expect(found).toContain('add a rule to ClusterNetworkPolicy tenants before ingress[0]: Deny from web/app=checkout, port 7070/TCP');
    expect(found).toContain('remove the rule tenants ingress[0]');
  });

  test('gets a Deny rule in a policy that says nothing about it so far, where a NetworkPolicy would close more', () => {
    const quiet = CNP.slice(0, CNP.indexOf('    # all others'));
    const fixes = fixesOf(quiet, { deny: true });
    expect(texts(fixes)[0]).toBe('add a rule to ClusterNetworkPolicy tenants: Deny from web/app=frontend, port 7070/TCP');
    expect(texts(fixes).some((text) => text.startsWith('new policy'))).toBe(true);
  });

  test('gets none in a policy that this network plugin does not enforce', () => {
    expect(texts(fixesOf(CNP, { deny: true, cni: 'weave' })).filter((text) => text.includes('tenants'))).toEqual([]);
  });
});
