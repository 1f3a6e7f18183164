// A pod or workload as the destination itself, without a Service before it: which ports are meant, and in which pods.
import type { Cluster, Pod } from '../model/cluster.ts';
import { PROTOCOLS, type Protocol } from '../net/port-set.ts';
import { podEnd } from '../policy/end.ts';
import { selects, stateOf, targetPortOf } from './endpoints.ts';
import type { PortPart } from './name.ts';
import { type EndError, endError, type Note, type Obstacle } from './obstacle.ts';
import type { Party } from './party.ts';
import { namedPorts, podObstacles, undeclaredPort } from './pod-obstacles.ts';

/** One port of the pods: `{ port: 8080, protocol: 'TCP', targets: [cart-6d4 on 8080], … }`. */
export interface PodWay {
  readonly port: number | string;
  readonly protocol: Protocol;
  readonly targets: readonly Party[];
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
}

/**
 * The ways to these pods: one for the port that was asked, or one for every port that they declare. A port name is looked up in each pod.
 * `port-needed` when nothing was asked and nothing is declared; it lists the ports of Services in front of them.
 */
export function waysToPods(cluster: Cluster, to: string, pods: readonly Pod[], asked: PortPart): readonly PodWay[] | EndError {
  const { serving, obstacles: general, notes } = servingOf(cluster, pods);
  const way = (
    port: number | string,
    protocol: Protocol,
    targets: readonly Party[],
    obstacles: readonly (Obstacle | undefined)[],
  ): PodWay => ({
    port,
    protocol,
    targets,
    obstacles: [...general, ...obstacles.flatMap((obstacle) => obstacle ?? [])],
    notes,
  });

  if (asked.port === undefined) {
    const ports = declaredPorts(serving.length > 0 ? serving : pods, asked.protocol);
    if (ports.length === 0) return endError('port-needed', { to, ports: portsOfServices(cluster, pods) });
    return ports.map(({ port, protocol }) => {
      const declaring = serving.filter((pod) =>
        pod.ports.some((own) => own.port === port && own.protocol === protocol && own.role !== 'init'),
      );
      return way(
        port,
        protocol,
        declaring.map((pod) => party(pod, port)),
        [],
      );
    });
  }
  if (typeof asked.port === 'number') {
    const port = asked.port;
    const declared = PROTOCOLS.filter((protocol) =>
      serving.some((pod) => pod.ports.some((own) => own.port === port && own.protocol === protocol)),
    );
    const protocols: readonly Protocol[] = asked.protocol !== undefined ? [asked.protocol] : declared.length > 0 ? declared : ['TCP'];
    return protocols.map((protocol) => {
      const undeclared = undeclaredPort(
        serving.map((pod) => ({ pod })),
        port,
        protocol,
      );
      const targets = serving.map((pod) => party(pod, port));
      return way(port, protocol, targets, [undeclared, undeclared && servicePortOnAPod(cluster, serving, port, protocol)]);
    });
  }
  const name = asked.port;
  const { found, obstacle } = namedPorts(serving, name, asked.protocol);
  const protocols = [...new Set(found.flatMap(({ declared }) => declared?.protocol ?? []))];
  if (protocols.length === 0) return [way(name, asked.protocol ?? 'TCP', [], [obstacle])];
  return protocols.map((protocol) => {
    const targets = found.flatMap(({ pod, declared }) => (declared?.protocol === protocol ? [party(pod, declared.port)] : []));
    return way(name, protocol, targets, [obstacle]);
  });
}

/** The pods that can be there to answer, and what is odd about them. */
function servingOf(cluster: Cluster, pods: readonly Pod[]): Pick<PodWay, 'obstacles' | 'notes'> & { readonly serving: readonly Pod[] } {
  const states = pods.map((pod) => ({ pod, state: stateOf(cluster, pod) }));
  const there = states.filter(({ state }) => state === 'ready' || state === 'not-ready' || state === 'terminating');
  const serving = (there.length > 0 ? there : states.filter(({ state }) => state !== 'completed')).map(({ pod }) => pod);
  const onNode = serving.filter(({ hostNetwork }) => hostNetwork).map(({ ref }) => ref);
  return {
    serving,
    obstacles: stateObstacles(cluster, states, there.length === 0),
    notes: onNode.length > 0 ? [{ code: 'host-network', facts: { pods: onNode } }] : [],
  };
}

/** The way of an ICMP message to these pods, which need not declare or serve anything to answer it. */
export function pingToPods(cluster: Cluster, pods: readonly Pod[], type: number): Pick<PodWay, 'targets' | 'obstacles' | 'notes'> {
  const { serving, obstacles, notes } = servingOf(cluster, pods);
  return { targets: serving.map((pod) => party(pod, type)), obstacles, notes };
}

function party(pod: Pod, port: number): Party {
  return { end: podEnd(pod), ref: pod.ref, port };
}

function stateObstacles(
  cluster: Cluster,
  states: readonly { readonly pod: Pod; readonly state: ReturnType<typeof stateOf> }[],
  isAlone: boolean,
): readonly Obstacle[] {
  const scaled = [...new Set(states.filter(({ state }) => state === 'scaled-to-zero').map(({ pod }) => pod.workload))];
  const origin = cluster.workloads.get(scaled[0] ?? '')?.origin;
  const zero: Obstacle[] =
    scaled.length === 0 ? [] : [{ code: 'scaled-to-zero', severity: 'broken', facts: { workload: scaled }, ...(origin && { origin }) }];
  return [...zero, ...states.flatMap(({ pod, state }) => podObstacles(pod, state, 'destination', isAlone))];
}

function declaredPorts(
  pods: readonly Pod[],
  protocol: Protocol | undefined,
): readonly { readonly port: number; readonly protocol: Protocol }[] {
  const found = new Map<string, { port: number; protocol: Protocol }>();
  for (const declared of pods.flatMap((pod) => pod.ports)) {
    if (declared.role === 'init' || (protocol !== undefined && declared.protocol !== protocol)) continue;
    found.set(`${declared.port}/${declared.protocol}`, { port: declared.port, protocol: declared.protocol });
  }
  return [...found.values()];
}

/** The classic mistake: the Service's port asked of the pod, where only its target port is open. */
function servicePortOnAPod(cluster: Cluster, pods: readonly Pod[], port: number, protocol: Protocol): Obstacle | undefined {
  for (const service of cluster.services.values()) {
    for (const own of service.ports) {
      if (service.headless || own.port !== port || own.protocol !== protocol) continue;
      const pod = pods.find((other) => selects(service, other));
      const target = pod && targetPortOf(pod, own);
      if (pod === undefined || target === undefined || target === port) continue;
      const facts = { service: service.ref, port, targetPort: target, pods: pods.map(({ ref }) => ref) };
      return { code: 'service-port-on-a-pod', severity: 'warning', facts, origin: own.origin };
    }
  }
  return undefined;
}

function portsOfServices(cluster: Cluster, pods: readonly Pod[]): readonly string[] {
  const found = [...cluster.services.values()].flatMap((service) => {
    const selected = pods.find((pod) => selects(service, pod));
    return selected === undefined ? [] : service.ports.flatMap((port) => targetPortOf(selected, port) ?? []);
  });
  return [...new Set(found)].map(String);
}
