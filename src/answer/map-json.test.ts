import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { reachOf } from '../reach/reach.ts';
import { mapDocument } from './map.ts';
import { mapJson } from './map-json.ts';
import { mapQuestion } from './map-question.ts';

const pod = (name: string, ip: string, more = '') => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { ${more}containers: [{ name: main, image: main }] }
status: { phase: Running, podIPs: [{ ip: ${ip} }] }
`;
/** 180 single ports make a list that is written once. */
const manyPorts = Array.from({ length: 180 }, (_, i) => `{ port: ${20001 + 2 * i} }`).join(', ');
const SHOP = [
  pod('frontend', '10.0.0.1'),
  pod('cart', '10.0.0.2'),
  pod('exporter', '10.0.0.3', 'hostNetwork: true, '),
  `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  policyTypes: [Ingress, Egress]
  ingress:
    - { from: [{ podSelector: {} }], ports: [${manyPorts}] }
    - { from: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ports: [{ port: 7070 }] }
  egress: [{ to: [{ podSelector: {} }], ports: [{ port: metrics }] }]
`,
].join('---\n');

async function questionOf(text: string, profile: string, options = {}) {
  const choice = chooseProfile(profile);
  if (isUnknown(choice)) throw new Error(`no profile ${profile}`);
  return mapQuestion(reachOf(loadCluster([{ file: 'shop.yaml', text }]), semanticsOf(choice)), options, { profile, withExposure: true });
}

describe('a map in pieces', () => {
  it.each(['kubernetes', 'cilium', 'kube-router'])('is the text of its document: %s', async (profile) => {
    for (const options of [
      {},
      { pods: true },
      { port: { protocol: 'TCP', port: 7070 } as const },
      { focus: { ends: ['shop/cart[Pod]'] } },
    ]) {
      const question = await questionOf(SHOP, profile, options);
      const text = [...mapJson(question)].map((piece) => piece.text).join('');
      expect(text.replaceAll('\n', '')).toBe(JSON.stringify(mapDocument(question)));
    }
  });

  it('has every part that a map can have', async () => {
    const questions = await Promise.all(['kubernetes', 'cilium', 'kube-router'].map((profile) => questionOf(SHOP, profile)));
    const parts = new Set(questions.flatMap((question) => Object.keys(mapDocument(question))));
    for (const part of [
      'profile',
      'workloads',
      'portLists',
      'undecided',
      'undecidedWhereNotAllowed',
      'departures',
      'exposure',
      'exposureLeftOut',
    ])
      expect(parts, part).toContain(part);
  });

  it('is valid for an input without workloads', async () => {
    const question = await questionOf('apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n', 'calico');
    const text = [...mapJson(question)].map((piece) => piece.text).join('');
    expect(JSON.parse(text)).toEqual({
      apiVersion: 'netverdict.dev/v1',
      kind: 'ConnectivityMap',
      profile: 'calico',
      workloads: {},
      connections: [],
      exposure: [],
    });
  });
});
