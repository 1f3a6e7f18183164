// Pods of our own in the cluster that is proven, with a policy that closes one of them and one that shuts another up. If a packet between
// them fares differently from what is plain, the lab does not enforce, or does not deliver, and no other result counts. Pure.
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { Policy } from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import type { Ip } from '../net/ip.ts';
import { PROTOCOLS } from '../net/port-set.ts';
import type { Decided } from '../nft/decided.ts';
import { decide } from '../policy/decide.ts';
import { podEnd } from '../policy/end.ts';
import { subjectMatches } from '../policy/peer-matches.ts';
import { connectionOf, expectedOf, type Observation } from './compare.ts';
import type { Probe } from './plan.ts';

/** No namespace of a cluster has a blank in its name, so nothing in the input can mean these pods by name. */
export const CONTROL_NAMESPACE = 'netverdict control';

export interface Control {
  readonly probe: Probe;
  readonly wanted: Observation;
}

/** The cluster with three more pods and two more policies. Their addresses come from complete.ts, like those of any pod without one. */
export function withControls(cluster: Cluster): Cluster {
  const pods = [controlPod('open'), controlPod('closed'), controlPod('silent')];
  return {
    ...cluster,
    namespaces: new Map([
      ...cluster.namespaces,
      [CONTROL_NAMESPACE, { name: CONTROL_NAMESPACE, labels: new Map(), implied: true, origin: undefined }],
    ]),
    pods: [...cluster.pods, ...pods],
    policies: [...cluster.policies, controlPolicy('closed', 'ingress'), controlPolicy('silent', 'egress')],
  };
}

/**
 * From a completed cluster with controls: what must come through and what must not, in every family and protocol. Left out are those that
 * a policy for all namespaces (an AdminNetworkPolicy, a CiliumClusterwideNetworkPolicy) decides otherwise, and denials where nothing is enforced.
 */
export function controlsIn(cluster: Cluster, semantics: Decided['semantics']): Control[] {
  const [open, closed, silent] = ['open', 'closed', 'silent'].map((name) =>
    cluster.pods.find(({ ref }) => ref === `${CONTROL_NAMESPACE}/${name}`),
  );
  if (open === undefined || closed === undefined || silent === undefined) throw new Error('the cluster has no controls');
  const isSelected = [open, closed, silent].some((pod) =>
    cluster.policies.some(
      ({ namespace, faults, subject }) => namespace !== CONTROL_NAMESPACE && faults.length === 0 && subjectMatches(cluster, subject, pod),
    ),
  );
  const isOverruled = ({ probe, wanted }: Control): boolean =>
    isSelected && !expectedOf(decide(cluster, semantics, connectionOf(probe))).includes(wanted);
  const controls = ([4, 6] as const)
    .filter((family) => open.addresses.some((ip) => ip.family === family))
    .flatMap((family) =>
      PROTOCOLS.flatMap((protocol) => {
        const probe = (source: Pod, destination: Pod): Probe => ({
          source: { name: source.ref, end: podEnd(source), address: addressOf(source, family) },
          destination: { name: destination.ref, end: podEnd(destination), address: addressOf(destination, family) },
          protocol,
          port: 4321,
        });
        return [
          { probe: probe(closed, open), wanted: 'allowed' },
          { probe: probe(open, closed), wanted: 'denied-ingress' },
          { probe: probe(silent, open), wanted: 'denied-egress' },
        ] satisfies Control[];
      }),
    );
  return controls.filter((control) => (control.wanted === 'allowed' || semantics.enforces === 'yes') && !isOverruled(control));
}

export function isControl(pod: Pod): boolean {
  return pod.namespace === CONTROL_NAMESPACE;
}

function addressOf(pod: Pod, family: Ip['family']): Ip {
  const found = pod.addresses.find((ip) => ip.family === family);
  if (found === undefined) throw new Error(`${pod.ref} has no IPv${family} address`);
  return found;
}

const ORIGIN: Origin = { document: { file: 'netverdict', text: undefined, start: 0, end: 0, line: 0, format: 'yaml' }, path: [] };

function controlPod(name: string): Pod {
  const ref = `${CONTROL_NAMESPACE}/${name}`;
  return {
    name,
    namespace: CONTROL_NAMESPACE,
    ref,
    labels: new Map([['control', name]]),
    labelsPath: [],
    addresses: [],
    node: undefined,
    hostAddresses: [],
    hostNetwork: false,
    ports: [],
    phase: 'Running',
    ready: true,
    terminating: false,
    workload: `${ref}[Pod]`,
    template: false,
    dns: { policy: 'Default', nameservers: [], searches: [], hostname: undefined, subdomain: undefined },
    origin: ORIGIN,
    spec: {},
  };
}

function controlPolicy(name: string, direction: 'ingress' | 'egress'): Policy {
  const pods: Selector = { requirements: [{ key: 'control', operator: 'In', values: [name], origin: ORIGIN }], origin: ORIGIN };
  return {
    kind: 'NetworkPolicy',
    tier: 'namespaced',
    order: 0,
    name,
    namespace: CONTROL_NAMESPACE,
    ref: `${CONTROL_NAMESPACE}/${name}`,
    subject: { namespace: { by: 'name', name: CONTROL_NAMESPACE }, pods },
    ingress: 'not-governed',
    egress: 'not-governed',
    [direction]: [],
    types: { written: true, directions: [direction], origin: ORIGIN },
    ignored: {},
    faults: [],
    origin: ORIGIN,
  };
}
