// What every part of an object of Cilium's is made into, and what stands for an object that cannot be read.
import type { Origin } from '../../model/origin.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule, type Rules, type Subject } from '../../model/policy.ts';
import type { Problem } from '../../model/problem.ts';
import { everything } from '../../objects/normalise-selector.ts';
import type { KindObject } from '../kind.ts';

type Lists = Readonly<Record<Direction, readonly Rule[] | undefined>>;

/** undefined for a direction: the part has no list for it, and does not govern it. */
export function policyOf(object: KindObject, place: Origin, subject: Subject, opensOnly: readonly Direction[], lists: Lists): Policy {
  const { kind, name, namespace, origin, value } = object;
  const rules = (direction: Direction): Rules => lists[direction] ?? 'not-governed';
  return {
    kind,
    tier: 'namespaced',
    order: 0,
    needs: 'cilium',
    ...(opensOnly.length === 0 ? {} : { opensOnly }),
    name,
    namespace,
    ref: namespace === undefined ? name : `${namespace}/${name}`,
    subject,
    ingress: rules('ingress'),
    egress: rules('egress'),
    types: { written: true, directions: DIRECTIONS.filter((direction) => lists[direction] !== undefined), origin: place },
    ignored: {},
    faults: [],
    origin,
    value,
  };
}

/** In the place of an object whose content is not known, or that nobody knows to be in force: the widest that it could be. */
export function standIn(object: KindObject, needs: 'cilium' | 'cilium-open', faults: readonly Problem[]): Policy {
  const { namespace, origin } = object;
  const subject: Subject = {
    namespace: namespace === undefined ? { by: 'any' } : { by: 'name', name: namespace },
    pods: everything(origin),
  };
  return {
    ...policyOf(object, origin, subject, [], { ingress: [], egress: [] }),
    tier: 'admin',
    order: -Infinity,
    needs,
    faults,
  };
}
