// `test --kernel`: every connection of the intents made in the flat lab, and its control beside it. Loaded only when asked for.
import type { Ask } from '../lab/ask.ts';
import type { Cluster } from '../model/cluster.ts';
import { podEnd } from '../policy/end.ts';
import type { Semantics } from '../profile/profile.ts';
import { type Check, type IntentsRun, type Measured, withChecks, withMeasured } from '../question/intents.ts';
import { kernelMeasured } from '../words/en/measured.ts';
import type { KernelPort } from './ports.ts';

interface Wanted {
  readonly asks: readonly Ask[];
  readonly control: readonly Ask[];
}

/** Failures: those of the lab. `kernel`: which one, for the report. */
export async function onKernel(
  port: KernelPort,
  run: IntentsRun,
  { cluster, semantics }: { readonly cluster: Cluster; readonly semantics: Semantics },
  onProgress: { onProgress?: (done: number, all: number) => void } = {},
): Promise<{ readonly run: IntentsRun; readonly kernel: string }> {
  const checks = run.results.flatMap((result) => result.checks).filter(isMeasurable);
  const wanted = new Map(checks.map((check) => [check, wantedOf(check)]));
  const asks = [...wanted.values()].flatMap((each) => [...each.asks, ...each.control]);
  const { observed, kernel } = await port.ask(cluster, semantics, asks, onProgress);
  let next = 0;
  const measured = new Map<Check, Measured>();
  for (const [check, each] of wanted) {
    const own = each.asks.flatMap(() => observed[next++] ?? []);
    const control = each.control.flatMap(() => observed[next++] ?? []);
    measured.set(check, measuredOf(check, own, control));
  }
  return {
    kernel,
    run: withChecks(run, (check) => {
      const found = measured.get(check);
      return found === undefined ? check : withMeasured(check, found);
    }),
  };
}

/** What has no connection, or is wrong for another reason than policies, is not settled by packets. */
function isMeasurable({ answer, code }: Check): boolean {
  const legs = answer?.connections.flatMap((connection) => connection.legs) ?? [];
  // The kernel knows addresses alone, and cannot tell by which name they were asked for.
  const isByName = legs.some(({ leg }) => leg.destination.kind === 'outside' && leg.destination.name !== undefined);
  return legs.length > 0 && !isByName && !['broken', 'only-lookup-denied', 'control-fails', 'no-control'].includes(code);
}

function wantedOf({ answer, expect, control }: Check): Wanted {
  const legs = answer?.connections.flatMap((connection) => connection.legs) ?? [];
  const asks = legs.flatMap(({ leg: { source, destination, protocol, port } }): readonly Ask[] =>
    protocol === 'ICMP' ? [] : [{ source, destination, protocol, port }],
  );
  // Who may reach it by the model must reach it here: then the destination listens, and the packet of the denial would have come through.
  const source = control?.by === 'peer' ? podEnd(control.pod) : undefined;
  return { asks, control: expect === 'denied' && source !== undefined ? asks.slice(0, 1).map((ask) => ({ ...ask, source })) : [] };
}

function measuredOf(check: Check, own: readonly string[], control: readonly string[]): Measured {
  const through = own.filter((each) => each === 'allowed').length;
  const stopped = own.filter((each) => each.startsWith('denied')).length;
  const outcome =
    own.length === 0 || through + stopped < own.length ? 'unknown' : stopped === 0 ? 'allowed' : through === 0 ? 'denied' : 'partial';
  // In the lab everybody listens where somebody dials; its own controls have shown that packets arrive.
  const answers = control.length === 0 ? check.control !== undefined : control.every((each) => each === 'allowed');
  const text = kernelMeasured({ through, sent: own.length, lost: outcome === 'unknown' });
  return { by: 'kernel', outcome, control: answers ? 'answers' : 'silent', text };
}
