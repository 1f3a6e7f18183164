// The document of `netverdict test -o json`.
import type { ApiVersion, AskedProtocol, Count, Name, Outcome, Place } from './common.ts';
import type { ExplanationDocument } from './explanation.ts';
import type { AnyPorts } from './ports.ts';
import type { PromiseDocument } from './promises.ts';

/** What `netverdict test -o json` prints: which intents hold, and of each the connections that were checked. */
export interface IntentsReportDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'IntentsReport';
  /** What answered */
  readonly asked: 'model' | 'kernel' | 'cluster';
  readonly profile: string;
  readonly held: Count;
  readonly failed: Count;
  readonly intents: readonly IntentDocument[];
}

export interface IntentDocument {
  readonly name: Name;
  /** A number: the HTTP status that a request should get */
  readonly expect: 'allowed' | 'denied' | 'never' | 'always' | HttpStatus;
  readonly holds: boolean;
  readonly at: Place;
  /** Of two zones: nothing but `allowed` may connect them */
  readonly zones?: ZonePairDocument;
  /** @minItems 1 */
  readonly checks: readonly CheckDocument[];
}

export interface ZonePairDocument {
  readonly from: Name;
  readonly to: Name;
  readonly allowed: AnyPorts;
}

/**
 * @integer
 * @minimum 100
 * @maximum 599
 */
export type HttpStatus = number;

/** One pair of ends and one port. */
export interface CheckDocument {
  readonly from: string;
  readonly to: string;
  readonly protocol?: AskedProtocol;
  readonly holds: boolean;
  readonly code:
    | 'as-expected'
    | 'not-allowed'
    | 'not-denied'
    | 'only-lookup-denied'
    | 'broken'
    | 'undecided'
    | 'no-control'
    | 'control-fails'
    | 'matches-nothing'
    | 'not-answerable'
    | 'port-said-twice'
    | 'kernel-differs'
    | 'cluster-differs'
    | 'not-measured'
    | 'status-unknown'
    | 'status-differs'
    | 'no-pods';
  /** What the model says */
  readonly outcome?: Outcome;
  /** Reason codes as `why` has them, first blocker first */
  readonly causes: readonly string[];
  readonly text: Name;
  readonly hint?: Name;
  readonly control?: CheckControl;
  /** It holds, and DNS is denied to the source */
  readonly notByName?: true;
  readonly measured?: CheckMeasured;
  /** With `expect: never` or `always` */
  readonly promise?: PromiseDocument;
  /** Why it fails, as `why` explains it; only where a reader asked for it, which `-o json` does not */
  readonly explanation?: ExplanationDocument;
}

/** What shows that the destination would have answered. */
export interface CheckControl {
  readonly by: 'peer' | 'listens' | 'outside' | 'named';
  readonly from?: string;
  readonly text: string;
}

export interface CheckMeasured {
  readonly outcome: 'allowed' | 'denied' | 'partial' | 'unknown';
  readonly text: string;
}
