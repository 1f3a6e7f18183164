// What one rule covers of another, by what is written: what the narrower one admits, the wider one admits too, whatever pods come.
// So also when two policies say the same.
import type { NamespaceMatch, Peer, PodPeer, Policy, Rule, Rules, Subject } from '../model/policy.ts';
import type { Requirement } from '../model/selector.ts';
import { isEmptyIps, subtractIps } from '../net/ip-set.ts';
import { meaningOf } from '../reach/matching-labels.ts';
import { distinct, peerKey, portKey, ruleKey, type SayNamespaces } from './meaning.ts';

/** Whom a policy selects and what it says; not its name. Rules that another one covers are left out. */
export function policyKey({ kind, namespace, tier, order, subject, ingress, egress }: Policy, say: SayNamespaces = meaningOf): string {
  return JSON.stringify([kind, namespace, tier, order, meaningOf(subject.pods), rulesKey(ingress, say), rulesKey(egress, say)]);
}

function rulesKey(rules: Rules, say: SayNamespaces): string {
  if (rules === 'not-governed') return rules;
  const repeated = repeatedRules(rules);
  return distinct(rules.filter((rule) => !repeated.has(rule)).map((rule) => ruleKey(rule, say)));
}

/** For each rule that another one covers, that other one. Of two that cover each other the first stays. */
export function repeatedRules(rules: readonly Rule[]): ReadonlyMap<Rule, Rule> {
  const found = new Map<Rule, Rule>();
  if (rules.length < 2) return found;
  for (const rule of rules) {
    const wider = rules.find(
      (other) => other !== rule && !found.has(other) && covers(other, rule) && (other.index < rule.index || !covers(rule, other)),
    );
    if (wider !== undefined) found.set(rule, wider);
  }
  return found;
}

/** Peers of two rules are compared one by one up to this many pairs; beyond it only those that say the same are found. */
const MOST_PAIRS = 10_000;

/** Does the first rule admit everything that the second does, today and with any pods to come? False when in doubt. */
export function covers(wider: Rule, narrower: Rule): boolean {
  return wider.action === narrower.action && coversConnections(wider, narrower);
}

/** Does the first rule match every connection that the second matches, whatever either does with it? False when in doubt. */
export function coversConnections(wider: Rule, narrower: Rule): boolean {
  return coversPorts(wider.ports, narrower.ports) && coversPeers(wider.peers, narrower.peers);
}

/** Does the first subject select every pod that the second selects, today and of any pods to come? False when in doubt. */
export function coversSubject(wider: Subject, narrower: Subject): boolean {
  return wider.nodes === undefined && narrower.nodes === undefined && coversPods(wider, narrower);
}

function coversPeers(wider: Rule['peers'], narrower: Rule['peers']): boolean {
  if (wider === 'anyone') return true;
  if (narrower === 'anyone') return false;
  const known = new Set(wider.map((peer) => peerKey(peer)));
  const isSmall = wider.length * narrower.length <= MOST_PAIRS;
  return narrower.every((peer) => known.has(peerKey(peer)) || (isSmall && wider.some((other) => coversPeer(other, peer))));
}

/**
 * Does the first peer mean everybody whom the second means? `10.0.0.0/8` and `10.1.0.0/16`; `namespaceSelector: {}` and any peer of pods;
 * `app=cart` and `app=cart,tier=back`. False where labels of namespaces or pods would have to be known.
 */
export function coversPeer(wider: Peer, narrower: Peer): boolean {
  if (wider.kind === 'block' && narrower.kind === 'block') {
    return wider.includesCluster === narrower.includesCluster && isEmptyIps(subtractIps(narrower.addresses, wider.addresses));
  }
  if (wider.kind === 'pods' && narrower.kind === 'pods') return coversPods(wider, narrower);
  return peerKey(wider) === peerKey(narrower);
}

function coversPods(wider: Pods, narrower: Pods): boolean {
  return (
    implies(requirementsOfNamespace(narrower.namespace), requirementsOfNamespace(wider.namespace)) &&
    implies(narrower.pods?.requirements ?? [], wider.pods?.requirements ?? [])
  );
}

/** Of a peer or of a subject. */
type Pods = Pick<PodPeer, 'namespace' | 'pods'>;

type Condition = Pick<Requirement, 'key' | 'operator' | 'values' | 'of'>;

/** Every namespace has its name as a label (Kubernetes 1.22, semantics A.2). */
function requirementsOfNamespace(match: NamespaceMatch): readonly Condition[] {
  if (match.by === 'any') return [];
  return match.by === 'labels'
    ? match.selector.requirements
    : [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: [match.name] }];
}

function implies(given: readonly Condition[], wanted: readonly Condition[]): boolean {
  return wanted.every((one) => given.some((other) => impliesOne(other, one)));
}

function impliesOne(given: Condition, wanted: Condition): boolean {
  if (given.of !== undefined || wanted.of !== undefined) return false;
  if (given.key !== wanted.key) return false;
  const isWithin = given.values.every((value) => wanted.values.includes(value));
  switch (wanted.operator) {
    case 'In':
      return given.operator === 'In' && isWithin;
    case 'Exists':
      return given.operator === 'In' || given.operator === 'Exists';
    case 'DoesNotExist':
      return given.operator === 'DoesNotExist';
    case 'NotIn':
      if (given.operator === 'In') return !given.values.some((value) => wanted.values.includes(value));
      if (given.operator === 'NotIn') return wanted.values.every((value) => given.values.includes(value));
      return given.operator === 'DoesNotExist';
    default:
      return given.operator === wanted.operator && isWithin;
  }
}

function coversPorts(wider: Rule['ports'], narrower: Rule['ports']): boolean {
  if (wider === 'every-port') return true;
  if (narrower === 'every-port') return false;
  return narrower.every((port) =>
    wider.some(
      (other) =>
        portKey(other) === portKey(port) ||
        (other.protocol === port.protocol &&
          (other.kind === 'protocol' ||
            (other.kind === 'range' && port.kind === 'range' && other.from <= port.from && port.to <= other.to))),
    ),
  );
}
