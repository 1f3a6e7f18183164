// Weave's documentation does not say whether rules for SCTP are enforced: what was denied perhaps passed, and what is denied perhaps still does.
import { describe, expect, it } from 'vitest';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import { printPortSet } from '../net/port-set.ts';
import { chooseProfile, isUnknown } from '../profile/choose.ts';
import type { Row } from '../repair/effect.ts';
import { diff } from './diff.ts';
import { fix } from './fix.ts';

const deployment = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec: { template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: main }] } } }
`;
const cart = (ports: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  ingress:
    - from: [{ podSelector: { matchLabels: { app: frontend } } }]
      ports: ${ports}
`;
const SHOP = ['frontend', 'cart', 'checkout'].map(deployment);
const BOTH = '[{ port: 7070 }, { protocol: SCTP, port: 9 }]';

/** frontend → cart: `opened TCP 8080 closed none perhaps SCTP 9 / none by sctp`. */
function changed(cni: string, before: string, after: string): string[] {
  const choice = chooseProfile(cni);
  if (isUnknown(choice)) throw new Error(`no profile ${cni}`);
  return [...diff(clusterOf(...SHOP, cart(before)), clusterOf(...SHOP, cart(after)), choice).rows()]
    .filter(({ from, to }) => from === 'shop/frontend[Deployment]' && to === 'shop/cart[Deployment]')
    .map(({ change, opened, closed, perhapsOpened, perhapsClosed, because }) => {
      const [sure, perhaps] = [
        [opened, closed],
        [perhapsOpened, perhapsClosed],
      ].map((ports) => ports.map(printPortSet).join(' / '));
      const cells = because.map((doubt) => (doubt.code === 'profile-differs' ? doubt.cell : doubt.code));
      return `${change} ${sure} perhaps ${perhaps}${cells.length > 0 ? ` by ${cells.join()}` : ''}`;
    });
}

/** What the fix with this lever opens and closes besides what was asked for. */
function besides(cni: string, lever: string, from: string, deny = false) {
  const question = { from, to: 'shop/cart:7070', namespace: 'shop' };
  const answer = fix(clusterOf(...SHOP, cart(BOTH)), semanticsNamed(cni), question, { most: 9, deny });
  if (answer.kind === 'error') throw new Error(answer.errors.map(({ code }) => code).join());
  const found = answer.connections[0]?.fixes.find(({ levers }) => levers.map(({ code }) => code).join('+') === lever);
  const words = (rows: readonly Row[] = []) =>
    rows.map(({ from: a, to: b, ports, certainty }) => `${a} > ${b} ${printPortSet(ports)} ${certainty}`);
  return { opened: words(found?.effect.opened), closed: words(found?.effect.closed) };
}

describe('what a profile leaves open about SCTP', () => {
  it('stays open in diff, where TCP is sure', () => {
    const moved = BOTH.replace('9', '11');
    expect(changed('calico', BOTH, moved)).toEqual(['changed SCTP 11 / SCTP 9 perhaps none / none']);
    expect(changed('weave', BOTH, moved)).toEqual(['undecided none / none perhaps SCTP 11 / SCTP 9 by sctp']);
    expect(changed('weave', BOTH, moved.replace('7070', '8080'))).toEqual(['changed TCP 8080 / TCP 7070 perhaps SCTP 11 / SCTP 9 by sctp']);
  });

  it('stays open in what a fix opens', () => {
    const opened = (certainty: string) => [`shop/checkout[Deployment] > shop/cart[Deployment] SCTP 9 ${certainty}`];
    expect(besides('calico', 'add-peer', 'shop/checkout')).toEqual({ opened: opened('sure'), closed: [] });
    expect(besides('weave', 'add-peer', 'shop/checkout')).toEqual({ opened: opened('perhaps'), closed: [] });
  });

  it('stays open in what a fix closes', () => {
    const closed = (certainty: string) => [`shop/frontend[Deployment] > shop/cart[Deployment] SCTP 9 ${certainty}`];
    expect(besides('calico', 'remove-rule', 'shop/frontend', true)).toEqual({ opened: [], closed: closed('sure') });
    expect(besides('weave', 'remove-rule', 'shop/frontend', true)).toEqual({ opened: [], closed: closed('perhaps') });
  });
});
