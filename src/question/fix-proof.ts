// What a real kernel did before a fix and after it, as data. Who asked the kernel is outside the engine.

/** As the laboratory calls what happens to a packet (lab/compare.ts). */
export type Observation = 'allowed' | 'denied-egress' | 'denied-ingress' | 'refused' | 'lost';

/** How many packets fared how: `{ allowed: 2 }`. Only what happened is there. */
export type Observed = Readonly<Partial<Record<Observation, number>>>;

export interface FixProof {
  readonly kernel: string;
  readonly before: Observed;
  readonly after: Observed;
  /** Both are what the engine says. False also where no packet could be made. */
  readonly agrees: boolean;
}
