// Who else could reach a workload, or be reached by it: entries of documents, and workloads that are exposed alike together.
import type { Workload } from '../model/cluster.ts';
import { printRuleRef } from '../model/policy.ts';
import { type ExposedPeer, exposuresOf } from '../reach/exposure.ts';
import { exposureDepartures } from '../reach/exposure-departing.ts';
import type { Reach } from '../reach/reach.ts';
import type { MapExposedDeparture, MapExposedPeer, MapExposure } from './documents/connectivity-map.ts';
import type { AnyPorts } from './documents/ports.ts';
import type { GroupedRow } from './map-groups.ts';
import { portsDocument, portsKey } from './ports.ts';

/** One entry after another, in the order of the workloads. */
export function* exposureDocuments(reach: Reach, isAsked: (workload: Workload) => boolean): Generator<MapExposure> {
  const departuresOn = exposureDepartures(reach);
  for (const exposure of exposuresOf(reach, isAsked)) {
    const { workload, pods, direction, isolated, unreadable, byAddress, peers } = exposure;
    const departures = departuresOn(exposure).map(
      ({ shape, rule, peer }): MapExposedDeparture => ({ ...peerDocument(peer), shapes: shape, rules: [printRuleRef(rule)] }),
    );
    yield {
      workload,
      ...(pods === undefined ? {} : { pods }),
      direction,
      isolated,
      ...(unreadable.length === 0 ? {} : { unreadable }),
      ...(byAddress.length === 0 ? {} : { byAddress }),
      peers: peers.map(peerDocument),
      ...(departures.length === 0 ? {} : { departures }),
    };
  }
}

function peerDocument({ kind, namespace, namespaces, pods, allowed, named }: ExposedPeer): MapExposedPeer {
  return {
    peer: kind === 'entire-cluster' ? kind : { ...(namespace === undefined ? {} : { namespace }), namespaces, pods },
    allowed: portsDocument(allowed),
    ...(named.length === 0 ? {} : { named }),
  };
}

/** Workloads that are exposed alike in one direction. */
export interface ExposureGroup {
  /** Workloads, or those of their pods that are meant. */
  readonly ends: readonly string[];
  readonly exposure: MapExposure;
  /** Addresses outside that the map has a row with. */
  readonly ranges: readonly { readonly range: string; readonly allowed: AnyPorts }[];
}

/** `rows`: of the map; only those with a range outside count. In the order of the exposures. */
export function exposureGroups(
  exposures: readonly MapExposure[],
  rows: Iterable<GroupedRow>,
  direction: MapExposure['direction'],
): readonly ExposureGroup[] {
  const ranges = rangesByEnd(rows, direction);
  const found = new Map<string, ExposureGroup & { readonly ends: string[] }>();
  for (const exposure of exposures) {
    if (exposure.direction !== direction) continue;
    const { workload, pods, isolated, unreadable, byAddress, peers, departures } = exposure;
    const own = ranges.get(pods?.[0] ?? workload) ?? ranges.get(workload) ?? [];
    const key = JSON.stringify([
      isolated,
      unreadable,
      byAddress,
      peers,
      departures,
      own.map(({ range, allowed }) => [range, portsKey(allowed)]),
    ]);
    const group = found.get(key);
    if (group === undefined) found.set(key, { ends: [...(pods ?? [workload])], exposure, ranges: own });
    else group.ends.push(...(pods ?? [workload]));
  }
  return [...found.values()];
}

function rangesByEnd(rows: Iterable<GroupedRow>, direction: MapExposure['direction']): ReadonlyMap<string, ExposureGroup['ranges']> {
  const found = new Map<string, { readonly range: string; readonly allowed: AnyPorts }[]>();
  for (const { from, to, allowed } of rows) {
    const [range, end] = direction === 'ingress' ? [from, to] : [to, from];
    if (!/^[0-9a-f.:]+-[0-9a-f.:]+$/.test(range)) continue;
    const own = found.get(end);
    if (own === undefined) found.set(end, [{ range, allowed }]);
    else own.push({ range, allowed });
  }
  return found;
}
