// What a pod runs: the words that its containers are started with, and their names. For rules that know a program by that.

import type { Pod } from '../model/cluster.ts';
import { dig, listOf } from '../objects/read.ts';

/** Every argument of every container, in order. */
export function argumentsOf(pod: Pod): readonly string[] {
  return [...listOf(dig(pod.spec, 'initContainers')), ...listOf(dig(pod.spec, 'containers'))].flatMap((container) =>
    [...listOf(dig(container, 'command')), ...listOf(dig(container, 'args'))].filter((word) => typeof word === 'string'),
  );
}

export function containerNames(pod: Pod): readonly string[] {
  return [...listOf(dig(pod.spec, 'initContainers')), ...listOf(dig(pod.spec, 'containers'))].flatMap((container) => {
    const name = dig(container, 'name');
    return typeof name === 'string' ? [name] : [];
  });
}
