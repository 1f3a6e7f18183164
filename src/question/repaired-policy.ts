// A policy that cannot be read, put right: the edits that lint has for what the API server refuses in it. What such a policy leaves open
// no other edit can settle, so it comes before all others.
import { contextOf } from '../lint/context.ts';
import { INPUT_FAULTS } from '../lint/input-faults.ts';
import { RULE_IDS, RULES } from '../lint/rules/index.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import { apiErrorText } from '../objects/validate-problem.ts';
import { chooseProfile, isUnknown } from '../profile/choose.ts';
import { isPlaced } from '../repair/edited-value.ts';
import type { Draft } from '../repair/lever.ts';

/**
 * One draft for all of them, with a lever for each: `repair-policy`. undefined when one of them has a fault that no edit puts right: a
 * person has to say what was meant.
 */
export function repairedPolicies(cluster: Cluster, policies: readonly Policy[]): Draft | undefined {
  const repaired = policies.map((policy) => repairedPolicy(cluster, policy));
  if (!repaired.every((draft) => draft !== undefined)) return undefined;
  return { levers: repaired.flatMap(({ levers }) => levers), steps: repaired.flatMap(({ steps }) => steps) };
}

function repairedPolicy(cluster: Cluster, policy: Policy): Draft | undefined {
  const choice = chooseProfile('kubernetes');
  if (policy.kind !== 'NetworkPolicy' || isUnknown(choice)) return undefined;
  // Only this policy's problems: a rule looks at nothing else of the cluster for them.
  const { document, path } = policy.origin;
  const isOwn = (origin: Policy['origin'] | undefined) => origin?.document === document && path.every((part, i) => origin.path[i] === part);
  const problems = cluster.problems.filter(({ origin }) => isOwn(origin));
  const context = contextOf({ ...cluster, problems }, choice, RULE_IDS);
  const findings = RULES.filter(({ id }) => (INPUT_FAULTS as readonly string[]).includes(id)).flatMap((rule) => rule.check(context));
  const edits = findings.flatMap(({ fix, origin }) => (isOwn(origin) ? (fix?.edits ?? []) : [])).filter(isPlaced);
  const [first] = edits;
  if (first === undefined) return undefined;
  const faults = [...new Set(policy.faults.map((fault) => apiErrorText(fault) || fault.code))];
  return {
    levers: [{ code: 'repair-policy', facts: { policy: policy.ref, faults }, at: policy.faults[0]?.origin ?? first.at }],
    steps: [{ kind: 'edit', object: { kind: 'policy', policy }, edits }],
  };
}
