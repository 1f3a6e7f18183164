// Services, their endpoints, and Ingresses.

import { isProtocol } from '../kinds/network-policy/lower.ts';
import type { Endpoint, Ingress, IngressPath, Service, ServicePort } from '../model/cluster.ts';
import { at, type Origin } from '../model/origin.ts';
import { type Family, type Ip, parseIp } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import { dig, get, integerOf, isObject, labelsOf, listOf, textOf } from '../objects/read.ts';

export function serviceOf(
  name: string,
  namespace: string,
  value: unknown,
  origin: Origin,
  endpoints: readonly Endpoint[] | undefined,
): Service {
  const spec = get(value, 'spec');
  const type = textOf(get(spec, 'type'));
  const clusterIp = textOf(get(spec, 'clusterIP'));
  const listed = listOf(get(spec, 'clusterIPs'));
  const selector = get(spec, 'selector');
  const policy = textOf(get(spec, 'externalTrafficPolicy'));
  const families = listOf(get(spec, 'ipFamilies')).flatMap((family): Family[] => (family === 'IPv4' ? [4] : family === 'IPv6' ? [6] : []));
  return {
    name,
    namespace,
    ref: `${namespace}/${name}`,
    type: type === 'NodePort' || type === 'LoadBalancer' || type === 'ExternalName' ? type : 'ClusterIP',
    // An empty selector selects nothing by itself: the API treats it as none, and endpoints are managed by hand.
    selector: isObject(selector) && Object.keys(selector).length > 0 ? labelsOf(selector) : undefined,
    selectorOrigin: at(origin, 'spec', 'selector'),
    clusterIps: ips(listed.length > 0 ? listed : [clusterIp]),
    ...(families.length > 0 && { ipFamilies: families }),
    headless: clusterIp === 'None' || listed.includes('None'),
    externalName: textOf(get(spec, 'externalName')),
    externalTrafficPolicy: policy === 'Local' || policy === 'Cluster' ? policy : undefined,
    publishNotReadyAddresses: get(spec, 'publishNotReadyAddresses') === true,
    ports: listOf(get(spec, 'ports')).flatMap((port, i) => servicePort(port, at(origin, 'spec', 'ports', i))),
    endpoints,
    externalIps: ips([
      ...listOf(get(spec, 'externalIPs')),
      ...listOf(dig(value, 'status', 'loadBalancer', 'ingress')).map((item) => get(item, 'ip')),
      get(spec, 'loadBalancerIP'),
    ]),
    value,
    labels: labelsOf(dig(value, 'metadata', 'labels')),
    annotations: labelsOf(dig(value, 'metadata', 'annotations')),
    origin,
  };
}

function ips(values: readonly unknown[]): readonly Ip[] {
  return values.flatMap((text) => (typeof text === 'string' ? (parseIp(text) ?? []) : []));
}

function servicePort(value: unknown, origin: Origin): ServicePort[] {
  const port = integerOf(get(value, 'port'));
  const protocol = get(value, 'protocol') ?? 'TCP'; // Kubernetes: SetDefaults_Service
  if (port === undefined || !isProtocol(protocol)) return [];
  const target = get(value, 'targetPort');
  // Kubernetes: SetDefaults_Service: targetPort 0, '' or absent becomes the port itself.
  const targetPort = (typeof target === 'number' && target > 0) || (typeof target === 'string' && target !== '') ? target : port;
  return [{ name: textOf(get(value, 'name')), port, protocol, targetPort, nodePort: integerOf(get(value, 'nodePort')), origin }];
}

/** discovery.k8s.io/v1 EndpointSlice. A condition that is absent counts as ready (EndpointConditions, discovery/v1 types.go). */
export function endpointsOfSlice(value: unknown, origin: Origin): Endpoint[] {
  const ports = portsOf(listOf(get(value, 'ports')));
  return listOf(get(value, 'endpoints')).map((endpoint, i) => ({
    addresses: ips(listOf(get(endpoint, 'addresses'))),
    ready: dig(endpoint, 'conditions', 'ready') !== false,
    pod: targetOf(endpoint),
    node: textOf(get(endpoint, 'nodeName')),
    ports,
    origin: at(origin, 'endpoints', i),
  }));
}

/** The older Endpoints object: the same, in subsets. */
export function endpointsOfObject(value: unknown, origin: Origin): Endpoint[] {
  return listOf(get(value, 'subsets')).flatMap((subset, i) => {
    const ports = portsOf(listOf(get(subset, 'ports')));
    return (['addresses', 'notReadyAddresses'] as const).flatMap((key) =>
      listOf(get(subset, key)).map((address, j) => ({
        addresses: ips([get(address, 'ip')]),
        ready: key === 'addresses',
        pod: targetOf(address),
        node: textOf(get(address, 'nodeName')),
        ports,
        origin: at(origin, 'subsets', i, key, j),
      })),
    );
  });
}

function targetOf(endpoint: unknown): string | undefined {
  const target = get(endpoint, 'targetRef');
  const name = textOf(get(target, 'name'));
  return get(target, 'kind') === 'Pod' && name !== undefined ? `${textOf(get(target, 'namespace')) ?? 'default'}/${name}` : undefined;
}

function portsOf(list: readonly unknown[]): Endpoint['ports'] {
  return list.map((port) => {
    const protocol = get(port, 'protocol') ?? 'TCP';
    return {
      name: textOf(get(port, 'name')),
      port: integerOf(get(port, 'port')),
      protocol: isProtocol(protocol) ? protocol : ('TCP' as Protocol),
    };
  });
}

/** networking.k8s.io/v1, and the v1beta1 spelling (serviceName, servicePort) that old manifests still have. */
export function ingressOf(name: string, namespace: string, value: unknown, origin: Origin): Ingress {
  const spec = get(value, 'spec');
  const rules: IngressPath[] = [];
  const add = (backend: unknown, host: string | undefined, path: unknown, place: Origin) => {
    const service = textOf(dig(backend, 'service', 'name')) ?? textOf(get(backend, 'serviceName'));
    if (service === undefined) return;
    const port = dig(backend, 'service', 'port', 'number') ?? dig(backend, 'service', 'port', 'name') ?? get(backend, 'servicePort');
    rules.push({
      host,
      path: textOf(get(path, 'path')),
      pathType: textOf(get(path, 'pathType')),
      ports: [],
      namespace,
      service,
      port: typeof port === 'number' || typeof port === 'string' ? port : undefined,
      rule: undefined,
      conditions: [],
      fault: undefined,
      origin: place,
    });
  };
  for (const [i, rule] of listOf(get(spec, 'rules')).entries()) {
    for (const [j, path] of listOf(dig(rule, 'http', 'paths')).entries()) {
      add(get(path, 'backend'), textOf(get(rule, 'host')), path, at(origin, 'spec', 'rules', i, 'http', 'paths', j));
    }
  }
  for (const key of ['defaultBackend', 'backend']) add(get(spec, key), undefined, undefined, at(origin, 'spec', key));
  return {
    kind: 'Ingress',
    name,
    namespace,
    ref: `${namespace}/${name}`,
    gateways: [],
    faults: [],
    className: textOf(get(spec, 'ingressClassName')) ?? labelsOf(dig(value, 'metadata', 'annotations')).get('kubernetes.io/ingress.class'),
    rules,
    addresses: ips(listOf(dig(value, 'status', 'loadBalancer', 'ingress')).map((item) => get(item, 'ip'))),
    origin,
  };
}
