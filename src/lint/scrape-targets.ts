// Which pods are to be scraped for metrics, and on which port: the usual annotations, ServiceMonitors and PodMonitors.

import type { Pod, RawObject, Service } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import { dig, integerOf, listOf, textOf } from '../objects/read.ts';
import { targetPortOf } from '../route/endpoints.ts';
import type { LintContext } from './context.ts';
import { livePodsIn } from './seen.ts';
import { servicePods } from './service-pods.ts';

/** `{ kind: 'ServiceMonitor', name: 'shop/cart' }`: what asks for it. An annotation is named by the object that has it. */
export interface ScrapedBy {
  readonly kind: 'pod-annotation' | 'service-annotation' | 'ServiceMonitor' | 'PodMonitor';
  readonly name: string;
}

export interface ScrapeTarget {
  readonly by: ScrapedBy;
  readonly origin: Origin;
  readonly pod: Pod;
  readonly port: number;
}

const SCRAPE = 'prometheus.io/scrape';
const PORT = 'prometheus.io/port';

export function scrapeTargets(context: LintContext): readonly ScrapeTarget[] {
  return [...annotatedPods(context), ...annotatedServices(context), ...serviceMonitors(context), ...podMonitors(context)];
}

function annotatedPods({ cluster }: LintContext): ScrapeTarget[] {
  return cluster.pods.flatMap((pod): ScrapeTarget[] => {
    const annotations = dig(pod.metadata, 'annotations');
    if (annotations === undefined || dig(annotations, SCRAPE) !== 'true') return [];
    const port = Number(dig(annotations, PORT));
    return Number.isInteger(port) && port > 0 ? [{ by: { kind: 'pod-annotation', name: pod.ref }, origin: pod.origin, pod, port }] : [];
  });
}

function annotatedServices(context: LintContext): ScrapeTarget[] {
  return [...context.cluster.services.values()].flatMap((service): ScrapeTarget[] => {
    const port = Number(service.annotations.get(PORT));
    if (service.annotations.get(SCRAPE) !== 'true' || !Number.isInteger(port) || port <= 0) return [];
    return servicePods(context, service).map((pod) => ({
      by: { kind: 'service-annotation', name: service.ref },
      origin: service.origin,
      pod,
      port,
    }));
  });
}

function serviceMonitors(context: LintContext): ScrapeTarget[] {
  return (context.cluster.extras.get('ServiceMonitor') ?? []).flatMap((monitor) => {
    const { namespaces, labels } = scopeOf(monitor);
    const services = [...context.cluster.services.values()].filter(
      (service) => (namespaces === 'any' || namespaces.includes(service.namespace)) && carries(service.labels, labels),
    );
    return services.flatMap((service) =>
      listOf(dig(monitor.value, 'spec', 'endpoints')).flatMap((endpoint) =>
        servicePods(context, service).flatMap((pod): ScrapeTarget[] => {
          const port = endpointPort(pod, service, endpoint);
          return port === undefined
            ? []
            : [{ by: { kind: 'ServiceMonitor', name: `${monitor.namespace}/${monitor.name}` }, origin: monitor.origin, pod, port }];
        }),
      ),
    );
  });
}

function endpointPort(pod: Pod, service: Service, endpoint: unknown): number | undefined {
  const name = textOf(dig(endpoint, 'port'));
  const own = service.ports.find((port) => port.name === name);
  if (own !== undefined) return targetPortOf(pod, own);
  const target = dig(endpoint, 'targetPort');
  return integerOf(target) ?? namedPortOf(pod, textOf(target));
}

function podMonitors(context: LintContext): ScrapeTarget[] {
  return (context.cluster.extras.get('PodMonitor') ?? []).flatMap((monitor) => {
    const { namespaces, labels } = scopeOf(monitor);
    const pods = namespaces === 'any' ? context.cluster.pods : namespaces.flatMap((namespace) => livePodsIn(context, namespace));
    return pods
      .filter((pod) => carries(pod.labels, labels))
      .flatMap((pod) =>
        listOf(dig(monitor.value, 'spec', 'podMetricsEndpoints')).flatMap((endpoint): ScrapeTarget[] => {
          const port = namedPortOf(pod, textOf(dig(endpoint, 'port')));
          return port === undefined
            ? []
            : [{ by: { kind: 'PodMonitor', name: `${monitor.namespace}/${monitor.name}` }, origin: monitor.origin, pod, port }];
        }),
      );
  });
}

function scopeOf({ namespace, value }: RawObject) {
  const isAny = dig(value, 'spec', 'namespaceSelector', 'any') === true;
  const names = listOf(dig(value, 'spec', 'namespaceSelector', 'matchNames')).filter((name) => typeof name === 'string');
  const matchLabels = dig(value, 'spec', 'selector', 'matchLabels');
  const labels = Object.entries(typeof matchLabels === 'object' && matchLabels !== null ? matchLabels : {});
  return { namespaces: isAny ? ('any' as const) : names.length > 0 ? names : [namespace], labels };
}

function carries(labels: ReadonlyMap<string, string>, wanted: readonly (readonly [string, unknown])[]): boolean {
  return wanted.every(([key, value]) => labels.get(key) === value);
}

function namedPortOf(pod: Pod, name: string | undefined): number | undefined {
  return name === undefined ? undefined : pod.ports.find((port) => port.name === name && port.protocol === 'TCP')?.port;
}
