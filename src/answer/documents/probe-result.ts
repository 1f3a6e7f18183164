// The document of `netverdict probe -o json`.
import type { ApiVersion, Outcome, PortNumber, Protocol } from './common.ts';

/** What `netverdict probe -o json` prints: a real connection from the source pod, compared with the verdict. */
export interface ProbeResultDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'ProbeResult';
  /** The pod that the connection was made from: ns/name. */
  readonly from: string;
  readonly to: string;
  readonly dialled: DialledTarget;
  readonly result: ProbeOutcomeCode;
  /** What the tool in the container said. */
  readonly text: string;
  /** With `--expect` */
  readonly http?: ExpectedStatus;
  readonly control: ProbeControl | NoProbeControl;
  readonly model: ProbeModel;
  readonly cni: string;
  readonly agreement: 'agrees' | 'contradicts' | 'settles' | 'no-word';
  /** @pattern ^[a-z-]+$ */
  readonly meaning: string;
  readonly means: string;
  /** Where to look next */
  readonly look: readonly string[];
  /** What stays in the cluster. */
  readonly left?: string;
}

export type ProbeOutcomeCode =
  | 'answered'
  | 'refused'
  | 'reset'
  | 'timed-out'
  | 'no-answer'
  | 'name-not-resolved'
  | 'unreachable'
  | 'no-tool'
  | 'unclear';

/** Of the answer to a GET request. */
export interface ExpectedStatus {
  readonly expected: HttpStatus;
  /** Absent where no answer came */
  readonly status?: HttpStatus;
}

/**
 * @integer
 * @minimum 100
 * @maximum 999
 */
export type HttpStatus = number;

export interface DialledTarget {
  readonly host: string;
  readonly port: PortNumber;
  readonly protocol: Protocol;
}

/** Does the destination answer where no policy can be in the way? */
export interface ProbeControl {
  readonly by: 'itself' | 'kubelet';
  readonly result: ProbeOutcomeCode;
  readonly text: string;
}

export interface NoProbeControl {
  /** Why there is none */
  readonly none: string;
}

export interface ProbeModel {
  readonly outcome: Outcome;
  readonly codes: readonly string[];
}
