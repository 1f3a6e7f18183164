// Calico's NetworkPolicy and GlobalNetworkPolicy, of its API (projectcalico.org/v3) and as it stores them (crd.projectcalico.org/v1).
// Staged kinds are never in force and make no policy. Semantics: docs/kinds/calico.md.
import { at } from '../../model/origin.ts';
import type { Problem } from '../../model/problem.ts';
import { dig, get, textOf } from '../../objects/read.ts';
import { isAboutName, type KindObject, type PolicyKind } from '../kind.ts';
import { lowerPolicy } from './lower.ts';
import { tierCalled } from './objects.ts';
import { problemsOf } from './validate.ts';

const VERSIONS: ReadonlyMap<string, string> = new Map([
  ['projectcalico.org', 'v3'],
  ['crd.projectcalico.org', 'v1'],
]);

function calicoKind(kind: string, group: string, scope: PolicyKind['scope']): PolicyKind {
  return {
    kind,
    group,
    scope,
    lower(object, surroundings) {
      const { value, origin } = object;
      const problems = [...versionProblems(object, group), ...problemsOf(object)];
      const faults = problems.filter((problem) => problem.severity === 'error' && !isAboutName(problem, origin));
      const tier = textOf(dig(value, 'spec', 'tier')) || 'default';
      const place = tierCalled(tier, surroundings);
      if (place === undefined) {
        const facts = {
          kind,
          name: object.name,
          field: 'spec.tier',
          error: 'Invalid value',
          value: JSON.stringify(tier),
          // QUOTED: Calico's API server
          detail: 'tier does not exist',
        };
        const missing: Problem = { code: 'invalid', severity: 'error', facts, origin: at(origin, 'spec', 'tier') };
        problems.push(missing);
        faults.push(missing);
      }
      // Policies of the raw and mangle tables: they are for host endpoints, never for pods.
      const isForHosts = get(get(value, 'spec'), 'doNotTrack') === true || get(get(value, 'spec'), 'preDNAT') === true;
      return { policies: isForHosts ? [] : lowerPolicy(object, surroundings, { tier, place }, faults), problems };
    },
  };
}

function versionProblems({ kind, name, apiVersion, origin }: KindObject, group: string): readonly Problem[] {
  const use = `${group}/${VERSIONS.get(group)}`;
  if (apiVersion === use) return [];
  return [
    { code: 'not-served', severity: 'error', facts: { kind, apiVersion, name, use, useKind: kind }, origin: at(origin, 'apiVersion') },
  ];
}

export const CALICO_KINDS: readonly PolicyKind[] = [...VERSIONS.keys()].flatMap((group) => [
  calicoKind('NetworkPolicy', group, 'namespaced'),
  calicoKind('GlobalNetworkPolicy', group, 'cluster'),
]);
