// An Ingress or another route to a Service that does not exist, or to a port that the Service does not have.
import type { Service } from '../../../model/cluster.ts';
import { nearest } from '../../../profile/nearest.ts';
import { type LintContext, perRun } from '../../context.ts';
import { firstNames } from '../../facts.ts';
import { backendPortsOf, routeBackends } from '../../routes.ts';
import { defineRule } from '../../rule.ts';
import { isWholeCluster } from '../../seen.ts';

export const routeBackendMissing = defineRule({
  id: 'route-backend-missing',
  catalogue: [],
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['service', 'port'],
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
        // One application's folder need not hold every Service that its routes name.
        const severity = near.length > 0 || isWholeCluster(context) ? 'warning' : 'note';
        report('service', { route, service: `${namespace}/${name}`, advice: firstNames(near) }, origin, { severity });
      } else if (service.ports.length > 0 && backendPortsOf(service, backend).length === 0) {
        const ports = firstNames(service.ports.map((own) => (own.name === undefined ? `${own.port}` : `${own.port} (${own.name})`)));
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
