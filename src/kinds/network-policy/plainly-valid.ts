// Is there surely nothing wrong with this part? A cheap yes for the objects that clusters are full of, so that the careful checks
// (validate-*.ts) are left for the others. It may say no to what is valid; it never says yes to what has a problem, and a test
// holds it to that.
import { type Cidr, cidrContains, parseCidr, printCidr } from '../../net/cidr.ts';
import { isObject, type Json } from '../../objects/read.ts';

/** Valid under every naming rule that Kubernetes has for objects: a DNS-1035 label, no longer than a CronJob’s name may be. */
const NAME = /^[a-z]([-a-z0-9]{0,50}[a-z0-9])?$/;
/** The beginning of names that a controller completes: `cart-6d4cf56db6-`. */
const NAME_STEM = /^[a-z][-a-z0-9]{0,50}-$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const PORT_NAME = /^[a-z](-?[a-z0-9]){0,14}$/;

/** Metadata with a plain name, labels and annotations, and nothing unknown. */
export function isPlainMetadata(metadata: unknown): boolean {
  if (!isObject(metadata) || typeof metadata.name !== 'string') return false;
  for (const key in metadata) {
    const value = metadata[key];
    switch (key) {
      case 'name':
      case 'namespace':
        if (typeof value !== 'string' || !NAME.test(value)) return false;
        break;
      case 'generateName':
        if (typeof value !== 'string' || !NAME_STEM.test(value)) return false;
        break;
      case 'uid':
      case 'resourceVersion':
      case 'selfLink':
        if (typeof value !== 'string') return false;
        break;
      case 'labels':
        if (!isPlainLabels(value)) return false;
        break;
      // The careful check takes anything here.
      case 'ownerReferences':
      case 'creationTimestamp':
      case 'managedFields':
        break;
      default:
        return false;
    }
  }
  return true;
}

/** Labels that were found valid before; clusters repeat the same few. Bounded, because input is hostile. */
const seen = new Map<string, Set<string>>();
let seenCount = 0;
const MOST_SEEN = 50_000;

/** A label map in which every key and value is one that the API server takes. */
export function isPlainLabels(labels: unknown): boolean {
  if (!isObject(labels)) return false;
  for (const key in labels) {
    const value = labels[key];
    if (typeof value !== 'string') return false;
    const values = seen.get(key);
    if (values?.has(value) === true) continue;
    if (key.length > 100 || !LABEL_KEY.test(key) || !LABEL_VALUE.test(value)) return false;
    if (seenCount >= MOST_SEEN) continue;
    seenCount++;
    if (values === undefined) seen.set(key, new Set([value]));
    else values.add(value);
  }
  return true;
}

/** A PodSpec whose network fields have the right types and whose containers declare plain, differing ports. */
export function isPlainPodSpec(spec: unknown): boolean {
  if (!isObject(spec)) return false;
  for (const key in spec) {
    const value = spec[key];
    switch (key) {
      case 'nodeName':
      case 'hostname':
      case 'subdomain':
      case 'dnsPolicy':
        if (typeof value !== 'string') return false;
        break;
      case 'hostNetwork':
        if (typeof value !== 'boolean') return false;
        break;
      case 'containers':
        if (!Array.isArray(value) || !value.every(isPlainContainer)) return false;
        break;
      case 'initContainers':
      case 'dnsConfig':
        return false;
      default: // no check looks at it
    }
  }
  return true;
}

function isPlainContainer(container: unknown): boolean {
  if (!isObject(container) || typeof container.name !== 'string') return false;
  const ports = container.ports;
  if (container.restartPolicy !== undefined) return false;
  if (ports === undefined) return true;
  if (!Array.isArray(ports) || ports.length > 4) return false;
  return ports.every(
    (port, i) => isPlainPort(port) && (port.name === undefined || ports.findIndex((other) => other?.name === port.name) === i),
  );
}

function isPlainPort(port: unknown): port is Json {
  if (!isObject(port)) return false;
  const number = port.containerPort;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1 || number > 65535) return false;
  for (const key in port) {
    const value = port[key];
    if (key === 'containerPort') continue;
    if (key === 'protocol' ? value !== 'TCP' && value !== 'UDP' && value !== 'SCTP' : key !== 'name') return false;
    if (key === 'name' && (typeof value !== 'string' || value.length > 15 || !PORT_NAME.test(value))) return false;
  }
  return true;
}

/** A NetworkPolicy of current form in which every part is one that the API server takes. `value` is the whole object. */
export function isPlainPolicy(value: unknown): boolean {
  if (!isObject(value) || value.apiVersion !== 'networking.k8s.io/v1' || !isPlainMetadata(value.metadata)) return false;
  for (const key in value) if (key !== 'apiVersion' && key !== 'kind' && key !== 'metadata' && key !== 'spec') return false;
  const spec = value.spec;
  if (!isObject(spec)) return false;
  for (const key in spec) {
    const part = spec[key];
    switch (key) {
      case 'podSelector':
        if (!isPlainSelector(part)) return false;
        break;
      case 'policyTypes':
        if (!Array.isArray(part) || part.length > 2 || !part.every((type) => type === 'Ingress' || type === 'Egress')) return false;
        break;
      case 'ingress':
        if (!Array.isArray(part) || !part.every((rule) => isPlainRule(rule, 'from'))) return false;
        break;
      case 'egress':
        if (!Array.isArray(part) || !part.every((rule) => isPlainRule(rule, 'to'))) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

function isPlainRule(rule: unknown, peersKey: 'from' | 'to'): boolean {
  if (!isObject(rule)) return false;
  for (const key in rule) {
    const list = rule[key];
    if (!Array.isArray(list)) return false;
    if (key === peersKey ? !list.every(isPlainPeer) : key !== 'ports' || !list.every(isPlainPolicyPort)) return false;
  }
  return true;
}

function isPlainPeer(peer: unknown): boolean {
  if (!isObject(peer)) return false;
  let parts = 0;
  for (const key in peer) {
    parts++;
    if (key === 'ipBlock') return parts === 1 && Object.keys(peer).length === 1 && isPlainBlock(peer[key]);
    if ((key !== 'podSelector' && key !== 'namespaceSelector') || !isPlainSelector(peer[key])) return false;
  }
  return parts > 0;
}

function isPlainSelector(selector: unknown): boolean {
  if (!isObject(selector)) return false;
  for (const key in selector) {
    const part = selector[key];
    if (key === 'matchLabels' ? !isPlainLabels(part) : key !== 'matchExpressions' || !Array.isArray(part) || !part.every(isPlainExpression))
      return false;
  }
  return true;
}

function isPlainExpression(expression: unknown): boolean {
  if (!isObject(expression)) return false;
  for (const name in expression) if (name !== 'key' && name !== 'operator' && name !== 'values') return false;
  const { key, operator, values } = expression as Readonly<Record<string, unknown>>;
  if (typeof key !== 'string' || !isPlainLabels({ [key]: '' })) return false;
  if (operator === 'Exists' || operator === 'DoesNotExist') return values === undefined;
  if (operator !== 'In' && operator !== 'NotIn') return false;
  return Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'string' && LABEL_VALUE.test(value));
}

/** IPv4 and IPv6 in canonical form, and exceptions that are truly inside. */
function isPlainBlock(block: unknown): boolean {
  if (!isObject(block)) return false;
  for (const key in block) if (key !== 'cidr' && key !== 'except') return false;
  const { cidr, except = [] } = block as Readonly<Record<string, unknown>>;
  const outer = plainCidr(cidr);
  if (outer === undefined || !Array.isArray(except)) return false;
  return except.every((text) => {
    const inner = plainCidr(text);
    return inner !== undefined && inner.prefixBits > outer.prefixBits && cidrContains(outer, inner);
  });
}

function plainCidr(text: unknown): Cidr | undefined {
  const cidr = typeof text === 'string' ? parseCidr(text) : undefined;
  return cidr !== undefined && printCidr(cidr) === text && !text.startsWith('::ffff:') ? cidr : undefined;
}

function isPlainPolicyPort(entry: unknown): boolean {
  if (!isObject(entry)) return false;
  for (const key in entry) if (key !== 'protocol' && key !== 'port' && key !== 'endPort') return false;
  const { protocol = 'TCP', port, endPort } = entry as Readonly<Record<string, unknown>>;
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') return false;
  if (port === undefined) return endPort === undefined;
  if (typeof port === 'string') return endPort === undefined && port.length <= 15 && PORT_NAME.test(port);
  if (!isPortNumber(port)) return false;
  return endPort === undefined || (isPortNumber(endPort) && endPort >= port);
}

function isPortNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;
}
