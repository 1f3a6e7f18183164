// What the enforcer behind a profile does otherwise than the policies say: sentences around the reasons of departure.ts.
import { DEPARTING_VERSIONS, shapeWords } from './departure.ts';

type Enforced = 'open' | 'shut';

/** `kube-router 1.6–2.9 … lets this through although the policies deny it`. */
export function departureHead(enforced: Enforced): string {
  return `${DEPARTING_VERSIONS} ${enforced === 'open' ? 'lets this through although the policies deny it' : 'blocks this although the policies allow it'}`;
}

/** The same of a change: what begins with it, or ends with it. */
export function changedDepartureHead(enforced: Enforced, state: 'appears' | 'goes'): string {
  const words = {
    appears: {
      open: 'lets this through after the change although the policies deny it',
      shut: 'blocks this after the change although the policies allow it',
    },
    goes: {
      open: 'let this through before the change although the policies denied it',
      shut: 'blocked this before the change although the policies allowed it',
    },
  };
  return `${DEPARTING_VERSIONS} ${words[state][enforced]}`;
}

/** `why`: the shape of policy that explains it; `repair`: what to do. */
export function departureReason(shapes: string): { readonly why: string; readonly repair: string } {
  return shapeWords(shapes);
}

export function toDo(repair: string): string {
  return `to do: ${repair}`;
}

/** Of a map, which can be narrowed, or of a comparison. */
export function departuresIncomplete(of: 'map' | 'diff'): string {
  const more = of === 'map' ? '; narrow the map with --focus' : '';
  return `the enforcer had too many connections to be asked about, so it may depart on more than these${more}`;
}

export function moreInJson(count: number): string {
  return `and ${count} more (-o json has all)`;
}
