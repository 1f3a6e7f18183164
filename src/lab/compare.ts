// What one probe should give, by the engine, and whether what happened agrees. Pure.
import type { Connection } from '../policy/end.ts';
import type { Verdict } from '../policy/verdict.ts';
import type { Probe } from './plan.ts';

/**
 * What the kernel did, by its own record. `refused`: the rules let it through and nobody listened. `lost`: neither an answer nor a
 * record came, so the lab failed and nothing is known.
 */
export type Observation = 'allowed' | 'denied-egress' | 'denied-ingress' | 'refused' | 'lost';

export function connectionOf({ source, destination, protocol, port }: Probe): Connection {
  return { source: source.end, destination: destination.end, protocol, port, family: source.address.family };
}

/**
 * What the kernel may do when it agrees with the verdict. Egress is asked first, so a packet that both ends deny counts as denied by egress;
 * where one direction is undecided the other may still deny. [] when nothing can be said: the verdict is undecided, or of two families
 * that differ, which no packet is.
 */
export function expectedOf({ outcome, egress }: Verdict): readonly Observation[] {
  if (outcome === 'allowed') return ['allowed'];
  if (outcome !== 'denied') return [];
  if (egress.outcome === 'denied') return ['denied-egress'];
  return egress.outcome === 'undecided' ? ['denied-egress', 'denied-ingress'] : ['denied-ingress'];
}
