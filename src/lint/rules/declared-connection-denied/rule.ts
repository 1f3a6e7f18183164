// A connection that a pod is configured to make (a Service in its environment or arguments), and that policies deny.
import type { Pod, Service } from '../../../model/cluster.ts';
import type { Origin } from '../../../model/origin.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../../model/policy.ts';
import type { Protocol } from '../../../net/port-set.ts';
import { podEnd } from '../../../policy/end.ts';
import { fastVerdict } from '../../../reach/verdict-of.ts';
import { selects, targetPortOf } from '../../../route/endpoints.ts';
import type { LintContext } from '../../context.ts';
import { type DeclaredNeed, declaredNeeds, portsMeant } from '../../declared-needs.ts';
import { firstNames } from '../../facts.ts';
import { classOfPod, reachIn, workloadsByClass } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { servicePods } from '../../service-pods.ts';

export const declaredConnectionDenied = defineRule({
  id: 'declared-connection-denied',
  catalogue: ['NP070'],
  severity: 'warning',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['one', 'many'],
  check(context, report) {
    const groups = new Map<string, Denied[]>();
    for (const pods of workloadsByClass(context)) {
      for (const pod of pods) {
        for (const denied of deniedNeeds(context, pod)) {
          const key = `${denied.direction} ${denied.policies.map(({ ref }) => ref).join(' ')}`;
          const group = groups.get(key);
          if (group === undefined) groups.set(key, [denied]);
          else group.push(denied);
        }
      }
    }
    for (const group of groups.values()) {
      const [first] = group;
      if (first === undefined) continue;
      const { direction } = first;
      const policies = firstNames(first.policies.map(({ ref }) => ref));
      const where = first.policies[0]?.origin;
      if (group.length > MOST) {
        const calls = firstNames(group.map(({ from, need }) => `${from.workload} → ${need.written}`));
        const related: (Origin | undefined)[] = group.slice(0, MOST).map(({ from }) => from.origin);
        report('many', { count: group.length, direction, policies, calls }, where, { related });
        continue;
      }
      for (const { from, need, service, to, port } of group) {
        const facts = {
          from: from.workload,
          written: need.written,
          direction,
          policies,
          port,
          to: firstNames(to.map(({ workload }) => workload)),
        };
        report('one', facts, where, { related: [from.origin, service.origin] });
      }
    }
  },
});

/** More than this by one set of policies are one finding: a default deny that came first denies everything. */
const MOST = 3;

interface Denied {
  readonly from: Pod;
  readonly need: DeclaredNeed;
  readonly service: Service;
  readonly to: readonly Pod[];
  /** `27017/TCP`. */
  readonly port: string;
  readonly direction: Direction;
  /** Those that isolate the end which denies. */
  readonly policies: readonly Policy[];
}

/** One for each Service that the pod names and reaches on none of the ports that are meant. */
function deniedNeeds(context: LintContext, from: Pod): readonly Denied[] {
  const done = new Set<Service>();
  return declaredNeeds(context, from).flatMap((need): readonly Denied[] => {
    const { service } = need;
    // What a pod says of the Service in front of itself is the address that it gives to others.
    if (service === undefined || service.type === 'ExternalName' || done.has(service) || selects(service, from)) return [];
    done.add(service);
    const to = backendsMeant(context, service, need);
    const answers = portsMeant(service, need).flatMap((port) => {
      const answer = answerOf(context, from, to, (pod) => targetPortOf(pod, port), port.protocol);
      return answer === undefined ? [] : [answer];
    });
    const [first] = answers;
    if (first === undefined || first === 'passes' || answers.includes('passes')) return [];
    return [{ from, need, service, to, ...first }];
  });
}

function backendsMeant(context: LintContext, service: Service, { replica }: DeclaredNeed): readonly Pod[] {
  const pods = servicePods(context, service).filter((pod) => !pod.hostNetwork);
  const named = pods.filter(({ name, dns }) => replica !== undefined && (name === replica || dns.hostname === replica));
  return named.length > 0 ? named : pods;
}

/** `passes` when one backend can be reached, or it is open whether it can; undefined without a backend on that port. */
function answerOf(
  context: LintContext,
  from: Pod,
  to: readonly Pod[],
  portOf: (pod: Pod) => number | undefined,
  protocol: Protocol,
): 'passes' | Pick<Denied, 'direction' | 'policies' | 'port'> | undefined {
  let denied: Pick<Denied, 'direction' | 'policies' | 'port'> | undefined;
  const asked = new Set<string>();
  for (const pod of to) {
    const port = portOf(pod);
    const key = `${classOfPod(context, pod)} ${port}`;
    if (port === undefined || pod === from || asked.has(key)) continue;
    asked.add(key);
    const verdict = fastVerdict(reachIn(context), { source: podEnd(from), destination: podEnd(pod), protocol, port });
    if (verdict.outcome !== 'denied') return 'passes';
    for (const direction of DIRECTIONS) {
      const side = verdict[direction];
      if (side.outcome === 'denied') denied ??= { direction, policies: side.policies, port: `${port}/${protocol}` };
    }
  }
  return denied;
}
