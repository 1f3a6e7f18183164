// The rules of an entry by what is checked after the connection was let in: HTTP requests and DNS lookups, for some of its ports.
// Cilium: pkg/policy/api/http.go, pkg/policy/api/l7.go.
import { at, type Origin } from '../../model/origin.ts';
import type { HttpMatch, Requests, Rule } from '../../model/policy.ts';
import { dig, get, isObject, listOf, textOf } from '../../objects/read.ts';

/** The items of `toPorts` that are checked alike, as one entry: `{ ...entry, toPorts: [only those] }`. One where nothing tells them apart. */
export function byChecks(entry: unknown): readonly unknown[] {
  const items = listOf(get(entry, 'toPorts'));
  const checked = items.filter(isChecked);
  if (!isObject(entry) || items.length < 2 || checked.length === 0) return [entry];
  // An item keeps its place in the list, so that what is said of it has its line.
  const only = (wanted: (item: unknown) => boolean) => ({ ...entry, toPorts: items.map((item) => (wanted(item) ? item : NO_PORT)) });
  const rest = checked.length < items.length ? [only((item) => !isChecked(item))] : [];
  return [...rest, ...checked.map((one) => only((item) => item === one))];
}

/** An item of `toPorts` that means no port. */
const NO_PORT = { ports: [] } as const;

function isChecked(item: unknown): boolean {
  return (
    listOf(dig(item, 'rules', 'http')).length + listOf(dig(item, 'rules', 'dns')).length + listOf(get(item, 'serverNames')).length > 0 ||
    ['terminatingTLS', 'originatingTLS', 'listener'].some((key) => isObject(get(item, key)))
  );
}

/** What is checked after the connection was let in; `{}`: nothing. */
export function checksOf(entry: unknown, origin: Origin): Pick<Rule, 'further' | 'requests'> {
  const items = listOf(get(entry, 'toPorts'));
  if (items.some(isChecked)) {
    const requests = requestsOf(items, origin);
    return { further: 'requests', ...(requests === undefined ? {} : { requests }) };
  }
  return textOf(dig(entry, 'authentication', 'mode')) === 'required' ? { further: 'authentication' } : {};
}

/** undefined where names of TLS servers or a listener of Envoy decide, which nothing here knows. */
function requestsOf(items: readonly unknown[], origin: Origin): Requests | undefined {
  const isOther = items.some(
    (item) => isChecked(item) && listOf(dig(item, 'rules', 'http')).length + listOf(dig(item, 'rules', 'dns')).length === 0,
  );
  if (isOther) return undefined;
  return {
    http: items.flatMap((item, i) =>
      listOf(dig(item, 'rules', 'http')).map((one, j) => httpOf(one, at(origin, 'toPorts', i, 'rules', 'http', j))),
    ),
    dns: items.flatMap((item) =>
      listOf(dig(item, 'rules', 'dns')).flatMap((one) => textOf(get(one, 'matchName')) ?? textOf(get(one, 'matchPattern')) ?? []),
    ),
  };
}

function httpOf(value: unknown, origin: Origin): HttpMatch {
  const [method, path, host] = (['method', 'path', 'host'] as const).map((key) => textOf(get(value, key)) || undefined);
  const asksHeaders = listOf(get(value, 'headers')).length + listOf(get(value, 'headerMatches')).length > 0;
  return {
    ...(method !== undefined && { method }),
    ...(path !== undefined && { path }),
    ...(host !== undefined && { host }),
    ...(asksHeaders && { asksHeaders }),
    origin,
  };
}
