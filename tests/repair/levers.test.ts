// Every lever of `fix` on the shop: where it helps it is offered, does what it says and can be written; where it cannot help it is not.
import { describe, expect, test } from 'vitest';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { printPortSet } from '../../src/net/port-set.ts';
import { fix, isMendedIn } from '../../src/question/fix.ts';
import { why } from '../../src/question/why.ts';
import { changedCluster } from '../../src/repair/apply.ts';
import type { LeverCode } from '../../src/repair/lever.ts';
import { plannedFiles } from '../../src/repair/patch.ts';
import type { Fix } from '../../src/repair/suggest.ts';
import { differenceInMeaning } from '../../src/repair/verify.ts';
import { rowWords, serviceWords } from '../../src/words/en/fixes.ts';
import { denyAll, egress, KUBE_DNS, PAYMENTS, semanticsNamed, WEB } from '../shop-manifests.ts';

interface Asked {
  readonly from: string;
  readonly to: string;
  readonly deny?: boolean;
  readonly cni?: string;
}

function load(texts: readonly string[]): Cluster {
  return loadCluster(texts.map((text, i) => ({ file: `${i + 1}.yaml`, text })));
}

/** All fixes, each of them held against its promise: the text that it writes means the cluster that was verified. */
function fixesOf(texts: readonly string[], { from, to, deny = false, cni }: Asked): readonly Fix[] {
  const cluster = load(texts);
  const semantics = semanticsNamed(cni);
  const question = { from, to, namespace: 'default' };
  const answer = fix(cluster, semantics, question, { most: 100, deny });
  if (answer.kind === 'error') throw new Error(JSON.stringify(answer.errors));
  const [connection, second] = answer.connections;
  if (connection === undefined || second !== undefined) throw new Error('ask about one port');
  for (const each of connection.fixes) {
    const planned = plannedFiles(each.steps);
    if (planned.refused !== undefined) continue;
    const after = new Map(planned.files.map((file) => [file.file, file.after]));
    const edited = loadCluster(texts.map((text, i) => ({ file: `${i + 1}.yaml`, text: after.get(`${i + 1}.yaml`) ?? text })));
    expect(differenceInMeaning(changedCluster(cluster, each.changes), edited)).toBeUndefined();
    expect(isMendedIn(edited, semantics, question, connection, deny)).toBe(true);
  }
  return connection.fixes;
}

function codesOf(fixes: readonly Fix[]): string[] {
  return fixes.map(({ levers }) => levers.map(({ code }) => code).join('+'));
}

/** The fix with just these levers; fails with the list of what there is. */
function theFix(fixes: readonly Fix[], codes: string): Fix {
  const found = fixes.find(({ levers }) => levers.map(({ code }) => code).join('+') === codes);
  if (found === undefined) throw new Error(`no fix ${codes} among ${codesOf(fixes).join(', ')}`);
  return found;
}

/** What stands in the lines that it adds and takes away, without indentation. */
function linesOf({ steps }: Fix): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  const planned = plannedFiles(steps);
  if (planned.refused !== undefined) throw new Error(planned.refused.reason);
  const added: string[] = [];
  const removed: string[] = [];
  for (const { before = '', after } of planned.files) {
    const [old, own] = [before.split('\n'), after.split('\n')];
    removed.push(...old.filter((line) => !own.includes(line)).map((line) => line.trim()));
    added.push(...own.filter((line) => !old.includes(line)).map((line) => line.trim()));
  }
  return { added, removed };
}

const opens = ({ effect }: Fix) => [
  ...effect.opened.map(rowWords),
  ...effect.services.filter(({ change }) => change === 'gains').map(serviceWords),
];
const closes = ({ effect }: Fix) => [
  ...effect.closed.map(rowWords),
  ...effect.services.filter(({ change }) => change === 'loses').map(serviceWords),
];

/** A policy on the API of payments, for ingress: `apiRules('[{ from: [...], ports: [...] }]')`. */
const apiRules = (rules: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api-rules, namespace: payments }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress: ${rules}
`;
const FROM_WEB =
  '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: web } }, podSelector: { matchLabels: { app: frontend } } }';
const FRONTEND_TO_API: Asked = { from: 'web/frontend', to: 'payments/svc/api:80' };

describe('a label that differs', () => {
  const rules = apiRules(`[{ from: [${FROM_WEB.replace('app: frontend', 'tier: front')}], ports: [{ port: 8080 }] }]`);
  const fixes = () => fixesOf([WEB, PAYMENTS, rules], FRONTEND_TO_API);

  test('is put on the pod template, which restarts the pods and opens nothing else', () => {
    const found = theFix(fixes(), 'label-pod');
    expect(opens(found)).toEqual([]);
    expect(closes(found)).toEqual([]);
    expect(linesOf(found).added).toContain('metadata: { labels: { app: frontend, tier: front } }');
  });

  test('or the peer is added to the rule as its pods are', () => {
    const found = theFix(fixes(), 'add-peer');
    expect(opens(found)).toEqual([]);
    expect(linesOf(found).added.join()).toContain('podSelector: { matchLabels: { app: frontend } }');
  });

  test('that the Deployment selects by is not offered to be changed: its selector is immutable', () => {
    const wrong = apiRules(`[{ from: [${FROM_WEB.replace('app: frontend', 'app: front')}], ports: [{ port: 8080 }] }]`);
    const codes = codesOf(fixesOf([WEB, PAYMENTS, wrong], FRONTEND_TO_API));
    expect(codes).not.toContain('label-pod');
    expect(codes).toContain('selector-value');
  });

  test('that a Service selects by says that the Service loses its pods', () => {
    const web = WEB.replace('selector: { matchLabels: { app: frontend } }', 'selector: { matchLabels: { tier: web } }').replace(
      'labels: { app: frontend }',
      'labels: { app: frontend, tier: web }',
    );
    const wrong = apiRules(`[{ from: [${FROM_WEB.replace('app: frontend', 'app: front')}], ports: [{ port: 8080 }] }]`);
    expect(closes(theFix(fixesOf([web, PAYMENTS, wrong], FRONTEND_TO_API), 'label-pod'))).toEqual([
      'Service web/frontend loses web/frontend',
    ]);
  });

  test('that keeps pods out is taken from the template', () => {
    const web = WEB.replace('labels: { app: frontend }', 'labels: { app: frontend, quarantine: yes-please }');
    const wrong = apiRules(
      `[{ from: [{ namespaceSelector: {}, podSelector: { matchExpressions: [{ key: quarantine, operator: DoesNotExist }] } }], ports: [{ port: 8080 }] }]`,
    );
    const found = theFix(fixesOf([web, PAYMENTS, wrong], FRONTEND_TO_API), 'unlabel-pod');
    expect(linesOf(found).added).toContain('metadata: { labels: { app: frontend } }');
  });
});

describe('a selector’s value', () => {
  const wrong = apiRules(`[{ from: [${FROM_WEB.replace('app: frontend', 'app: front-end')}], ports: [{ port: 8080 }] }]`);

  test('is made to mean the pods, and says whom it meant', () => {
    const found = theFix(fixesOf([WEB, PAYMENTS, wrong], FRONTEND_TO_API), 'selector-value');
    expect(found.size).toBe(1);
    expect(opens(found)).toEqual([]);
    expect(closes(found)).toEqual(['pods labelled app=front-end of namespace web (none today) → payments/api 8080/TCP']);
  });

  test('is not better than one more peer when others are meant by it today', () => {
    const other = WEB.replaceAll('frontend', 'front-end');
    const fixes = fixesOf([WEB, other, PAYMENTS, wrong], FRONTEND_TO_API);
    const found = theFix(fixes, 'selector-value');
    expect(closes(found)).toEqual(['web/front-end → payments/api 8080/TCP']);
    expect(fixes.indexOf(found)).toBeGreaterThan(fixes.indexOf(theFix(fixes, 'add-peer')));
  });

  test('of several gets one more', () => {
    const several = apiRules(
      '[{ from: [{ namespaceSelector: {}, podSelector: { matchExpressions: [{ key: app, operator: In, values: [front-end, cart] }] } }], ports: [{ port: 8080 }] }]',
    );
    const found = theFix(fixesOf([WEB, PAYMENTS, several], FRONTEND_TO_API), 'selector-value');
    expect(linesOf(found).added.join()).toContain('values: [front-end, cart, frontend]');
    expect(opens(found)).toContain('pods labelled app=frontend of any other namespace → payments/api 8080/TCP');
  });
});

describe('a namespace that a rule does not mean', () => {
  const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: web\n';
  const byLabel = apiRules('[{ from: [{ namespaceSelector: { matchLabels: { name: web } } }], ports: [{ port: 8080 }] }]');

  test('gets the label, or is found by its name', () => {
    const fixes = fixesOf([NAMESPACE, WEB, PAYMENTS, byLabel], FRONTEND_TO_API);
    expect(linesOf(theFix(fixes, 'label-namespace')).added).toEqual(['labels:', 'name: web']);
    const named = theFix(fixes, 'namespace-by-name');
    expect(linesOf(named).added.join()).toContain('kubernetes.io/metadata.name: web');
    expect(opens(named)).toEqual(['any other pod of namespace web → payments/api 8080/TCP']);
  });

  test('is not labelled when its object is not in the input: its labels are not known', () => {
    const codes = codesOf(fixesOf([WEB, PAYMENTS, byLabel], FRONTEND_TO_API));
    expect(codes).not.toContain('label-namespace');
    expect(codes).toContain('namespace-by-name');
  });

  test('is added to a bare podSelector, which then means that namespace alone', () => {
    const bare = apiRules('[{ from: [{ podSelector: { matchLabels: { app: frontend } } }], ports: [{ port: 8080 }] }]');
    const found = theFix(fixesOf([WEB, PAYMENTS, bare], FRONTEND_TO_API), 'add-namespace-selector');
    expect(opens(found)).toEqual([]);
    const own = WEB.replaceAll('namespace: web', 'namespace: payments');
    expect(closes(theFix(fixesOf([WEB, own, PAYMENTS, bare], FRONTEND_TO_API), 'add-namespace-selector'))).toEqual([
      'payments/frontend → payments/api 8080/TCP',
    ]);
  });
});

describe('two selectors in one peer', () => {
  const both = apiRules(
    `[{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: web } }, podSelector: { matchLabels: { app: db } } }], ports: [{ port: 8080 }] }]`,
  );

  test('become two peers: either is enough then', () => {
    const found = theFix(fixesOf([WEB, PAYMENTS, both], FRONTEND_TO_API), 'split-peer');
    expect(opens(found)).toContain('payments/db → payments/api 8080/TCP');
    expect(linesOf(found).added.join()).toContain('}, { podSelector');
  });

  test('and are not split where neither fits alone', () => {
    const neither = both.replace('metadata.name: web', 'metadata.name: shop');
    expect(codesOf(fixesOf([WEB, PAYMENTS, neither], FRONTEND_TO_API))).not.toContain('split-peer');
  });
});

describe('ports', () => {
  test('of the Service in a rule become the pods’ own', () => {
    const service = apiRules(`[{ from: [${FROM_WEB}], ports: [{ port: 80 }] }]`);
    const found = theFix(fixesOf([WEB, PAYMENTS, service], FRONTEND_TO_API), 'set-port');
    expect(found.levers[0]?.facts).toMatchObject({ port: 8080, servicePort: 80 });
    expect(closes(found)).toEqual(['web/frontend → payments/api 80/TCP']);
  });

  test('are added beside the others', () => {
    const other = apiRules(`[{ from: [${FROM_WEB}], ports: [{ port: 9090 }] }]`);
    const fixes = fixesOf([WEB, PAYMENTS, other], FRONTEND_TO_API);
    expect(codesOf(fixes)[0]).toBe('add-port');
    expect(closes(theFix(fixes, 'add-port'))).toEqual([]);
    expect(closes(theFix(fixes, 'set-port'))).toEqual(['web/frontend → payments/api 9090/TCP']);
  });

  test('get another protocol, where the number is right', () => {
    const udp = apiRules(`[{ from: [${FROM_WEB}], ports: [{ port: 8080, protocol: UDP }] }]`);
    expect(linesOf(theFix(fixesOf([WEB, PAYMENTS, udp], FRONTEND_TO_API), 'set-protocol')).added.join()).toContain('protocol: TCP');
    const tcp = apiRules(`[{ from: [${FROM_WEB}], ports: [{ port: 8081 }] }]`);
    expect(codesOf(fixesOf([WEB, PAYMENTS, tcp], FRONTEND_TO_API))).not.toContain('set-protocol');
  });

  test('by a name that no pod has become a number, or the container takes the name', () => {
    const named = apiRules(`[{ from: [${FROM_WEB}], ports: [{ port: web-api }] }]`);
    const unnamed = PAYMENTS.replace('- { name: http, containerPort: 8080 }', '- { containerPort: 8080 }').replace(
      'targetPort: http',
      'targetPort: 8080',
    );
    const fixes = fixesOf([WEB, unnamed, named], FRONTEND_TO_API);
    expect(linesOf(theFix(fixes, 'set-port')).added.join()).toContain('port: 8080');
    expect(linesOf(theFix(fixes, 'name-container-port')).added).toContain('- { containerPort: 8080, name: web-api }');
    // A port that has a name keeps it: a Service may ask for it.
    expect(codesOf(fixesOf([WEB, PAYMENTS, named], FRONTEND_TO_API))).not.toContain('name-container-port');
  });
});

describe('policyTypes', () => {
  test('that were left out and isolate by default are written', () => {
    const onlyEgress = egress('payments', '[{}]').replace(' policyTypes: [Egress],', '');
    const found = theFix(fixesOf([WEB, PAYMENTS, onlyEgress], FRONTEND_TO_API), 'policy-types');
    expect(linesOf(found).added.join()).toContain('policyTypes: [Egress]');
    expect(opens(found).length).toBeGreaterThan(0);
  });

  test('that leave a direction out get it', () => {
    const ignored = egress('web', '[]').replace('egress: []', 'ingress: [{}], egress: []');
    const asked: Asked = { from: 'payments/api', to: 'web/svc/frontend:80' };
    const found = theFix(fixesOf([WEB, PAYMENTS, denyAll('web', 'Ingress'), ignored], asked), 'policy-types');
    expect(linesOf(found).added.join()).toContain('policyTypes: [Egress, Ingress]');
  });

  test('are left alone where the isolation is meant', () => {
    const codes = codesOf(fixesOf([WEB, PAYMENTS, denyAll('payments', 'Ingress')], FRONTEND_TO_API));
    expect(codes).not.toContain('policy-types');
    expect(codes).toContain('new-policy');
  });
});

describe('an ipBlock', () => {
  const block = apiRules('[{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ports: [{ port: 8080 }] }]');

  test('that was meant for pods becomes selectors', () => {
    const found = theFix(fixesOf([WEB, PAYMENTS, block], { ...FRONTEND_TO_API, cni: 'cilium' }), 'block-to-selectors');
    expect(linesOf(found).removed.join()).toContain('10.0.0.0/8');
    expect(linesOf(found).added.join()).toContain('podSelector: { matchLabels: { app: frontend } }');
  });

  test('loses the exception that an address lies in, and gets one with --deny', () => {
    const holed = block.replace('cidr: 10.0.0.0/8', 'cidr: 203.0.113.0/24, except: [203.0.113.128/25]');
    const inHole: Asked = { from: '203.0.113.200', to: 'payments/api:8080' };
    expect(opens(theFix(fixesOf([PAYMENTS, holed], inHole), 'remove-except')).join()).toContain('203.0.113.');
    const inBlock: Asked = { from: '203.0.113.7', to: 'payments/api:8080', deny: true };
    const found = theFix(fixesOf([PAYMENTS, holed], inBlock), 'add-except');
    expect(closes(found)).toEqual([]);
    expect(linesOf(found).added.join()).toContain('203.0.113.7/32');
  });

  test('is what lets an address in that no selector can mean', () => {
    const found = fixesOf([WEB, PAYMENTS, apiRules(`[{ from: [${FROM_WEB}], ports: [{ port: 8080 }] }]`)], {
      from: '203.0.113.7',
      to: 'payments/api:8080',
    });
    expect(linesOf(theFix(found, 'add-peer')).added.join()).toContain('ipBlock: { cidr: 203.0.113.7/32 }');
    expect(codesOf(found)).not.toContain('label-pod');
  });
});

describe('DNS', () => {
  const byName: Asked = { from: 'web/frontend', to: 'http://api.payments:80/' };

  test('is opened by UDP and TCP to the DNS pods, together with the way', () => {
    const nothing = denyAll('web', 'Egress').replace('podSelector: {}', 'podSelector: { matchLabels: { app: frontend } }');
    const fixes = fixesOf([WEB, PAYMENTS, KUBE_DNS, nothing], byName);
    const found = theFix(fixes, 'add-rule+add-dns-rule');
    expect(opens(found)).toEqual([]);
    expect(linesOf(found).added.join()).toContain('{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }');
    // Or one policy says both.
    expect(theFix(fixes, 'new-policy').levers[0]?.facts.ports).toEqual(['8080/TCP', '53/UDP', '53/TCP']);
  });

  test('on the ports where the DNS pods really listen', () => {
    const dns = KUBE_DNS.replaceAll('containerPort: 53', 'containerPort: 5353')
      .replace('{ name: dns, port: 53, protocol: UDP }', '{ name: dns, port: 53, protocol: UDP, targetPort: dns }')
      .replace('{ name: dns-tcp, port: 53, protocol: TCP }', '{ name: dns-tcp, port: 53, protocol: TCP, targetPort: dns-tcp }');
    const fixes = fixesOf([WEB, PAYMENTS, dns, egress('web', '[{ to: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }]')], byName);
    expect(theFix(fixes, 'new-dns-policy').levers[0]?.facts.ports).toEqual(['5353/UDP', '5353/TCP']);
  });

  test('gets TCP where a rule has UDP alone', () => {
    const udp = egress('web', '[{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: UDP }, { port: 8080 }] }]');
    const found = fixesOf([WEB, PAYMENTS, KUBE_DNS, udp], FRONTEND_TO_API);
    expect(linesOf(theFix(found, 'add-port')).added.join()).toContain('{ port: 53, protocol: TCP }');
  });

  test('is no part of a fix where it is open', () => {
    const codes = codesOf(fixesOf([WEB, PAYMENTS, KUBE_DNS, denyAll('payments', 'Ingress')], byName));
    expect(codes.filter((code) => code.includes('dns'))).toEqual([]);
    expect(codes).toContain('new-policy');
  });
});

describe('the address of a Service, on a plugin that checks egress against it', () => {
  const desk = PAYMENTS.replaceAll('app: api', 'app.kubernetes.io/name: api, app: api').replace(
    'selector: { app.kubernetes.io/name: api, app: api }',
    'selector: { app: api }',
  );
  const rule = '{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { app.kubernetes.io/name: api } } }] }';
  const dns = '{ ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }] }';
  const texts = [WEB, desk, egress('web', `[${rule}, ${dns}]`)];

  test('is opened by the labels that the Service selects by, not by others of the same pods', () => {
    expect(fixesOf(texts, FRONTEND_TO_API)).toEqual([]);
    const found = theFix(fixesOf(texts, { ...FRONTEND_TO_API, cni: 'aws' }), 'add-peer');
    expect(found.levers[0]?.facts.peer).toBe('payments/app=api');
    expect(opens(found)).toEqual([]);
  });

  test('is opened on its own port, too', () => {
    const found = theFix(fixesOf([WEB, desk, denyAll('web', 'Egress')], { ...FRONTEND_TO_API, cni: 'aws' }), 'new-policy');
    expect(found.levers[0]?.facts.ports).toEqual(['8080/TCP', '80/TCP']);
  });
});

describe('both ends denied', () => {
  test('are opened by one fix of two parts, and by none of one', () => {
    const fixes = fixesOf([WEB, PAYMENTS, denyAll('web', 'Egress'), denyAll('payments', 'Ingress')], FRONTEND_TO_API);
    expect(fixes.every(({ levers }) => levers.length === 2)).toBe(true);
    expect(fixes.length).toBeGreaterThan(1);
    expect(fixes.slice(0, 2).map(opens)).toEqual([[], []]);
  });
});

describe('what is no matter of policies', () => {
  test('is not mended by one', () => {
    expect(fixesOf([WEB, PAYMENTS], { from: 'web/frontend', to: 'payments/svc/api:81' })).toEqual([]);
    expect(fixesOf([WEB, PAYMENTS], FRONTEND_TO_API)).toEqual([]);
  });

  test('nor is a node let in on a plugin whose blocks never mean nodes', () => {
    const onNode = WEB.replace('spec:\n      containers', 'spec:\n      hostNetwork: true\n      containers');
    expect(fixesOf([onNode, PAYMENTS, denyAll('payments', 'Ingress')], FRONTEND_TO_API)).toEqual([]);
    expect(
      why(load([onNode, PAYMENTS, denyAll('payments', 'Ingress')]), semanticsNamed(), { ...FRONTEND_TO_API, namespace: 'default' }),
    ).toMatchObject({ outcome: 'undecided' });
  });
});

describe('--deny', () => {
  const rules = apiRules(`[{ from: [${FROM_WEB}, { podSelector: {} }], ports: [{ port: 8080 }, { port: 9090 }] }]`);
  const deny: Asked = { ...FRONTEND_TO_API, deny: true };
  const lone = (codes: LeverCode) => theFix(fixesOf([WEB, PAYMENTS, rules], deny), codes);

  test('takes the peer away', () => {
    expect(closes(lone('remove-peer'))).toEqual(['web/frontend → payments/api 9090/TCP']);
  });

  test('takes the port away, for everybody', () => {
    expect(closes(lone('remove-port'))).toContain('payments/db → payments/api 8080/TCP');
  });

  test('never leaves a list empty: that would open it to all', () => {
    const one = apiRules(`[{ from: [${FROM_WEB}], ports: [{ port: 8080 }] }]`);
    const codes = codesOf(fixesOf([WEB, PAYMENTS, one], deny));
    expect(codes).not.toContain('remove-peer');
    expect(codes).not.toContain('remove-port');
    expect(closes(theFix(fixesOf([WEB, PAYMENTS, one], deny), 'remove-rule'))).toEqual([]);
  });

  test('cuts a range around the port', () => {
    const range = apiRules(`[{ from: [${FROM_WEB}], ports: [{ port: 8000, endPort: 8100 }] }]`);
    const found = theFix(fixesOf([WEB, PAYMENTS, range], deny), 'remove-port');
    expect(linesOf(found).added.join()).toContain(
      '{ port: 8000, endPort: 8079, protocol: TCP }, { port: 8081, endPort: 8100, protocol: TCP }',
    );
    expect(closes(found)).toEqual([]);
  });

  test('leaves the pods out of a wide peer', () => {
    const wide = apiRules('[{ from: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }]');
    const found = theFix(fixesOf([WEB, PAYMENTS, wide], deny), 'narrow-peer');
    expect(linesOf(found).added.join()).toContain('operator: NotIn, values: [frontend]');
    expect(closes(found)).toEqual(['pods labelled app=frontend of any other namespace → payments/api 8080/TCP']);
  });

  test('joins two peers that were meant to be one', () => {
    const apart = apiRules(`
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: web } }
        - podSelector: { matchLabels: { app: db } }`);
    const found = theFix(fixesOf([WEB, PAYMENTS, apart], deny), 'join-peers');
    expect(linesOf(found)).toEqual({
      removed: ['- podSelector: { matchLabels: { app: db } }'],
      added: ['podSelector: { matchLabels: { app: db } }'],
    });
  });

  test('isolates pods that nobody isolates, with or without the rest', () => {
    const fixes = fixesOf([WEB, PAYMENTS], { ...deny, cni: 'cilium' });
    expect(closes(theFix(fixes, 'new-deny-with-rest'))).toEqual([]);
    expect(closes(theFix(fixes, 'new-deny')).length).toBeGreaterThan(3);
    expect(codesOf(fixes)[0]).toBe('new-deny-with-rest');
  });

  test('has nothing to do where it is denied already', () => {
    expect(fixesOf([WEB, PAYMENTS, denyAll('payments', 'Ingress')], deny)).toEqual([]);
  });
});

describe('what a fix opens besides', () => {
  test('is said of pods that are there, of pods to come, and of the outside', () => {
    const loose = apiRules('[]').replace('  policyTypes: [Ingress]\n', '').replace('ingress: []', 'egress: [{}]');
    const [first] = fixesOf([WEB, PAYMENTS, loose], FRONTEND_TO_API).filter(({ levers }) => levers[0]?.code === 'policy-types');
    expect(first?.effect.opened.map(({ from, to, ports, isFuture }) => [from, to, printPortSet(ports), isFuture])).toEqual([
      ['0.0.0.0/0', 'payments/api[Deployment]', 'all', false],
      ['::/0', 'payments/api[Deployment]', 'all', false],
      ['payments/api[Deployment]', 'payments/api[Deployment]', 'all', false],
      ['payments/db[StatefulSet]', 'payments/api[Deployment]', 'all', false],
      ['web/frontend[Deployment]', 'payments/api[Deployment]', 'TCP 1-8079,8081-65535 UDP 1-65535 SCTP 1-65535', false],
      ['{other-pod payments}', 'payments/api[Deployment]', 'all', true],
      ['{other-pod web}', 'payments/api[Deployment]', 'all', true],
      ['{pod-elsewhere}', 'payments/api[Deployment]', 'all', true],
      ['{pods-elsewhere app=api,tier=back}', 'payments/api[Deployment]', 'all', true],
      ['{pods-elsewhere app=frontend}', 'payments/api[Deployment]', 'all', true],
    ]);
  });
});
