// Sets of ports, as rows of documents spell them.
import type { Ports } from './common.ts';

/**
 * One entry for each protocol that has ports
 * @minItems 1
 */
export type PortList = readonly Ports[];

/** Every port of every protocol, or a list that is not empty */
export type SomePorts = 'all' | PortList;

/** Every port of every protocol, or a list; `[]` where there is no port */
export type AnyPorts = 'all' | readonly Ports[];
