import { describe, expect, it } from 'vitest';
import { loadCluster } from '../../manifest/load.ts';
import { decide } from '../../policy/decide.ts';
import { podEnd } from '../../policy/end.ts';
import { doubtKey } from '../../policy/verdict.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../profile/choose.ts';
import { connectionsOf } from '../../reach/connections.ts';
import { reachOf } from '../../reach/reach.ts';
import { fastVerdict } from '../../reach/verdict-of.ts';

const pod = (name: string, node: string, address: string, isHost = false) => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { nodeName: ${node}, hostNetwork: ${isHost}, containers: [{ name: c }] }
status: { podIP: ${address}, hostIP: 192.168.0.${node.at(-1)} }
`;
const SHOP =
  pod('cart', 'node-1', '10.1.0.1') +
  pod('frontend', 'node-2', '10.1.0.2') +
  pod('exporter', 'node-1', '192.168.0.1', true) +
  pod('agent', 'node-2', '192.168.0.2', true);

const endpoint = (spec: string, apiVersion = 'projectcalico.org/v3') =>
  `---\napiVersion: ${apiVersion}\nkind: HostEndpoint\nmetadata: { name: node-1-eth0, labels: { role: node } }\nspec: { ${spec} }\n`;
const policy = (spec: string) =>
  `---\napiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: { name: nodes }\nspec: { ${spec} }\n`;

/** `undecided host-endpoint shop/exporter HostEndpoint node-1-eth0`, the same of both evaluators. */
function asked(text: string, from: string, to: string, cni = 'calico'): string {
  const cluster = loadCluster([{ file: 'shop.yaml', text: SHOP + text }]);
  const choice = chooseProfile(cni);
  if (isUnknown(choice)) throw new Error(cni);
  const [source, destination] = [from, to].map((name) => podEnd(cluster.podByRef.get(`shop/${name}`) as never));
  if (source === undefined || destination === undefined) throw new Error('no pods');
  const connection = { source, destination, protocol: 'TCP', port: 9100 } as const;
  const verdict = decide(cluster, semanticsOf(choice), connection);
  expect(fastVerdict(reachOf(cluster, semanticsOf(choice)), connection)).toEqual(verdict);
  const doubts = [verdict.egress, verdict.ingress].flatMap((side) => (side.outcome === 'undecided' ? side.because.map(doubtKey) : []));
  return [verdict.outcome, ...doubts].join(' ');
}

const OPEN = 'undecided host-endpoint shop/exporter HostEndpoint node-1-eth0';
const ETH0 = endpoint('node: node-1, interfaceName: eth0');
const ALL = endpoint("node: node-1, interfaceName: '*'");
const ALLOWING = 'node: node-1, interfaceName: eth0, profiles: [projectcalico-default-allow]';

describe('a HostEndpoint', () => {
  it.each([
    ['its node', ETH0],
    ['as it is stored', endpoint('node: node-1', 'crd.projectcalico.org/v1')],
    ['all interfaces', ALL],
    ['an address', endpoint('expectedIPs: [192.168.0.1]')],
  ])('leaves open what goes to and from what it covers: %s', (_, text) => {
    expect(asked(text, 'frontend', 'exporter')).toBe(OPEN);
    expect(asked(text, 'exporter', 'frontend')).toBe(OPEN);
    expect(asked(text, 'frontend', 'agent')).toBe('allowed');
  });

  it.each([
    ['calico', OPEN],
    ['canal', OPEN],
    ['kubernetes', OPEN],
    ['cilium', 'allowed'],
  ])('under %s: %s', (cni, answer) => {
    expect(asked(ETH0, 'frontend', 'exporter', cni)).toBe(answer);
    expect(asked('', 'frontend', 'exporter', cni)).toBe('allowed');
  });

  it('never keeps a node from its own pods', () => {
    expect(asked(ETH0, 'exporter', 'cart')).toBe('allowed');
    expect(asked(ALL, 'exporter', 'cart')).toBe('allowed');
  });

  it('of one interface has no say about what its own pods send to the node; of all of them it may', () => {
    expect(asked(ETH0, 'cart', 'exporter')).toBe('allowed');
    expect(asked(ALL, 'cart', 'exporter')).toBe(OPEN);
  });

  it('leaves a denial at the other end a denial', () => {
    const shut =
      '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: shut, namespace: shop }\nspec: { podSelector: {} }\n';
    expect(asked(ETH0 + shut, 'exporter', 'frontend')).toContain('denied');
  });

  it.each([
    ['no policy', '', 'allowed'],
    ['a policy for others', policy("selector: role == 'gateway', types: [Ingress]"), 'allowed'],
    ['a policy for pods', policy('namespaceSelector: all(), types: [Ingress], ingress: [{ action: Allow }]'), 'allowed'],
    ['a policy for it', policy("selector: role == 'node', types: [Ingress]"), OPEN],
    ['a policy before connection tracking', policy("selector: role == 'node', doNotTrack: true, applyOnForward: true"), OPEN],
  ])('whose profile allows everything denies nothing but by policies: %s', (_, text, answer) => {
    expect(asked(endpoint(ALLOWING) + text, 'frontend', 'exporter')).toBe(answer);
  });

  it('whose profile allows everything may be selected by what cannot be read', () => {
    expect(asked(endpoint(ALLOWING) + policy('selector: role = node'), 'exporter', 'agent')).toBe(OPEN);
    expect(asked(endpoint(ALLOWING) + policy('selector: role == "gateway"'), 'exporter', 'agent')).toBe('allowed');
  });

  it('leaves the rows of a map open, too', () => {
    const rowsOf = (text: string) => {
      const choice = chooseProfile('calico');
      if (isUnknown(choice)) throw new Error('no profile');
      const { connections, undecided } = connectionsOf(
        reachOf(loadCluster([{ file: 'shop.yaml', text: SHOP + text }]), semanticsOf(choice)),
      );
      const name = ({ from, to }: { readonly from: string; readonly to: string }) => `${from} → ${to}`.replaceAll(/shop\/|\[Pod\]/g, '');
      const doubts = new Set(undecided.flatMap(({ because }) => because.map(doubtKey)));
      return { open: undecided.map(name), allowed: connections.map(name), doubts: [...doubts].sort() };
    };
    const all = rowsOf(endpoint(ALLOWING));
    expect(all).toMatchObject({ open: [], doubts: [] });
    const found = rowsOf(ETH0);
    expect(found.doubts).toEqual([OPEN.replace('undecided ', '')]);
    expect([...found.open, ...found.allowed].sort()).toEqual([...all.allowed].sort());
    expect(found.allowed).toContain('exporter → cart');
    expect(found.allowed).toContain('cart → exporter');
    expect(found.allowed).toContain('frontend → agent');
    expect(found.open).toContain('frontend → exporter');
    expect(found.open).toContain('exporter → agent');
    expect(found.open).toContain('exporter → 0.0.0.0-255.255.255.255');
  });
});
