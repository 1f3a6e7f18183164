// The ends of a connection that was asked about, and what opens it besides a policy: shared by `why` and `fix`.
import type { Facts, Name } from './common.ts';

/**
 * `ns/name[Deployment]`, pod `ns/name`, `ns/svc/name`, an address as CIDR, `internet`, `node/NAME`, `{ingress-controller}`, or the host or URL that was asked
 * @minLength 1
 */
export type EndName = string;

/** The ends as a person writes them. */
export interface AskedEnds {
  readonly from: Name;
  readonly to: Name;
}

/** What opens a connection with a node besides an edit of a NetworkPolicy. */
export interface AdviceDocument {
  readonly code: 'node-entity' | 'node-block-perhaps';
  readonly facts: Facts;
  readonly text: Name;
}
