// Words for a proof that did not agree, so that a failing test shows the packet, both answers and the way through the rules.
import type { ProveReport } from '../../src/lab/report.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import type { Semantics } from '../../src/profile/profile.ts';

/** [] when engine and kernel agree, the two evaluators too, and nothing was lost. */
export function disagreements({ differences, differing, lost, evaluatorsDiffer }: ProveReport): string[] {
  return [
    ...differences.map(
      ({ probe, expected, observed, walk, moved }) =>
        `${nameOf(probe)}: engine ${expected.join('/')}, kernel ${observed}, walker ${walk.chains.join(' > ')}, counters ${moved.map(({ counter }) => counter).join(', ')}`,
    ),
    ...(differing > differences.length ? [`and ${differing - differences.length} more`] : []),
    ...lost.map((probe) => `${nameOf(probe)}: lost`),
    ...evaluatorsDiffer.map((probe) => `${nameOf(probe)}: the fast evaluator differs from the plain one`),
  ];
}

function nameOf({ source, destination, protocol, port }: ProveReport['lost'][number]): string {
  return `${source.name} -> ${destination.name} ${protocol}/${port} IPv${source.address.family}`;
}

export function semantics(name: string): Semantics {
  const choice = chooseProfile(name);
  if (isUnknown(choice)) throw new Error(`no profile ${name}`);
  return semanticsOf(choice);
}
