// Would the API server take this NetworkPolicy, and what would it say? Every rule of networking.k8s.io/v1 for a new object, in its
// own words, with the field and the place. What a policy means, or whether it is wise, is decided elsewhere.
// Kubernetes: ValidateNetworkPolicy, pkg/apis/networking/validation/validation.go (read and tried at v1.36.3).
// QUOTED THROUGHOUT: kube-apiserver
import type { Origin } from '../../model/origin.ts';
import type { Problem } from '../../model/problem.ts';
import { PROTOCOLS } from '../../net/port-set.ts';
import { decode } from '../../objects/decode.ts';
import { NETWORK_POLICY } from '../../objects/decode-shapes.ts';
import { dig, get, isObject, type Json, listOf, textOf } from '../../objects/read.ts';
import { isStrictSubset, NOT_A_CIDR, readCidr, type WrittenCidr } from '../../objects/validate-cidr.ts';
import { goJson, goQuote } from '../../objects/validate-go-text.ts';
import { checkMetadata } from '../../objects/validate-metadata.ts';
import { portNameFaults, portNumberFaults } from '../../objects/validate-names.ts';
import {
  type Check,
  originOf,
  refuse,
  refuseText,
  refuseUnsupported,
  type Spot,
  startCheck,
  under,
  warn,
} from '../../objects/validate-problem.ts';
import { checkSelector } from '../../objects/validate-selector.ts';
import { isPlainPolicy } from './plainly-valid.ts';

/** `errors`: the server would refuse the object, or drop a part of it unread. `warnings`: it would take it, now or until an upgrade. */
export interface PolicyCheck {
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const NOTHING_FOUND: PolicyCheck = { errors: [], warnings: [] };

/**
 * Checks a whole NetworkPolicy object, metadata included: `{ spec: { policyTypes: ['ingress'] } }` gives, beside its missing name,
 * `spec.policyTypes[0]: Unsupported value: "ingress": supported values: "Ingress", "Egress"` (see apiErrorText).
 * A server that cannot decode an object says only the first reason and validates nothing; here all is said at once. Never throws.
 */
export function validatePolicy(value: Json, origin: Origin): PolicyCheck {
  return isPlainPolicy(value) ? NOTHING_FOUND : checkPolicy(value, origin);
}

/** The careful check itself, for the test that holds the short cut to it. */
export function checkPolicy(value: Json, origin: Origin): PolicyCheck {
  const check = startCheck(origin, { kind: 'NetworkPolicy', name: textOf(dig(value, 'metadata', 'name')) ?? '' });
  decode(value, NETWORK_POLICY, '', check);
  checkApiVersion(check, value);
  checkMetadata(check, value);
  checkSpec(check, get(value, 'spec'));
  if (check.problems.length === 0) return NOTHING_FOUND;
  return {
    errors: check.problems.filter((problem) => problem.severity === 'error'),
    warnings: check.problems.filter((problem) => problem.severity === 'warning'),
  };
}

/** Kubernetes 1.16 stopped serving NetworkPolicy from its first group; the fields are the same. */
function checkApiVersion(check: Check, value: Json): void {
  const apiVersion = get(value, 'apiVersion');
  if (apiVersion !== 'extensions/v1beta1') return;
  const facts = { kind: check.kind, name: check.name, apiVersion, use: 'networking.k8s.io/v1' };
  check.problems.push({ code: 'deprecated-api', severity: 'error', facts, origin: originOf(check, under(undefined, 'apiVersion')) });
}

const SPEC = under(undefined, 'spec');

function checkSpec(check: Check, spec: unknown): void {
  if (!isObject(spec)) return;
  checkSelector(check, get(spec, 'podSelector'), under(SPEC, 'podSelector'));
  checkRules(check, spec, 'ingress', 'from');
  checkRules(check, spec, 'egress', 'to');
  checkPolicyTypes(check, get(spec, 'policyTypes'));
}

function checkRules(check: Check, spec: Json, direction: 'ingress' | 'egress', peersKey: 'from' | 'to'): void {
  const rules = under(SPEC, direction);
  listOf(get(spec, direction)).forEach((rule, i) => {
    const spot = under(rules, i);
    const ports = under(spot, 'ports');
    const peers = under(spot, peersKey);
    listOf(get(rule, 'ports')).forEach((port, j) => {
      if (isObject(port)) checkPort(check, port, under(ports, j));
    });
    listOf(get(rule, peersKey)).forEach((peer, j) => {
      if (peer === null || isObject(peer)) checkPeer(check, peer ?? {}, under(peers, j));
    });
  });
}

function checkPort(check: Check, written: Json, spot: Spot): void {
  const protocol = get(written, 'protocol');
  if (typeof protocol === 'string' && !(PROTOCOLS as readonly string[]).includes(protocol)) {
    refuseUnsupported(check, under(spot, 'protocol'), goJson(protocol), ['TCP', 'UDP', 'SCTP']);
  }
  const port = get(written, 'port');
  const endPort = get(written, 'endPort');
  const refuseEnd = (detail: string, value: unknown) =>
    refuse(check, under(spot, 'endPort'), 'Invalid value', detail, { value: `${value}` });
  if (isInt32(port)) {
    for (const fault of portNumberFaults(port)) refuse(check, under(spot, 'port'), 'Invalid value', fault, { value: `${port}` });
    if (!isInt32(endPort)) return;
    // The value it prints is the port's; later versions print the endPort's.
    if (endPort < port) refuseEnd('must be greater than or equal to `port`', port);
    for (const fault of portNumberFaults(endPort)) refuseEnd(fault, endPort);
  } else if (typeof port === 'string') {
    if (isInt32(endPort)) refuseEnd('may not be specified when `port` is non-numeric', endPort);
    refuseText(check, under(spot, 'port'), port, portNameFaults(port));
  } else if (port === undefined && isInt32(endPort)) {
    refuseEnd('may not be specified when `port` is not specified', endPort);
  }
}

/** Numbers that Go's int32 cannot hold were already refused by the decoder. */
function isInt32(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value;
}

function checkPeer(check: Check, peer: Json, spot: Spot): void {
  const pods = get(peer, 'podSelector');
  const namespaces = get(peer, 'namespaceSelector');
  const block = get(peer, 'ipBlock');
  checkSelector(check, pods, under(spot, 'podSelector'));
  checkSelector(check, namespaces, under(spot, 'namespaceSelector'));
  if (isObject(block)) checkBlock(check, block, under(spot, 'ipBlock'));
  if (pods === undefined && namespaces === undefined && block === undefined) {
    // A peer that holds something unknown was meant to say something; that it says nothing follows from it.
    const isMisspelt = Object.keys(peer).some((key) => peer[key] !== null && !PEER_FIELDS.has(key));
    if (!isMisspelt) refuse(check, spot, 'Required value', 'must specify a peer');
  } else if (block !== undefined && (pods !== undefined || namespaces !== undefined)) {
    refuse(check, spot, 'Forbidden', 'may not specify both ipBlock and another peer');
  }
}

const PEER_FIELDS: ReadonlySet<string> = new Set(['podSelector', 'namespaceSelector', 'ipBlock']);

function checkBlock(check: Check, block: Json, spot: Spot): void {
  const text = get(block, 'cidr') ?? '';
  if (text === '') refuse(check, under(spot, 'cidr'), 'Required value', '');
  if (typeof text !== 'string' || text === '') return;
  const cidr = checkCidr(check, text, under(spot, 'cidr'));
  if (cidr === undefined) return;
  const list = under(spot, 'except');
  listOf(get(block, 'except')).forEach((item, i) => {
    const part = item ?? ''; // An empty item decodes to the empty text.
    if (typeof part !== 'string') return;
    const except = checkCidr(check, part, under(list, i));
    if (except !== undefined && !isStrictSubset(except, cidr)) {
      refuse(check, under(list, i), 'Invalid value', 'must be a strict subset of `cidr`', { value: goQuote(part) });
    }
  });
}

/** Refuses what is no CIDR for any server, warns of what only some servers refuse; undefined for the first. */
function checkCidr(check: Check, text: string, spot: Spot): WrittenCidr | undefined {
  const cidr = readCidr(text);
  if (cidr === undefined) {
    refuseText(check, spot, text, [NOT_A_CIDR]);
    return undefined;
  }
  for (const { warning, strict } of cidr.oddities) warn(check, spot, warning, goQuote(text), strict);
  return cidr;
}

/** Repeated types are taken; membership is only looked at when there are at most two. */
function checkPolicyTypes(check: Check, types: unknown): void {
  const written = listOf(types);
  const spot = under(SPEC, 'policyTypes');
  if (written.length > 2) {
    const value = goJson(written.map((type) => type ?? ''));
    refuse(check, spot, 'Invalid value', 'may not specify more than two policyTypes', { value });
    return;
  }
  written.forEach((item, i) => {
    const type = item ?? '';
    if (typeof type === 'string' && type !== 'Ingress' && type !== 'Egress') {
      refuseUnsupported(check, under(spot, i), goJson(type), ['Ingress', 'Egress']);
    }
  });
}
