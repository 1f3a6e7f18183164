// What `lab` says to programs: schemas/lab-status.schema.json, lab-probe.schema.json and lab-change.schema.json.
import type { Cluster } from '../model/cluster.ts';
import { printIp } from '../net/ip.ts';
import type { HeldConnection, LabProbe } from './lab-probe.ts';
import type { ObjectChange, Session } from './lab-session.ts';

/** Of `lab up` and `lab status`. */
export function statusDocument({ state, cluster, content }: Session, held: readonly HeldConnection[]) {
  const nodeOf = new Map(content.plan.nodes.map(({ id, name }) => [id, name]));
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'LabStatus',
    name: state.name,
    cni: state.data.cni,
    openConnections: state.data.semantics.establishedCutOnDeny,
    denials: state.data.faithful ? 'drop' : 'reject',
    rootless: state.rootless,
    pods: content.plan.pods.map(({ ref, addresses, node, hostNetwork, listeners }) => ({
      name: ref,
      addresses,
      node: nodeOf.get(node) ?? '',
      hostNetwork,
      listens: listeners.map(({ protocol, port, role }) => ({ protocol, port, dns: role === 'dns' })),
    })),
    services: content.services.map(({ ref, addresses, headless, externalName, ports }) => ({
      name: ref,
      addresses: addresses.map(printIp),
      headless,
      ...(externalName !== undefined && { externalName }),
      ports: ports.map(({ protocol, port, backends }) => ({
        protocol,
        port,
        backends: backends.map((backend) => ({ pod: backend.ref, port: backend.port })),
      })),
    })),
    policies: cluster.policies.map(({ kind, ref }) => ({ kind, name: ref })),
    held,
  };
}

/** Of `lab probe`. */
export function probeDocument({ from, host, port, protocol, kernel, denials, engine, held }: LabProbe) {
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'LabProbe',
    from,
    dialled: { host, port, protocol },
    kernel,
    denials,
    engine,
    held,
  };
}

/** Of `lab apply` and `lab delete`. */
export function changeDocument(objects: readonly ObjectChange[], changes: number, { policies }: Cluster) {
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'LabChange',
    objects,
    changes,
    policies: policies.map(({ kind, ref }) => ({ kind, name: ref })),
  };
}
