// Both directions of a row together: the ports that both ends allow, and the ports that stay open with what would decide them.
import type { Family } from '../net/ip.ts';
import {
  ALL_PORTS,
  intersectPorts,
  isNoPorts,
  NO_PORTS,
  type PortSet,
  printPortSet,
  subtractPorts,
  unionOfPorts,
  unionPorts,
} from '../net/port-set.ts';
import { type Doubt, distinctDoubts, doubtKey, isNonEmpty, type NonEmpty } from '../policy/verdict.ts';
import { interning } from './numbering.ts';
import { DESTINATION, type KeyOfDoubt, type PortAnswers, SOURCE, union } from './port-answers.ts';

/** Equal answers are one value, and equal port sets are, too: whoever prints them may remember the text by the value. */
export interface RowAnswer {
  readonly id: number;
  readonly allowed: PortSet;
  readonly undecided: readonly { readonly ports: PortSet; readonly because: NonEmpty<Doubt>; readonly namesEnds: boolean }[];
  readonly allowsAny: boolean;
  /** Nothing is allowed and nothing is open: no row. */
  readonly isEmpty: boolean;
}

export interface RowAnswering {
  readonly nothing: RowAnswer;
  readonly join: (egress: PortAnswers, ingress: PortAnswers) => RowAnswer;
  /**
   * The same where `familiesDiffer` in both directions. There each family is joined by itself, because one that an end denies is denied
   * whatever the other end lets through of it. `ofFamily` joins the two directions of one family.
   */
  readonly joinFamilies: (egress: PortAnswers, ingress: PortAnswers, ofFamily: (family: Family) => RowAnswer) => RowAnswer;
  /** The answer on these ports and on no others. */
  readonly within: (answer: RowAnswer, ports: PortSet) => RowAnswer;
}

/** `only`: rows speak of these ports and of no others. */
export function rowAnswering(only: PortSet, keyOf: KeyOfDoubt = doubtKey): RowAnswering {
  const sets = new Map<string, PortSet>([
    ['all', ALL_PORTS],
    ['none', NO_PORTS],
  ]);
  const internSet = (set: PortSet): PortSet => {
    const key = printPortSet(set);
    const known = sets.get(key);
    if (known !== undefined) return known;
    sets.set(key, set);
    return set;
  };
  const answers = interning<RowAnswer>();
  const intern = (allowed: PortSet, undecided: ReadonlyMap<string, { ports: PortSet; because: NonEmpty<Doubt> }>): RowAnswer => {
    const open = [...undecided].sort(([a], [b]) => (a < b ? -1 : 1));
    const key = [printPortSet(allowed), ...open.map(([doubts, { ports }]) => `${printPortSet(ports)} ${doubts}`)].join('\n');
    return answers.of(key, (id) => ({
      id,
      allowed: internSet(allowed),
      undecided: open.map(([, { ports, because }]) => ({ ports: internSet(ports), because, namesEnds: because.some(namesEnd) })),
      allowsAny: !isNoPorts(allowed),
      isEmpty: isNoPorts(allowed) && open.length === 0,
    }));
  };
  /** By the ids of the two: there are few answers, and many rows. */
  const known: RowAnswer[][] = [];
  const answering: RowAnswering = {
    nothing: intern(NO_PORTS, new Map()),
    within({ allowed, undecided }, wanted) {
      const left = undecided.flatMap(({ ports, because }) => {
        const within = intersectPorts(ports, wanted);
        return isNoPorts(within) ? [] : [[because.map(keyOf).join('; '), { ports: within, because }] as const];
      });
      return intern(intersectPorts(allowed, wanted), new Map(left));
    },
    joinFamilies(egress, ingress, ofFamily) {
      const both = answering.join(egress, ingress);
      const crossed = intersectPorts(intersectPorts(whereFamiliesDiffer(egress), whereFamiliesDiffer(ingress)), only);
      if (isNoPorts(crossed)) return both;
      const [IPv4, IPv6] = [ofFamily(4), ofFamily(6)];
      const undecided = new Map<string, { ports: PortSet; because: NonEmpty<Doubt> }>();
      const add = (ports: PortSet, because: NonEmpty<Doubt>) => {
        if (isNoPorts(ports)) return;
        const doubts = because.map(keyOf).join('; ');
        undecided.set(doubts, { ports: unionPorts(undecided.get(doubts)?.ports ?? NO_PORTS, ports), because });
      };
      for (const { ports, because } of both.undecided) add(subtractPorts(ports, crossed), because);
      const undecidedIn = (answer: RowAnswer) => unionOfPorts(answer.undecided.map(({ ports }) => ports));
      const allowed = intersectPorts(IPv4.allowed, IPv6.allowed);
      const alsoUndecided = intersectPorts(undecidedIn(IPv6), crossed);
      for (const { ports, because } of IPv4.undecided) add(intersectPorts(ports, alsoUndecided), because);
      const same = unionPorts(allowed, intersectPorts(undecidedIn(IPv4), alsoUndecided));
      const notDenied = unionOfPorts([IPv4.allowed, IPv6.allowed, undecidedIn(IPv4), undecidedIn(IPv6)]);
      add(subtractPorts(intersectPorts(notDenied, crossed), same), [{ code: 'families-differ' }]);
      return intern(unionPorts(subtractPorts(both.allowed, crossed), intersectPorts(allowed, crossed)), undecided);
    },
    join(egress, ingress) {
      known[egress.id] ??= [];
      const knownForEgress = known[egress.id] as RowAnswer[];
      const found = knownForEgress[ingress.id];
      if (found !== undefined) return found;
      let allowed = NO_PORTS;
      const undecided = new Map<string, { ports: PortSet; because: NonEmpty<Doubt> }>();
      for (const out of egress.parts) {
        if (out.outcome === 'denied') continue;
        for (const into of ingress.parts) {
          if (into.outcome === 'denied') continue;
          const ports = intersectPorts(intersectPorts(out.ports, into.ports), only);
          if (isNoPorts(ports)) continue;
          const because = union(out.because, into.because);
          if (!isNonEmpty(because)) {
            allowed = unionPorts(allowed, ports);
            continue;
          }
          const doubts = because.map(keyOf).join('; ');
          undecided.set(doubts, { ports: unionPorts(undecided.get(doubts)?.ports ?? NO_PORTS, ports), because });
        }
      }
      const made = intern(allowed, undecided);
      knownForEgress[ingress.id] = made;
      return made;
    },
  };
  return answering;
}

/** Ports on which a direction says one thing of IPv4 and another of IPv6. */
function whereFamiliesDiffer({ parts }: PortAnswers): PortSet {
  return unionOfPorts(parts.filter(({ because }) => because.some(({ code }) => code === 'families-differ')).map(({ ports }) => ports));
}

function namesEnd(doubt: Doubt): boolean {
  return 'end' in doubt && (doubt.end === SOURCE || doubt.end === DESTINATION);
}

/** The doubts of a row with the names of its ends: `address-unknown shop/cart-1 …`. */
export function instantiated(because: NonEmpty<Doubt>, source: string, destination: string): NonEmpty<Doubt> {
  const [first, ...others] = because.map((doubt) => {
    if (!namesEnd(doubt) || !('end' in doubt)) return doubt;
    return { ...doubt, end: doubt.end === SOURCE ? source : destination };
  }) as [Doubt, ...Doubt[]];
  return distinctDoubts([first, ...others]);
}
