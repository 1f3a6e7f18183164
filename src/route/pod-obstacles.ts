// What keeps pods themselves from answering: their state, and ports that they do not declare.
import { type ContainerPort, type Pod, portOrigin, type Service } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { Protocol } from '../net/port-set.ts';
import { namedPort, type PodState } from './endpoints.ts';
import type { Obstacle } from './obstacle.ts';

/** `http 8080/TCP`. */
export function printContainerPort({ name, port, protocol }: ContainerPort): string {
  return `${name === undefined ? '' : `${name} `}${port}/${protocol}`;
}

/**
 * Declarations are informational (semantics A.3), so a port that none declares may work. Pods that declare nothing say nothing.
 * undefined when there is nothing to warn of.
 */
export function undeclaredPort(
  pods: readonly { readonly pod: Pod | undefined }[],
  port: number,
  protocol: Protocol,
  service?: Service,
): Obstacle | undefined {
  const silent = pods.flatMap(({ pod }) => pod ?? []).filter((pod) => pod.ports.some(({ role }) => role !== 'init'));
  const lacking = silent.filter((pod) => !pod.ports.some((declared) => declared.port === port && declared.protocol === protocol));
  const [first] = lacking;
  if (first === undefined) return undefined;
  return {
    code: 'target-port-undeclared',
    severity: 'warning',
    facts: {
      ...(service && { service: service.ref }),
      pods: lacking.map(({ ref }) => ref),
      port,
      protocol,
      declared: [...new Set(lacking.flatMap((pod) => pod.ports.map(printContainerPort)))],
    },
    origin: first.ports[0] === undefined ? first.origin : portOrigin(first, first.ports[0]),
  };
}

/** What keeps a pod from answering, or from calling. Behind a Service it is a warning, since others may be ready. */
export function podObstacles(pod: Pod, state: PodState, side: 'source' | 'destination', isAlone = false): readonly Obstacle[] {
  const severity = isAlone ? 'broken' : 'warning';
  const { origin, ref } = pod;
  if (state === 'completed') return [{ code: 'pod-completed', severity, facts: { pod: ref, phase: pod.phase ?? '', side }, origin }];
  if (state === 'pending') return [{ code: 'pod-pending', severity, facts: { pod: ref, side }, origin }];
  // A pod that is not ready has an address all the same, and its processes may answer.
  if (state === 'ready' || state === 'scaled-to-zero') return [];
  return [{ code: 'pod-not-ready', severity: 'warning', facts: { pod: ref, terminating: state === 'terminating', side }, origin }];
}

/** Where these pods declare ports of this name. */
export function originsOfPorts(pods: readonly Pod[], name: string | number): readonly Origin[] {
  return pods.flatMap((pod) => pod.ports.filter((port) => port.name === name).map((port) => portOrigin(pod, port)));
}

/** A port name asked of a pod itself: the number in each pod, and what is missing. */
export function namedPorts(pods: readonly Pod[], name: string, protocol: Protocol | undefined) {
  const found = pods.map((pod) => {
    const declared =
      protocol === undefined ? pod.ports.find((port) => port.name === name && port.role !== 'init') : namedPort(pod, name, protocol);
    return { pod, declared };
  });
  const lacking = found.filter(({ declared }) => declared === undefined).map(({ pod }) => pod);
  const declared = lacking.flatMap((pod) => pod.ports);
  const sameName = declared.filter((port) => port.name === name);
  const obstacle: Obstacle | undefined =
    lacking.length === 0
      ? undefined
      : {
          code: 'port-name-missing',
          severity: lacking.length === pods.length ? 'broken' : 'warning',
          facts: {
            port: name,
            ...(protocol !== undefined && { protocol }),
            pods: lacking.map(({ ref }) => ref),
            declared: [...new Set(declared.map(printContainerPort))],
            ...(sameName.length > 0 && { otherProtocol: [...new Set(sameName.map((port) => port.protocol))] }),
          },
          ...(lacking[0] && { origin: lacking[0].origin }),
          also: originsOfPorts(lacking, name),
        };
  return { found, obstacle };
}
