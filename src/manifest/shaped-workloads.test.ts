// Workloads of unknown kinds: their pods have the names and labels that policies and Services see.
import { describe, expect, it } from 'vitest';
import { operatedIn } from '../model/cluster.ts';
import { loadCluster } from './load.ts';

const TEMPLATE =
  '{ metadata: { labels: { app: cart } }, spec: { containers: [{ name: main, image: example/cart, ports: [{ containerPort: 7070 }] }] } }';
const written = (apiVersion: string, kind: string, spec: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: cart, namespace: shop }\nspec: ${spec}\n`;
const load = (text: string) => loadCluster([{ file: 'shop.yaml', text }]);
const podsOf = (text: string) => load(text).pods.map(({ name, labels, workload }) => [name, labels.get('app'), workload]);

describe('an object that holds a pod template', () => {
  it.each([
    ['argoproj.io/v1alpha1', 'Rollout', `{ template: ${TEMPLATE} }`],
    ['apps.kruise.io/v1alpha1', 'CloneSet', `{ replicas: 2, template: ${TEMPLATE} }`],
    ['apps.openshift.io/v1', 'DeploymentConfig', `{ template: ${TEMPLATE} }`],
    ['serving.knative.dev/v1', 'Service', `{ template: ${TEMPLATE} }`],
    ['example.com/v1', 'Widget', `{ runtime: { podTemplate: ${TEMPLATE} } }`],
    ['kubevirt.io/v1', 'VirtualMachine', '{ template: { metadata: { labels: { app: cart } }, spec: { domain: { devices: {} } } } }'],
  ])('%s %s is a workload', (apiVersion, kind, spec) => {
    expect(podsOf(written(apiVersion, kind, spec))).toEqual([['cart', 'cart', `shop/cart[${kind}]`]]);
  });

  it('has a pod for each of several templates', () => {
    const ray = written(
      'ray.io/v1',
      'RayCluster',
      `{ headGroupSpec: { template: ${TEMPLATE} }, workerGroupSpecs: [{ groupName: small, template: ${TEMPLATE} }] }`,
    );
    expect(podsOf(ray).map(([name]) => name)).toEqual(['cart-headgroupspec', 'cart-small']);
  });

  it('may list whole pods', () => {
    const pod = TEMPLATE.replace('labels:', 'name: cart-kafka-0, labels:');
    expect(podsOf(written('core.strimzi.io/v1beta2', 'StrimziPodSet', `{ pods: [${pod}] }`))).toEqual([
      ['cart-kafka-0', 'cart', 'shop/cart[StrimziPodSet]'],
    ]);
  });

  it('has the labels that its controller adds', () => {
    const { pods } = load(written('serving.knative.dev/v1', 'Service', `{ template: ${TEMPLATE} }`));
    expect(pods[0]?.labels.get('serving.knative.dev/service')).toBe('cart');
  });

  it('makes no second pod beside the real ones', () => {
    const real =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: cart-1, namespace: shop, labels: { app: cart }, ownerReferences: [{ kind: Rollout, name: cart, controller: true }] }\nspec: { containers: [{ name: main, image: example/cart }] }\n';
    expect(podsOf(`${real}---\n${written('argoproj.io/v1alpha1', 'Rollout', `{ template: ${TEMPLATE} }`)}`)).toEqual([
      ['cart-1', 'cart', 'shop/cart[Rollout]'],
    ]);
  });
});

it('a pattern in an admission policy makes no pods', () => {
  expect(podsOf(written('kyverno.io/v1', 'Policy', `{ rules: [{ validate: { pattern: { spec: { template: ${TEMPLATE} } } } }] }`))).toEqual(
    [],
  );
});

it('a line of the configuration says where a template is that no shape shows', () => {
  const widget = written('example.com/v1', 'Widget', '{ runtime: { pod: { metadata: { labels: { app: cart } } } } }');
  expect(podsOf(widget)).toEqual([]);
  const config =
    'apiVersion: netverdict.dev/v1\nkind: Config\nworkloads: [{ kind: Widget, group: example.com, template: spec.runtime.pod }]\n';
  expect(podsOf(`${config}---\n${widget}`)).toEqual([['cart', 'cart', 'shop/cart[Widget]']]);
  expect(podsOf(`${config}---\n${widget.replace('example.com', 'example.net')}`)).toEqual([]);
});

describe('an object of which an operator makes pods', () => {
  const prometheus = written('monitoring.coreos.com/v1', 'Prometheus', '{ replicas: 2 }');

  it('is known, so that nobody says that nothing has a label', () => {
    expect(operatedIn(load(prometheus), 'shop')).toMatchObject({ kind: 'Prometheus', name: 'cart' });
    expect(operatedIn(load(prometheus), 'other')).toBeUndefined();
  });

  it('says nothing more where the pods themselves were read', () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: prometheus-cart-0, namespace: shop }\nspec: { containers: [{ name: main, image: example/prometheus }] }\n';
    expect(operatedIn(load(`${prometheus}---\n${pod}`), 'shop')).toBeUndefined();
  });
});
