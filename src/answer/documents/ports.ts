// Port sets as every document spells them.

/** Ports of one protocol. */
export interface ProtocolPorts {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  /**
   * Single ports and ranges: `80,443,8000-8010`
   * @pattern ^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$
   */
  readonly ports: string;
}

/**
 * One entry for each protocol that has ports
 * @minItems 1
 */
export type PortList = readonly ProtocolPorts[];

/** Every port of every protocol, or a list that is not empty. */
export type Ports = 'all' | PortList;

/** Like `Ports`; `[]` where there is no port. */
export type AnyPorts = 'all' | readonly ProtocolPorts[];
