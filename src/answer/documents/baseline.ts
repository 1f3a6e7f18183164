// The document of `netverdict baseline -o json`.
import type { ApiVersion, Place, PortNumber, Protocol } from './common.ts';
import type { AnyPorts } from './ports.ts';

/** What `netverdict baseline -o json` prints: policies that close namespaces, and what the engine says of them. */
export interface BaselineDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'Baseline';
  readonly profile: string;
  readonly namespaces: readonly string[];
  readonly policies: readonly BaselinePolicy[];
  /** Connections that the manifests declare, and what the engine says of each with these policies */
  readonly declared: readonly DeclaredConnection[];
  /** Workloads that cannot ask the DNS of the cluster */
  readonly withoutDns: readonly string[];
  /** Allowed by the baseline but not declared, because no label tells two workloads apart */
  readonly besides: readonly BesidesConnection[];
  /** What the manifests say and no policy can say */
  readonly open: readonly OpenNeedDocument[];
  /** Policies that are in these namespaces already */
  readonly present: readonly string[];
  /** DNS is not in the input */
  readonly dnsAssumed: boolean;
  readonly dns: 'auto' | 'kube-dns' | 'openshift' | 'node-local';
  /** Workloads for which nothing is declared: closed, except for DNS */
  readonly silent: readonly string[];
}

/**
 * A NetworkPolicy as it is applied
 * @open
 */
export interface BaselinePolicy {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly metadata: unknown;
  readonly spec: unknown;
}

export interface DeclaredConnection {
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  readonly port: PortNumber;
  readonly because: string;
  readonly outcome: 'allowed' | 'denied' | 'undecided';
}

export interface BesidesConnection {
  readonly from: string;
  readonly to: string;
  readonly allowed: AnyPorts;
}

export interface OpenNeedDocument {
  readonly who: string;
  readonly what: string;
  readonly code:
    | 'outside-host'
    | 'which-port'
    | 'no-such-port'
    | 'no-pods'
    | 'controller-unknown'
    | 'scraper-unknown'
    | 'api-server-closed'
    | 'api-server-unknown'
    | 'node-addresses'
    | 'node-unknown'
    | 'host-network'
    | 'no-labels'
    | 'resolver-on-node';
  readonly text: string;
  readonly at?: Place;
}
