import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import { decided } from '../nft/decided.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { complete } from './complete.ts';
import { controlsIn, isControl, withControls } from './controls.ts';

const calico = chooseProfile('calico');
if (isUnknown(calico)) throw new Error('no profile calico');
const { semantics } = decided(semanticsOf(calico));

const TEXT = `
{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: cart}, spec: {containers: [{name: main, image: x}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: shop, name: open}, spec: {podSelector: {}, ingress: [{}]}}`;
const shop = loadCluster([{ file: 'shop.yaml', text: TEXT }]);

/** The one policy of the shop, made into an admin policy of all namespaces; `faulty`: one that cannot be read. */
function withAdmin(cluster: Cluster, faulty: boolean): Cluster {
  const admin = cluster.policies.map(
    (policy): Policy => ({
      ...policy,
      kind: 'AdminNetworkPolicy',
      tier: 'admin',
      subject: { ...policy.subject, namespace: { by: 'any' } },
      faults: faulty ? [{ code: 'unsupported-policy', severity: 'error', facts: {} }] : [],
    }),
  );
  return { ...cluster, policies: admin };
}

const wantedIn = (cluster: Cluster) => {
  const found = controlsIn(complete(withControls(cluster)).cluster, semantics).map(({ wanted }) => wanted);
  return Object.fromEntries([...new Set(found)].map((wanted) => [wanted, found.filter((other) => other === wanted).length]));
};

describe('controls', () => {
  it('come through, are stopped on their way out and on their way in, in both families and three protocols', () => {
    expect(wantedIn(shop)).toEqual({ allowed: 6, 'denied-ingress': 6, 'denied-egress': 6 });
  });

  it('are left out where an admin policy of all namespaces decides otherwise', () => {
    expect(wantedIn(withAdmin(shop, false))).toEqual({ allowed: 6, 'denied-egress': 6 });
  });

  it('are left out where a policy of all namespaces opens them in the same union, as a CiliumClusterwideNetworkPolicy does', () => {
    const clusterwide = withAdmin(shop, false).policies.map((policy): Policy => ({ ...policy, tier: 'namespaced' }));
    expect(wantedIn({ ...shop, policies: clusterwide })).toEqual({ allowed: 6, 'denied-egress': 6 });
  });

  it('stay where that policy cannot be read, because then it is not in the rules either', () => {
    expect(wantedIn(withAdmin(shop, true))).toEqual({ allowed: 6, 'denied-ingress': 6, 'denied-egress': 6 });
  });

  it('are told apart from the pods of the input', () => {
    const { pods } = withControls(shop);
    expect(pods.filter((pod: Pod) => !isControl(pod)).map(({ ref }) => ref)).toEqual(['shop/cart']);
    expect(pods.filter(isControl)).toHaveLength(3);
  });
});
