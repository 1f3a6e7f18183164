// The rules for metadata that reach our answers: name, namespace, labels, annotations. Owner references, finalizers and managed
// fields are left to the server: nothing here is decided by them alone.
// QUOTED THROUGHOUT: kube-apiserver
import { get, isObject, type Json } from './read.ts';
import { byteLength, goQuote } from './validate-go-text.ts';
import { dnsLabelFaults, isLonger, labelKeyFaults, labelValueFaults, subdomainFaults, tooLong } from './validate-names.ts';
import { type Check, refuse, refuseText, type Spot, under } from './validate-problem.ts';

/** How the names of a kind are checked; kinds that are not here are named by rules of their own, and get no check of syntax. */
const NAME_RULES: ReadonlyMap<string, (name: string) => readonly string[]> = new Map([
  ...['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'].map(bySubdomain),
  ...['NetworkPolicy', 'Pod', 'Deployment', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job', 'Node', 'Ingress'].map(bySubdomain),
  ...['Endpoints', 'EndpointSlice'].map(bySubdomain),
  // A Service may begin with a digit since 1.36 (RelaxedServiceNameValidation).
  ...['Namespace', 'Service', 'StatefulSet'].map((kind): [string, typeof dnsLabelFaults] => [kind, dnsLabelFaults]),
  // A CronJob's Jobs get 11 characters more. Kubernetes: ValidateCronJobCreate, pkg/apis/batch/validation.
  ['CronJob', (name: string) => [...subdomainFaults(name), ...(isLonger(name, 52) ? [tooLong(52, 'characters')] : [])]],
]);

function bySubdomain(kind: string): [string, (name: string) => readonly string[]] {
  return [kind, (name) => subdomainFaults(name)];
}

const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'Namespace',
  'Node',
  'ClusterNetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
]);

const METADATA = under(undefined, 'metadata');
const NO_RULE = (): readonly string[] => [];

/** Kubernetes: ValidateObjectMeta, apimachinery pkg/api/validation/objectmeta.go. An absent namespace is the client's business. */
export function checkMetadata(check: Check, object: Json): void {
  const metadata = get(object, 'metadata');
  if (metadata !== undefined && !isObject(metadata)) return;
  const nameFaults = NAME_RULES.get(check.kind) ?? NO_RULE;
  const name = get(metadata, 'name');
  const generateName = get(metadata, 'generateName');
  const generates = generateName !== undefined && generateName !== '';
  if (generates && typeof generateName === 'string') {
    // What is appended begins with no dash, so one at the end may stay. Kubernetes: maskTrailingDash cuts one more than it needs to.
    const stem = generateName.length > 1 && generateName.endsWith('-') ? `${generateName.slice(0, -2)}a` : generateName;
    refuseText(check, under(METADATA, 'generateName'), generateName, nameFaults(stem));
  }
  if ((name === undefined || name === '') && !generates) {
    refuse(check, under(METADATA, 'name'), 'Required value', 'name or generateName is required');
  } else if (typeof name === 'string' && name !== '') {
    refuseText(check, under(METADATA, 'name'), name, nameFaults(name));
  }
  const namespace = get(metadata, 'namespace');
  if (typeof namespace === 'string' && namespace !== '' && !CLUSTER_SCOPED.has(check.kind)) {
    refuseText(check, under(METADATA, 'namespace'), namespace, dnsLabelFaults(namespace));
  }
  checkLabels(check, get(metadata, 'labels'), under(METADATA, 'labels'));
  checkAnnotations(check, get(metadata, 'annotations'), under(METADATA, 'annotations'));
}

/** Each label's key and value. The API names the whole map as the field; the place is the label's. Kubernetes: ValidateLabels. */
export function checkLabels(check: Check, labels: unknown, spot: Spot | undefined): void {
  if (!isObject(labels)) return;
  for (const key of Object.keys(labels)) {
    const value = labels[key];
    refuseEntry(check, spot, key, key, labelKeyFaults(key));
    if (typeof value === 'string') refuseEntry(check, spot, key, value, labelValueFaults(value));
  }
}

function refuseEntry(check: Check, map: Spot | undefined, key: string, text: string, faults: readonly string[]): void {
  for (const fault of faults) refuse(check, map, 'Invalid value', fault, { value: goQuote(text), standsAt: under(map, key) });
}

const ANNOTATION_BYTES = 256 * 1024;

/** Kubernetes: ValidateAnnotations. Case does not matter in their keys, and their values are free but for the size of all together. */
function checkAnnotations(check: Check, annotations: unknown, spot: Spot): void {
  if (!isObject(annotations)) return;
  let size = 0;
  for (const key of Object.keys(annotations)) {
    const value = annotations[key];
    refuseEntry(check, spot, key, key, labelKeyFaults(key.toLowerCase()));
    size += byteLength(key) + (typeof value === 'string' ? byteLength(value) : 0);
  }
  if (size > ANNOTATION_BYTES) refuse(check, spot, 'Too long', `may not be more than ${ANNOTATION_BYTES} bytes`);
}
