import { expect, test } from 'vitest';
import { policy } from '../../tests/validation/policy-case.ts';
import { validatePolicy } from '../kinds/network-policy/validate.ts';

const document = { file: 'cart.yaml', text: undefined, start: 0, end: 0, line: 1, format: 'yaml' as const };

function unknownFields(spec: unknown, metadata?: unknown) {
  const { errors } = validatePolicy(policy(spec, metadata), { document, path: [] });
  return errors.filter(({ code }) => code === 'unknown-field').map(({ facts: { field, nearest, hint } }) => ({ field, nearest, hint }));
}

const app = { app: 'cart' };

test.each([
  [
    'matchLabels straight under a peer',
    { ingress: [{ from: [{ matchLabels: app }] }] },
    'spec.ingress[0].from[0].matchLabels',
    'under-pod-selector',
  ],
  ['matchLabels straight under the spec', { matchLabels: app }, 'spec.matchLabels', 'under-pod-selector'],
  ['labels straight under a selector', { podSelector: app }, 'spec.podSelector.app', 'under-match-labels'],
  ['an expression straight under a selector', { podSelector: { key: 'app' } }, 'spec.podSelector.key', 'under-match-expressions'],
  ['a cidr straight under a peer', { egress: [{ to: [{ cidr: '::/0' }] }] }, 'spec.egress[0].to[0].cidr', 'under-ip-block'],
  ['ports inside a peer', { egress: [{ to: [{ podSelector: {}, ports: [] }] }] }, 'spec.egress[0].to[0].ports', 'in-rule'],
  ['peers inside a port', { ingress: [{ ports: [{ port: 80, from: [] }] }] }, 'spec.ingress[0].ports[0].from', 'in-rule'],
  ['a podSelector straight in a rule', { ingress: [{ podSelector: {} }] }, 'spec.ingress[0].podSelector', 'under-peers'],
  ['a port straight in a rule', { ingress: [{ port: 80 }] }, 'spec.ingress[0].port', 'under-ports'],
  ['egress inside an ingress rule', { ingress: [{ egress: [] }] }, 'spec.ingress[0].egress', 'in-spec'],
  ['from straight under the spec', { from: [] }, 'spec.from', 'in-rule'],
  ['a name inside the spec', { name: 'cart' }, 'spec.name', 'in-metadata'],
])('%s: the hint says where it belongs', (_, spec, field, hint) => {
  expect(unknownFields(spec)).toEqual([{ field, hint, nearest: undefined }]);
});

test('peers of the other direction: the hint says so, with the right name', () => {
  const other = { hint: 'other-direction' };
  expect(unknownFields({ ingress: [{ to: [] }] })).toEqual([{ ...other, field: 'spec.ingress[0].to', nearest: 'from' }]);
  expect(unknownFields({ egress: [{ from: [] }] })).toEqual([{ ...other, field: 'spec.egress[0].from', nearest: 'to' }]);
});

test.each([
  ['podselector', { podselector: {} }, 'podSelector'],
  ['policyType', { policyType: [] }, 'policyTypes'],
  ['ingres', { ingres: [] }, 'ingress'],
  ['matchLabel', { podSelector: { matchLabel: app } }, 'matchLabels'],
  ['matchExpresions', { podSelector: { matchExpresions: [] } }, 'matchExpressions'],
  ['form', { ingress: [{ form: [] }] }, 'from'],
  ['prot', { ingress: [{ ports: [{ prot: 80 }] }] }, 'port'],
  ['endport', { ingress: [{ ports: [{ endport: 80 }] }] }, 'endPort'],
  ['excepts', { egress: [{ to: [{ ipBlock: { cidr: '::/0', excepts: [] } }] }] }, 'except'],
  ['namespaceselector', { egress: [{ to: [{ namespaceselector: {} }] }] }, 'namespaceSelector'],
])('%s is near a known field', (_, spec, nearest) => {
  expect(unknownFields(spec)).toMatchObject([{ nearest, hint: undefined }]);
});

test('a misspelt field of the metadata too', () => {
  expect(unknownFields({}, { name: 'cart', lables: {} })).toMatchObject([{ field: 'metadata.lables', nearest: 'labels' }]);
});

test('nothing is proposed for what is near nothing', () => {
  expect(unknownFields({ description: 'x', constructor: {}, x: 1 })).toEqual(
    ['description', 'constructor', 'x'].map((field) => ({ field: `spec.${field}`, nearest: undefined, hint: undefined })),
  );
});

test('known fields give none', () => {
  expect(
    unknownFields({ podSelector: { matchLabels: app }, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }] }] }),
  ).toEqual([]);
});
