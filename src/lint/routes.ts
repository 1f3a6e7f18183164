// What Ingresses, HTTPRoutes, GRPCRoutes and OpenShift Routes say they send to: a Service and a port of it, by name. Whether these exist,
// and who may reach them, is for rules.
import type { Ingress, Service, ServicePort } from '../model/cluster.ts';
import { at, type Origin } from '../model/origin.ts';
import { dig, integerOf, listOf, textOf } from '../objects/read.ts';
import { type LintContext, perRun } from './context.ts';

export interface RouteBackend {
  readonly kind: Ingress['kind'] | 'Route';
  /** `Ingress shop/web`, `HTTPRoute shop/web`. */
  readonly route: string;
  readonly origin: Origin;
  /** Of the Service; another one than the route's where a backendRef says so. */
  readonly namespace: string;
  readonly name: string;
  /** The Service port, by number or name; a Route of OpenShift may name the target port. undefined: none is said. */
  readonly port: number | string | undefined;
  /** undefined for Routes of OpenShift, whose router serves them. */
  readonly ingress: Ingress | undefined;
}

/** Every backend of every route in input order; [] where there are no routes. Backends that are no Service are left out. */
export const routeBackends: (context: LintContext) => readonly RouteBackend[] = perRun(({ cluster }) => {
  const found: RouteBackend[] = [];
  for (const ingress of cluster.ingresses) {
    const { kind, ref } = ingress;
    const seen = new Set<Origin>();
    for (const { service, namespace, port, origin } of ingress.rules) {
      // A backend of a route stands in the model once for each host and match.
      if (service === '' || seen.has(origin)) continue;
      seen.add(origin);
      found.push({ kind, route: `${kind} ${ref}`, origin, namespace, name: service, port, ingress });
    }
  }
  for (const { name, namespace, value, origin } of cluster.extras.get('Route') ?? []) {
    const route = `Route ${namespace}/${name}`;
    const written = dig(value, 'spec', 'port', 'targetPort');
    const targets = [dig(value, 'spec', 'to'), ...listOf(dig(value, 'spec', 'alternateBackends'))];
    for (const target of targets) {
      const service = textOf(dig(target, 'name'));
      const port = integerOf(written) ?? textOf(written);
      if (service !== undefined)
        found.push({ kind: 'Route', route, origin: at(origin, 'spec'), namespace, name: service, port, ingress: undefined });
    }
  }
  return found;
});

/** The ports of the Service that a backend means: `port: http` → the one of that name; all of them where no port is said. */
export function backendPortsOf(service: Service, { kind, port }: RouteBackend): readonly ServicePort[] {
  return service.ports.filter(
    (own) => port === undefined || own.port === port || own.name === port || (kind === 'Route' && own.targetPort === port),
  );
}
