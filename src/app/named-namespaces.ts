// The namespaces that a question names, told from its words alone: where a reader looks who may not list the whole cluster.
import { isError, parseName } from '../route/name.ts';

const NOWHERE = '';

/**
 * `namespacesIn(['web/frontend', 'http://api.payments.svc:8080/x'])` → `['web', 'payments']`. A name without one is in the context's namespace,
 * which is looked into anyway; addresses and nodes are in none. Of a host it is the second word, if it is a namespace at all.
 */
export function namespacesIn(ends: readonly string[]): readonly string[] {
  const found = ends.flatMap((end) => {
    const name = parseName(end, { namespace: NOWHERE });
    if (isError(name)) return [];
    if (name.kind === 'labels') return [name.namespace];
    if (name.kind === 'object') return [name.namespace, ...namespaceOfHost(name.name)];
    return name.kind === 'host' ? namespaceOfHost(name.host) : [];
  });
  return [...new Set(found.filter((namespace) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)))];
}

/** `api.payments`, `api.payments.svc.cluster.local`, and `web-0.web.payments.svc` of a headless Service. A host of the internet is none. */
function namespaceOfHost(host: string): readonly string[] {
  const words = host.toLowerCase().replace(/\.$/, '').split('.');
  const svc = words.indexOf('svc');
  if (svc > 0) return [words[svc - 1] ?? ''];
  return words.length === 2 ? [words[1] ?? ''] : [];
}
