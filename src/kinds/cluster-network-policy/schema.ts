// The CRD of ClusterNetworkPolicy v1alpha2, experimental channel (bundle v0.2.0): `nodes` and `domainNames` are fields of that channel.
import { get } from '../../objects/read.ts';
import type { ObjectSchema, Schema } from '../policy-api/crd-schema.ts';
import { DOMAIN_NAMES, exactlyOne, NETWORKS, namesPortsOf, PORT, PRIORITY, podsSchema, RULE_NAME, SELECTOR } from '../policy-api/parts.ts';

const RANGE: ObjectSchema = {
  is: 'object',
  fields: { start: PORT, end: PORT },
  required: ['start', 'end'],
  rule(range) {
    const [start, end] = [get(range, 'start'), get(range, 'end')];
    // QUOTED: the CRD's validation rule
    return typeof start === 'number' && typeof end === 'number' && start >= end ? 'Start port must be less than End port' : undefined;
  },
};

const ONE_PROTOCOL: ObjectSchema = { is: 'object', fields: { destinationPort: exactlyOne({ number: PORT, range: RANGE }) }, min: 1 };

const PROTOCOL_LIST: Schema = {
  is: 'list',
  of: exactlyOne({ tcp: ONE_PROTOCOL, udp: ONE_PROTOCOL, sctp: ONE_PROTOCOL, destinationNamedPort: { is: 'string' } }),
  min: 1,
  max: 25,
};

const PODS = podsSchema(['podSelector']);
const INSIDE = { namespaces: SELECTOR, pods: PODS };

function rules(peersKey: 'from' | 'to', peers: ObjectSchema['fields'], rule?: ObjectSchema['rule']): Schema {
  return {
    is: 'list',
    max: 25,
    of: {
      is: 'object',
      fields: {
        name: RULE_NAME,
        action: { is: 'string', oneOf: ['Accept', 'Deny', 'Pass'] },
        [peersKey]: { is: 'list', of: exactlyOne(peers), min: 1, max: 25 },
        protocols: PROTOCOL_LIST,
      },
      required: ['action', peersKey],
      ...(rule === undefined ? {} : { experimentalRule: rule }),
    },
  };
}

const namesOf = namesPortsOf(['networks', 'nodes', 'domainNames'], 'protocols', 'destinationNamedPort');

export const CLUSTER_NETWORK_POLICY_SPEC: ObjectSchema = {
  is: 'object',
  fields: {
    tier: { is: 'string', oneOf: ['Admin', 'Baseline'] },
    priority: PRIORITY,
    subject: exactlyOne(INSIDE),
    ingress: rules('from', INSIDE),
    egress: rules('to', { ...INSIDE, networks: NETWORKS, nodes: SELECTOR, domainNames: DOMAIN_NAMES }, namesOf),
  },
  required: ['tier', 'priority', 'subject'],
};
