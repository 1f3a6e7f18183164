// The rules for the policy's name and for its selectors: rows 1 to 8 of the table of rules.
import { casesOf, type PolicyCase, policy, type Row } from './policy-case.ts';

const ENDS = 'and must start and end with an alphanumeric character';
const LABEL_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN =
  `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', ${ENDS} ` +
  `(e.g. 'example.com', regex used for validation is '${DNS_LABEL}(\\.${DNS_LABEL})*')`;
const KEY_MUST =
  `must consist of alphanumeric characters, '-', '_' or '.', ${ENDS} ` +
  `(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${LABEL_NAME}')`;
const KEY_NAME = `name part ${KEY_MUST}`;
const LABEL_VALUE =
  `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', ${ENDS} ` +
  `(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${LABEL_NAME})?')`;
const x = (times: number) => 'x'.repeat(times);
export const named = (name: unknown) => policy({}, { name });
const selecting = (podSelector: unknown) => policy({ podSelector });
export const labelled = (matchLabels: unknown) => selecting({ matchLabels });
export const expressing = (...matchExpressions: unknown[]) => selecting({ matchExpressions });
const cart = labelled({ app: 'cart' });

export const nameCases: readonly PolicyCase[] = casesOf([
  [1, 'a name in capitals', named('Cart'), [`metadata.name: Invalid value: "Cart": ${SUBDOMAIN}`], named('cart')],
  [1, 'a name with an underscore', named('cart_in'), [`metadata.name: Invalid value: "cart_in": ${SUBDOMAIN}`], named('cart-in')],
  [1, 'a name with two dots in a row', named('cart..in'), [`metadata.name: Invalid value: "cart..in": ${SUBDOMAIN}`], named('cart.in')],
  [
    1,
    'a name that is too long',
    named(x(254)),
    [`metadata.name: Invalid value: "${x(254)}": must be no more than 253 characters`],
    named(x(253)),
  ],
  [
    2,
    'no name',
    policy({}, {}),
    ['metadata.name: Required value: name or generateName is required'],
    policy({}, { generateName: 'cart-' }),
  ],
  [2, 'an empty name', named(''), ['metadata.name: Required value: name or generateName is required'], named('c')],
  [2, 'a null name', named(null), ['metadata.name: Required value: name or generateName is required'], named('null')],
]);

export const selectorCases: readonly PolicyCase[] = casesOf([
  [
    3,
    'a label key with a blank',
    labelled({ 'app name': 'cart' }),
    [`spec.podSelector.matchLabels: Invalid value: "app name": ${KEY_NAME}`],
    cart,
  ],
  [
    3,
    'a label key with two slashes',
    labelled({ 'shop/app/name': 'cart' }),
    [
      `spec.podSelector.matchLabels: Invalid value: "shop/app/name": a valid label key ${KEY_MUST} ` +
        "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ],
    labelled({ 'shop/app.name': 'cart' }),
  ],
  [
    3,
    'a label key whose prefix is no domain',
    labelled({ 'My_Shop/app': 'cart' }),
    [`spec.podSelector.matchLabels: Invalid value: "My_Shop/app": prefix part ${SUBDOMAIN}`],
    labelled({ 'my-shop.example/My_App': 'cart' }),
  ],
  [
    3,
    'a label key with an empty prefix',
    labelled({ '/app': 'cart' }),
    ['spec.podSelector.matchLabels: Invalid value: "/app": prefix part must be non-empty'],
    cart,
  ],
  [
    3,
    'an empty label key',
    labelled({ '': 'cart' }),
    [
      'spec.podSelector.matchLabels: Invalid value: "": name part must be non-empty',
      `spec.podSelector.matchLabels: Invalid value: "": ${KEY_NAME}`,
    ],
    labelled({ constructor: 'cart' }),
  ],
  [
    3,
    'a label key that is too long',
    labelled({ [x(64)]: 'cart' }),
    [`spec.podSelector.matchLabels: Invalid value: "${x(64)}": name part must be no more than 63 bytes`],
    labelled({ [x(63)]: 'cart' }),
  ],
  [
    3,
    'a label prefix that is too long',
    labelled({ [`${x(254)}/app`]: 'cart' }),
    [`spec.podSelector.matchLabels: Invalid value: "${x(254)}/app": prefix part must be no more than 253 bytes`],
    labelled({ [`${x(253)}/app`]: 'cart' }),
  ],
  [
    3,
    'a bad key in an expression',
    expressing({ key: '-app', operator: 'Exists' }),
    [`spec.podSelector.matchExpressions[0].key: Invalid value: "-app": ${KEY_NAME}`],
    expressing({ key: 'app', operator: 'Exists' }),
  ],
  [
    4,
    'a label value with a blank',
    labelled({ app: 'my cart' }),
    [`spec.podSelector.matchLabels: Invalid value: "my cart": ${LABEL_VALUE}`],
    cart,
  ],
  [
    4,
    'a shell variable for a label value',
    labelled({ app: '$APP' }),
    [`spec.podSelector.matchLabels: Invalid value: "$APP": ${LABEL_VALUE}`],
    labelled({ app: '' }),
  ],
  [
    4,
    'a label value that is too long',
    labelled({ app: x(64) }),
    [`spec.podSelector.matchLabels: Invalid value: "${x(64)}": must be no more than 63 bytes`],
    labelled({ app: x(63) }),
  ],
  [
    4,
    'a label value that is short but long in bytes',
    labelled({ app: 'é'.repeat(32) }),
    [
      `spec.podSelector.matchLabels: Invalid value: "${'é'.repeat(32)}": must be no more than 63 bytes`,
      `spec.podSelector.matchLabels: Invalid value: "${'é'.repeat(32)}": ${LABEL_VALUE}`,
    ],
    cart,
  ],
  [
    4,
    'a terminal escape in a label value',
    labelled({ app: '\u001b[31m\u00a0"\\' }),
    [`spec.podSelector.matchLabels: Invalid value: "\\x1b[31m\\u00a0\\"\\\\": ${LABEL_VALUE}`],
    cart,
  ],
  [
    5,
    'a bad value in an expression',
    expressing({ key: 'app', operator: 'In', values: ['cart', 'my cart'] }),
    [`spec.podSelector.matchExpressions[0].values[1]: Invalid value: "my cart": ${LABEL_VALUE}`],
    expressing({ key: 'app', operator: 'In', values: ['cart', ''] }),
  ],
  ...['In', 'NotIn'].flatMap((operator): Row[] => [
    [
      6,
      `${operator} with no values`,
      expressing({ key: 'app', operator }),
      ["spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"],
      expressing({ key: 'app', operator, values: ['cart'] }),
    ],
    [
      6,
      `${operator} with an empty list of values`,
      expressing({ key: 'app', operator, values: [] }),
      ["spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"],
      expressing({ key: 'app', operator, values: [''] }),
    ],
  ]),
  ...['Exists', 'DoesNotExist'].map(
    (operator): Row => [
      7,
      `${operator} with values`,
      expressing({ key: 'app', operator, values: ['cart'] }),
      ["spec.podSelector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"],
      expressing({ key: 'app', operator, values: [] }),
    ],
  ),
  [
    8,
    'an operator in lower case',
    expressing({ key: 'app', operator: 'in', values: ['cart'] }),
    ['spec.podSelector.matchExpressions[0].operator: Invalid value: "in": not a valid selector operator'],
    expressing({ key: 'app', operator: 'In', values: ['cart'] }),
  ],
  [
    8,
    'an expression without operator',
    expressing({ key: 'app', values: ['cart'] }),
    ['spec.podSelector.matchExpressions[0].operator: Invalid value: "": not a valid selector operator'],
    expressing({ key: 'app', operator: 'NotIn', values: ['cart'] }),
  ],
  [
    8,
    'an empty item in the list of expressions',
    expressing(null),
    [
      'spec.podSelector.matchExpressions[0].operator: Invalid value: "": not a valid selector operator',
      'spec.podSelector.matchExpressions[0].key: Invalid value: "": name part must be non-empty',
      `spec.podSelector.matchExpressions[0].key: Invalid value: "": ${KEY_NAME}`,
    ],
    expressing(),
  ],
]);
