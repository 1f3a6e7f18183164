// Every connection of the intents made in the live cluster, from the source pods themselves.
import { Failure } from '../failure.ts';
import type { Cluster } from '../model/cluster.ts';
import type { ProbeWay } from '../probe/connect.ts';
import { creations, holds, type ManyOptions, type Probed, probeMany } from '../probe/many.ts';
import { type ProbePlan, planProbe } from '../probe/plan.ts';
import { httpStatus } from '../probe/script.ts';
import { type Check, type IntentsRun, type Measured, withChecks, withMeasured } from '../question/intents.ts';
import type { ClusterAccess } from '../source/cluster-access.ts';
import { failureSentence } from '../words/en/failures.ts';
import { withoutControl } from '../words/en/measured.ts';
import { creationsSentence } from '../words/en/probing.ts';
import type { ClusterPort } from './ports.ts';

export interface LiveOptions {
  readonly access: ClusterAccess;
  /** Use a tool of the pods' own images, which creates nothing. */
  readonly exec?: boolean;
  readonly image: string;
  readonly timeout: number;
  readonly parallel: number;
  /** Told what is going to be created in the cluster; throws to stop it. */
  readonly mayCreate: (what: string) => Promise<void>;
  /** Ends it; what was created is taken away first. */
  readonly signal: AbortSignal;
  readonly denySymptom: ManyOptions['denySymptom'];
  readonly onProgress?: ManyOptions['onProgress'];
}

/** Failures: those of `mayCreate` and of the cluster, `interrupted`. What concerns one pod alone fails its check. */
export async function onCluster(port: ClusterPort, run: IntentsRun, cluster: Cluster, options: LiveOptions): Promise<IntentsRun> {
  const way: ProbeWay = options.exec === true ? 'exec' : 'debug';
  const planned = new Map<Check, ProbePlan | Failure>();
  for (const { checks } of run.results)
    for (const check of checks) if (check.answer !== undefined) planned.set(check, planned.get(check) ?? plan(cluster, check));
  const plans = [...planned.values()].filter((each): each is ProbePlan => !(each instanceof Failure));
  if (way !== 'exec' && plans.length > 0) await options.mayCreate(creationsSentence(creations(plans, way, options.image)));
  const probed =
    plans.length === 0
      ? []
      : await port.probing(options.access, (api) =>
          probeMany(api, plans, {
            way,
            image: options.image,
            timeoutSeconds: options.timeout,
            denySymptom: options.denySymptom,
            signal: options.signal,
            atOnce: options.parallel,
            ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
          }),
        );
  const byPlan = new Map(probed.map((each) => [each.plan, each]));
  return withChecks(run, (check) => {
    const found = planned.get(check);
    if (found === undefined) return check;
    if (found instanceof Failure)
      return withMeasured(check, { by: 'cluster', outcome: 'unknown', control: undefined, text: failureSentence(found).text });
    const one = byPlan.get(found);
    return one === undefined ? check : withMeasured(check, measuredOf(check, one));
  });
}

function plan(cluster: Cluster, { answer, to, http }: Check): ProbePlan | Failure {
  if (answer === undefined) return new Failure('nothing-to-probe', { to });
  try {
    return planProbe(cluster, answer, { http });
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function measuredOf({ expect }: Check, probed: Probed): Measured {
  if ('failure' in probed) return { by: 'cluster', outcome: 'unknown', control: undefined, text: failureSentence(probed.failure).text };
  const held = holds(expect, probed);
  const { result, text } = probed.outcome;
  const shown = text === '' ? result : text;
  if (held === 'not-proven')
    return result === 'timed-out' || result === 'no-answer' || result === 'refused' || result === 'unreachable'
      ? { by: 'cluster', outcome: 'denied', control: 'silent', text: withoutControl(shown, probed.noControl) }
      : { by: 'cluster', outcome: 'unknown', control: undefined, text: shown };
  const isAllowed = (held === 'yes') === (expect === 'allowed');
  const status = httpStatus(text);
  return {
    by: 'cluster',
    outcome: isAllowed ? 'allowed' : 'denied',
    control: 'answers',
    ...(status !== undefined && { status }),
    text: shown,
  };
}
