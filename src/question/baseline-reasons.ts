// Why a baseline allows what it allows, as codes with facts; words/en/baseline-reasons.ts says them.
import type { ScrapedBy } from '../lint/scrape-targets.ts';

/** What declares a connection. */
export type NeedReason =
  /** As a manifest has it: `CART_ADDR cart:7070`. */
  | { readonly code: 'written'; readonly text: string }
  /** `Ingress shop/web`, `APIService v1.shop.example`. */
  | { readonly code: 'object'; readonly kind: string; readonly name: string }
  /** `type`: `LoadBalancer` or `NodePort`. */
  | { readonly code: 'exposed'; readonly service: string; readonly type: string }
  | { readonly code: 'metrics'; readonly by: ScrapedBy }
  /** A client of the API server: it is started as a controller… */
  | { readonly code: 'controller' }
  /** …or a binding gives its ServiceAccount rights. */
  | { readonly code: 'rights'; readonly binding: string; readonly account: string };

/** What is not settled of a workload or a Service: a declared connection, the port that is scraped, or all its connections. */
export type OpenSubject =
  | NeedReason
  | { readonly code: 'scraped-port'; readonly port: number; readonly by: ScrapedBy }
  | { readonly code: 'connections' };

/** An end of a declared connection. `named`: `shop/cart`. */
export type DeclaredEnd =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'anyone' }
  | { readonly kind: 'every-pod' }
  | { readonly kind: 'pods-of'; readonly namespace: string }
  | { readonly kind: 'api-server' };

/** One reason of a policy that a workload gets; `nameservers`: its pods have a dnsConfig of their own. */
export type PolicyReason =
  | { readonly code: 'from'; readonly from: DeclaredEnd | undefined; readonly because: NeedReason }
  | { readonly code: 'to-api-server'; readonly because: NeedReason }
  | { readonly code: 'nameservers' };

/** What a policy of a baseline is for. `needs` has each reason once. */
export type PolicyPurpose =
  | { readonly code: 'default-deny' }
  | { readonly code: 'dns'; readonly resolvers: readonly DnsAsked[] }
  | { readonly code: 'monitoring'; readonly namespace: string }
  | { readonly code: 'needs'; readonly reasons: readonly PolicyReason[] };

/** A DNS Service of the input, or the DNS that somebody says the cluster has. */
export type DnsAsked = { readonly service: string } | { readonly given: 'kube-dns' | 'openshift' | 'node-local' };

/** Facts are plain data: equal ones have equal keys. */
export function factsKey(facts: NeedReason | OpenSubject | PolicyReason | DnsAsked): string {
  return JSON.stringify(facts);
}

/** Each once, in their order. */
export function distinctFacts<T extends PolicyReason | DnsAsked>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((each) => [factsKey(each), each])).values()];
}
