// From a verdict to its causes: what stops the connection, first blocker first. Facts only; the words are in words/en/cause.ts.
import type { Cluster } from '../model/cluster.ts';
import { type Direction, type Policy, printRuleRef } from '../model/policy.ts';
import type { Facts } from '../model/problem.ts';
import { namesIn } from '../policy/dns-names.ts';
import type { Connection } from '../policy/end.ts';
import type { DirectionVerdict, Verdict } from '../policy/verdict.ts';
import type { CellName, Semantics } from '../profile/profile.ts';
import { asConfigured } from '../program/cilium-settings.ts';
import type { Cause, CauseCode, Context } from './causes.ts';
import { causesOfDenial } from './denial.ts';
import { deniedByRule } from './denied-by-rule.ts';
import { departing, onNode, unenforcedCause } from './enforcement.ts';
import { type NearMiss, nearMisses } from './near-miss.ts';

export interface DirectionExplanation {
  readonly direction: Direction;
  readonly verdict: DirectionVerdict;
  /** Nearest first. Empty unless the verdict is denied or undecided. */
  readonly misses: readonly NearMiss[];
  readonly causes: readonly Cause[];
}

export interface Explanation {
  readonly verdict: Verdict;
  readonly egress: DirectionExplanation;
  readonly ingress: DirectionExplanation;
  /** First blocker first: egress happens before ingress. */
  readonly causes: readonly Cause[];
}

/** Why `decide` answered as it did. `verdict` must be its answer to the same question. Never throws. */
export function explain(
  cluster: Cluster,
  semantics: Semantics,
  connection: Connection,
  verdict: Verdict,
  context: Context = {},
): Explanation {
  const of = (direction: Direction) => explainDirection(cluster, semantics, direction, connection, verdict[direction], context);
  const [egress, ingress] = [of('egress'), of('ingress')];
  const oneSide = oneSided(verdict);
  const configured = asConfigured(cluster, semantics);
  const unenforced: Cause[] = configured.enforces === 'no' ? [unenforcedCause(cluster, configured, connection)] : [];
  // A denial comes before a doubt: it holds whatever decides the doubt.
  const rank = (causes: readonly Cause[], outcome: DirectionVerdict['outcome']) => (outcome === 'denied' ? causes : []);
  const denials = [...rank(egress.causes, egress.verdict.outcome), ...rank(ingress.causes, ingress.verdict.outcome)];
  const rest = [...egress.causes, ...ingress.causes].filter((cause) => !denials.includes(cause));
  return {
    verdict,
    egress,
    ingress,
    causes: [
      ...denials,
      ...oneSide,
      ...rest,
      ...unenforced,
      ...departing(cluster, semantics, connection, verdict),
      ...onNode(cluster, semantics, connection, verdict),
    ],
  };
}

/** Somebody wrote the rule at one end and forgot the other (semantics F NP070). */
function oneSided({ egress, ingress }: Verdict): Cause[] {
  const [open, shut]: readonly Direction[] = egress.outcome === 'allowed' ? ['egress', 'ingress'] : ['ingress', 'egress'];
  const [a, b] = open === 'egress' ? [egress, ingress] : [ingress, egress];
  if (a.outcome !== 'allowed' || b.outcome !== 'denied') return [];
  const first = a.rules[0];
  return [
    {
      code: 'one-side-only',
      direction: shut as Direction,
      facts: { allowedBy: first.policy.ref, allows: open as Direction, denies: shut as Direction },
      at: first.rule.origin,
    },
  ];
}

/** Open cells that have a page of their own. */
const CODE_OF_CELL: Readonly<Partial<Record<CellName, CauseCode>>> = {
  ipBlockMatchesPod: 'ipblock-for-a-pod',
  ipBlockMatchesServiceAddress: 'ipblock-for-a-service-address',
};

function explainDirection(
  cluster: Cluster,
  semantics: Semantics,
  direction: Direction,
  connection: Connection,
  verdict: DirectionVerdict,
  context: Context,
): DirectionExplanation {
  switch (verdict.outcome) {
    case 'allowed':
    case 'not-isolated':
    case 'exempt':
    case 'partial': // the legs of each family have their own explanation
      return { direction, verdict, misses: [], causes: [] };
    case 'undecided': {
      const causes = verdict.because.map((doubt): Cause => {
        const facts: Facts = {
          ...('cell' in doubt ? { cell: doubt.cell } : {}),
          ...('policy' in doubt ? factsOfUnread(doubt.policy) : {}),
          ...('policies' in doubt ? { policies: doubt.policies.map(({ kind, ref }) => `${kind} ${ref}`) } : {}),
          ...('end' in doubt ? { end: doubt.end } : {}),
          ...('endpoint' in doubt ? { endpoint: doubt.endpoint.name } : {}),
          ...('port' in doubt ? { port: doubt.port } : {}),
          ...('because' in doubt ? { because: doubt.because } : {}),
          ...('rule' in doubt && doubt.rule !== undefined ? { rule: printRuleRef(doubt.rule) } : {}),
          ...(doubt.code === 'name-unresolved' ? { names: namesIn(doubt.rule.rule) } : {}),
        };
        const at =
          'rule' in doubt && doubt.rule !== undefined
            ? doubt.rule.rule.origin
            : 'policy' in doubt
              ? doubt.policy.origin
              : 'policies' in doubt
                ? doubt.policies[0]?.origin
                : 'endpoint' in doubt
                  ? doubt.endpoint.origin
                  : undefined;
        const code = doubt.code === 'profile-differs' ? (CODE_OF_CELL[doubt.cell] ?? doubt.code) : doubt.code;
        const fault = 'policy' in doubt ? doubt.policy.faults[0] : undefined;
        return { code, direction, facts, ...(fault !== undefined && { fault }), ...(at === undefined ? {} : { at }) };
      });
      return { direction, verdict, misses: [], causes };
    }
    case 'denied': {
      const asked = { connection, dialled: context.service?.port };
      if (verdict.rule !== undefined) return { direction, verdict, ...deniedByRule(cluster, semantics, direction, asked, verdict.rule) };
      const misses = nearMisses(cluster, semantics, verdict.policies, direction, asked);
      return {
        direction,
        verdict,
        misses,
        causes: causesOfDenial(cluster, semantics, direction, connection, verdict.policies, misses, context),
      };
    }
  }
}

/** Which policy it is, and what keeps it from being read: who decides by it, or what is wrong with it. */
function factsOfUnread({ ref, kind, faults }: Policy): Facts {
  const [fault] = faults;
  const { decides, layer } = fault?.facts ?? {};
  if (decides !== undefined) return { policy: ref, kind, decides, ...(layer === undefined ? {} : { layer }) };
  return { policy: ref, kind, ...(fault === undefined ? {} : { because: fault.code }) };
}
