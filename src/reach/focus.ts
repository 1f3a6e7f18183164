// Which rows a map is asked for, when it is not asked for all: the ends in focus, their direction, and the other ends.
import { INGRESS_CONTROLLER } from './ingress-controller.ts';
import type { MapEnd } from './map-ends.ts';

export interface Focus {
  /** `shop/cart[Deployment]`; or a pod `shop/cart-6d4`, which stands for its workload where the map has no pods; `{ingress-controller}`. */
  readonly ends: readonly string[];
  /** `ingress`: only what reaches the focus; `egress`: only what it reaches. */
  readonly direction?: 'ingress' | 'egress';
  /** Only rows whose other end is one of these. Outside ranges are never among them. */
  readonly peers?: readonly string[];
}

export interface Selected {
  /** The ends to which a source has rows in focus. `undefined`: an outside range is the source. */
  readonly targetsOf: (from: MapEnd | undefined) => 'all' | readonly MapEnd[];
  readonly hasOutsideTarget: (from: MapEnd) => boolean;
  readonly hasControllerRow: (to: MapEnd) => boolean;
}

export function selectedBy(focus: Focus | undefined, ends: readonly MapEnd[]): Selected {
  if (focus === undefined) return { targetsOf: () => 'all', hasOutsideTarget: () => true, hasControllerRow: () => true };
  const inFocus = ends.filter((end) => isNamed(end, new Set(focus.ends)));
  const peers = focus.peers === undefined ? undefined : ends.filter((end) => isNamed(end, new Set(focus.peers)));
  const focused = new Set(inFocus);
  const peering = new Set(peers);
  const looksIn = focus.direction !== 'egress';
  const looksOut = focus.direction !== 'ingress';
  const isPeer = (name: string, end: MapEnd | undefined) =>
    focus.peers === undefined || focus.peers.includes(name) || (end !== undefined && peering.has(end));
  return {
    targetsOf(from) {
      if (from === undefined) return looksIn && peers === undefined ? inFocus : [];
      const out: readonly MapEnd[] | 'all' = looksOut && focused.has(from) ? (peers ?? 'all') : [];
      if (out === 'all') return 'all';
      const into = looksIn && isPeer(from.name, from) ? inFocus : [];
      const wanted = new Set([...out, ...into]);
      return ends.filter((end) => wanted.has(end));
    },
    hasOutsideTarget: (from) => looksOut && peers === undefined && focused.has(from),
    hasControllerRow: (to) =>
      (looksOut && focus.ends.includes(INGRESS_CONTROLLER) && isPeer(to.name, to)) ||
      (looksIn && focused.has(to) && isPeer(INGRESS_CONTROLLER, undefined)),
  };
}

function isNamed(end: MapEnd, names: ReadonlySet<string>): boolean {
  return names.has(end.name) || names.has(end.workload) || end.pods.some(({ ref }) => names.has(ref));
}
