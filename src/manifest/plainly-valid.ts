// Is there surely nothing wrong with this part? A cheap yes for the objects that clusters are full of, so that the careful checks
// (validate-*.ts) are left for the others. It may say no to what is valid; it never says yes to what has a problem, and a test
// holds it to that.
import { isObject, type Json } from './read.ts';

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
