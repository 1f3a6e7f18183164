// `test --live`: every connection of the intents made in the cluster, from the source pods themselves. Loaded only when asked for.
import { Failure } from '../failure.ts';
import type { Cluster } from '../model/cluster.ts';
import type { ProbeWay } from '../probe/connect.ts';
import { creations, holds, type ManyOptions, type Probed, probeMany } from '../probe/many.ts';
import { type ProbePlan, planProbe } from '../probe/plan.ts';
import { type Check, type IntentsRun, type Measured, withChecks, withMeasured } from '../question/intents.ts';
import { failureSentence } from '../words/en/failures.ts';
import { creationsSentence, noControlSentence } from '../words/en/probing.ts';
import type { ClusterFlags } from './cluster-input.ts';
import { askBefore, withProbing } from './live-probing.ts';

export interface LiveOptions extends ClusterFlags {
  readonly exec?: boolean;
  readonly image: string;
  readonly timeout: number;
  readonly parallel: number;
  readonly yes?: boolean;
  readonly denySymptom: ManyOptions['denySymptom'];
  readonly onProgress?: ManyOptions['onProgress'];
}

/** Failures: `not-wanted`, `needs-yes`, `interrupted`, and those of the cluster. What concerns one pod alone fails its check. */
export async function onCluster(run: IntentsRun, cluster: Cluster, options: LiveOptions): Promise<IntentsRun> {
  const way: ProbeWay = options.exec === true ? 'exec' : 'debug';
  const planned = new Map<Check, ProbePlan | Failure>();
  for (const { checks } of run.results)
    for (const check of checks) if (check.answer !== undefined) planned.set(check, planned.get(check) ?? plan(cluster, check));
  const plans = [...planned.values()].filter((each): each is ProbePlan => !(each instanceof Failure));
  if (way !== 'exec' && plans.length > 0) await askBefore(creationsSentence(creations(plans, way, options.image)), options);
  const probed =
    plans.length === 0
      ? []
      : await withProbing(options, (api, signal) =>
          probeMany(api, plans, {
            way,
            image: options.image,
            timeoutSeconds: options.timeout,
            denySymptom: options.denySymptom,
            signal,
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

function plan(cluster: Cluster, { answer, to }: Check): ProbePlan | Failure {
  if (answer === undefined) return new Failure('nothing-to-probe', { to });
  try {
    return planProbe(cluster, answer);
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
      ? {
          by: 'cluster',
          outcome: 'denied',
          control: 'silent',
          text: `${shown}; ${probed.noControl === undefined ? 'its control does not answer' : noControlSentence(probed.noControl)}`,
        }
      : { by: 'cluster', outcome: 'unknown', control: undefined, text: shown };
  const isAllowed = (held === 'yes') === (expect === 'allowed');
  return { by: 'cluster', outcome: isAllowed ? 'allowed' : 'denied', control: 'answers', text: shown };
}
