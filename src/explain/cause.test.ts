import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../tests/shop-manifests.ts';
import { decide } from '../policy/decide.ts';
import { podEnd } from '../policy/end.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import type { Semantics } from '../profile/profile.ts';
import { explain } from './cause.ts';
import { causeSentence } from './sentence.ts';

const pod = (name: string, address: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { containers: [{ name: main }] }
status: { phase: Running, podIP: ${address}, podIPs: [{ ip: ${address} }] }`;
const DENY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }`;
const SHOP = [pod('frontend', '10.244.0.10'), pod('cart', '10.244.0.11')];

function semanticsOfCni(name: string): Semantics {
  const choice = chooseProfile(name);
  if (isUnknown(choice)) throw new Error(name);
  return semanticsOf(choice);
}

/** The sentences of all causes of frontend → cart:7070. */
function told(manifests: readonly string[], semantics: Semantics): readonly string[] {
  const cluster = clusterOf(...manifests);
  const endOf = (ref: string) => podEnd(cluster.podByRef.get(ref) ?? expect.fail(ref));
  const connection = { source: endOf('shop/frontend'), destination: endOf('shop/cart'), protocol: 'TCP', port: 7070 } as const;
  return explain(cluster, semantics, connection, decide(cluster, semantics, connection)).causes.map((cause) => causeSentence(cause).text);
}

describe('where nothing is enforced', () => {
  const off: Semantics = { ...semanticsOfCni('cilium'), enforces: 'no', switchedOff: 'policy audit mode: true' };

  it('a switch is named, with the policies that would deny', () => {
    expect(told([...SHOP, DENY], off)).toEqual([
      'a setting of this cluster keeps cilium from enforcing policies (policy audit mode: true): everything passes, whatever they say; it would be denied by shop/default-deny and passes now',
    ]);
  });

  it('nothing would be denied where no policy denies', () => {
    expect(told(SHOP, off)).toEqual([
      'a setting of this cluster keeps cilium from enforcing policies (policy audit mode: true): everything passes, whatever they say',
    ]);
  });

  it('a plugin that cannot enforce says what would be denied elsewhere', () => {
    expect(told([...SHOP, DENY], semanticsOfCni('flannel'))).toEqual([
      'flannel does not enforce NetworkPolicies: everything passes, whatever they say; it would be denied by shop/default-deny and passes now',
    ]);
  });
});
