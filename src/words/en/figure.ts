// The phrases of the picture of a path: what stands in its two cards and between them. Facts in, English out.

/** What an end is, above its name. */
export const END_HEADINGS = { namespace: 'Namespace', node: 'Node', outside: 'Outside the cluster' } as const;

/** Above the policies of an end. */
export const SIDE_CAPTIONS: Readonly<Record<'ingress' | 'egress', string>> = { egress: 'What it may send', ingress: 'Who may reach it' };

/** Below the name of a policy or rule: what it does to this connection. */
export const ITEM_WORDS = {
  isolates: (direction: 'ingress' | 'egress') =>
    direction === 'egress' ? 'isolates; no rule lets it send this' : 'isolates; no rule lets this peer in',
  denies: 'denies it',
  allows: 'allows it',
  notIsolated: (direction: 'ingress' | 'egress') =>
    direction === 'egress' ? 'no policy restricts what it may send' : 'no policy restricts who may reach it',
  undecided: 'open whether it passes',
  nearest: (rule: string) => `nearest: ${rule}`,
  more: (count: number) => (count === 1 ? 'and 1 more' : `and ${count} more`),
} as const;

/** On the line between the two cards. */
export const GATE_WORDS = {
  passes: 'passes',
  droppedAtSource: 'dropped at the source',
  droppedAtDestination: 'dropped at the destination',
  refused: 'refused',
  broken: 'the path is broken',
  undecided: 'cannot be decided',
  lookupDenied: 'the name cannot be looked up',
} as const;

/** Below the cards. */
export const BELOW_LABELS = { cause: 'Cause', also: 'Also', fix: 'Fix', or: 'Or', files: 'Files' } as const;

/** `2 pods`, below the name of an end that is more than one. */
export const podCount = (count: number) => `${count} pods`;
/** Where more groups of pods differ than a picture shows. */
export const moreGroups = (count: number) => `${count} more groups of pods are not drawn; the text answer has them all`;

/** The picture of a map. */
export const MAP_WORDS = {
  title: 'Allowed connections',
  outside: 'outside the cluster',
  badge: (name: string, senders: number, receivers: number, ends: number) => {
    const many = (count: number) => (count === ends ? `all ${ends}` : `${count} of ${ends}`);
    const said = [...(senders > 0 ? [`reached by ${many(senders)}`] : []), ...(receivers > 0 ? [`reaches ${many(receivers)}`] : [])];
    return `${name}: ${said.join(', ')}`;
  },
  onlyToBadges: (count: number) =>
    count === 1 ? '1 more speaks only to the rounded ones' : `${count} more speak only to the rounded ones`,
  unfolded: (count: number) =>
    count === 1 ? '1 end, left to right from senders to receivers' : `${count} ends, left to right from senders to receivers`,
  byNamespace: (count: number, ends: number) =>
    `${count} namespaces with ${ends} ends; a line is what any of one may open to any of the other`,
  within: (count: number) => (count === 1 ? '1 connection inside' : `${count} connections inside`),
  connections: (count: number) => (count === 1 ? '1 connection' : `${count} connections`),
  on: (ports: string) => `on ${ports}`,
  undecided: (count: number) => (count === 1 ? '1 undecided connection is not drawn' : `${count} undecided connections are not drawn`),
  empty: 'nothing may be connected to anything',
  legend: 'what is not drawn is not allowed',
  legendWithBadges: 'connections of the rounded ones are counted, not drawn; what is neither is not allowed',
} as const;
