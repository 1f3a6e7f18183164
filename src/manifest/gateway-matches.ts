// What a rule of a Gateway API route asks of a request: path, and what a URL does not show.
import type { GatewayRouteKind } from '../model/cluster.ts';
import { get, listOf, textOf } from '../objects/read.ts';

/** `{ path: '/cart', pathType: 'Prefix', conditions: ['header x-canary'] }`. */
export interface RouteMatch {
  readonly path: string | undefined;
  readonly pathType: string | undefined;
  readonly conditions: readonly string[];
}

const EVERYTHING: RouteMatch = { path: undefined, pathType: undefined, conditions: [] };

/** The matches of a rule: any of them suffices. A rule without matches takes every request. */
export function routeMatches(kind: GatewayRouteKind, rule: unknown): readonly RouteMatch[] {
  const matches = kind === 'HTTPRoute' || kind === 'GRPCRoute' ? listOf(get(rule, 'matches')) : [];
  if (matches.length === 0) return [EVERYTHING];
  return matches.map(kind === 'HTTPRoute' ? httpMatch : grpcMatch);
}

function httpMatch(match: unknown): RouteMatch {
  const written = get(match, 'path');
  const type = textOf(get(written, 'type')) ?? 'PathPrefix';
  const value = textOf(get(written, 'value')) ?? '/';
  const method = textOf(get(match, 'method'));
  const conditions = [
    ...(method === undefined ? [] : [`method ${method}`]),
    ...named(match, 'headers', 'header'),
    ...named(match, 'queryParams', 'query'),
  ];
  if (type === 'Exact') return { path: value, pathType: 'Exact', conditions };
  if (type === 'PathPrefix') return { path: value, pathType: 'Prefix', conditions };
  // What an expression means is the controller's business, and hostile ones cost time: it is a condition.
  return { path: undefined, pathType: undefined, conditions: [`path ~ ${value}`, ...conditions] };
}

/** gRPC calls are POST requests to `/service/method`. */
function grpcMatch(match: unknown): RouteMatch {
  const written = get(match, 'method');
  const service = textOf(get(written, 'service'));
  const method = textOf(get(written, 'method'));
  const conditions = named(match, 'headers', 'header');
  if (get(written, 'type') === 'RegularExpression')
    return { path: undefined, pathType: undefined, conditions: [`method ~ ${service ?? ''}/${method ?? ''}`, ...conditions] };
  if (service !== undefined)
    return method === undefined
      ? { path: `/${service}`, pathType: 'Prefix', conditions }
      : { path: `/${service}/${method}`, pathType: 'Exact', conditions };
  return { path: undefined, pathType: undefined, conditions: [...(method === undefined ? [] : [`method ${method}`]), ...conditions] };
}

function named(match: unknown, list: string, word: string): readonly string[] {
  return listOf(get(match, list)).map((item) => `${word} ${textOf(get(item, 'name')) ?? ''}`);
}
