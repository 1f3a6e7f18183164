// Which fields of an object may leave the house.
import type { KubeObject } from '../manifest/objects.ts';

/**
 * What is kept of a value: `true` all of it, a function what it makes of it, an object the fields that it names. Lists are gone through
 * item by item.
 */
export type Keep = true | ((value: unknown, object: KubeObject) => unknown) | { readonly [field: string]: Keep };
