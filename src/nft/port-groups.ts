// Distinct sets of ports, numbered. A pair of classes points to one number, however many ports it stands for: that keeps the big map at one
// element per pair, and the sets of ports small.
import { isNoPorts, NO_PORTS, type PortSet, printPortSet, unionPorts } from '../net/port-set.ts';
import { portElements } from './elements.ts';
import { EVERY_PORT, type Numbering } from './ids.ts';
import { isSpan, type NftSet } from './ruleset.ts';

/** `every-port` is more than all ports of the three protocols: other protocols pass too. */
export type Opening = PortSet | 'every-port';

export function unionOpenings(a: Opening, b: Opening): Opening {
  return a === 'every-port' || b === 'every-port' ? 'every-port' : unionPorts(a, b);
}

export function isClosed(opening: Opening): boolean {
  return opening !== 'every-port' && isNoPorts(opening);
}

export interface PortGroups {
  /** Add ports to what a pair has (`undefined` or a number from before) and get the number of the union. */
  readonly with: (group: number | undefined, opening: Opening) => number;
  /** `ports` (exact) and `port-ranges`: group . protocol . port, for the groups in use. */
  readonly sets: (used: ReadonlySet<number>) => NftSet[];
}

export const PORTS = 'ports';
export const PORT_RANGES = 'port-ranges';

export function portGroups(ids: Numbering): PortGroups {
  const opened = new Map<number, PortSet>();
  const unions = new Map<number, Map<Opening, number>>();
  const intern = (ports: PortSet): number => {
    const id = ids.idOf('ports', printPortSet(ports));
    opened.set(id, ports);
    return id;
  };
  return {
    with: (group, opening) => {
      if (opening === 'every-port' || group === EVERY_PORT) return EVERY_PORT;
      const before = group ?? 0;
      const known = unions.get(before) ?? new Map<Opening, number>();
      unions.set(before, known);
      const id = known.get(opening) ?? intern(unionPorts(opened.get(before) ?? NO_PORTS, opening));
      known.set(opening, id);
      return id;
    },
    sets: (used) => {
      const elements = [...opened]
        .filter(([id]) => used.has(id))
        .flatMap(([id, ports]) => portElements(ports).map((element) => [id, ...element]));
      const fields = ['meta mark', 'meta l4proto', 'th dport'] as const;
      return [
        { name: PORTS, fields, interval: false, elements: elements.filter((element) => !element.some(isSpan)) },
        { name: PORT_RANGES, fields, interval: true, elements: elements.filter((element) => element.some(isSpan)) },
      ];
    },
  };
}
