// The rules inside Cilium's objects as they are written: what checks of these kinds look through.
import { at, type Origin } from '../model/origin.ts';
import type { Direction, Policy } from '../model/policy.ts';
import { dig, get, isObject, type Json, listOf } from '../objects/read.ts';
import type { LintContext } from './context.ts';

export interface CiliumSpec {
  readonly policy: Policy;
  readonly spec: Json;
  readonly origin: Origin;
}

/** Every `spec` and every one of `specs`, once for an object. */
export function ciliumSpecs({ cluster }: LintContext): readonly CiliumSpec[] {
  return cluster.policies.flatMap((policy): readonly CiliumSpec[] => {
    if (policy.kind !== 'CiliumNetworkPolicy' && policy.kind !== 'CiliumClusterwideNetworkPolicy') return [];
    // Of an object that is several policies the first stands for it.
    if ((policy.part ?? 0) > 0) return [];
    const { value, origin } = policy;
    const many = listOf(dig(value, 'specs')).map((spec, i) => ({ spec, origin: at(origin, 'specs', i) }));
    const all = [{ spec: get(value, 'spec'), origin: at(origin, 'spec') }, ...many];
    return all.flatMap(({ spec, origin: place }) => (isObject(spec) ? [{ policy, spec, origin: place }] : []));
  });
}

export interface CiliumEntry {
  readonly direction: Direction;
  /** `ingressDeny[0]`. */
  readonly name: string;
  readonly isDeny: boolean;
  readonly entry: Json;
  readonly origin: Origin;
}

/** The entries of its four sections. */
export function ciliumEntries({ spec, origin }: CiliumSpec): readonly CiliumEntry[] {
  return (['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const).flatMap((section) =>
    listOf(get(spec, section)).flatMap((entry, i): readonly CiliumEntry[] =>
      isObject(entry)
        ? [
            {
              direction: section.startsWith('ingress') ? 'ingress' : 'egress',
              name: `${section}[${i}]`,
              isDeny: section.endsWith('Deny'),
              entry,
              origin: at(origin, section, i),
            },
          ]
        : [],
    ),
  );
}
