// The first, fine cut of the pods: pods of one namespace whose labels look the same to every selector and whose named ports are
// the same are one cell. classes.ts joins cells that no policy tells apart.
import { asksForTraits, type ContainerPort, isLive, type Pod } from '../model/cluster.ts';
import type { NamespaceMatch } from '../model/policy.ts';
import type { Labels } from '../model/selector.ts';
import { PROTOCOLS, type Protocol } from '../net/port-set.ts';
import { labelStates, matcherOf } from './matching-labels.ts';
import { numberPairs } from './numbering.ts';
import type { Selection, Selections } from './selections.ts';

/** A port that a pod declares under a name which some policy uses. */
export interface NamedPort {
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** Declared by an ordinary container; init containers and sidecars are in doubt (semantics A.3). */
  readonly isMain: boolean;
}

export interface Cells {
  /** For every pod in the order given, its cell. */
  readonly cellOfPod: Uint32Array;
  readonly count: number;
  /** False for completed pods: no policy selects them, no selector means them. */
  readonly isLive: readonly boolean[];
  /** Into `portLists`. */
  readonly portsOf: readonly number[];
  /** Distinct lists of named ports; the first is the empty one. */
  readonly portLists: readonly (readonly NamedPort[])[];
  /** The live cells that a selection means, no doubles. */
  readonly cellsIn: (selection: Selection) => readonly number[];
}

/** `pods`: those with an address of their own, completed ones among them. */
export function cellsOf(
  pods: readonly Pod[],
  {
    labelsOf,
    namespaceLabels,
  }: { readonly labelsOf: (pod: Pod, withTraits: boolean) => Labels; readonly namespaceLabels: (namespace: string) => Labels },
  selections: Selections,
): Cells {
  const namespaces: string[] = [];
  const namespaceNumber = new Map<string, number>();
  const selectors = selections.pods.flatMap(({ selector }) => selector ?? []);
  const labels = labelStates(selectors);
  const hasTraits = selectors.some(asksForTraits);
  const named = namedPortLists(selections.portNames);

  const places = numberPairs();
  const looks = numberPairs();
  const cellOfPod = new Uint32Array(pods.length);
  const live: boolean[] = [];
  const portsOf: number[] = [];
  const cellsOfPlace: number[][] = [];
  const placesOfNamespace: number[][] = [];
  const stateOfPlace: number[] = [];
  // The pods of one template stand side by side and share their labels.
  let lastLabels: Labels | undefined;
  let state = 0;
  for (let i = 0; i < pods.length; i++) {
    const pod = pods[i] as Pod;
    let namespace = namespaceNumber.get(pod.namespace);
    if (namespace === undefined) {
      namespace = namespaces.length;
      namespaceNumber.set(pod.namespace, namespace);
      namespaces.push(pod.namespace);
      placesOfNamespace.push([]);
    }
    const own = labelsOf(pod, hasTraits);
    if (own !== lastLabels) {
      lastLabels = own;
      state = labels.stateOf(own);
    }
    const place = places.of(namespace, state);
    if (place === cellsOfPlace.length) {
      cellsOfPlace.push([]);
      stateOfPlace.push(state);
      (placesOfNamespace[namespace] as number[]).push(place);
    }
    const ports = named.listOf(pod.ports);
    const isAlive = isLive(pod);
    const cell = looks.of(place, ports * 2 + (isAlive ? 1 : 0));
    if (cell === live.length) {
      live.push(isAlive);
      portsOf.push(ports);
      if (isAlive) (cellsOfPlace[place] as number[]).push(cell);
    }
    cellOfPod[i] = cell;
  }

  const matchingNamespaces = namespaceMatcher(selections, namespaces, namespaceNumber, namespaceLabels);
  const matchingStates = stateMatcher(selections, labels.states);
  return {
    cellOfPod,
    count: live.length,
    isLive: live,
    portsOf,
    portLists: named.lists,
    cellsIn(selection) {
      const states = matchingStates(selection);
      const found: number[] = [];
      for (const namespace of matchingNamespaces(selection)) {
        const here = placesOfNamespace[namespace] as number[];
        if (states === 'all' || here.length <= states.size) {
          for (const place of here) if (states === 'all' || states.has(stateOfPlace[place] as number)) add(found, cellsOfPlace[place]);
        } else {
          for (const state of states) add(found, cellsOfPlace[places.find(namespace, state) ?? -1]);
        }
      }
      return found;
    },
  };
}

function add(list: number[], more: readonly number[] | undefined): void {
  if (more !== undefined) for (const item of more) list.push(item);
}

function namespaceMatcher(
  selections: Selections,
  names: readonly string[],
  numberOf: ReadonlyMap<string, number>,
  labelsOf: (namespace: string) => Labels,
): (selection: Selection) => readonly number[] {
  const all = names.map((_, i) => i);
  const matching = matcherOf(names.map(labelsOf));
  const meant = (match: NamespaceMatch): readonly number[] => {
    switch (match.by) {
      case 'any':
        return all;
      case 'name': {
        const number = numberOf.get(match.name);
        return number === undefined ? [] : [number];
      }
      case 'labels':
        return matching(match.selector);
    }
  };
  const found = selections.namespaces.map(({ match }) => meant(match));
  return ({ namespaces }) => found[namespaces.id] as readonly number[];
}

function stateMatcher(selections: Selections, states: readonly Labels[]): (selection: Selection) => ReadonlySet<number> | 'all' {
  const matching = matcherOf(states);
  const found = selections.pods.map(({ selector }) => (selector === undefined ? 'all' : new Set(matching(selector))));
  return ({ pods }) => found[pods.id] as ReadonlySet<number> | 'all';
}

/** Numbers lists of named ports, looking only at the names and protocols that policies use. */
function namedPortLists(used: Selections['portNames']): {
  readonly lists: readonly (readonly NamedPort[])[];
  readonly listOf: (ports: readonly ContainerPort[]) => number;
} {
  const names = numberPairs();
  const chain = numberPairs(1);
  const nameNumbers = new Map([...used.keys()].map((name, i) => [name, i]));
  const listOfChain = new Map<number, number>([[0, 0]]);
  const lists: NamedPort[][] = [[]];
  // A number that is no port cannot be connected to; the API server would refuse the pod.
  const isUsed = (name: string | undefined, protocol: Protocol, port: number) =>
    name !== undefined && port >= 1 && port <= 65535 && used.get(name)?.has(protocol) === true;
  return {
    lists,
    listOf(ports) {
      let link = 0;
      for (const { name, port, protocol, role } of ports) {
        const number = name === undefined ? undefined : nameNumbers.get(name);
        if (number === undefined || !isUsed(name, protocol, port)) continue;
        const what = (port * PROTOCOLS.length + PROTOCOLS.indexOf(protocol)) * 2 + (role === 'main' ? 1 : 0);
        link = chain.of(link, names.of(number, what));
      }
      let list = listOfChain.get(link);
      if (list === undefined) {
        list = lists.length;
        listOfChain.set(link, list);
        lists.push(
          ports.flatMap(({ name, port, protocol, role }) =>
            name !== undefined && isUsed(name, protocol, port) ? [{ name, port, protocol, isMain: role === 'main' }] : [],
          ),
        );
      }
      return list;
    },
  };
}
