// `describe` as a document: a policy, or all policies on a pod, with what each rule means today and the traps in it.
import type { Description, RuleDescription } from '../question/describe.ts';
import type { NamespacePosture } from '../question/posture.ts';
import { trapWords } from '../words/en/describe.ts';
import { peerWords } from '../words/en/peers.ts';
import type { DescribedObject, DescriptionDocument, RuleDocument, SideDocument, Standing } from './documents/description.ts';
import { placeOf } from './place.ts';

/** `kind: Description`, schemas/description.schema.json. `namespace`: of a whole namespace, its pods in numbers. */
export function descriptionDocument(descriptions: readonly Description[], namespace?: NamespacePosture): DescriptionDocument {
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'Description',
    ...(namespace !== undefined && { namespace }),
    descriptions: descriptions.map(describedObject),
  };
}

function describedObject(description: Description): DescribedObject {
  const { of, kind, standing, namespaces, name, namespace, at, selector, selects, selectedPods, pods, onNode, traps } = description;
  return {
    of,
    ...(of === 'policy' && kind !== 'NetworkPolicy' && { kind }),
    ...(standing !== undefined && { standing: standingDocument(standing) }),
    ...(namespaces !== undefined && { namespaces }),
    name,
    ...(namespace !== undefined && { namespace }),
    at: placeOf(at),
    selector,
    selects,
    ...(of === 'policy' && { selectedPods }),
    ...(pods !== undefined && { pods }),
    ...(onNode && { onNode: true }),
    ingress: sideDocument(description.ingress),
    egress: sideDocument(description.egress),
    traps: traps.map((trap) => ({
      code: trap.code,
      policy: trap.policy,
      ...(trap.direction !== undefined && { direction: trap.direction }),
      ...(Object.keys(trap.facts).length > 0 && { facts: trap.facts }),
      text: trapWords(trap),
      at: placeOf(trap.at),
    })),
  };
}

/** INVARIANT: only the tiers of an order have a standing. JSON has no infinite number, which stands for a priority that cannot be read. */
function standingDocument({ tier, priority }: NonNullable<Description['standing']>): Standing {
  return { tier: tier === 'admin' ? 'admin' : 'baseline', priority: Number.isFinite(priority) ? priority : null };
}

function sideDocument({ isolated, by, also, rules }: Description['ingress']): SideDocument {
  return { isolated, by, ...(also.length > 0 && { also }), rules: rules.map(ruleDocument) };
}

function ruleDocument({ rule, policy, action, tier, at, peers, ports }: RuleDescription): RuleDocument {
  const isPlain = tier === 'namespaced';
  return {
    rule,
    policy,
    at: placeOf(at),
    // A peer of another kind is an object of the engine: the document has its words.
    peers: peers.map(({ peer, ...facts }) => ({ ...facts, ...(peer !== undefined && { said: peerWords(peer) }) })),
    ports,
    ...((action !== 'allow' || !isPlain) && { action }),
    ...(!isPlain && { tier }),
  };
}
