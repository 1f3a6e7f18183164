import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { printRuleRef } from '../model/policy.ts';
import { printPortSet } from '../net/port-set.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { departingRows } from './departing.ts';
import { exposuresOf } from './exposure.ts';
import { exposureDepartures } from './exposure-departing.ts';
import { reachOf } from './reach.ts';

const workload = (name: string, ports: string, namespace = 'shop', replicas = 1) => `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: main, ports: [${ports}] }] } }`;
const SHOP =
  workload('frontend', '{ name: http, containerPort: 8080 }') +
  workload('cart', '{ name: grpc, containerPort: 7070 }', 'shop', 3) +
  workload('scraper', '{ name: http, containerPort: 9100 }', 'monitoring');

const policy = (name: string, spec: string, namespace = 'shop') => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}`;

const BOTH = policy(
  'both',
  '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 7070 }] }] }',
);
const SPLIT =
  policy('in', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 7070 }] }] }') +
  policy('out', '{ podSelector: {}, policyTypes: [Egress] }');

function reachUnder(policies: string, cni = 'k3s') {
  const choice = chooseProfile(cni);
  if (isUnknown(choice)) throw new Error(cni);
  return reachOf(loadCluster([{ file: 'shop.yaml', text: SHOP + policies }]), semanticsOf(choice));
}

/** `frontend → cart TCP 7070: open by leak of shop/both ingress[0]`. */
function rowsUnder(policies: string, cni?: string, focus?: string): readonly string[] {
  const { rows, isComplete } = departingRows(reachUnder(policies, cni), focus === undefined ? {} : { focus: { ends: [focus] } });
  expect(isComplete).toBe(true);
  return rows.map(
    ({ from, to, ports, enforced, shapes, rules }) =>
      `${from.replace('[Deployment]', '')} → ${to.replace('[Deployment]', '')} ${printPortSet(ports)}: ${enforced} by ${shapes} of ${rules.map(printRuleRef)}`,
  );
}

describe('rows that kube-router enforces otherwise', () => {
  it('are those between the ends of one policy of both directions', () => {
    const because = 'TCP 7070: open by leak of shop/both ingress[0]';
    expect(rowsUnder(BOTH)).toEqual([`shop/cart → shop/frontend ${because}`, `shop/frontend → shop/cart ${because}`]);
    expect(rowsUnder(SPLIT)).toEqual([]);
  });

  it('are none under another enforcer', () => {
    expect(rowsUnder(BOTH, 'calico')).toEqual([]);
    expect(rowsUnder(BOTH, 'kubernetes')).toEqual([]);
  });

  it('hold every port where the names of a rule are found on no pod', () => {
    const unresolved = policy(
      'typo',
      '{ podSelector: { matchLabels: { app: cart } }, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: gprc }] }] }',
    );
    expect(rowsUnder(unresolved)).toEqual(['shop/frontend → shop/cart all: open by unresolved of shop/typo ingress[0]']);
  });

  it('go outside where a rule names a port and no peer, with neighbouring ranges joined', () => {
    const everyone = policy(
      'out',
      '{ podSelector: { matchLabels: { app: frontend } }, policyTypes: [Egress], egress: [{ ports: [{ port: grpc }] }] }',
    );
    const because = 'TCP 7070: open by everyone of shop/out egress[0]';
    expect(rowsUnder(everyone)).toEqual([
      `shop/frontend → 0.0.0.0-255.255.255.255 ${because}`,
      `shop/frontend → monitoring/scraper ${because}`,
    ]);
  });

  it('are shut where the exception of one block cuts another', () => {
    const blocks = '[{ ipBlock: { cidr: 203.0.113.0/24, except: [203.0.113.64/26] } }, { ipBlock: { cidr: 203.0.113.0/25 } }]';
    const cut = policy('in', `{ podSelector: { matchLabels: { app: cart } }, ingress: [{ from: ${blocks} }] }`);
    expect(rowsUnder(cut)).toEqual(['203.0.113.64-203.0.113.127 → shop/cart all: shut by except of shop/in ingress[0]']);
  });

  it('keep to the focus', () => {
    expect(rowsUnder(BOTH, 'k3s', 'monitoring/scraper[Deployment]')).toEqual([]);
    expect(rowsUnder(BOTH, 'k3s', 'shop/frontend[Deployment]')).toHaveLength(2);
  });

  it('between two pods of one workload stand where pods are ends', () => {
    const replicas = workload('database', '{ containerPort: 7070 }', 'shop', 2).replace('Deployment', 'StatefulSet');
    const { rows } = departingRows(reachUnder(BOTH + replicas), { pods: true });
    expect(rows.map(({ from, to }) => `${from} → ${to}`)).toContain('shop/database-0 → shop/database-1');
  });
});

describe('who is not in the input and gets through', () => {
  const exposed = (policies: string, cni?: string) => {
    const reach = reachUnder(policies, cni);
    const departuresOn = exposureDepartures(reach);
    return exposuresOf(reach, ({ name }) => name === 'cart').flatMap((exposure) =>
      departuresOn(exposure).map(
        ({ shape, peer }) =>
          `${exposure.direction} ${shape}: ${peer.namespace ?? peer.kind} ${printPortSet(peer.allowed)} ${peer.named.join()}`,
      ),
    );
  };

  it('are pods under the same policy, in the direction that has no rule', () => {
    expect(exposed(BOTH)).toEqual(['egress leak: shop TCP 7070 ']);
    expect(exposed(SPLIT)).toEqual([]);
    expect(exposed(BOTH, 'calico')).toEqual([]);
  });

  it('are nobody more where the policies let these pods in anyway', () => {
    const open =
      '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ from: [{ podSelector: {} }] }], egress: [{ to: [{ podSelector: {} }] }] }';
    expect(exposed(policy('open', open))).toEqual([]);
  });

  it('are the peers of a rule whose names no pod declares, and everyone for a name without peers', () => {
    const names =
      '{ podSelector: { matchLabels: { app: cart } }, policyTypes: [Ingress, Egress], ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: gprc }] }], egress: [{ ports: [{ port: http }] }] }';
    expect(exposed(policy('names', names)).filter((each) => !each.includes('leak'))).toEqual([
      'ingress unresolved: selected all ',
      'egress everyone: entire-cluster TCP 8080 ',
    ]);
  });
});
