// The same manifests under two CNIs: `--cni calico..cilium`. Reads them once, and chooses a profile for each side.
import { clusterOf } from '../manifest/load.ts';
import type { MoveState } from '../question/move.ts';
import type { Basis } from './basis.ts';
import { type InputWish, readObjects } from './input.ts';
import type { Ports } from './ports.ts';
import { namedProfile, profileFor } from './profile.ts';

export interface TwoCnis {
  readonly before: MoveState;
  readonly after: MoveState;
  readonly namespace: string;
  readonly basis: Basis;
}

/** `calico..cilium` → `['calico', 'cilium']`; undefined for one CNI, and for none. */
export function twoCnis(cni: string | undefined): readonly [string, string] | undefined {
  const [, from, to] = /^(.+?)\.\.(.+)$/s.exec(cni ?? '') ?? [];
  return from === undefined || to === undefined ? undefined : [from, to];
}

/** Failures: those of reading, and `unknown-profile` before anything is read. */
export async function readMove(ports: Ports, wish: InputWish, [from, to]: readonly [string, string]): Promise<TwoCnis> {
  const sides = [from, to].map((cni) => ({ ...wish, cni }));
  for (const side of sides) if (side.cni !== 'auto') await namedProfile(ports.files, side);
  const read = await readObjects(ports, wish);
  const cluster = clusterOf(read.objects, read.problems, read.namespace);
  const [before, after] = (await Promise.all(
    sides.map(async (side): Promise<MoveState> => ({ cluster, choice: await profileFor(ports.files, read, side) })),
  )) as [MoveState, MoveState];
  return { before, after, namespace: read.namespace, basis: read.basis };
}
