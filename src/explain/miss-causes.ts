// What a near miss is called: from the things that differ to the causes that people know by name.
import type { Cluster, ServicePort } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import { type Direction, printRuleRef, type RuleRef } from '../model/policy.ts';
import { matches } from '../model/selector.ts';
import { namesIn } from '../policy/dns-names.ts';
import type { Connection, End } from '../policy/end.ts';
import { endName, podPeerMatches } from '../policy/peer-matches.ts';
import { API_SERVER, type Cause, type Context } from './causes.ts';
import type { Difference } from './difference.ts';
import { type NearMiss, opensPort } from './near-miss.ts';

/** What a near miss means in the words of the trade. [] when it is too far off to blame. */
export function causeOfMiss(cluster: Cluster, direction: Direction, miss: NearMiss, connection: Connection, context: Context): Cause[] {
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

const PORT_DIFFERENCES = [
  'port-differs',
  'icmp-not-meant',
  'protocol-differs',
  'named-port-missing',
  'named-port-is-other',
  'end-port-ignored',
] as const;

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
    case 'other-name':
      return { code: 'name-not-in-rule', facts: { rule, names: namesIn(miss.ref.rule), name: difference.name } };
    case 'icmp-not-meant':
      return { code: 'icmp-not-in-rule', facts: { rule, wanted: difference.wanted, has: difference.has } };
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

/** Who listens there. */
function behindOf({ service }: Context, { destination }: Connection): 'api-server' | 'pods' | 'endpoints' {
  if (service?.service.ref === API_SERVER) return 'api-server';
  return destination.kind === 'pod' ? 'pods' : 'endpoints';
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

/** Does the peer of this miss already mean pods? Narrowed or moved to another namespace, it would lose them. */
function isInUse(cluster: Cluster, { ref, peer }: NearMiss): boolean {
  const wanted = ref.rule.peers === 'anyone' ? undefined : ref.rule.peers[peer ?? 0];
  if (wanted?.kind !== 'pods') return false;
  return wanted.pods?.requirements.length === 0 || cluster.pods.some((pod) => podPeerMatches(cluster, wanted, { kind: 'pod', pod }));
}
