// The Go types that the API server decodes into, for the parts that are read here: fields, their types, their Go names.
// NetworkPolicy, ObjectMeta and all ports are whole, so an unknown field shows; of Pod and Service there is only what is used
// (they gain fields with every release of Kubernetes).
// QUOTED THROUGHOUT: the type names of Kubernetes

export type Shape =
  | { readonly is: 'string' | 'boolean' | 'integer'; readonly go: string }
  | { readonly is: 'integer or string'; readonly go: 'int32' }
  | { readonly is: 'labels'; readonly go: 'map[string]string' }
  | ListShape
  | StructShape
  | { readonly is: 'anything' };

export interface ListShape {
  readonly is: 'list';
  readonly go: string;
  readonly of: Shape;
  /**
   * What becomes of an empty item (`- `), which decodes to a zero value. `refused`: the rules of the API refuse that value, and
   * say so in their own words. `taken`: the server takes it, and an empty rule admits everything (semantics A.1).
   */
  readonly emptyItem: 'refused' | 'taken';
}

export interface StructShape {
  readonly is: 'object';
  /** `v1.NetworkPolicyPort`, and without its package. */
  readonly go: string;
  readonly name: string;
  readonly fields: ReadonlyMap<string, Shape>;
  /** Every field of the Go type is in `fields`, so another one is unknown to the server too. */
  readonly whole: boolean;
}

const ANYTHING: Shape = { is: 'anything' };
const TEXT: Shape = { is: 'string', go: 'string' };
const BOOLEAN: Shape = { is: 'boolean', go: 'bool' };
const INT32: Shape = { is: 'integer', go: 'int32' };
const INT64: Shape = { is: 'integer', go: 'int64' };
const PROTOCOL: Shape = { is: 'string', go: 'v1.Protocol' };
const PORT_NUMBER_OR_NAME: Shape = { is: 'integer or string', go: 'int32' };
export const LABELS: Shape = { is: 'labels', go: 'map[string]string' };

function struct(go: string, fields: Readonly<Record<string, Shape>>): StructShape {
  return { is: 'object', go, name: go.slice(go.indexOf('.') + 1), fields: new Map(Object.entries(fields)), whole: true };
}

function partOf(go: string, fields: Readonly<Record<string, Shape>>): StructShape {
  return { ...struct(go, fields), whole: false };
}

function listOf(of: Exclude<Shape, { is: 'anything' }>, emptyItem: ListShape['emptyItem']): ListShape {
  return { is: 'list', go: `[]${of.go}`, of, emptyItem };
}

/** Kubernetes: ObjectMeta, apimachinery pkg/apis/meta/v1/types.go. What no rule here looks into is `anything`. */
export const OBJECT_META = struct('v1.ObjectMeta', {
  name: TEXT,
  generateName: TEXT,
  namespace: TEXT,
  selfLink: TEXT,
  uid: { is: 'string', go: 'types.UID' },
  resourceVersion: TEXT,
  generation: INT64,
  creationTimestamp: ANYTHING,
  deletionTimestamp: ANYTHING,
  deletionGracePeriodSeconds: INT64,
  labels: LABELS,
  annotations: LABELS,
  ownerReferences: ANYTHING,
  finalizers: ANYTHING,
  managedFields: ANYTHING,
});

/** Kubernetes: LabelSelector and LabelSelectorRequirement, apimachinery pkg/apis/meta/v1/types.go. */
const LABEL_SELECTOR = struct('v1.LabelSelector', {
  matchLabels: LABELS,
  matchExpressions: listOf(
    struct('v1.LabelSelectorRequirement', {
      key: TEXT,
      operator: { is: 'string', go: 'v1.LabelSelectorOperator' },
      values: listOf(TEXT, 'taken'),
    }),
    'refused',
  ),
});

const NETWORK_POLICY_PEERS = listOf(
  struct('v1.NetworkPolicyPeer', {
    podSelector: LABEL_SELECTOR,
    namespaceSelector: LABEL_SELECTOR,
    ipBlock: struct('v1.IPBlock', { cidr: TEXT, except: listOf(TEXT, 'refused') }),
  }),
  'refused',
);

const NETWORK_POLICY_PORTS = listOf(
  struct('v1.NetworkPolicyPort', { protocol: PROTOCOL, port: PORT_NUMBER_OR_NAME, endPort: INT32 }),
  'taken',
);

/** Kubernetes: networking/v1 types.go. `status` was a field from 1.24 to 1.27, and dumps of such clusters still have it. */
export const NETWORK_POLICY = struct('v1.NetworkPolicy', {
  apiVersion: TEXT,
  kind: TEXT,
  metadata: OBJECT_META,
  spec: struct('v1.NetworkPolicySpec', {
    podSelector: LABEL_SELECTOR,
    ingress: listOf(struct('v1.NetworkPolicyIngressRule', { ports: NETWORK_POLICY_PORTS, from: NETWORK_POLICY_PEERS }), 'taken'),
    egress: listOf(struct('v1.NetworkPolicyEgressRule', { ports: NETWORK_POLICY_PORTS, to: NETWORK_POLICY_PEERS }), 'taken'),
    policyTypes: listOf({ is: 'string', go: 'v1.PolicyType' }, 'refused'),
  }),
  status: ANYTHING,
});

/** Kubernetes: core/v1 types.go, the fields that say where a Service's connections go. Its ports are whole. */
export const SERVICE_SPEC = partOf('v1.ServiceSpec', {
  type: { is: 'string', go: 'v1.ServiceType' },
  selector: LABELS,
  clusterIP: TEXT,
  clusterIPs: listOf(TEXT, 'taken'),
  externalName: TEXT,
  externalIPs: listOf(TEXT, 'taken'),
  publishNotReadyAddresses: BOOLEAN,
  ports: listOf(
    struct('v1.ServicePort', {
      name: TEXT,
      protocol: PROTOCOL,
      appProtocol: TEXT,
      port: INT32,
      targetPort: PORT_NUMBER_OR_NAME,
      nodePort: INT32,
    }),
    'refused',
  ),
});

const CONTAINERS = listOf(
  partOf('v1.Container', {
    name: TEXT,
    restartPolicy: { is: 'string', go: 'v1.ContainerRestartPolicy' },
    ports: listOf(
      struct('v1.ContainerPort', { name: TEXT, hostPort: INT32, containerPort: INT32, protocol: PROTOCOL, hostIP: TEXT }),
      'refused',
    ),
  }),
  'taken', // Refused for its lack of a name and an image, which are not looked at here.
);

/** Kubernetes: core/v1 types.go, the fields that say how a pod stands in the network. */
export const POD_SPEC = partOf('v1.PodSpec', {
  containers: CONTAINERS,
  initContainers: CONTAINERS,
  hostNetwork: BOOLEAN,
  nodeName: TEXT,
  hostname: TEXT,
  subdomain: TEXT,
  dnsPolicy: { is: 'string', go: 'v1.DNSPolicy' },
  dnsConfig: partOf('v1.PodDNSConfig', { nameservers: listOf(TEXT, 'taken'), searches: listOf(TEXT, 'taken') }),
});
