// The phrases of the pictures of a path and of a map. Facts in, English out.
import { counted } from './lists.ts';

/** What an end is, above its name. */
export const END_HEADINGS = { namespace: 'Namespace', node: 'Node', outside: 'Outside the cluster' } as const;

/** Above the policies of an end. */
export const SIDE_CAPTIONS: Readonly<Record<'ingress' | 'egress', string>> = { egress: 'What it may send', ingress: 'What may reach it' };

/** Below the name of a policy or rule: what it does to this connection. */
export const ITEM_WORDS = {
  isolates: (direction: 'ingress' | 'egress') => `isolates the pod; no ${direction} rule allows this`,
  denies: 'denies it',
  allows: 'allows it',
  notIsolated: (direction: 'ingress' | 'egress') =>
    direction === 'egress' ? 'no policy restricts what it may send' : 'no policy restricts what may reach it',
  undecided: 'undecided',
  nearest: (rule: string) => `nearest: ${rule}`,
  more: (count: number) => `and ${count} more`,
} as const;

/** On the line between the two cards. */
export const GATE_WORDS = {
  passes: 'allowed',
  /** What a client sees depends on the CNI: a drop is silent, a reject is not. */
  denied: (side: 'source' | 'destination', response: 'drop' | 'reject' | 'open' | undefined) =>
    `${response === 'drop' ? 'dropped' : response === 'reject' ? 'rejected' : 'denied'} at the ${side}`,
  broken: 'the path is broken',
  undecided: 'undecided',
  lookupDenied: 'the name cannot be looked up',
} as const;

/** Below the cards. */
export const BELOW_LABELS = {
  cause: 'Cause',
  also: 'Also',
  fix: 'Fix',
  or: 'Or',
  symptom: 'Symptom',
  limit: 'Limit',
  files: 'Files',
} as const;

/** `2 pods`, below the name of an end that is more than one. */
export const podCount = (count: number) => `${count} pods`;
/** Where more groups of pods differ than a picture shows. */
export const moreGroups = (count: number) => `${count} more groups of pods are not shown here; -o text lists them all`;

/** The picture of a map. */
export const MAP_WORDS = {
  title: 'Allowed connections',
  outside: 'outside the cluster',
  badge: (name: string, senders: number, receivers: number, ends: number) => {
    const many = (count: number) => (count === ends ? `all ${ends}` : `${count} of ${ends}`);
    const said = [...(senders > 0 ? [`reached by ${many(senders)}`] : []), ...(receivers > 0 ? [`reaches ${many(receivers)}`] : [])];
    return `${name}: ${said.join(', ')}`;
  },
  onlyToBadges: (count: number) => `${counted(count, 'more end')} ${count === 1 ? 'connects' : 'connect'} only to these hubs`,
  unfolded: (count: number) => `${counted(count, 'end')}, left to right from senders to receivers`,
  byNamespace: (count: number, ends: number) =>
    `${counted(count, 'namespace')} with ${counted(ends, 'end')}; a line means at least one allowed connection`,
  within: (count: number) => `${counted(count, 'connection')} inside`,
  connections: (count: number) => counted(count, 'connection'),
  on: (ports: string) => `on ${ports}`,
  undecided: (count: number) => `${counted(count, 'undecided connection')} not shown`,
  empty: 'no connection is allowed',
  legend: 'connections between two ends that are not shown are not allowed',
  legendWithBadges: 'connections of the hubs are counted instead of drawn; any others between two ends that are not shown are not allowed',
} as const;
