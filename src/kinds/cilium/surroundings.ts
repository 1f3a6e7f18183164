// What the rest of the input means to a Cilium policy: settings, nodes, groups of addresses, Services, the API server's addresses.
import type { Node } from '../../model/cluster.ts';
import type { Labels } from '../../model/selector.ts';
import { type Cidr, hostCidr } from '../../net/cidr.ts';
import { type Ip, parseIp } from '../../net/ip.ts';
import { dig, get, isObject, labelsOf, listOf, textOf } from '../../objects/read.ts';
import { readCidr } from '../../objects/validate-cidr.ts';
import { type CiliumSettings, ciliumSettingsIn, isCiliumConfig } from '../../program/cilium-settings.ts';
import type { KindObject, Surroundings } from '../kind.ts';
import { isIdentityLabel } from './labels.ts';

export interface CidrGroup {
  readonly name: string;
  readonly labels: Labels;
  /** Those that cannot be read are left out, as the agent does. */
  readonly cidrs: readonly Cidr[];
}

export interface KnownService {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** undefined: none, so its endpoints are written by hand. */
  readonly selector: Labels | undefined;
  readonly endpoints: readonly Ip[];
}

export interface Around {
  readonly settings: CiliumSettings;
  readonly nodes: readonly Node[];
  readonly groups: readonly CidrGroup[];
  readonly services: readonly KnownService[];
  /** undefined: the input has no endpoints of default/kubernetes. */
  readonly apiServers: readonly Ip[] | undefined;
  /** Has the input addresses of both families, so that the outside has two identities? */
  readonly dualStack: boolean;
}

const settingsOf = new WeakMap<Surroundings, CiliumSettings>();

/** Of the input's ConfigMap, or Cilium's defaults. */
export function ciliumSettingsOf(surroundings: Surroundings): CiliumSettings {
  const known = settingsOf.get(surroundings);
  if (known !== undefined) return known;
  const config = surroundings.objectsOf('ConfigMap').find(isCiliumConfig);
  const made = ciliumSettingsIn(get(config?.value, 'data'));
  settingsOf.set(surroundings, made);
  return made;
}

const madeFor = new WeakMap<Surroundings, Around>();

/** Worked out once for an input. */
export function aroundOf(surroundings: Surroundings): Around {
  const known = madeFor.get(surroundings);
  if (known !== undefined) return known;
  const { objectsOf, nodes } = surroundings;
  const endpoints = endpointsOf(surroundings);
  const made: Around = {
    settings: ciliumSettingsOf(surroundings),
    nodes: [...nodes.values()],
    groups: objectsOf('CiliumCIDRGroup').filter(isOfCilium).map(groupOf),
    services: objectsOf('Service').map((service) => serviceOf(service, endpoints)),
    apiServers: endpoints.get('default/kubernetes'),
    dualStack: isDualStack(surroundings),
  };
  madeFor.set(surroundings, made);
  return made;
}

function isOfCilium({ apiVersion }: KindObject): boolean {
  return apiVersion.startsWith('cilium.io/');
}

function groupOf({ name, value }: KindObject): CidrGroup {
  return {
    name,
    labels: labelsOf(dig(value, 'metadata', 'labels')),
    cidrs: listOf(dig(value, 'spec', 'externalCIDRs')).flatMap((text) => cidrOf(text) ?? []),
  };
}

/** As the agent takes it: a bare address is a prefix of one. */
export function cidrOf(text: unknown): Cidr | undefined {
  if (typeof text !== 'string') return undefined;
  const ip = text.includes('/') ? undefined : parseIp(text);
  return ip === undefined ? readCidr(text)?.network : hostCidr(ip);
}

function serviceOf({ name, namespace = 'default', value }: KindObject, endpoints: ReadonlyMap<string, readonly Ip[]>): KnownService {
  const selector = dig(value, 'spec', 'selector');
  return {
    name,
    namespace,
    labels: labelsOf(dig(value, 'metadata', 'labels')),
    selector: isObject(selector) && Object.keys(selector).length > 0 ? labelsOf(selector) : undefined,
    endpoints: endpoints.get(`${namespace}/${name}`) ?? [],
  };
}

/** Of EndpointSlices and Endpoints, by `namespace/service`. */
function endpointsOf({ objectsOf }: Surroundings): ReadonlyMap<string, readonly Ip[]> {
  const found = new Map<string, Ip[]>();
  const add = (ref: string, addresses: readonly unknown[]) => {
    const ips = addresses.flatMap((text) => (typeof text === 'string' ? (parseIp(text) ?? []) : []));
    found.set(ref, [...(found.get(ref) ?? []), ...ips]);
  };
  for (const { value, namespace = 'default' } of objectsOf('EndpointSlice')) {
    const service = textOf(dig(value, 'metadata', 'labels', 'kubernetes.io/service-name'));
    if (service !== undefined)
      add(
        `${namespace}/${service}`,
        listOf(get(value, 'endpoints')).flatMap((endpoint) => listOf(get(endpoint, 'addresses'))),
      );
  }
  for (const { name, namespace = 'default', value } of objectsOf('Endpoints')) {
    const subsets = listOf(get(value, 'subsets'));
    add(
      `${namespace}/${name}`,
      subsets.flatMap((subset) =>
        [...listOf(get(subset, 'addresses')), ...listOf(get(subset, 'notReadyAddresses'))].map((address) => get(address, 'ip')),
      ),
    );
  }
  return found;
}

function isDualStack({ nodes, objectsOf }: Surroundings): boolean {
  const families = new Set([...nodes.values()].flatMap(({ addresses }) => addresses.map(({ family }) => family)));
  if (families.size > 1) return true;
  return objectsOf('Pod').some(({ value }) => {
    const ips = listOf(dig(value, 'status', 'podIPs')).flatMap((item) => parseIp(textOf(get(item, 'ip')) ?? '') ?? []);
    return new Set(ips.map(({ family }) => family)).size > 1;
  });
}

/** Of a node, as selectors of Cilium see it. */
export function nodeIdentity({ labels }: Node): Labels {
  return new Map([...labels].filter(([key]) => isIdentityLabel(key)));
}
