// `why --watch`: the answer about a live cluster, again whenever it is another. What is drawn where is for watch-screen.ts.

import { decidedInput } from '../app/input.ts';
import { nodePorts } from '../app/node-ports.ts';
import { profileFor } from '../app/profile.ts';
import { Failure } from '../failure.ts';
import { clusterOf } from '../manifest/load.ts';
import { semanticsOf } from '../profile/choose.ts';
import { asReadBy } from '../program/in-force.ts';
import { wishOf } from './input.ts';
import { watchScreen } from './watch-screen.ts';
import { answered, type WhyOptions, whyOutput } from './why-answer.ts';

/** Ends with Ctrl-C; the exit code is that of the last answer, 2 when there was none. Failure when it is not a cluster that is asked. */
export async function watchWhy(from: string, to: string, options: WhyOptions): Promise<void> {
  if ((await decidedInput(nodePorts.files, wishOf(options).input)).from !== 'cluster') {
    throw new Failure('watch-needs-cluster', {});
  }
  process.exitCode = 2;
  await watchScreen(options, [from, to], async ({ objects, namespace, context }) => {
    process.exitCode = 2;
    const semantics = semanticsOf(await profileFor(nodePorts.files, { objects, context }, options));
    const cluster = asReadBy(clusterOf(objects, [], namespace), semantics);
    const asked = { cluster, namespace, context, semantics };
    const answer = answered(asked, { from, to }, options);
    const text = await whyOutput(asked, answer, { from, to }, options);
    process.exitCode = answer.outcome === 'allowed' ? 0 : 1;
    return text;
  });
}
