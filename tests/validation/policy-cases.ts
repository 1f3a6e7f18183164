// The table of NetworkPolicies that the API server refuses or warns of, whole: see policy-case.ts. Here: policyTypes and decoding.
import { casesOf, type PolicyCase, policy } from './policy-case.ts';
import { ruleCases } from './rule-cases.ts';
import { expressing, labelled, nameCases, named, selectorCases } from './selector-cases.ts';

const types = (...policyTypes: unknown[]) => policy({ policyTypes });
const types3 = ['Ingress', 'Egress', 'Ingress'];
const TYPES = 'supported values: "Ingress", "Egress"';

const wholes: readonly PolicyCase[] = casesOf([
  [
    21,
    'three policy types',
    types(...types3),
    [`spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: may not specify more than two policyTypes`],
    types('Egress', 'Ingress'),
  ],
  [
    21,
    'three unknown policy types, of which only the number is said',
    types('a', 'b', 'c'),
    ['spec.policyTypes: Invalid value: ["a","b","c"]: may not specify more than two policyTypes'],
    types('Ingress', 'Ingress'),
  ],
  [
    22,
    'a policy type in lower case',
    types('Egress', 'ingress'),
    [`spec.policyTypes[1]: Unsupported value: "ingress": ${TYPES}`],
    types('Egress', 'Ingress'),
  ],
  [22, 'an empty item in the list of policy types', types(null), [`spec.policyTypes[0]: Unsupported value: "": ${TYPES}`], types()],
  [25, 'a podSelector in lower case', policy({ podselector: {} }), ['unknown field "spec.podselector"'], policy({ podSelector: {} })],
  [25, 'rules beside the spec', { ...policy({}), ingress: [] }, ['unknown field "ingress"'], policy({ ingress: [] })],
  [
    25,
    'a label of the policy in a misspelt map',
    policy({}, { name: 'cart', lables: {} }),
    ['unknown field "metadata.lables"'],
    policy({}, { name: 'cart', labels: {} }),
  ],
  [25, 'a field named like an object prototype key', policy({ constructor: {} }), ['unknown field "spec.constructor"'], policy({})],
  [25, 'a field name that needs quoting', policy({ 'a "b': 1 }), ['unknown field "spec.a \\"b"'], policy({})],
  [
    26,
    'a spec that is a list',
    policy([]),
    ['json: cannot unmarshal array into Go struct field NetworkPolicy.spec of type v1.NetworkPolicySpec'],
    policy(null),
  ],
  [
    26,
    'a podSelector that is text',
    policy({ podSelector: 'app=cart' }),
    ['json: cannot unmarshal string into Go struct field NetworkPolicySpec.spec.podSelector of type v1.LabelSelector'],
    policy({ podSelector: null }),
  ],
  [
    26,
    'one policy type instead of a list',
    policy({ policyTypes: 'Ingress' }),
    ['json: cannot unmarshal string into Go struct field NetworkPolicySpec.spec.policyTypes of type []v1.PolicyType'],
    types('Ingress'),
  ],
  [
    26,
    'one rule instead of a list',
    policy({ ingress: {} }),
    ['json: cannot unmarshal object into Go struct field NetworkPolicySpec.spec.ingress of type []v1.NetworkPolicyIngressRule'],
    policy({ ingress: [{}] }),
  ],
  [
    26,
    'a boolean label of the policy',
    policy({}, { name: 'cart', labels: { prod: true } }),
    ['json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string'],
    policy({}, { name: 'cart', labels: { prod: 'true' } }),
  ],
  [
    26,
    'a number for a label to match',
    labelled({ version: 2 }),
    ['json: cannot unmarshal number into Go struct field LabelSelector.spec.podSelector.matchLabels of type string'],
    labelled({ version: '2' }),
  ],
  [
    26,
    'a number among the values',
    expressing({ key: 'v', operator: 'In', values: [2] }),
    ['json: cannot unmarshal number into Go struct field LabelSelectorRequirement.spec.podSelector.matchExpressions.values of type string'],
    expressing({ key: 'v', operator: 'In', values: ['2'] }),
  ],
  [
    26,
    'a number for a name',
    named(7),
    ['json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string'],
    named('7'),
  ],
  [
    26,
    'metadata that is text',
    policy({}, 'cart'),
    ['json: cannot unmarshal string into Go struct field NetworkPolicy.metadata of type v1.ObjectMeta'],
    named('cart'),
  ],
]);

export const policyCases: readonly PolicyCase[] = [
  ...nameCases,
  ...selectorCases,
  ...ruleCases('ingress', 'from'),
  ...ruleCases('egress', 'to'),
  ...wholes,
];
