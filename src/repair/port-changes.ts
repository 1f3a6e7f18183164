// The ports that one pair of ends gains and loses by a change: what is sure, and what hangs on a doubt.
import { intersectPorts, isNoPorts, NO_PORTS, type PortSet, subtractPorts, unionPorts } from '../net/port-set.ts';
import type { Doubt } from '../policy/verdict.ts';
import type { RowAnswer } from '../reach/row-answers.ts';
import type { Row } from './effect.ts';

export interface PortChange {
  readonly list: 'opened' | 'closed';
  readonly ports: PortSet;
  readonly certainty: Row['certainty'];
}

export type Changed = readonly PortChange[];

/** Sure where it is for both families. What one family loses is told before what the other gains on the same ports. */
export function ofFamilies(v4: Changed, v6: Changed): Changed {
  const of = (changes: Changed, list: PortChange['list'], certainty?: PortChange['certainty']) =>
    changes
      .filter((change) => change.list === list && (certainty === undefined || change.certainty === certainty))
      .reduce((ports, change) => unionPorts(ports, change.ports), NO_PORTS);
  const lost = unionPorts(of(v4, 'closed'), of(v6, 'closed'));
  const gained = subtractPorts(unionPorts(of(v4, 'opened'), of(v6, 'opened')), lost);
  const told = [
    { list: 'closed', ports: lost },
    { list: 'opened', ports: gained },
  ] as const;
  return told.flatMap(({ list, ports }): PortChange[] => {
    const sure = intersectPorts(of(v4, list, 'sure'), of(v6, list, 'sure'));
    const changes: PortChange[] = [
      { list, ports: intersectPorts(ports, sure), certainty: 'sure' },
      { list, ports: subtractPorts(ports, sure), certainty: 'perhaps' },
    ];
    return changes.filter((change) => !isNoPorts(change.ports));
  });
}

/**
 * What is open on one side and not on the other. `expected` counts as nothing: it is what was asked for; `openIn`: ports that an answer
 * leaves open.
 */
export function difference(before: RowAnswer, after: RowAnswer, expected: PortSet, openIn: (answer: RowAnswer) => PortSet): Changed {
  const [wasOpen, isOpen] = [openIn(before), openIn(after)];
  const [was, is] = [before.allowed, after.allowed];
  const minus = (a: PortSet, b: PortSet) => subtractPorts(subtractPorts(a, b), expected);
  const changes: PortChange[] = [
    { list: 'opened', ports: minus(is, unionPorts(was, wasOpen)), certainty: 'sure' },
    {
      list: 'opened',
      ports: unionPorts(minus(intersectPorts(is, wasOpen), was), minus(isOpen, unionPorts(was, wasOpen))),
      certainty: 'perhaps',
    },
    { list: 'closed', ports: minus(was, unionPorts(is, isOpen)), certainty: 'sure' },
    {
      list: 'closed',
      ports: unionPorts(minus(intersectPorts(was, isOpen), is), minus(wasOpen, unionPorts(is, isOpen))),
      certainty: 'perhaps',
    },
  ];
  return changes.filter(({ ports }) => !isNoPorts(ports));
}

/** Ports that stay open to doubt. */
export function openPorts({ undecided }: RowAnswer, isSettled: (doubt: Doubt) => boolean): PortSet {
  return undecided.filter(({ because }) => !because.every(isSettled)).reduce((ports, one) => unionPorts(ports, one.ports), NO_PORTS);
}
