// Which of the input's HostEndpoints put their node under Calico's policies. Reference, parts 2, 3 and 9.
import type { HostEndpoint } from '../../model/cluster.ts';
import { type Labels, matches } from '../../model/selector.ts';
import { parseIp } from '../../net/ip.ts';
import { dig, labelsOf, listOf, textOf } from '../../objects/read.ts';
import type { KindObject, Surroundings } from '../kind.ts';
import { ofNamespaces } from './entity.ts';
import { type Expression, parseExpression, renamed } from './expression.ts';
import { GROUPS, isCalico } from './objects.ts';
import { selectorOfExpression } from './selector.ts';

/** Calico makes it, for host endpoints that are to let through what no policy decides. */
const ALLOWS_ALL = 'projectcalico-default-allow';

/**
 * Those that may deny something, by name: `[{ name: 'node-1-eth0', node: 'node-1', addresses: [192.168.0.10], everyInterface: false, … }]`. One
 * that no GlobalNetworkPolicy selects and whose first profile allows everything denies nothing, and is left out; [] without HostEndpoints.
 */
export function hostEndpointsOf(surroundings: Surroundings): readonly HostEndpoint[] {
  const endpoints = surroundings.objectsOf('HostEndpoint').filter(isCalico);
  if (endpoints.length === 0) return [];
  const policies = GROUPS.flatMap((group) => surroundings.objectsOf(`GlobalNetworkPolicy.${group}`));
  return endpoints
    .filter(({ value }) => {
      const labels = labelsOf(dig(value, 'metadata', 'labels'));
      return listOf(dig(value, 'spec', 'profiles'))[0] !== ALLOWS_ALL || policies.some((policy) => maySelect(policy, labels));
    })
    .map(({ name, value, origin }) => ({
      name,
      node: textOf(dig(value, 'spec', 'node')) || undefined,
      addresses: listOf(dig(value, 'spec', 'expectedIPs')).flatMap((text) => (typeof text === 'string' ? (parseIp(text) ?? []) : [])),
      everyInterface: dig(value, 'spec', 'interfaceName') === '*',
      origin,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** A selector that cannot be read may mean anything. */
function maySelect({ value, origin }: KindObject, labels: Labels): boolean {
  const holds = (key: string, meant: (expression: Expression) => Expression): boolean => {
    const text = textOf(dig(value, 'spec', key)) ?? '';
    if (text === '') return true;
    const parsed = parseExpression(text);
    return 'error' in parsed || matches(selectorOfExpression(meant(parsed), origin), labels);
  };
  return (
    holds('selector', (expression) => expression) &&
    holds('namespaceSelector', ofNamespaces) &&
    holds('serviceAccountSelector', (expression) => renamed(expression, (label) => `pcsa.${label}`))
  );
}
