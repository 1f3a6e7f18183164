import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import type { Cluster } from '../model/cluster.ts';
import { printIp } from '../net/ip.ts';
import { decided } from '../nft/decided.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { reachOf } from '../reach/reach.ts';
import { complete } from './complete.ts';
import { type Plan, planOf } from './plan.ts';

const calico = chooseProfile('calico');
if (isUnknown(calico)) throw new Error('no profile calico');
const { semantics } = decided(semanticsOf(calico));

const pod = (name: string, extra = '') => `
---
{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: ${name}, labels: {app: ${name.replace(/-.*/, '')}}}, spec: {${extra} containers: [{name: main, image: x, ports: [{containerPort: 7070}]}]}}`;
const policy = (spec: string) => `
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: shop, name: cart}, spec: ${spec}}`;

function read(text: string): Cluster {
  const cluster = loadCluster([{ file: 'shop.yaml', text }]);
  expect(cluster.problems).toEqual([]);
  return cluster;
}
const plan = (cluster: Cluster, options: Parameters<typeof planOf>[1] = {}): Plan =>
  planOf(reachOf(complete(cluster).cluster, semantics), options);
const portsOf = ({ probes }: Plan, from: string, to: string) =>
  probes
    .filter(
      ({ source, destination, protocol, source: { address } }) =>
        source.name === from && destination.name === to && protocol === 'TCP' && address.family === 4,
    )
    .map(({ port }) => port);

describe('the plan of a proof', () => {
  it('tries the ends of a range and the ports beside them, and what the destination declares', () => {
    const found = plan(
      read(
        `${pod('frontend')}${pod('cart')}${policy('{podSelector: {matchLabels: {app: cart}}, ingress: [{ports: [{port: 8000, endPort: 8010}]}]}')}`,
      ),
    );
    expect(portsOf(found, 'shop/frontend', 'shop/cart')).toEqual([7070, 7999, 8000, 8001, 8009, 8010, 8011]);
    // No rule looks at the way back: what cart's callers declare is enough.
    expect(portsOf(found, 'shop/cart', 'shop/frontend')).toEqual([7070]);
  });

  it('has all three protocols and both families for every pair', () => {
    const found = plan(read(`${pod('frontend')}${pod('cart')}`));
    const kinds = new Set(found.probes.map(({ protocol, source }) => `${protocol}/${source.address.family}`));
    expect([...kinds].sort()).toEqual(['SCTP/4', 'SCTP/6', 'TCP/4', 'TCP/6', 'UDP/4', 'UDP/6']);
  });

  it('meets every pod, though one pair stands for each two that policies cannot tell apart', () => {
    const replicas = Array.from({ length: 12 }, (_, i) => pod(`cart-${i}`)).join('');
    const cluster = read(`${pod('frontend')}${replicas}${policy('{podSelector: {matchLabels: {app: cart}}}')}`);
    const found = plan(cluster);
    expect(found).toMatchObject({ pods: 13, podsMet: 13, podClasses: 2 });
    const destinations = new Set(found.probes.map(({ destination }) => destination.name));
    const sources = new Set(found.probes.map(({ source }) => source.name));
    for (let i = 0; i < 12; i++) expect([destinations.has(`shop/cart-${i}`), sources.has(`shop/cart-${i}`)]).toEqual([true, true]);
    const every = plan(cluster, { allPairs: true });
    const pairs = new Set(
      every.probes
        .filter(({ source, destination }) => source.end.kind === 'pod' && destination.end.kind === 'pod')
        .map(({ source, destination }) => `${source.name} ${destination.name}`),
    );
    expect(pairs.size).toBe(13 * 12);
    expect(every.probes.length).toBeGreaterThan(found.probes.length);
  });

  it('takes addresses outside from both ends of every range that a block cuts, never one of the cluster', () => {
    const found = plan(
      read(
        `${pod('cart')}${policy('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.128/25]}}]}]}')}`,
      ),
    );
    const outside = found.probes.flatMap(({ source }) => (source.end.kind === 'outside' ? [printIp(source.address)] : []));
    expect([...new Set(outside)]).toEqual(
      expect.arrayContaining(['203.0.112.255', '203.0.113.0', '203.0.113.127', '203.0.113.128', '203.0.113.255', '203.0.114.0']),
    );
    expect(outside).not.toContain('10.244.0.1');
  });

  it("goes from a pod's own node and from another one, and both ways", () => {
    const nodes = ['worker-1', 'worker-2']
      .map(
        (name, i) =>
          `\n---\n{apiVersion: v1, kind: Node, metadata: {name: ${name}}, status: {addresses: [{type: InternalIP, address: 10.9.0.${i + 1}}]}}`,
      )
      .join('');
    const found = plan(read(`${pod('cart', 'nodeName: worker-1,')}${nodes}`));
    const pairs = new Set(found.probes.map(({ source, destination }) => `${source.name} ${destination.name}`));
    for (const node of ['worker-1', 'worker-2']) {
      expect(pairs.has(`node/${node} shop/cart`)).toBe(true);
      expect(pairs.has(`shop/cart node/${node}`)).toBe(true);
    }
  });

  it('spreads a sample over the whole plan and says how many there were', () => {
    const cluster = read(`${pod('frontend')}${pod('cart')}${pod('checkout')}`);
    const all = plan(cluster);
    const sample = plan(cluster, { sample: 10 });
    expect(sample.probes).toHaveLength(10);
    expect(sample.planned).toBe(all.probes.length);
    expect(sample.probes).toEqual(Array.from({ length: 10 }, (_, i) => all.probes[Math.floor(((i + 0.5) * all.planned) / 10)]));
    expect(new Set(sample.probes.map(({ source }) => source.name)).size).toBeGreaterThan(2);
    expect(plan(cluster, { sample: 10_000_000 }).probes).toHaveLength(all.planned);
  });
});

describe('a cluster made complete', () => {
  it('gives what the input leaves out, and says so', () => {
    const { cluster, assumptions } = complete(read(`${pod('frontend')}${pod('cart')}`));
    expect(cluster.pods.map(({ addresses }) => addresses.map(printIp))).toEqual([
      ['10.244.0.1', 'fd00:10:244::1'],
      ['10.244.0.2', 'fd00:10:244::2'],
    ]);
    expect(assumptions).toEqual([{ code: 'address-assigned', ends: ['shop/frontend', 'shop/cart'] }]);
  });

  it('keeps known addresses, and parts two pods that claim one', () => {
    const known = (name: string) => `
---
{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: ${name}}, spec: {containers: [{name: main, image: x}]}, status: {phase: Running, podIPs: [{ip: 10.1.2.3}]}}`;
    const { cluster, assumptions } = complete(loadCluster([{ file: 'shop.yaml', text: known('cart') + known('checkout') }]), [4]);
    expect(cluster.pods.map(({ addresses }) => addresses.map(printIp))).toEqual([['10.1.2.3'], ['10.244.0.1']]);
    expect(assumptions).toEqual([
      { code: 'address-assigned', ends: ['shop/checkout'] },
      { code: 'address-shared', ends: ['shop/checkout'] },
    ]);
  });

  it('leaves out pods that have run to their end', () => {
    const done = pod('cart').replace(/}$/, ', status: {phase: Succeeded, podIPs: [{ip: 10.1.2.3}]}}');
    const { cluster, assumptions } = complete(read(`${pod('frontend')}${done}`));
    expect(cluster.pods.map(({ name }) => name)).toEqual(['frontend']);
    expect(assumptions).toContainEqual({ code: 'completed-left-out', ends: ['shop/cart'] });
  });

  it("gives host-network pods their node's addresses", () => {
    const agent = pod('agent', 'nodeName: worker-1, hostNetwork: true,');
    const { cluster } = complete(
      read(
        `${agent}\n---\n{apiVersion: v1, kind: Node, metadata: {name: worker-1}, status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}}`,
      ),
    );
    expect(cluster.pods[0]?.addresses.map(printIp)).toEqual(['10.9.0.1']);
  });
});
