// Validation of the other kinds, as far as answers depend on them: labels, names, the ports of Services and containers. In the API
// server's words, like validate-policy.ts; fields that no answer looks at are not checked, so an object without problems may still
// be refused by a server.

import { isPlainLabels, isPlainMetadata, isPlainPodSpec } from '../kinds/network-policy/plainly-valid.ts';
import { at, type Origin, type Path } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import { decode } from '../objects/decode.ts';
import { LABELS, OBJECT_META, POD_SPEC, SERVICE_SPEC } from '../objects/decode-shapes.ts';
import { dig, get, isObject, type Json, listOf, textOf } from '../objects/read.ts';
import { goJson, goQuote } from '../objects/validate-go-text.ts';
import { checkLabels, checkMetadata } from '../objects/validate-metadata.ts';
import { dnsLabelFaults, portNameFaults, portNumberFaults, subdomainFaults } from '../objects/validate-names.ts';
import {
  type Check,
  refuse,
  refuseText,
  refuseUnsupported,
  type Spot,
  startCheck,
  stepsOf,
  TOP,
  under,
} from '../objects/validate-problem.ts';

/** Whose part is checked, for the facts of its problems: `{ kind: 'Deployment', name: 'cart' }`. */
export interface Whose {
  readonly kind: string;
  readonly name: string;
}

/** Sorted, as core/v1 prints them; NetworkPolicy prints them in another order. */
const PORT_PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const SERVICE_TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

const NO_PROBLEMS: readonly Problem[] = [];

/** A label map alone, such as that of a pod template; `origin` is where the map stands. [] for an absent one. */
export function validateLabels(value: unknown, origin: Origin, whose?: Whose): Problem[] {
  if (isPlainLabels(value)) return [];
  const check = startCheck(origin, whose);
  decode(value, LABELS, 'ObjectMeta', check);
  checkLabels(check, value, TOP);
  return check.problems;
}

/** The metadata of a whole object of any kind; `value` and `origin` are the object's. How its name is checked follows from its kind. */
export function validateMetadata(value: unknown, origin: Origin): readonly Problem[] {
  if (!isObject(value) || isPlainMetadata(get(value, 'metadata'))) return NO_PROBLEMS;
  const check = startCheck(origin, whoseIs(value));
  decode(get(value, 'metadata'), OBJECT_META, check.kind, check, under(TOP, 'metadata'));
  checkMetadata(check, value);
  return check.problems;
}

/** A whole Service, metadata included. Kubernetes: ValidateServiceCreate, pkg/apis/core/validation/validation.go. */
export function validateService(value: unknown, origin: Origin): Problem[] {
  if (!isObject(value)) return [];
  const check = startCheck(origin, { ...whoseIs(value), kind: 'Service' });
  decode(get(value, 'metadata'), OBJECT_META, 'Service', check, under(TOP, 'metadata'));
  const spec = get(value, 'spec');
  decode(spec, SERVICE_SPEC, 'Service', check, SPEC);
  checkMetadata(check, { metadata: get(value, 'metadata') });
  if (spec === undefined || isObject(spec)) checkServiceSpec(check, spec ?? {});
  return check.problems;
}

/** A PodSpec, of a pod or of a template; `origin` and `below` are where the spec stands. Kubernetes: validateContainerPorts, pkg/apis/core/validation. */
export function validatePodSpec(value: unknown, origin: Origin, whose?: Whose, below?: Path[number]): readonly Problem[] {
  if (isPlainPodSpec(value)) return NO_PROBLEMS;
  const check = startCheck(below === undefined ? origin : at(origin, below), whose);
  decode(value, POD_SPEC, stepsOf(check, TOP).length > 1 ? 'PodTemplateSpec' : 'Pod', check);
  for (const list of ['containers', 'initContainers']) {
    listOf(get(value, list)).forEach((container, i) => {
      checkContainerPorts(check, listOf(get(container, 'ports')), under(under(under(TOP, list), i), 'ports'));
    });
  }
  return check.problems;
}

function whoseIs(value: Json): Whose {
  return { kind: textOf(get(value, 'kind')) ?? '', name: textOf(dig(value, 'metadata', 'name')) ?? '' };
}

const SPEC = under(TOP, 'spec');

function checkServiceSpec(check: Check, spec: Json): void {
  const type = get(spec, 'type') ?? '';
  const ports = listOf(get(spec, 'ports'));
  if (ports.length === 0 && !isWrongType(get(spec, 'ports')) && !isHeadless(spec) && type !== 'ExternalName') {
    refuse(check, under(SPEC, 'ports'), 'Required value', '');
  }
  if (type === 'ExternalName') checkExternalName(check, get(spec, 'externalName') ?? '');
  const names = new Set<string>();
  ports.forEach((port, i) => {
    if (port === null || isObject(port)) checkServicePort(check, port ?? {}, ports.length > 1, names, under(under(SPEC, 'ports'), i));
  });
  checkLabels(check, get(spec, 'selector'), under(SPEC, 'selector'));
  if (typeof type === 'string' && type !== '' && !SERVICE_TYPES.includes(type)) {
    refuseUnsupported(check, under(SPEC, 'type'), goJson(type), SERVICE_TYPES);
  }
  checkSamePorts(check, ports);
}

function isWrongType(list: unknown): boolean {
  return list !== undefined && !Array.isArray(list);
}

function isHeadless(spec: Json): boolean {
  const addresses = listOf(get(spec, 'clusterIPs'));
  return get(spec, 'clusterIP') === 'None' || (addresses.length === 1 && addresses[0] === 'None');
}

function checkExternalName(check: Check, name: unknown): void {
  const spot = under(SPEC, 'externalName');
  if (typeof name !== 'string') return;
  const host = name.endsWith('.') ? name.slice(0, -1) : name;
  if (host === '') refuse(check, spot, 'Required value', '');
  else refuseText(check, spot, host, subdomainFaults(host));
}

function checkServicePort(check: Check, written: Json, needsName: boolean, names: Set<string>, spot: Spot): void {
  const name = get(written, 'name') ?? '';
  if (name === '' && needsName) refuse(check, under(spot, 'name'), 'Required value', '');
  else if (typeof name === 'string' && name !== '') {
    refuseText(check, under(spot, 'name'), name, dnsLabelFaults(name));
    refuseRepeated(check, under(spot, 'name'), name, names);
  }
  const port = get(written, 'port') ?? 0;
  checkPortNumber(check, port, under(spot, 'port'));
  checkProtocol(check, get(written, 'protocol'), under(spot, 'protocol'));
  // Kubernetes: SetDefaults_Service gives an empty targetPort the value of port, before anything is validated.
  const target = get(written, 'targetPort') ?? 0;
  if (typeof target === 'string' && target !== '') refuseText(check, under(spot, 'targetPort'), target, portNameFaults(target));
  else checkPortNumber(check, target === 0 || target === '' ? port : target, under(spot, 'targetPort'));
}

function checkContainerPorts(check: Check, ports: readonly unknown[], spot: Spot): void {
  const names = new Set<string>();
  for (const [i, written] of ports.entries()) {
    if (written !== null && !isObject(written)) continue;
    const place = under(spot, i);
    const name = get(written, 'name') ?? '';
    if (typeof name === 'string' && name !== '') {
      const faults = portNameFaults(name);
      refuseText(check, under(place, 'name'), name, faults);
      if (faults.length === 0) refuseRepeated(check, under(place, 'name'), name, names);
    }
    const port = get(written, 'containerPort') ?? 0;
    if (port === 0) refuse(check, under(place, 'containerPort'), 'Required value', '');
    else checkPortNumber(check, port, under(place, 'containerPort'));
    const hostPort = get(written, 'hostPort') ?? 0;
    if (hostPort !== 0) checkPortNumber(check, hostPort, under(place, 'hostPort'));
    checkProtocol(check, get(written, 'protocol'), under(place, 'protocol'));
  }
}

function refuseRepeated(check: Check, spot: Spot, name: string, names: Set<string>): void {
  if (names.has(name)) refuse(check, spot, 'Duplicate value', '', { value: goQuote(name) });
  names.add(name);
}

/** Says nothing of what is no int32: the decoder did. */
function checkPortNumber(check: Check, port: unknown, spot: Spot): void {
  if (typeof port !== 'number' || (port | 0) !== port) return;
  for (const fault of portNumberFaults(port)) refuse(check, spot, 'Invalid value', fault, { value: `${port}` });
}

/** An empty protocol is TCP here, unlike in a NetworkPolicy. Kubernetes: SetDefaults_Service, SetDefaults_Pod. */
function checkProtocol(check: Check, protocol: unknown, spot: Spot): void {
  if (typeof protocol !== 'string' || protocol === '' || PORT_PROTOCOLS.includes(protocol)) return;
  refuseUnsupported(check, spot, goJson(protocol), PORT_PROTOCOLS);
}

/** Two ports with one number and protocol. The API prints the pair as its internal type, with everything else empty. */
function checkSamePorts(check: Check, ports: readonly unknown[]): void {
  const seen = new Set<string>();
  for (const [i, written] of ports.entries()) {
    const port = get(written, 'port') ?? 0;
    const protocol = get(written, 'protocol') || 'TCP';
    if (typeof port !== 'number' || typeof protocol !== 'string') continue;
    const pair = `${protocol} ${port}`;
    if (seen.has(pair)) {
      const value = goJson({ Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 });
      refuse(check, under(under(SPEC, 'ports'), i), 'Duplicate value', '', { value });
    }
    seen.add(pair);
  }
}
