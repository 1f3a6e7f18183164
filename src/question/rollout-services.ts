// Clients of a Service: it needs a pod behind it in every state, and each pod that is behind it on the way has to admit the clients that the
// Service serves before and after. Readiness is not looked at: a rollout is taken to wait for it. Services without a selector are left out.
import type { Cluster, Pod, Service, ServicePort } from '../model/cluster.ts';
import { hasPort, NO_PORTS, type PortSet, portSet, unionOfPorts } from '../net/port-set.ts';
import type { MapEnd } from '../reach/map-ends.ts';
import type { Scene, Track } from './rollout-scene.ts';
import type { Applied } from './rollout-search.ts';
import { AFTER, actingOn, BEFORE, NO_HARM, type Spot } from './rollout-spots.ts';
import type { Step } from './rollout-steps.ts';

interface Served {
  readonly ref: string;
  readonly at: (applied: Applied) => Service;
  /** The step that changes the Service. */
  readonly step: number | undefined;
  /** Tracks whose pods are behind it in some state. */
  readonly backends: readonly Track[];
}

/** Of the Services that are in both states and that a step, or whose pods a step, makes other ones. */
export function serviceSpots(scene: Scene, before: Cluster, after: Cluster, steps: readonly Step[]): readonly Spot[] {
  const stepOf = new Map(steps.flatMap((step, i) => (step.of === 'service' ? [[step.ref, i] as const] : [])));
  const moving = new Set(steps.flatMap((step) => (step.of === 'workload' ? (step.namespace ?? []) : [])));
  const spots: Spot[] = [];
  for (const [ref, was] of before.services) {
    const is = after.services.get(ref);
    const step = stepOf.get(ref);
    if (is === undefined || was.selector === undefined || is.selector === undefined) continue;
    if (step === undefined && !moving.has(was.namespace)) continue;
    const backends = scene.tracks.filter(
      ({ namespace, isToCome, versions }) =>
        namespace === was.namespace &&
        !isToCome &&
        versions.some((end) => [was, is].some((service) => podsBehind(service, end).length > 0)),
    );
    const served: Served = { ref, step, backends, at: (applied) => (step !== undefined && applied(step) ? is : was) };
    spots.push(...unservedSpots(served), ...clientSpots(scene, served));
  }
  return spots;
}

function podsBehind({ selector }: Service, { pods }: MapEnd): readonly Pod[] {
  const wanted = [...(selector ?? [])];
  return pods.filter(({ labels }) => wanted.every(([key, value]) => labels.get(key) === value));
}

function serviceName(ref: string): string {
  const [namespace, name] = ref.split('/');
  return `${namespace}/svc/${name}`;
}

/** States in which nothing is behind the Service, or it lacks a port that it has before and after. */
function unservedSpots(served: Served): readonly Spot[] {
  const { ref, at, step, backends } = served;
  const steps = [...new Set([step, ...backends.flatMap((track) => track.steps)])].filter((one) => one !== undefined).sort((a, b) => a - b);
  const isServed = (applied: Applied) =>
    backends.some((track) => {
      const end = track.at(applied);
      return end !== undefined && podsBehind(at(applied), end).length > 0;
    });
  if (steps.length < 2 || !isServed(BEFORE) || !isServed(AFTER)) return [];
  const ports = unionOfPorts(at(BEFORE).ports.map(({ protocol, port }) => portSet(protocol, port, port)));
  const spot: Spot = {
    steps,
    from: '*',
    to: serviceName(ref),
    isToCome: false,
    verdict: (applied) => (isServed(applied) ? 'safe' : 'cut'),
    harm: (applied) => (isServed(applied) ? NO_HARM : { ...NO_HARM, cut: ports }),
  };
  return [spot];
}

/** A client that is served before and after, and a pod that is behind the Service in only some of the states. */
function* clientSpots(scene: Scene, served: Served): Generator<Spot> {
  const { ref, at, step, backends } = served;
  const portsThrough = (applied: Applied, { port, protocol }: ServicePort, track: Track): readonly number[] => {
    const [service, end] = [at(applied), track.at(applied)];
    const found = service.ports.find((one) => one.port === port && one.protocol === protocol);
    if (end === undefined || found === undefined) return [];
    const { targetPort } = found;
    return [
      ...new Set(
        podsBehind(service, end).flatMap((pod) => (typeof targetPort === 'number' ? targetPort : numberOf(pod, targetPort, protocol))),
      ),
    ];
  };
  const admits = (applied: Applied, servicePort: ServicePort, client: Track, track: Track): 'yes' | 'no' | 'open' | 'none' => {
    const wanted = portsThrough(applied, servicePort, track);
    const [from, to] = [client.at(applied), track.at(applied)];
    if (wanted.length === 0 || from === undefined || to === undefined) return 'none';
    const { allowed, undecided } = scene.field.between(scene.stackOn(applied), from, to);
    const { protocol } = servicePort;
    if (wanted.every((port) => hasPort(allowed, protocol, port))) return 'yes';
    const open = unionOfPorts([allowed, ...undecided.map(({ ports }) => ports)]);
    return wanted.every((port) => hasPort(open, protocol, port)) ? 'open' : 'no';
  };
  const isServed = (applied: Applied, port: ServicePort, client: Track) => {
    const answers = backends.map((track) => admits(applied, port, client, track)).filter((answer) => answer !== 'none');
    return answers.length > 0 && answers.every((answer) => answer === 'yes');
  };
  for (const servicePort of at(BEFORE).ports) {
    const changing = backends.filter(
      (track) => portsThrough(BEFORE, servicePort, track).join() !== portsThrough(AFTER, servicePort, track).join(),
    );
    const seen = new Set<string>();
    for (const client of changing.length === 0 ? [] : scene.tracks) {
      if (client.isToCome || seen.has(client.key)) continue;
      seen.add(client.key);
      for (const track of changing) {
        if (track.workload === client.workload) continue;
        const steps = [...new Set([...(step === undefined ? [] : [step]), ...actingOn(scene, client, track)])].sort((a, b) => a - b);
        if (steps.length < 2 || !isServed(BEFORE, servicePort, client) || !isServed(AFTER, servicePort, client)) continue;
        const port: PortSet = portSet(servicePort.protocol, servicePort.port, servicePort.port);
        yield {
          steps,
          from: client.name,
          to: serviceName(ref),
          isToCome: false,
          verdict(applied) {
            const answer = admits(applied, servicePort, client, track);
            return answer === 'no' ? 'cut' : answer === 'open' ? 'doubt' : 'safe';
          },
          harm(applied) {
            const answer = admits(applied, servicePort, client, track);
            return { ...NO_HARM, cut: answer === 'no' ? port : NO_PORTS, doubtful: answer === 'open' ? port : NO_PORTS };
          },
        };
      }
    }
  }
}

function numberOf({ ports }: Pod, name: string, protocol: ServicePort['protocol']): readonly number[] {
  const found = ports.find((port) => port.name === name && port.protocol === protocol);
  return found === undefined ? [] : [found.port];
}
