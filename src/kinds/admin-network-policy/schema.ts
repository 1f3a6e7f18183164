// The CRDs of AdminNetworkPolicy and BaselineAdminNetworkPolicy v1alpha1, experimental channel (bundle v0.1.7).
import type { ObjectSchema, Schema } from '../policy-api/crd-schema.ts';
import { DOMAIN_NAMES, exactlyOne, NETWORKS, namesPortsOf, PORT, PRIORITY, podsSchema, RULE_NAME, SELECTOR } from '../policy-api/parts.ts';

/** No enum: `tcp` and `ICMP` are taken, and match nothing. */
const PROTOCOL: Schema = { is: 'string' };

const PORT_LIST: Schema = {
  is: 'list',
  of: exactlyOne({
    portNumber: { is: 'object', fields: { protocol: PROTOCOL, port: PORT }, required: ['port'] },
    // A range that ends before it starts is taken, and matches nothing.
    portRange: { is: 'object', fields: { protocol: PROTOCOL, start: PORT, end: PORT }, required: ['start', 'end'] },
    namedPort: { is: 'string' },
  }),
  min: 1,
  max: 100,
};

const INSIDE = { namespaces: SELECTOR, pods: podsSchema(['namespaceSelector', 'podSelector']) };

interface Channel {
  readonly actions: readonly string[];
  /** Peers of egress rules that are no pods. */
  readonly outside: ObjectSchema['fields'];
}

function rules(peersKey: 'from' | 'to', peers: ObjectSchema['fields'], { actions, outside }: Channel): Schema {
  const rule = peersKey === 'to' ? namesPortsOf(Object.keys(outside), 'ports', 'namedPort') : undefined;
  return {
    is: 'list',
    max: 100,
    of: {
      is: 'object',
      fields: {
        name: RULE_NAME,
        action: { is: 'string', oneOf: actions },
        [peersKey]: { is: 'list', of: exactlyOne(peers), min: 1, max: 100 },
        ports: PORT_LIST,
      },
      required: ['action', peersKey],
      ...(rule === undefined ? {} : { experimentalRule: rule }),
    },
  };
}

function spec(channel: Channel, more: ObjectSchema['fields'], required: readonly string[]): ObjectSchema {
  return {
    is: 'object',
    fields: {
      ...more,
      subject: exactlyOne(INSIDE),
      ingress: rules('from', INSIDE, channel),
      egress: rules('to', { ...INSIDE, ...channel.outside }, channel),
    },
    required,
  };
}

export const ADMIN_NETWORK_POLICY_SPEC = spec(
  { actions: ['Allow', 'Deny', 'Pass'], outside: { networks: NETWORKS, nodes: SELECTOR, domainNames: DOMAIN_NAMES } },
  { priority: PRIORITY },
  ['priority', 'subject'],
);

export const BASELINE_ADMIN_NETWORK_POLICY_SPEC = spec(
  { actions: ['Allow', 'Deny'], outside: { networks: NETWORKS, nodes: SELECTOR } },
  {},
  ['subject'],
);
