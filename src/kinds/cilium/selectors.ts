// Selectors of identities: which keys they have, which scope they get, and whom of pods, nodes and the outside they mean.
// Cilium: pkg/k8s/apis/cilium.io/utils/utils.go getEndpointSelector, pkg/policy/types/selector.go.

import { POD_TRAITS } from '../../model/cluster.ts';
import type { Origin } from '../../model/origin.ts';
import type { NamespaceMatch } from '../../model/policy.ts';
import { type Labels, type Requirement, type Selector, satisfies } from '../../model/selector.ts';
import { everything, selectorOf } from '../../objects/normalise-selector.ts';
import { ACCOUNT_KEY, CLUSTER_KEY, isIdentityLabel, type LabelKey, NAMESPACE_KEY, NAMESPACE_LABELS, readKey } from './labels.ts';
import type { Around } from './surroundings.ts';

/** A requirement with its key taken apart. */
export interface Term extends LabelKey {
  readonly requirement: Requirement;
}

export type Terms = readonly Term[];

export function termsOf(selector: unknown, origin: Origin): Terms {
  return selectorOf(selector, origin).requirements.map((requirement) => ({ ...readKey(requirement.key), requirement }));
}

const isK8s = ({ source }: LabelKey) => source === 'k8s' || source === 'any';
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** An entry of fromEndpoints or toEndpoints, with the scope that Cilium gives it. `namespace`: undefined for a clusterwide policy. */
export function scoped(
  terms: Terms,
  namespace: string | undefined,
  { settings }: Pick<Around, 'settings'>,
  origin: Origin,
  isForInit = false,
): Terms {
  if (terms.some(({ source }) => source === 'reserved')) return terms;
  const added: Term[] = [];
  const add = (key: string, operator: 'In' | 'Exists', ...values: readonly string[]) =>
    added.push({ source: 'k8s', key, requirement: { key, operator, values, origin } });
  if (!terms.some((term) => isK8s(term) && term.key === NAMESPACE_KEY)) {
    if (namespace === undefined) {
      if (!isForInit) add(NAMESPACE_KEY, 'Exists');
    } else if (!terms.some((term) => isK8s(term) && term.key.startsWith(NAMESPACE_LABELS))) add(NAMESPACE_KEY, 'In', namespace);
  }
  if (settings.defaultLocalCluster && !terms.some((term) => isK8s(term) && term.key === CLUSTER_KEY))
    add(CLUSTER_KEY, 'In', settings.clusterName);
  return [...terms, ...added];
}

/** The pods that these terms mean; undefined: none, whatever their labels. */
export interface PodsMeant {
  readonly namespace: NamespaceMatch;
  readonly pods: Selector;
}

export function podsMeant(terms: Terms, { settings }: Pick<Around, 'settings'>, origin: Origin): PodsMeant | undefined {
  const ofNamespace: Requirement[] = [];
  const ofPod: Requirement[] = [];
  for (const term of terms) {
    const { key, requirement } = term;
    if (!isK8s(term)) {
      if (!satisfies({ ...requirement, key }, NOTHING)) return undefined;
    } else if (key === NAMESPACE_KEY) ofNamespace.push({ ...requirement, key: NAME_LABEL });
    else if (key.startsWith(NAMESPACE_LABELS)) ofNamespace.push({ ...requirement, key: key.slice(NAMESPACE_LABELS.length) });
    else if (key === ACCOUNT_KEY) ofPod.push({ ...requirement, key: POD_TRAITS.serviceAccount });
    else if (key === CLUSTER_KEY) {
      if (!satisfies({ ...requirement, key }, new Map([[key, settings.clusterName]]))) return undefined;
    } else if (isIdentityLabel(key)) ofPod.push({ ...requirement, key });
    else if (!satisfies({ ...requirement, key }, NOTHING)) return undefined;
  }
  return { namespace: namespacesMeant(ofNamespace, origin), pods: { requirements: ofPod, origin } };
}

const NOTHING: Labels = new Map();

function namespacesMeant(requirements: readonly Requirement[], origin: Origin): NamespaceMatch {
  // Every pod has a namespace.
  const telling = requirements.filter(({ key, operator }) => !(key === NAME_LABEL && operator === 'Exists'));
  const [only, ...others] = telling;
  if (only === undefined) return { by: 'any' };
  const [name, ...names] = only.values;
  if (others.length === 0 && only.key === NAME_LABEL && only.operator === 'In' && name !== undefined && names.length === 0)
    return { by: 'name', name };
  return { by: 'labels', selector: { requirements: telling, origin } };
}

/** Nobody at all: no set of labels satisfies it. */
export function nobody(origin: Origin): Selector {
  return { requirements: [{ key: '', operator: 'NoneOf', values: [], of: [everything(origin)], origin }], origin };
}

/** Does an identity that is no pod's satisfy the terms? `labels`: with sources, `reserved:host`, `node:zone`. */
export function meansIdentity(terms: Terms, labels: Labels): boolean {
  return terms.every(({ source, key, requirement }) => {
    const own = source === 'any' ? SOURCES.map((one) => labels.get(`${one}:${key}`)) : [labels.get(`${source}:${key}`)];
    const present = own.filter((value) => value !== undefined);
    const found = present.length === 0 ? [NOTHING] : present.map((value): Labels => new Map([[key, value]]));
    return requirement.operator === 'NotIn' || requirement.operator === 'DoesNotExist'
      ? found.every((one) => satisfies({ ...requirement, key }, one))
      : found.some((one) => satisfies({ ...requirement, key }, one));
  });
}

const SOURCES = ['k8s', 'reserved', 'node'] as const;
