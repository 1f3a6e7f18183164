// What Cilium's proxies do with a request after its connection was let in: HTTP rules held against a URL that was pasted, DNS rules against the
// name that is looked up first. Codes and facts; the words are in words/en/obstacle.ts and note.ts.
import { furtherOf, type HttpMatch, printRuleRef, type Requests, type RuleRef } from '../model/policy.ts';
import { meansName, nameMatches, namesIn } from '../policy/dns-names.ts';
import type { DirectionVerdict } from '../policy/verdict.ts';
import { wholeMatch } from '../policy/whole-match.ts';
import type { Name } from '../route/name.ts';
import type { Note, Obstacle } from '../route/obstacle.ts';
import type { Leg } from '../route/party.ts';
import type { Route } from '../route/route.ts';

/** `{ method: 'GET', path: '/cart?id=1', shownPath: '/cart?…', hosts: ['shop.example', 'shop.example:8080'] }`: as the client sends it, unless it says otherwise. */
export interface HttpRequest {
  readonly method: string;
  /** With the query, as Envoy holds it against rules; what is printed of it is `shownPath`, because queries have secrets in them. */
  readonly path: string;
  readonly shownPath: string;
  /** One of these is in the header `Host`. */
  readonly hosts: readonly string[];
}

/** The request behind a URL of plain HTTP; undefined for anything else. Of TLS the proxy sees no request. `text`: as it was pasted. */
export function requestOf(name: Name, text: string): HttpRequest | undefined {
  if (name.kind !== 'host' || (name.scheme !== 'http' && name.scheme !== 'ws')) return undefined;
  const path = name.path === undefined || name.path === '' ? '/' : name.path;
  const [query = ''] = /\?[^#\s"'`]*/.exec(text) ?? [];
  const shownPath = query === '' ? path : `${path}?…`;
  return {
    method: 'GET',
    path: `${path}${query}`,
    shownPath,
    hosts: [name.host, ...(name.port === undefined ? [] : [`${name.host}:${name.port}`])],
  };
}

interface Seen {
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
}

const NOTHING: Seen = { obstacles: [], notes: [] };

/** What becomes of the request where rules look at requests: refused, passed, or up to what a URL does not show. Nothing where none does. */
export function requestsSeen(
  legs: readonly { readonly egress: DirectionVerdict; readonly ingress: DirectionVerdict }[],
  request: HttpRequest,
): Seen {
  for (const { egress, ingress } of legs) {
    for (const verdict of [egress, ingress]) {
      const checking = checksIn(verdict);
      const http = checking?.requests.flatMap((one) => one.http) ?? [];
      if (checking === undefined || http.length === 0) continue;
      const { refs } = checking;
      const found = http.map((match) => passes(match, request));
      const facts = {
        request: `${request.method} ${request.shownPath}`,
        rules: refs.map(printRuleRef),
        passing: http.map(printMatch),
        methods: [...new Set(http.flatMap((match) => (match.method !== undefined && isAboutMethod(match, request) ? [match.method] : [])))],
      };
      const origin = http[0]?.origin ?? refs[0]?.rule.origin;
      const place = origin === undefined ? {} : { origin };
      if (found.includes('yes')) return { obstacles: [], notes: [{ code: 'request-passes', facts, ...place }] };
      if (found.includes('perhaps')) return { obstacles: [], notes: [{ code: 'request-may-pass', facts, ...place }] };
      return { obstacles: [{ code: 'request-refused', severity: 'warning', facts, ...place }], notes: [] };
    }
  }
  return NOTHING;
}

/** The rules that let a direction through, where each of them looks at requests that are known here. */
function checksIn(verdict: DirectionVerdict): { readonly refs: readonly RuleRef[]; readonly requests: readonly Requests[] } | undefined {
  if (verdict.outcome !== 'allowed' || furtherOf(verdict.rules) !== 'requests') return undefined;
  const refs = verdict.rules.filter(({ rule }) => rule.further === 'requests');
  const requests = refs.flatMap(({ rule }) => rule.requests ?? []);
  return requests.length < verdict.rules.length ? undefined : { refs, requests };
}

function passes(match: HttpMatch, request: HttpRequest): 'yes' | 'no' | 'perhaps' {
  const found = [fits(match.method, [request.method]), ...withoutMethod(match, request)];
  if (found.includes('no')) return 'no';
  return found.every((one) => one === 'yes') && match.asksHeaders !== true ? 'yes' : 'perhaps';
}

function withoutMethod({ path, host }: HttpMatch, request: HttpRequest): readonly ('yes' | 'no' | 'perhaps')[] {
  return [fits(path, [request.path]), fits(host, request.hosts)];
}

/** Only the method keeps the request out. */
function isAboutMethod(match: HttpMatch, request: HttpRequest): boolean {
  return !withoutMethod(match, request).includes('no');
}

/** `texts`: one of which it is. */
function fits(expression: string | undefined, texts: readonly string[]): 'yes' | 'no' | 'perhaps' {
  if (expression === undefined) return 'yes';
  const found = new Set(texts.map((text) => wholeMatch(expression, text)));
  return found.size === 1 && found.has(true) ? 'yes' : found.size === 1 && found.has(false) ? 'no' : 'perhaps';
}

/** `GET /public/.*`. */
function printMatch({ method, path, host, asksHeaders }: HttpMatch): string {
  const parts = [method, path, host === undefined ? undefined : `host ${host}`, asksHeaders === true ? 'with headers' : undefined];
  return parts.filter((part) => part !== undefined).join(' ') || 'every request';
}

/**
 * What DNS rules do to a name that is looked up outside the cluster: the proxy refuses those that no rule means; and addresses of names are
 * learnt from lookups that pass it, so where none does, rules with names match nothing. [] where neither is so.
 */
export function lookupObstacles(
  { dns, legs }: Route,
  verdicts: readonly { readonly leg: Leg; readonly egress: DirectionVerdict }[],
): readonly Obstacle[] {
  const host = legs.flatMap(({ destination }) => (destination.kind === 'outside' ? (destination.name ?? []) : []))[0];
  if (host === undefined || dns === undefined) return [];
  const lookups = dns.checks.flatMap(({ resolver, others }) =>
    [resolver, ...others].flatMap(({ udp }) => udp.legs.map(({ answer }) => answer.verdict.egress)),
  );
  const checking = lookups.map(checksIn);
  const refusing = checking.flatMap((one) => {
    const names = one?.requests.flatMap((requests) => requests.dns) ?? [];
    return one === undefined || names.length === 0 || names.some((name) => nameMatches(name, host, 'characters'))
      ? []
      : [{ ...one, names }];
  });
  const [first] = refusing;
  if (first !== undefined && refusing.length === lookups.length) {
    const facts = { host, rules: first.refs.map(printRuleRef), names: first.names };
    return [{ code: 'lookup-refused', severity: 'broken', facts, ...(first.refs[0] && { origin: first.refs[0].rule.origin }) }];
  }
  const byNames = verdicts.flatMap(({ egress }) => (egress.outcome === 'allowed' ? egress.rules : []));
  const [named] = byNames;
  const hangsOnNames = byNames.every(({ policy, rule }) => policy.needs === 'cilium' && namesIn(rule).length > 0 && meansName(rule, host));
  const isWatched = checking.some((one) => one?.requests.some((requests) => requests.dns.length > 0) === true);
  if (named === undefined || !hangsOnNames || isWatched) return [];
  const facts = { host, rule: printRuleRef(named) };
  return [{ code: 'names-not-learnt', severity: 'open', facts, origin: named.rule.origin }];
}
