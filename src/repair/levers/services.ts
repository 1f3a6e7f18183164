// What is broken between a Service and its pods, put right in the Service or in the pods: a label that differs, a target port that no pod
// has, a port that the Service lacks. Policies are asked afterwards.
import type { Cluster, Pod, ServicePort } from '../../model/cluster.ts';
import { isLive } from '../../model/cluster.ts';
import { at } from '../../model/origin.ts';
import { get, isObject, listOf } from '../../objects/read.ts';
import { nearest } from '../../profile/nearest.ts';
import type { Note, Obstacle } from '../../route/obstacle.ts';
import type { Route } from '../../route/route.ts';
import type { ServiceWay } from '../../route/service.ts';
import type { PlacedEdit } from '../edited-value.ts';
import type { Draft, Lever } from '../lever.ts';
import { labelPods } from './labels.ts';
import { nameContainerPort } from './ports.ts';

/** Ports of pods to which a Service might have been meant to lead. */
const MOST_PORTS = 3;

/** Each way to put right what breaks the way through the Service of this route. [] where it is not broken, or no edit can help. */
export function serviceDrafts(cluster: Cluster, { service: way, obstacles, notes }: Route): readonly Draft[] {
  if (way === undefined || way.service.value === undefined) return [];
  return obstacles.flatMap((obstacle): readonly Draft[] => {
    switch (obstacle.code) {
      case 'selector-matches-nothing':
        return notes.filter(({ code }) => code === 'selector-near-miss').flatMap((note) => selectorDrafts(cluster, way, note));
      case 'target-port-missing':
      case 'target-port-undeclared':
        return targetPortDrafts(cluster, way, obstacle);
      case 'endpoint-port-missing':
        return portNameDrafts(way, obstacle);
      case 'service-port-missing':
        return portDrafts(way, obstacle);
      default:
        return [];
    }
  });
}

function ofService({ service }: ServiceWay, code: Lever['code'], facts: Lever['facts'], edits: readonly PlacedEdit[]): Draft {
  return {
    levers: [{ code, facts: { service: service.ref, ...facts }, at: edits[0]?.at }],
    steps: [{ kind: 'edit', object: { kind: 'service', service }, edits }],
  };
}

/** The Service selects what the pods have, or the pods get what the Service selects by. */
function selectorDrafts(cluster: Cluster, way: ServiceWay, { facts }: Note): readonly Draft[] {
  const [key, wanted] = [String(facts.key), String(facts.wanted)];
  const workload = cluster.workloads.get(String(facts.workload));
  const pod = workload?.pods.find(isLive);
  if (workload === undefined || pod === undefined || workload.namespace !== way.service.namespace) return [];
  const place = at(way.service.selectorOrigin, key);
  const was = `${key}=${wanted}`;
  const drafts: Draft[] = [];
  if (facts.found !== undefined) {
    const now = String(facts.found);
    drafts.push(ofService(way, 'service-selector', { was, now: `${key}=${now}` }, [{ kind: 'set-value', at: place, value: now }]));
  } else if (facts.otherKey !== undefined) {
    const now = String(facts.otherKey);
    drafts.push(ofService(way, 'service-selector', { was, now: `${now}=${wanted}` }, [{ kind: 'rename-key', at: place, key: now }]));
  }
  return [...drafts, ...labelPods(cluster, pod, { key, value: wanted })];
}

/** The Service leads to a port that all its pods declare, or the port of the pods gets the name that the Service uses. */
function targetPortDrafts(cluster: Cluster, way: ServiceWay, { facts }: Obstacle): readonly Draft[] {
  const { servicePort } = way;
  if (servicePort === undefined) return [];
  const pods = listOf(facts.pods).flatMap((ref) => podOf(cluster, String(ref)) ?? []);
  const [first] = pods;
  if (first === undefined) return [];
  const { protocol, targetPort, port, origin } = servicePort;
  const declared = first.ports.filter(
    (own) =>
      own.protocol === protocol &&
      own.role !== 'init' &&
      pods.every((pod) => pod.ports.some((other) => other.port === own.port && other.name === own.name && other.protocol === protocol)),
  );
  const near =
    typeof targetPort === 'string'
      ? nearest(
          targetPort,
          declared.flatMap(({ name }) => name ?? []),
        )
      : [];
  const byNearness = [...declared].sort((a, b) => Number(near.includes(b.name ?? '')) - Number(near.includes(a.name ?? '')));
  const written = get(way.service.value, 'spec');
  const own = listOf(get(written, 'ports'))[Number(origin.path.at(-1))];
  const drafts = byNearness.slice(0, MOST_PORTS).map((found): Draft => {
    const value = typeof targetPort === 'string' ? (found.name ?? found.port) : found.port;
    const edit: PlacedEdit =
      isObject(own) && Object.hasOwn(own, 'targetPort')
        ? { kind: 'set-value', at: at(origin, 'targetPort'), value }
        : { kind: 'add-entry', at: origin, key: 'targetPort', value };
    return ofService(way, 'service-target-port', { port, was: String(targetPort), targetPort: String(value) }, [edit]);
  });
  const unnamed = declared.filter(({ name }) => name === undefined);
  const named =
    typeof targetPort === 'string'
      ? unnamed.slice(0, MOST_PORTS).flatMap((found) => nameContainerPort(cluster, first, targetPort, found.port, protocol))
      : [];
  return [...drafts, ...named];
}

/** The port of the Service takes the name by which the endpoints go. */
function portNameDrafts(way: ServiceWay, { facts }: Obstacle): readonly Draft[] {
  const { servicePort } = way;
  const { endpointName } = facts;
  if (servicePort === undefined || typeof endpointName !== 'string') return [];
  const { name, origin, port } = servicePort;
  const edit: PlacedEdit =
    name === undefined
      ? { kind: 'add-entry', at: origin, key: 'name', value: endpointName }
      : { kind: 'set-value', at: at(origin, 'name'), value: endpointName };
  return [ofService(way, 'service-port-name', { port, was: name ?? '', name: endpointName }, [edit])];
}

function podOf(cluster: Cluster, ref: string): Pod | undefined {
  return cluster.podByRef.get(ref) ?? cluster.pods.find((pod) => pod.ref === ref);
}

/** The port that was asked for, where the pods have it. Several ports of one Service need names (v1.ServiceSpec). */
function portDrafts(way: ServiceWay, { facts }: Obstacle): readonly Draft[] {
  const { port } = facts;
  if (typeof port !== 'number' || (facts.containerPort === undefined && facts.targetPortOf === undefined)) return [];
  const { ports, origin } = way.service;
  const names = new Set(ports.flatMap(({ name }) => name ?? []));
  const name = freePortName(`port-${port}`, names);
  const naming = ports
    .filter((own) => own.name === undefined)
    .map(
      (own: ServicePort): PlacedEdit => ({
        kind: 'add-entry',
        at: own.origin,
        key: 'name',
        value: freePortName(`port-${own.port}`, names),
      }),
    );
  const { protocol } = way;
  const value = { name, port, targetPort: port, ...(protocol === 'TCP' ? {} : { protocol }) };
  return [ofService(way, 'service-port', { port, protocol }, [{ kind: 'add-item', at: at(origin, 'spec', 'ports'), value }, ...naming])];
}

function freePortName(wanted: string, taken: ReadonlySet<string>): string {
  return taken.has(wanted) ? `${wanted}-2` : wanted;
}
