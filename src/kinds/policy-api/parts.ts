// The parts that the kinds of policy.networking.k8s.io have in common: subjects, peers, and their limits.

import { get } from '../../objects/read.ts';
import { readCidr } from '../../objects/validate-cidr.ts';
import type { ObjectSchema, Schema } from './crd-schema.ts';

export const SELECTOR: Schema = { is: 'selector' };

/** `{ namespaceSelector, podSelector }`. */
export function podsSchema(required: readonly string[]): ObjectSchema {
  return { is: 'object', fields: { namespaceSelector: SELECTOR, podSelector: SELECTOR }, required };
}

/** Exactly one of these fields. */
export function exactlyOne(fields: ObjectSchema['fields'], rule?: ObjectSchema['rule']): ObjectSchema {
  return { is: 'object', fields, min: 1, max: 1, ...(rule === undefined ? {} : { rule }) };
}

export const NETWORKS: Schema = {
  is: 'list',
  of: {
    is: 'string',
    maxBytes: 43,
    rule: (text) => (typeof text === 'string' && readCidr(text) === undefined ? 'Invalid CIDR format provided' : undefined),
  },
  min: 1,
  max: 25,
  isSet: true,
};

/** At least two labels; the `A-z` is upstream's. */
export const DOMAIN_NAMES: Schema = {
  is: 'list',
  of: {
    is: 'string',
    pattern: /^(\*\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$/,
  },
  min: 1,
  max: 25,
  isSet: true,
};

export const PORT: Schema = { is: 'integer', min: 1, max: 65535 };
export const PRIORITY: Schema = { is: 'integer', min: 0, max: 1000 };
export const RULE_NAME: Schema = { is: 'string', maxBytes: 100 };

/** Peers that have no pods, and so no names for ports. */
export function namesPortsOf(others: readonly string[], portsKey: string, nameKey: string): ObjectSchema['rule'] {
  return (rule) => {
    const hasName = asList(get(rule, portsKey)).some((port) => get(port, nameKey) !== undefined);
    const hasOther = asList(get(rule, 'to')).some((peer) => others.some((key) => get(peer, key) !== undefined));
    const list = others.join('/');
    // QUOTED: the CRD's validation rule
    return hasName && hasOther ? `${list} peer cannot be set with namedPorts since there are no namedPorts for ${list}` : undefined;
  };
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
