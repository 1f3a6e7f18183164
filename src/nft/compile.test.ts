import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import type { Cluster } from '../model/cluster.ts';
import { parseIp } from '../net/ip.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { type CompileOptions, compile } from './compile.ts';
import { type Decided, decided } from './decided.ts';
import { elementKey, PROTOCOL_NUMBER, type Ruleset } from './ruleset.ts';
import { walk } from './walk.ts';

function semantics(name: string): Decided['semantics'] {
  const choice = chooseProfile(name);
  if (isUnknown(choice)) throw new Error(`no profile ${name}`);
  return decided(semanticsOf(choice)).semantics;
}

const pod = (name: string, ips: readonly string[], ports = '[]') => `
---
{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: ${name}, labels: {app: ${name}}},
 spec: {nodeName: worker-1, containers: [{name: main, image: example/app, ports: ${ports}}]},
 status: {phase: Running, podIP: '${ips[0]}', podIPs: [${ips.map((ip) => `{ip: '${ip}'}`).join(', ')}]}}`;

/** frontend and checkout call cart; cart has its port under a name, checkout has the same name for another number. */
const PODS = `
${pod('frontend', ['10.0.0.2', 'fd00::2'])}
${pod('cart', ['10.0.0.3', 'fd00::3'], '[{name: grpc, containerPort: 7070}]')}
${pod('checkout', ['10.0.0.4', 'fd00::4'], '[{name: grpc, containerPort: 5050}]')}
---
{apiVersion: v1, kind: Node, metadata: {name: worker-1}, status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}}
---
{apiVersion: v1, kind: Node, metadata: {name: worker-2}, status: {addresses: [{type: InternalIP, address: 10.9.0.2}]}}`;

function shop(spec: string, name = 'cart-ingress'): Cluster {
  const text = `${PODS}\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: shop, name: ${name}}, spec: ${spec}}`;
  const cluster = loadCluster([{ file: 'shop.yaml', text }]);
  expect(cluster.problems).toEqual([]);
  return cluster;
}

function verdict(ruleset: Ruleset, from: string, to: string, port: number, protocol: keyof typeof PROTOCOL_NUMBER = 'TCP'): string {
  const [source, destination] = [parseIp(from), parseIp(to)];
  if (source === undefined || destination === undefined) throw new Error(`${from} or ${to} is no address`);
  const packet = { family: source.family, source: source.value, destination: destination.value, protocol: PROTOCOL_NUMBER[protocol], port };
  const { verdict, denied } = walk(ruleset, packet);
  return verdict === 'accept' ? 'allowed' : `denied by ${denied}`;
}

const FORMS = ['explaining', 'scaling'] as const;
const FROM_FRONTEND =
  '{podSelector: {matchLabels: {app: cart}}, ingress: [{from: [{podSelector: {matchLabels: {app: frontend}}}], ports: [PORTS]}]}';

describe.each(FORMS)('compiled rules, %s form', (form) => {
  const rules = (cluster: Cluster, cni = 'calico', options: CompileOptions = {}) => compile(cluster, semantics(cni), { form, ...options });

  it('let in the peer and the port that a rule names, in both families, and nobody else', () => {
    const ruleset = rules(shop(FROM_FRONTEND.replace('PORTS', '{port: 7070}')));
    expect(verdict(ruleset, '10.0.0.2', '10.0.0.3', 7070)).toBe('allowed');
    expect(verdict(ruleset, 'fd00::2', 'fd00::3', 7070)).toBe('allowed');
    expect(verdict(ruleset, '10.0.0.2', '10.0.0.3', 7071)).toBe('denied by ingress');
    expect(verdict(ruleset, '10.0.0.2', '10.0.0.3', 7070, 'UDP')).toBe('denied by ingress');
    expect(verdict(ruleset, 'fd00::4', 'fd00::3', 7070)).toBe('denied by ingress');
    expect(verdict(ruleset, '203.0.113.7', '10.0.0.3', 7070)).toBe('denied by ingress');
  });

  it('leave pods open that no policy selects', () => {
    const ruleset = rules(shop(FROM_FRONTEND.replace('PORTS', '{port: 7070}')));
    expect(verdict(ruleset, '10.0.0.3', '10.0.0.2', 1)).toBe('allowed');
    expect(verdict(ruleset, '203.0.113.7', '10.0.0.4', 65535, 'SCTP')).toBe('allowed');
  });

  it('hold a range to its ends', () => {
    const ruleset = rules(shop(FROM_FRONTEND.replace('PORTS', '{port: 8000, endPort: 8010}')));
    for (const [port, outcome] of [
      [7999, 'denied by ingress'],
      [8000, 'allowed'],
      [8010, 'allowed'],
      [8011, 'denied by ingress'],
    ] as const)
      expect(verdict(ruleset, '10.0.0.2', '10.0.0.3', port)).toBe(outcome);
  });

  it('look a named port up in the pod that listens, for ingress and for egress', () => {
    const ingress = rules(shop('{podSelector: {}, ingress: [{ports: [{port: grpc}]}]}'));
    expect(verdict(ingress, '10.0.0.2', '10.0.0.3', 7070)).toBe('allowed');
    expect(verdict(ingress, '10.0.0.2', '10.0.0.3', 5050)).toBe('denied by ingress');
    expect(verdict(ingress, '10.0.0.2', '10.0.0.4', 5050)).toBe('allowed');
    expect(verdict(ingress, '10.0.0.3', '10.0.0.2', 7070)).toBe('denied by ingress');
    const egress = rules(shop('{podSelector: {matchLabels: {app: frontend}}, policyTypes: [Egress], egress: [{ports: [{port: grpc}]}]}'));
    expect(verdict(egress, '10.0.0.2', '10.0.0.4', 5050)).toBe('allowed');
    expect(verdict(egress, '10.0.0.2', '10.0.0.4', 7070)).toBe('denied by egress');
    expect(verdict(egress, '10.0.0.2', '203.0.113.7', 5050)).toBe('denied by egress');
  });

  it('cut an except out of its block', () => {
    const ruleset = rules(
      shop('{podSelector: {matchLabels: {app: cart}}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.128/25]}}]}]}'),
    );
    expect(verdict(ruleset, '203.0.113.127', '10.0.0.3', 80)).toBe('allowed');
    expect(verdict(ruleset, '203.0.113.128', '10.0.0.3', 80)).toBe('denied by ingress');
    expect(verdict(ruleset, '203.0.112.255', '10.0.0.3', 80)).toBe('denied by ingress');
  });

  it('mean pods by an ipBlock as the profile does: calico by their address, cilium never', () => {
    const cluster = shop('{podSelector: {matchLabels: {app: cart}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}');
    expect(verdict(rules(cluster, 'calico'), '10.0.0.2', '10.0.0.3', 80)).toBe('allowed');
    expect(verdict(rules(cluster, 'cilium'), '10.0.0.2', '10.0.0.3', 80)).toBe('denied by ingress');
    for (const cni of ['calico', 'cilium']) expect(verdict(rules(cluster, cni), '203.0.113.7', '10.0.0.3', 80)).toBe('allowed');
  });

  it('exempt a pod and itself, and its own node but no other, where all share one path', () => {
    const cluster = shop('{podSelector: {}, policyTypes: [Ingress, Egress]}', 'default-deny');
    const flat = rules(cluster);
    expect(verdict(flat, '10.0.0.3', '10.0.0.3', 80)).toBe('allowed');
    expect(verdict(flat, '10.9.0.1', '10.0.0.3', 80)).toBe('allowed');
    expect(verdict(flat, '10.9.0.2', '10.0.0.3', 80)).toBe('denied by ingress');
    expect(verdict(flat, '10.0.0.2', '10.0.0.3', 80)).toBe('denied by egress');
    // On a router such packets do not pass, and nothing is exempt by address.
    expect(rules(cluster, 'calico', { hook: 'forward' }).sets.some(({ name }) => name.startsWith('exempt'))).toBe(false);
  });

  it('enforce for the pods of one node only, when asked to', () => {
    const cluster = shop('{podSelector: {}}', 'default-deny');
    expect(verdict(rules(cluster, 'calico', { node: 'worker-1' }), '10.9.0.2', '10.0.0.3', 80)).toBe('denied by ingress');
    expect(verdict(rules(cluster, 'calico', { node: 'worker-2' }), '10.9.0.2', '10.0.0.3', 80)).toBe('allowed');
  });

  it('stop nothing where the plugin enforces nothing', () => {
    const cluster = shop('{podSelector: {}}', 'default-deny');
    expect(verdict(rules(cluster, 'flannel'), '10.0.0.2', '10.0.0.3', 80)).toBe('allowed');
    expect(verdict(rules(cluster, 'calico'), '10.0.0.2', '10.0.0.3', 80)).toBe('denied by ingress');
  });

  it('let packets of a known connection pass as the profile says', () => {
    const cluster = shop('{podSelector: {}}', 'default-deny');
    const packet = { family: 4, source: 0x0a000002, destination: 0x0a000003, protocol: 6, port: 80 } as const;
    const known = (mark: number, reply = false) => ({ ...packet, connection: { established: true, reply, mark } });
    const kept = rules(cluster, 'calico', { generation: 7 });
    const cut = rules(cluster, 'ovn-kubernetes', { generation: 7 });
    expect(walk(kept, known(0)).verdict).toBe('accept');
    expect(walk(cut, known(7)).verdict).toBe('accept');
    expect(walk(cut, known(6)).verdict).toBe('reject');
    // A reply belongs to what was let in.
    expect(walk(cut, known(6, true)).verdict).toBe('accept');
    for (const ruleset of [kept, cut]) expect(walk(ruleset, packet).verdict).toBe('reject');
  });

  it('mark what they let in with their generation, when connections are to be cut', () => {
    const cluster = shop('{podSelector: {matchLabels: {app: cart}}}', 'cart-closed');
    const packet = { family: 4, source: 0x0a000003, destination: 0x0a000002, protocol: 6, port: 80 } as const;
    expect(walk(rules(cluster, 'ovn-kubernetes', { generation: 7 }), packet)).toMatchObject({ verdict: 'accept', mark: 7 });
  });

  it('drop in silence when told to, and note it all the same', () => {
    const cluster = shop('{podSelector: {}}', 'default-deny');
    const packet = {
      family: 6,
      source: 0xfd00_0000n << 96n,
      destination: parseIp('fd00::3')?.value ?? 0n,
      protocol: 17,
      port: 53,
    } as const;
    expect(walk(rules(cluster, 'calico', { denials: 'drop' }), packet)).toMatchObject({ verdict: 'drop', denied: 'ingress' });
    expect(walk(rules(cluster, 'calico'), packet)).toMatchObject({ verdict: 'reject', denied: 'ingress' });
  });

  it('say the same twice', () => {
    const cluster = shop(FROM_FRONTEND.replace('PORTS', '{port: 7070}'));
    expect(rules(cluster)).toEqual(rules(cluster));
  });
});

describe('the explaining form', () => {
  it('counts per rule, and says what each counter stands for', () => {
    const ruleset = compile(shop(FROM_FRONTEND.replace('PORTS', '{port: 7070}')), semantics('calico'));
    expect(ruleset.counters).toEqual([
      { name: 'shop/cart-ingress.in0', comment: 'shop/cart-ingress ingress[0]' },
      { name: 'in.shop/cart-ingress.denied', comment: 'denied: shop/cart-ingress' },
    ]);
    expect(ruleset.legend.get('shop/cart-ingress.in0')).toMatchObject({
      kind: 'rule',
      rule: { policy: { name: 'cart-ingress' }, direction: 'ingress' },
    });
  });

  it('has the peers of a rule in one set, however many there are', () => {
    const cluster = shop(
      '{podSelector: {matchLabels: {app: cart}}, ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}], ports: [{port: 80}]}]}',
    );
    const set = compile(cluster, semantics('calico')).sets.find(({ name }) => name === 'shop/cart-ingress.in0.pods4');
    expect(set?.elements.map(elementKey).sort()).toEqual(['167772162;6;80;', '167772163;6;80;', '167772164;6;80;']);
    expect(set?.interval).toBe(false);
  });
});

describe('the scaling form', () => {
  const policies = (count: number) => {
    const spec = (i: number) =>
      `{podSelector: {matchLabels: {app: ${i % 2 === 0 ? 'cart' : 'checkout'}}}, ingress: [{from: [{podSelector: {}}], ports: [{port: ${1000 + i}}]}, {from: [{ipBlock: {cidr: 203.0.${i}.0/24}}]}]}`;
    const text = Array.from(
      { length: count },
      (_, i) =>
        `\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: shop, name: p${i}}, spec: ${spec(i)}}`,
    );
    return compile(loadCluster([{ file: 'shop.yaml', text: PODS + text.join('') }]), semantics('calico'), { form: 'scaling' });
  };

  it('has as many sets, maps and rules for a hundred policies as for one', () => {
    const [one, hundred] = [policies(1), policies(100)];
    const size = ({ sets, maps, chains }: Ruleset) => [
      sets.length,
      maps.length,
      chains.length,
      chains.flatMap(({ rules }) => rules).length,
    ];
    expect(size(hundred)).toEqual(size(one));
    expect(hundred.maps.find(({ name }) => name === 'in-block4')?.entries.length).toBeGreaterThanOrEqual(100);
  });

  it('keeps the numbers of its classes from one compile to the next', () => {
    const before = shop(FROM_FRONTEND.replace('PORTS', '{port: 7070}'));
    const first = compile(before, semantics('calico'), { form: 'scaling' });
    const { ids } = first;
    // The pods in another order: without what was known, numbers would be given out in another order too.
    const after = { ...before, pods: [...before.pods].reverse() };
    const second = compile(after, semantics('calico'), { form: 'scaling', ...(ids && { ids }) });
    const entries = ({ maps }: Ruleset) =>
      maps.flatMap(({ name, entries }) => entries.map(({ key, value }) => `${name} ${elementKey(key)} ${JSON.stringify(value)}`)).sort();
    expect(entries(second)).toEqual(entries(first));
  });
});
