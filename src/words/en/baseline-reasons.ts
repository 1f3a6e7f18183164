// Why a baseline allows what it allows: comments above its policies, and reasons in its document.
import type { ScrapedBy } from '../../lint/scrape-targets.ts';
import type { DeclaredEnd, DnsAsked, NeedReason, OpenSubject, PolicyPurpose, PolicyReason } from '../../question/baseline-reasons.ts';

/** `CART_ADDR cart:7070`, `Ingress shop/web`, `Service shop/front is a LoadBalancer`. */
export function needWords(reason: NeedReason): string {
  switch (reason.code) {
    case 'written':
      return reason.text;
    case 'object':
      return `${reason.kind} ${reason.name}`;
    case 'exposed':
      return `Service ${reason.service} is a ${reason.type}`;
    case 'metrics':
      return `metrics, according to ${scrapedByWords(reason.by)}`;
    case 'controller':
      return 'it is started as a controller';
    case 'rights':
      return `${reason.binding} gives ServiceAccount ${reason.account} rights`;
  }
}

function scrapedByWords({ kind, name }: ScrapedBy): string {
  if (kind === 'pod-annotation') return 'its own annotation';
  return kind === 'service-annotation' ? `the annotation of Service ${name}` : `${kind} ${name}`;
}

/** What stays open: a need, `port 9090, metrics, according to its own annotation`, or `its connections`. */
export function openSubjectWords(subject: OpenSubject): string {
  if (subject.code === 'connections') return 'its connections';
  if (subject.code === 'scraped-port') return `port ${subject.port}, ${needWords({ code: 'metrics', by: subject.by })}`;
  return needWords(subject);
}

/** `shop/cart`, `pods of observability`, `the API server`. */
export function declaredEndWords(end: DeclaredEnd): string {
  switch (end.kind) {
    case 'named':
      return end.name;
    case 'anyone':
      return 'anyone';
    case 'every-pod':
      return 'every pod';
    case 'pods-of':
      return `pods of ${end.namespace}`;
    case 'api-server':
      return 'the API server';
  }
}

export function apiServerNeedWords(because: NeedReason): string {
  return `the API server, because ${needWords(because)}`;
}

/** The comment above a policy. */
export function purposeWords(purpose: PolicyPurpose): string {
  switch (purpose.code) {
    case 'default-deny':
      return 'denies all traffic in both directions, except for what the policies below allow';
    case 'dns':
      return `every pod may query ${purpose.resolvers.map(dnsWords).join(', ')}`;
    case 'monitoring':
      return `pods of ${purpose.namespace} may scrape every pod`;
    case 'needs':
      return someOf(purpose.reasons.map(policyReasonWords));
  }
}

function policyReasonWords(reason: PolicyReason): string {
  switch (reason.code) {
    case 'from':
      return `${reason.from === undefined ? '' : `${declaredEndWords(reason.from)}: `}${needWords(reason.because)}`;
    case 'to-api-server':
      return apiServerNeedWords(reason.because);
    case 'nameservers':
      return 'the nameservers of its dnsConfig';
  }
}

function someOf(reasons: readonly string[]): string {
  const distinct = [...new Set(reasons)];
  return distinct.length <= 4 ? distinct.join('; ') : `${distinct.slice(0, 4).join('; ')}; and ${distinct.length - 4} more`;
}

function dnsWords(asked: DnsAsked): string {
  return 'service' in asked ? asked.service : GIVEN_DNS[asked.given];
}

const GIVEN_DNS = {
  'kube-dns': 'kube-dns',
  openshift: 'the DNS of OpenShift',
  'node-local': 'NodeLocal DNSCache, and kube-dns behind it',
} as const;

/** Why a policy trips over a lint rule on purpose. */
export const ACCEPTED_BECAUSE = {
  'scraper-not-in-input': 'the scraper is not in the input; narrow it with --monitoring',
  'callers-not-declared': 'no manifest declares who calls these Services; see the list on stderr',
} as const;
