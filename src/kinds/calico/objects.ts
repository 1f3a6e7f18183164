// What Calico's policies look up in the cluster beside themselves: tiers, labelled sets of addresses, host endpoints, the endpoints of Services.
import type { Origin } from '../../model/origin.ts';
import { type Labels, matches } from '../../model/selector.ts';
import { type Cidr, hostCidr } from '../../net/cidr.ts';
import { parseIp } from '../../net/ip.ts';
import type { Protocol } from '../../net/port-set.ts';
import { dig, get, integerOf, labelsOf, listOf, textOf } from '../../objects/read.ts';
import { readCidr } from '../../objects/validate-cidr.ts';
import type { KindObject, Surroundings } from '../kind.ts';
import { isProtocol } from '../network-policy/lower.ts';
import type { Expression } from './expression.ts';
import { selectorOfExpression } from './selector.ts';

export const GROUPS: readonly string[] = ['projectcalico.org', 'crd.projectcalico.org'];

/** `projectcalico.org/v3`, `crd.projectcalico.org/v1`. */
export function isCalico({ apiVersion }: Pick<KindObject, 'apiVersion'>): boolean {
  return GROUPS.includes(apiVersion.slice(0, Math.max(0, apiVersion.indexOf('/'))));
}

/** A tier that the input has, or that every cluster has. */
export interface CalicoTier {
  readonly order: number;
  readonly end: 'deny' | 'next';
}

/** Calico makes these itself; the last two are what 3.29 to 3.31 called the first and the third (reference: api/tier.go). */
const FIXED: ReadonlyMap<string, CalicoTier> = new Map([
  ['kube-admin', { order: 1000, end: 'next' }],
  ['default', { order: 1_000_000, end: 'deny' }],
  ['kube-baseline', { order: 10_000_000, end: 'next' }],
  ['adminnetworkpolicy', { order: 1000, end: 'next' }],
  ['baselineadminnetworkpolicy', { order: 10_000_000, end: 'next' }],
]);

/** undefined: nothing says where its policies stand. */
export function tierCalled(name: string, surroundings: Surroundings): CalicoTier | undefined {
  const object = surroundings.objectsOf('Tier').find((one) => isCalico(one) && one.name === name);
  if (object === undefined) return FIXED.get(name);
  return { order: orderOf(object.value), end: dig(object.value, 'spec', 'defaultAction') === 'Pass' ? 'next' : 'deny' };
}

/** No order comes last. */
export function orderOf(value: unknown): number {
  const order = dig(value, 'spec', 'order');
  return typeof order === 'number' ? order : Number.POSITIVE_INFINITY;
}

/** Something with labels and addresses that is not a pod: a NetworkSet, a GlobalNetworkSet, a HostEndpoint. */
export interface LabelledAddresses {
  readonly labels: Labels;
  readonly cidrs: readonly Cidr[];
}

const known = new WeakMap<Surroundings, readonly LabelledAddresses[]>();

function labelledAddresses(surroundings: Surroundings): readonly LabelledAddresses[] {
  const before = known.get(surroundings);
  if (before !== undefined) return before;
  const of = (kind: string) => surroundings.objectsOf(kind).filter(isCalico);
  const labels = ({ value }: KindObject) => labelsOf(dig(value, 'metadata', 'labels'));
  const nets = ({ value }: KindObject) => listOf(dig(value, 'spec', 'nets')).flatMap((text) => cidrOf(text) ?? []);
  const found = [
    ...of('NetworkSet').map((set) => ({
      labels: new Map([...labels(set), ...namespaceLabels(set.namespace ?? '', surroundings)]),
      cidrs: nets(set),
    })),
    ...of('GlobalNetworkSet').map((set) => ({ labels: labels(set), cidrs: nets(set) })),
    ...of('HostEndpoint').map((endpoint) => ({
      labels: labels(endpoint),
      cidrs: listOf(dig(endpoint.value, 'spec', 'expectedIPs')).flatMap((text) => {
        const ip = typeof text === 'string' ? parseIp(text) : undefined;
        return ip === undefined ? [] : [hostCidr(ip)];
      }),
    })),
  ];
  known.set(surroundings, found);
  return found;
}

/** What Calico knows an object of a namespace by. */
function* namespaceLabels(namespace: string, surroundings: Surroundings): Iterable<readonly [string, string]> {
  const object = surroundings.objectsOf('Namespace').find(({ name }) => name === namespace);
  for (const [key, value] of labelsOf(dig(object?.value, 'metadata', 'labels'))) yield [`pcns.${key}`, value];
  yield ['pcns.kubernetes.io/metadata.name', namespace];
  yield ['pcns.projectcalico.org/name', namespace];
  yield ['projectcalico.org/namespace', namespace];
}

/** The blocks of all sets and host endpoints with such labels. */
export function blocksWith(expression: Expression, surroundings: Surroundings, origin: Origin): readonly Cidr[] {
  const all = labelledAddresses(surroundings);
  if (all.length === 0) return [];
  const selector = selectorOfExpression(expression, origin);
  return all.flatMap(({ labels, cidrs }) => (matches(selector, labels) ? cidrs : []));
}

/** As Go reads it, host bits cut off. */
export function cidrOf(text: unknown): Cidr | undefined {
  if (typeof text !== 'string') return undefined;
  const ip = text.includes('/') ? undefined : parseIp(text);
  return ip === undefined ? readCidr(text)?.network : hostCidr(ip);
}

/** Where a Service leads: `{ protocol: 'TCP', port: 8080, cidrs: [10.1.0.7/32] }` for each port of each EndpointSlice. */
export interface ServiceEndpoints {
  readonly protocol: Protocol;
  readonly port: number;
  readonly cidrs: readonly Cidr[];
}

/** undefined: the input has no EndpointSlice at all, so nothing is known; [] for a Service that leads nowhere. */
export function endpointsOf(namespace: string, name: string, surroundings: Surroundings): readonly ServiceEndpoints[] | undefined {
  const slices = surroundings.objectsOf('EndpointSlice');
  if (slices.length === 0) return undefined;
  return slices
    .filter(
      (slice) => slice.namespace === namespace && textOf(dig(slice.value, 'metadata', 'labels', 'kubernetes.io/service-name')) === name,
    )
    .flatMap(({ value }) => {
      // Ready or not: Felix takes every endpoint (reference: felix/serviceindex).
      const cidrs = listOf(get(value, 'endpoints')).flatMap((endpoint) =>
        listOf(get(endpoint, 'addresses')).flatMap((address) => {
          const ip = typeof address === 'string' ? parseIp(address) : undefined;
          return ip === undefined ? [] : [hostCidr(ip)];
        }),
      );
      return listOf(get(value, 'ports')).flatMap((port) => {
        const number = integerOf(get(port, 'port'));
        const protocol = get(port, 'protocol') ?? 'TCP';
        return number === undefined || !isProtocol(protocol) ? [] : [{ protocol, port: number, cidrs }];
      });
    });
}
