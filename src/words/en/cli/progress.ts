// Lines that are drawn while something is going on, and overwritten.

/** `reading the cluster: 1200 objects, networkpolicies`. */
export const readingCluster = (objects: number, resource: string) => `reading the cluster: ${objects} objects, ${resource}`;

/** `12 of 40 packets`. */
export const countingWords = (done: number, all: number, what: 'connections' | 'packets' | 'pods') => `${done} of ${all} ${what}`;

/** The last line of the screen of `--watch`. */
export const WATCH = {
  fine: 'watching; press Ctrl-C to stop',
  trouble: (text: string) => `${text}; this is the last known state, trying again`,
} as const;
