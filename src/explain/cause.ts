// From a verdict to its causes: what stops the connection, first blocker first. Facts only; the words are in sentence.ts.

import type { Cluster, Service, ServicePort } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import { type Direction, type Peer, type Policy, printRuleRef, type Rule, type RuleRef } from '../model/policy.ts';
import type { Facts } from '../model/problem.ts';
import { matches } from '../model/selector.ts';
import { cidrHas, printCidr } from '../net/cidr.ts';
import { printIp } from '../net/ip.ts';
import { holdsEveryEnd } from '../net/ip-set.ts';
import { decide } from '../policy/decide.ts';
import { departs, departureOf, printShapes } from '../policy/departures.ts';
import { addressesOf, type Connection, type End } from '../policy/end.ts';
import { kubeRouterOn } from '../policy/kube-router.ts';
import { endName, podPeerMatches } from '../policy/peer-matches.ts';
import type { DirectionVerdict, Verdict } from '../policy/verdict.ts';
import type { CellName, Semantics } from '../profile/profile.ts';
import { asConfigured } from '../program/cilium-settings.ts';
import type { CauseCode } from './causes.ts';
import { deniedByRule } from './denied-by-rule.ts';
import { type Difference, missesOfRule, type NearMiss, nearMisses, opensPort } from './near-miss.ts';
import { problemSentence } from './problem-sentence.ts';
import { lacksOnWindows, specialPlace, unpoliced, type WindowsLack } from './unpoliced.ts';

/** The Service in front of the API server, which is not a pod. */
const API_SERVER = 'default/kubernetes';

export interface Cause {
  readonly code: CauseCode;
  readonly direction?: Direction;
  readonly facts: Facts;
  /** Where the thing stands that a person would change. */
  readonly at?: Origin;
  /** The near miss this cause was read from. */
  readonly miss?: NearMiss;
}

/** What is known of the way besides the two ends: the Service that was asked, when it was one. */
export interface Context {
  readonly service?: { readonly service: Service; readonly port: ServicePort };
}

export interface DirectionExplanation {
  readonly direction: Direction;
  readonly verdict: DirectionVerdict;
  /** Nearest first. Empty unless the verdict is denied or undecided. */
  readonly misses: readonly NearMiss[];
  readonly causes: readonly Cause[];
}

export interface Explanation {
  readonly verdict: Verdict;
  readonly egress: DirectionExplanation;
  readonly ingress: DirectionExplanation;
  /** First blocker first: egress happens before ingress. */
  readonly causes: readonly Cause[];
}

/** Why `decide` answered as it did. `verdict` must be its answer to the same question. Never throws. */
export function explain(
  cluster: Cluster,
  semantics: Semantics,
  connection: Connection,
  verdict: Verdict,
  context: Context = {},
): Explanation {
  const of = (direction: Direction) => explainDirection(cluster, semantics, direction, connection, verdict[direction], context);
  const [egress, ingress] = [of('egress'), of('ingress')];
  const oneSide = oneSided(verdict);
  const configured = asConfigured(cluster, semantics);
  const unenforced: Cause[] = configured.enforces === 'no' ? [unenforcedCause(cluster, configured, connection)] : [];
  // A denial comes before a doubt: it holds whatever decides the doubt.
  const rank = (causes: readonly Cause[], outcome: DirectionVerdict['outcome']) => (outcome === 'denied' ? causes : []);
  const denials = [...rank(egress.causes, egress.verdict.outcome), ...rank(ingress.causes, ingress.verdict.outcome)];
  const rest = [...egress.causes, ...ingress.causes].filter((cause) => !denials.includes(cause));
  return {
    verdict,
    egress,
    ingress,
    causes: [
      ...denials,
      ...oneSide,
      ...rest,
      ...unenforced,
      ...departing(cluster, semantics, connection, verdict),
      ...onNode(cluster, semantics, connection, verdict),
    ],
  };
}

/** Where the pods run: some plugins do not police Windows or Fargate, or do less there. */
function onNode(cluster: Cluster, semantics: Semantics, { source, destination }: Connection, { egress, ingress }: Verdict): Cause[] {
  const sides = [
    { direction: 'egress', subject: source, verdict: egress },
    { direction: 'ingress', subject: destination, verdict: ingress },
  ] as const;
  const denying = sides.filter(({ verdict }) => verdict.outcome === 'denied');
  return sides.flatMap(({ direction, subject, verdict }): Cause[] => {
    if (subject.kind !== 'pod') return [];
    const { pod } = subject;
    const place = unpoliced(cluster, semantics, pod);
    if (place !== undefined && verdict.outcome === 'denied') {
      const passes = denying.every((side) => side.subject.kind === 'pod' && unpoliced(cluster, semantics, side.subject.pod) !== undefined);
      return [{ code: 'pod-not-policed', direction, facts: { profile: semantics.name, pod: pod.ref, place, passes: String(passes) } }];
    }
    if (specialPlace(cluster, pod) !== 'windows' || verdict.outcome !== 'allowed') return [];
    const lacking = verdict.rules.flatMap((ref) =>
      lacksOnWindows(semantics)
        .filter((lack) => uses(ref.rule, lack))
        .map((lack) => ({ ref, lack })),
    );
    const [first] = lacking;
    // A rule beside it that asks for nothing special lets the packet in all the same.
    if (first === undefined || verdict.rules.some((rule) => !lacking.some(({ ref }) => ref === rule))) return [];
    const lacks = [...new Set(lacking.map(({ lack }) => lack))];
    const facts = { profile: semantics.name, pod: pod.ref, rule: printRuleRef(first.ref), lacks };
    return [{ code: 'windows-lacks', direction, facts, at: first.ref.rule.origin }];
  });
}

function uses({ ports, peers }: Rule, lack: WindowsLack): boolean {
  switch (lack) {
    case 'named ports':
      return ports !== 'every-port' && ports.every(({ kind }) => kind === 'named');
    case 'SCTP':
      return ports !== 'every-port' && ports.every(({ protocol }) => protocol === 'SCTP');
    case 'except':
      return peers !== 'anyone' && peers.every((peer) => peer.kind === 'block' && peer.except.length > 0);
  }
}

/** With what the policies would say if they were enforced, and the switch that keeps the plugin from it. */
function unenforcedCause(cluster: Cluster, semantics: Semantics, connection: Connection): Cause {
  const enforcing: Semantics = { ...semantics, enforces: 'yes', written: [...(semantics.written ?? []), 'enforces'] };
  const { egress, ingress } = decide(cluster, enforcing, connection);
  const deniedBy = [egress, ingress].flatMap((side) => (side.outcome === 'denied' ? side.policies.map(({ ref }) => ref) : []));
  const { switchedOff } = semantics;
  const facts = {
    profile: semantics.name,
    ...(switchedOff !== undefined && { switchedOff }),
    ...(deniedBy.length > 0 && { deniedBy: [...new Set(deniedBy)] }),
  };
  return { code: 'cni-does-not-enforce', facts };
}

/** What the enforcer behind this profile does otherwise; `[]` where it does what the verdict says, as far as is known. */
function departing(cluster: Cluster, semantics: Semantics, connection: Connection, verdict: Verdict): Cause[] {
  if (!departs(semantics)) return [];
  const departure = departureOf(kubeRouterOn(cluster), connection, verdict);
  if (departure === undefined) return [];
  const [first] = departure.rules;
  const facts = {
    profile: semantics.name,
    enforced: departure.enforced,
    departure: printShapes(departure),
    rules: departure.rules.map((ref) => printRuleRef(ref)),
  };
  return [{ code: 'enforcer-departs', facts, ...(first === undefined ? {} : { at: first.rule.origin }) }];
}

/** Somebody wrote the rule at one end and forgot the other (semantics F NP070). */
function oneSided({ egress, ingress }: Verdict): Cause[] {
  const [open, shut]: readonly Direction[] = egress.outcome === 'allowed' ? ['egress', 'ingress'] : ['ingress', 'egress'];
  const [a, b] = open === 'egress' ? [egress, ingress] : [ingress, egress];
  if (a.outcome !== 'allowed' || b.outcome !== 'denied') return [];
  const first = a.rules[0];
  return [
    {
      code: 'one-side-only',
      direction: shut as Direction,
      facts: { allowedBy: first.policy.ref, allows: open as Direction, denies: shut as Direction },
      at: first.rule.origin,
    },
  ];
}

/** Open cells that have a page of their own. */
const CODE_OF_CELL: Readonly<Partial<Record<CellName, CauseCode>>> = {
  ipBlockMatchesPod: 'ipblock-for-a-pod',
  ipBlockMatchesServiceAddress: 'ipblock-for-a-service-address',
};

function explainDirection(
  cluster: Cluster,
  semantics: Semantics,
  direction: Direction,
  connection: Connection,
  verdict: DirectionVerdict,
  context: Context,
): DirectionExplanation {
  switch (verdict.outcome) {
    case 'allowed':
    case 'not-isolated':
    case 'exempt':
    case 'partial': // the legs of each family have their own explanation
      return { direction, verdict, misses: [], causes: [] };
    case 'undecided': {
      const causes = verdict.because.map((doubt): Cause => {
        const facts: Facts = {
          ...('cell' in doubt ? { cell: doubt.cell } : {}),
          ...('policy' in doubt ? factsOfUnread(doubt.policy) : {}),
          ...('policies' in doubt ? { policies: doubt.policies.map(({ kind, ref }) => `${kind} ${ref}`) } : {}),
          ...('end' in doubt ? { end: doubt.end } : {}),
          ...('endpoint' in doubt ? { endpoint: doubt.endpoint.name } : {}),
          ...('port' in doubt ? { port: doubt.port } : {}),
          ...('rule' in doubt && doubt.rule !== undefined ? { rule: printRuleRef(doubt.rule) } : {}),
        };
        const at =
          'rule' in doubt && doubt.rule !== undefined
            ? doubt.rule.rule.origin
            : 'policy' in doubt
              ? doubt.policy.origin
              : 'policies' in doubt
                ? doubt.policies[0]?.origin
                : 'endpoint' in doubt
                  ? doubt.endpoint.origin
                  : undefined;
        const code = doubt.code === 'profile-differs' ? (CODE_OF_CELL[doubt.cell] ?? doubt.code) : doubt.code;
        return { code, direction, facts, ...(at === undefined ? {} : { at }) };
      });
      return { direction, verdict, misses: [], causes };
    }
    case 'denied': {
      const asked = { connection, dialled: context.service?.port };
      if (verdict.rule !== undefined) return { direction, verdict, ...deniedByRule(cluster, semantics, direction, asked, verdict.rule) };
      const misses = nearMisses(cluster, semantics, verdict.policies, direction, asked);
      return {
        direction,
        verdict,
        misses,
        causes: causesOfDenial(cluster, semantics, direction, connection, verdict.policies, misses, context),
      };
    }
  }
}

/** Which policy it is, and what keeps it from being read: who decides by it, or what is wrong with it. */
function factsOfUnread({ ref, kind, faults }: Policy): Facts {
  const [fault] = faults;
  const { decides, layer } = fault?.facts ?? {};
  if (decides !== undefined) return { policy: ref, kind, decides, ...(layer === undefined ? {} : { layer }) };
  return { policy: ref, kind, ...(fault === undefined ? {} : { because: problemSentence(fault).text }) };
}

function causesOfDenial(
  cluster: Cluster,
  semantics: Semantics,
  direction: Direction,
  connection: Connection,
  policies: readonly Policy[],
  misses: readonly NearMiss[],
  context: Context,
): Cause[] {
  const unopened = direction === 'egress' ? misses.filter((miss) => miss.differences.length === 0) : [];
  if (unopened.length > 0) return unopened.slice(0, 1).flatMap((miss) => serviceNotOpened(miss, context));
  const ignored = ignoredRule(cluster, semantics, direction, connection, policies);
  if (misses.length === 0) return [...ignored, ...noRules(direction, policies)];
  const best = misses[0]?.distance ?? 0;
  // Only the rules that came nearest are to blame; one that differs in three things was written for somebody else.
  const nearest = best > FARTHEST ? [] : misses.filter((miss) => miss.distance <= best + 0.45);
  const near = nearest.flatMap((miss) => causeOfMiss(cluster, direction, miss, connection, context));
  const dialled = misses.flatMap((miss) => serviceBlock(miss, connection, context) ?? []);
  const causes = [...dialled, ...ignored, ...(near.length > 0 || dialled.length > 0 ? near : [noRuleMatches(direction, policies, misses)])];
  // A policy that isolates by accident is worth a word even when a near miss explains the denial better.
  const accidents = noRules(direction, policies).filter((cause) => cause.code !== 'isolated-with-no-rules');
  return distinct([...causes, ...accidents]);
}

/** The rule means the pod behind the Service, and not the Service's own address, which this CNI holds it against (semantics D.4, AWS). */
function serviceNotOpened(miss: NearMiss, { service: dialled }: Context): Cause[] {
  if (dialled === undefined) return [];
  const { service, port } = dialled;
  const selector = [...(service.selector ?? [])].map(([key, value]) => `${key}=${value}`);
  const facts = {
    rule: `${miss.ref.policy.ref} egress[${miss.ref.rule.index}]`,
    service: service.ref,
    port: port.port,
    selector,
    isOfPort: miss.ref.rule.peers === 'anyone' || selectsLike(miss.ref.rule.peers[miss.peer ?? 0], service),
  };
  return [{ code: 'service-address-not-opened', direction: 'egress', facts, at: miss.at }];
}

/** Do the labels of the Service's own selector satisfy this peer? Then only the port can be in the way. */
function selectsLike(peer: Peer | undefined, { selector }: Service): boolean {
  return peer?.kind === 'pods' && (peer.pods === undefined || (selector !== undefined && matches(peer.pods, selector)));
}

/** In things that differ (near-miss.ts, weight). */
const FARTHEST = 2.5;

function noRuleMatches(direction: Direction, policies: readonly Policy[], misses: readonly NearMiss[]): Cause {
  const at = misses[0]?.at;
  return {
    code: 'no-rule-matches',
    direction,
    facts: { policies: policies.map((policy) => policy.ref) },
    ...(at === undefined ? {} : { at }),
  };
}

/** Does the peer of this miss already mean pods? Narrowed or moved to another namespace, it would lose them. */
function isInUse(cluster: Cluster, { ref, peer }: NearMiss): boolean {
  const wanted = ref.rule.peers === 'anyone' ? undefined : ref.rule.peers[peer ?? 0];
  if (wanted?.kind !== 'pods') return false;
  return wanted.pods?.requirements.length === 0 || cluster.pods.some((pod) => podPeerMatches(cluster, wanted, { kind: 'pod', pod }));
}

/** The same cause from several rules is said once, for the nearest of them. */
function distinct(causes: readonly Cause[]): Cause[] {
  const seen = new Set<string>();
  return causes.filter(({ code, facts }) => {
    const key = `${code} ${JSON.stringify(facts)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Why do these policies isolate although they have no rule here? Meant (default deny), or an accident of policyTypes. */
function noRules(direction: Direction, policies: readonly Policy[]): Cause[] {
  const without = policies.filter((policy) => policy[direction].length === 0);
  const other: Direction = direction === 'ingress' ? 'egress' : 'ingress';
  const causes = without.flatMap((policy): Cause[] => {
    const hasOther = policy[other] !== 'not-governed' && policy[other].length > 0;
    if (!hasOther) return [];
    const facts = { policy: policy.ref, direction };
    if (!policy.types.written) return [{ code: 'policy-types-defaulted', direction, facts, at: policy.types.origin }];
    return direction === 'egress' ? [{ code: 'egress-types-without-rules', direction, facts, at: policy.types.origin }] : [];
  });
  if (without.length < policies.length) return causes;
  const isolating: Cause = { code: 'isolated-with-no-rules', direction, facts: { policies: policies.map((policy) => policy.ref) } };
  return [...causes, { ...isolating, ...(policies[0] === undefined ? {} : { at: policies[0].origin }) }];
}

/** Rules that would have allowed it, written for a direction that policyTypes leaves out (in a policy that selects the same pod). */
function ignoredRule(
  cluster: Cluster,
  semantics: Semantics,
  direction: Direction,
  connection: Connection,
  isolating: readonly Policy[],
): Cause[] {
  const subject = direction === 'ingress' ? connection.destination : connection.source;
  const peer = direction === 'ingress' ? connection.source : connection.destination;
  if (subject.kind !== 'pod') return [];
  for (const policy of cluster.policies) {
    const rules = policy.ignored[direction];
    if (rules === undefined || isolating.includes(policy)) continue;
    if (policy.namespace !== subject.pod.namespace || !matches(policy.subject.pods, subject.pod.labels)) continue;
    for (const rule of rules) {
      const ref: RuleRef = { policy, direction, rule };
      const fits = missesOfRule(cluster, semantics, ref, peer, connection).some((miss) => miss.differences.length === 0);
      if (fits)
        return [{ code: 'rules-ignored-by-policy-types', direction, facts: { policy: policy.ref, direction }, at: policy.types.origin }];
    }
  }
  return [];
}

/** What a near miss means in the words of the trade. [] when it is too far off to blame. */
function causeOfMiss(cluster: Cluster, direction: Direction, miss: NearMiss, connection: Connection, context: Context): Cause[] {
  const peer = direction === 'ingress' ? connection.source : connection.destination;
  const codes = new Set(miss.differences.map((difference) => difference.code));
  if (codes.has('not-a-pod') || codes.has('empty-peer') || codes.has('other-peer')) return [];
  const isShutByPort = PORT_DIFFERENCES.some((code) => codes.has(code));
  const causes = miss.differences.map((difference): Cause | undefined => {
    // Whether a block matches this address does not matter where the port is shut anyway.
    const isDoubt = difference.code === 'address-unknown' || (difference.code === 'block-ignores-cluster' && difference.isOpen);
    if (isDoubt && isShutByPort) return undefined;
    const made = causeOf(cluster, miss, difference, peer, connection, context);
    return made === undefined ? undefined : { ...made, direction, miss, at: made.at ?? difference.wantedAt };
  });
  return causes.filter((cause) => cause !== undefined);
}

const PORT_DIFFERENCES = ['port-differs', 'protocol-differs', 'named-port-missing', 'named-port-is-other', 'end-port-ignored'] as const;

type Draft = Pick<Cause, 'code' | 'facts'> & { readonly at?: Origin };

function causeOf(
  cluster: Cluster,
  miss: NearMiss,
  difference: Difference,
  peer: End,
  connection: Connection,
  context: Context,
): Draft | undefined {
  const rule = printRuleRef(miss.ref);
  switch (difference.code) {
    case 'label-differs':
      return causeOfLabel(cluster, miss, difference, peer, rule);
    case 'other-namespace':
      return {
        code: 'peer-needs-namespace-selector',
        facts: { rule, wanted: difference.wanted, namespace: difference.has, inUse: isInUse(cluster, miss) },
      };
    case 'host-network':
      return difference.wouldMatch ? { code: 'host-network', facts: { rule, pod: difference.pod }, at: difference.hasAt } : undefined;
    case 'other-family':
      return difference.isTwin
        ? { code: 'other-family', facts: { rule, cidr: difference.cidr, family: `IPv${difference.family}` } }
        : undefined;
    case 'in-except':
      return { code: 'except-hole', facts: { rule, address: difference.address, cidr: difference.cidr, except: difference.except } };
    case 'block-ignores-cluster':
      return {
        code: 'ipblock-for-a-pod',
        facts: {
          rule,
          cidr: difference.cidr,
          of: difference.of,
          open: difference.isOpen,
          ...(context.service?.service.ref === API_SERVER && { service: API_SERVER }),
        },
      };
    case 'address-unknown':
      return { code: 'address-unknown', facts: { rule, cidr: difference.cidr } };
    case 'end-port-ignored':
      return { code: 'end-port-ignored', facts: { rule, wanted: difference.wanted, port: difference.has } };
    case 'protocol-differs':
      return { code: 'protocol-mismatch', facts: { rule, wanted: difference.wanted, has: difference.has } };
    case 'named-port-missing': {
      const { name, protocol, otherProtocol, initContainer, declared } = difference;
      if (initContainer !== undefined)
        return {
          code: 'named-port-in-init-container',
          facts: { rule, port: name, end: endName(connection.destination), container: initContainer },
        };
      return { code: 'named-port-missing', facts: { rule, port: name, protocol, declared, ...(otherProtocol ? { otherProtocol } : {}) } };
    }
    case 'named-port-is-other':
      return { code: 'port-mismatch', facts: { rule, wanted: [`${difference.name}=${difference.number}`], port: difference.has } };
    case 'port-differs':
      return causeOfPort(miss, difference.wanted, rule, connection, context);
    case 'outside-block':
    case 'not-a-pod':
    case 'empty-peer':
    case 'other-peer':
      return undefined;
  }
}

function causeOfPort(miss: NearMiss, wanted: readonly string[], rule: string, connection: Connection, context: Context): Draft {
  const port = `${connection.port}/${connection.protocol}`;
  const asked = context.service?.port;
  if (asked !== undefined && asked.port !== connection.port && opensPort(miss.ref.rule, asked.port, asked.protocol)) {
    return {
      code: 'service-port-instead-of-target-port',
      facts: {
        rule,
        servicePort: asked.port,
        targetPort: connection.port,
        service: context.service?.service.ref ?? '',
        behind: behindOf(context, connection),
      },
    };
  }
  const node = nodePortBehind(
    miss.ref,
    connection,
    asked === undefined ? undefined : { ...asked, service: context.service?.service.ref ?? '' },
  );
  if (node !== undefined) return { code: 'node-port-instead-of-target-port', facts: { rule, ...node, targetPort: connection.port } };
  return { code: 'port-mismatch', facts: { rule, wanted, port } };
}

/** The node port of the Service, or the host port of the pod, that this rule names in place of the pod's own port. */
function nodePortBehind(
  ref: RuleRef,
  { destination, port, protocol }: Connection,
  asked: (ServicePort & { readonly service: string }) | undefined,
) {
  const { nodePort } = asked ?? {};
  if (asked !== undefined && nodePort !== undefined && nodePort !== port && names(ref, nodePort, protocol))
    return { nodePort, of: 'nodePort', owner: `Service ${asked.service}` };
  const declared =
    destination.kind === 'pod' ? destination.pod.ports.find((own) => own.port === port && own.protocol === protocol) : undefined;
  const hostPort = declared?.hostPort?.port;
  if (destination.kind !== 'pod' || hostPort === undefined || hostPort === port || !names(ref, hostPort, protocol)) return undefined;
  return { nodePort: hostPort, of: 'hostPort', owner: destination.pod.ref };
}

/** This very number, not a range that happens to hold it. */
function names({ rule }: RuleRef, port: number, protocol: string): boolean {
  return (
    rule.ports !== 'every-port' &&
    rule.ports.some((entry) => entry.kind === 'range' && entry.protocol === protocol && entry.from === port && entry.to === port)
  );
}

/** Who listens there: `the pods`, `the API server`, `its endpoints`. */
function behindOf({ service }: Context, { destination }: Connection): string {
  if (service?.service.ref === API_SERVER) return 'the API server';
  return destination.kind === 'pod' ? 'the pods' : 'its endpoints';
}

type LabelDifference = Extract<Difference, { code: 'label-differs' }>;

function causeOfLabel(cluster: Cluster, miss: NearMiss, difference: LabelDifference, peer: End, rule: string): Draft {
  const { requirement, has, name } = difference;
  const merged = mergedSelectors(cluster, miss, peer);
  if (merged) return { code: 'and-or', facts: { rule, peer: miss.peer ?? 0, has: merged } };
  const shared = {
    rule,
    key: requirement.key,
    operator: requirement.operator,
    wanted: requirement.values,
    ...(has === undefined ? {} : { has }),
  };
  if (difference.of === 'pod') return { code: 'peer-label-mismatch', facts: { ...shared, pod: name }, ...place(difference) };
  const called = requirement.values.find((value) => cluster.namespaces.has(value));
  const implied = cluster.namespaces.get(name)?.implied === true;
  return { code: 'namespace-label-missing', facts: { ...shared, namespace: name, implied, ...(called === undefined ? {} : { called }) } };
}

function place({ hasAt }: LabelDifference): { readonly at?: Origin } {
  return hasAt === undefined ? {} : { at: hasAt };
}

/**
 * namespaceSelector and podSelector in one peer, where the peer of this connection fits just one of them and taken apart
 * they would have let it in: the famous AND that was meant as OR (semantics F NP036). Says which of the two fits.
 */
function mergedSelectors(cluster: Cluster, miss: NearMiss, peer: End): 'namespaceSelector' | 'podSelector' | undefined {
  if (peer.kind !== 'pod') return undefined;
  const wanted = miss.ref.rule.peers === 'anyone' ? undefined : miss.ref.rule.peers[miss.peer ?? 0];
  if (wanted?.kind !== 'pods' || wanted.pods === undefined || wanted.namespace.by !== 'labels') return undefined;
  const [namespaces, pods] = [wanted.namespace.selector, wanted.pods];
  if (namespaces.requirements.length === 0 || pods.requirements.length === 0) return undefined;
  const fitsNamespace = matches(namespaces, cluster.namespaces.get(peer.pod.namespace)?.labels ?? new Map());
  const fitsPods = matches(pods, peer.pod.labels);
  // Alone, the podSelector would mean the policy's own namespace.
  if (!fitsNamespace && fitsPods && peer.pod.namespace === miss.ref.policy.namespace) return 'podSelector';
  const selected = cluster.pods.filter((pod) => matches(pods, pod.labels));
  const inNamespaces = selected.some((pod) => matches(namespaces, cluster.namespaces.get(pod.namespace)?.labels ?? new Map()));
  const inOwn = selected.some((pod) => pod.namespace === miss.ref.policy.namespace);
  return fitsNamespace && !fitsPods && !inNamespaces && inOwn ? 'namespaceSelector' : undefined;
}

/** An ipBlock that covers the Service's own address and not the ends behind it: written by somebody who thought policies see it. */
function serviceBlock(miss: NearMiss, connection: Connection, { service }: Context): Cause | undefined {
  const wanted = miss.ref.rule.peers === 'anyone' ? undefined : miss.ref.rule.peers[miss.peer ?? 0];
  if (wanted?.kind !== 'block' || service === undefined || miss.ref.direction !== 'egress') return undefined;
  const address = service.service.clusterIps.find((ip) => cidrHas(wanted.cidr, ip));
  const behind = addressesOf(connection.destination);
  const isMeantForAll = address !== undefined && holdsEveryEnd(wanted.addresses, address.family);
  if (address === undefined || isMeantForAll || behind.some((ip) => cidrHas(wanted.cidr, ip))) return undefined;
  return {
    code: 'ipblock-for-a-service-address',
    direction: 'egress',
    facts: {
      rule: `${miss.ref.policy.ref} egress[${miss.ref.rule.index}]`,
      cidr: printCidr(wanted.cidr),
      address: printIp(address),
      service: service.service.ref,
      ...(connection.destination.kind === 'pod' ? {} : { endpoints: behind.map(printIp), port: connection.port }),
    },
    at: wanted.origin,
    miss,
  };
}
