// The documents of `lab`. The lab is an edge: what is read of it is named here.
import type { Cluster } from '../model/cluster.ts';
import { type Ip, printIp } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import { defined } from './defined.ts';
import type {
  HeldDocument,
  LabChangeDocument,
  LabConnected,
  LabDenial,
  LabMade,
  LabObjectChange,
  LabPolicyDocument,
  LabProbeDocument,
  LabStatusDocument,
  LabTarget,
} from './documents/lab.ts';

/** A lab as it is now. */
export interface LabSession {
  readonly state: {
    readonly name: string;
    readonly rootless: boolean;
    readonly holder: number;
    readonly data: {
      readonly cni: string;
      readonly faithful: boolean;
      readonly semantics: { readonly establishedCutOnDeny: LabStatusDocument['openConnections'] };
    };
  };
  readonly cluster: Cluster;
  readonly content: {
    readonly plan: {
      readonly nodes: readonly { readonly id: string; readonly name: string }[];
      readonly pods: readonly {
        readonly ref: string;
        readonly addresses: readonly string[];
        readonly node: string;
        readonly hostNetwork: boolean;
        readonly listeners: readonly { readonly protocol: 'TCP' | 'UDP'; readonly port: number; readonly role: string }[];
      }[];
    };
    readonly services: readonly {
      readonly ref: string;
      readonly addresses: readonly Ip[];
      readonly headless: boolean;
      readonly externalName?: string | undefined;
      readonly ports: readonly {
        readonly protocol: Protocol;
        readonly port: number;
        readonly backends: readonly { readonly ref: string; readonly port: number }[];
      }[];
    }[];
  };
}

/** `names`: of all labs that are up. `made`: after `lab up`. */
export function labStatusDocument(
  { state, cluster, content }: LabSession,
  { held, names, made }: { readonly held: readonly HeldDocument[]; readonly names: readonly string[]; readonly made?: LabMade },
): LabStatusDocument {
  const nodeOf = new Map(content.plan.nodes.map(({ id, name }) => [id, name]));
  const others = names.filter((name) => name !== state.name);
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'LabStatus',
    name: state.name,
    cni: state.data.cni,
    openConnections: state.data.semantics.establishedCutOnDeny,
    denials: state.data.faithful ? 'drop' : 'reject',
    rootless: state.rootless,
    holder: state.holder,
    ...(others.length === 0 ? {} : { alsoUp: others }),
    nodes: content.plan.nodes.length,
    pods: content.plan.pods.map(({ ref, addresses, node, hostNetwork, listeners }) => ({
      name: ref,
      addresses,
      node: nodeOf.get(node) ?? '',
      hostNetwork,
      listens: listeners.map(({ protocol, port, role }) => ({ protocol, port, dns: role === 'dns' })),
    })),
    services: content.services.map(({ ref, addresses, headless, externalName, ports }) =>
      defined({
        name: ref,
        addresses: addresses.map(printIp),
        headless,
        externalName,
        ports: ports.map(({ protocol, port, backends }) => ({
          protocol,
          port,
          backends: backends.map((backend) => ({ pod: backend.ref, port: backend.port })),
        })),
      }),
    ),
    policies: policiesOf(cluster),
    held,
    ...(made === undefined ? {} : { made }),
  };
}

/** What a probe in the lab found. */
export interface LabProbed extends LabTarget {
  readonly from: string;
  readonly kernel: LabConnected;
  readonly denials: readonly LabDenial[];
  readonly held: boolean;
  readonly engine: LabProbeDocument['engine'];
}

export function labProbeDocument({ from, host, port, protocol, kernel, denials, engine, held }: LabProbed): LabProbeDocument {
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

export function labChangeDocument(objects: readonly LabObjectChange[], changes: number, cluster: Cluster): LabChangeDocument {
  return { apiVersion: 'netverdict.dev/v1', kind: 'LabChange', objects, changes, policies: policiesOf(cluster) };
}

function policiesOf({ policies }: Cluster): readonly LabPolicyDocument[] {
  return policies.map(({ kind, ref }) => ({ kind, name: ref }));
}

/**
 * Who could ask whom, for somebody who wants to try: `{ from: 'shop/frontend', service: { name: 'cart', namespace: 'shop', port: 80 } }`. A Service
 * can be asked by its name, so a pod that is not behind it asks. undefined members where there is none.
 */
export function labExample({ pods, services }: LabStatusDocument): {
  readonly from: string | undefined;
  readonly service: { readonly name: string; readonly namespace: string; readonly port: number } | undefined;
} {
  const askers = pods.filter(({ listens }) => listens.every(({ dns }) => !dns));
  const served = services.flatMap(({ name: ref, ports }) => {
    const [namespace = '', name = ''] = ref.split('/');
    return ports.flatMap(({ protocol, port, backends }) =>
      protocol === 'TCP' && backends.length > 0 ? [{ name, namespace, port, backends }] : [],
    );
  });
  const target = served.find(({ namespace }) => askers.some((pod) => pod.name.startsWith(`${namespace}/`)));
  const others = askers.filter(({ name }) => target?.backends.every(({ pod }) => pod !== name));
  // Whoever serves nobody is a client.
  const from = others.find(({ listens }) => listens.length === 0) ?? others[0] ?? askers[0];
  return { from: from?.name, service: target && { name: target.name, namespace: target.namespace, port: target.port } };
}
