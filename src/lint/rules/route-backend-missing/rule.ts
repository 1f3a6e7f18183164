// An Ingress or another route to a Service that does not exist, or to a port that the Service does not have.
import type { Service } from '../../../model/cluster.ts';
import { nearest } from '../../../profile/nearest.ts';
import { type LintContext, perRun } from '../../context.ts';
import { listed } from '../../list-words.ts';
import { backendPortsOf, routeBackends } from '../../routes.ts';
import { defineRule } from '../../rule.ts';
import { isWholeCluster } from '../../seen.ts';

export const routeBackendMissing = defineRule({
  id: 'route-backend-missing',
  catalogue: [],
  summary: 'an Ingress or a route to a Service, or to a port of it, that does not exist',
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: {
    service: {
      text: '`{route}` sends to Service `{service}`, which is not in the input: clients see 503',
      hint: '{advice}',
    },
    port: {
      text: '`{route}` sends to port `{port}` of Service `{service}`, which has {ports} only: clients see 503',
      hint: 'name a port of the Service, not of its pods',
    },
  },
  check(context, report) {
    const done = new Set<string>();
    for (const backend of routeBackends(context)) {
      const { route, origin, namespace, name, port } = backend;
      const key = `${route} ${namespace}/${name} ${port}`;
      if (done.has(key)) continue;
      done.add(key);
      const service = context.cluster.services.get(`${namespace}/${name}`);
      if (service === undefined) {
        const near = nearest(
          name,
          (servicesByNamespace(context).get(namespace) ?? []).map((other) => other.name),
        );
        const advice =
          near.length > 0
            ? `did you mean ${listed(near)}?`
            : 'the manifests of that Service may lie elsewhere; in a cluster it must be there';
        // One application's folder need not hold every Service that its routes name.
        const severity = near.length > 0 || isWholeCluster(context) ? 'warning' : 'note';
        report('service', { route, service: `${namespace}/${name}`, advice }, origin, { severity });
      } else if (service.ports.length > 0 && backendPortsOf(service, backend).length === 0) {
        const ports = listed(service.ports.map((own) => (own.name === undefined ? `${own.port}` : `${own.port} (${own.name})`)));
        report('port', { route, service: service.ref, port: port ?? '', ports }, origin, { related: [service.origin] });
      }
    }
  },
});

const servicesByNamespace = perRun(({ cluster }: LintContext) => {
  const found = new Map<string, Service[]>();
  for (const service of cluster.services.values()) {
    const list = found.get(service.namespace);
    if (list === undefined) found.set(service.namespace, [service]);
    else list.push(service);
  }
  return found;
});
