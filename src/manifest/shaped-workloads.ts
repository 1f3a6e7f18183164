// Workloads of kinds that nobody here knows by name, told by their shape: what holds a pod template makes pods of it (Argo Rollout, CloneSet,
// Knative Service, DeploymentConfig, KubeVirt VM, Ray, Kubeflow …). And objects of which an operator makes pods that the input cannot show.
import { at, type Origin, type Path } from '../model/origin.ts';
import type { Labels } from '../model/selector.ts';
import { dig, get, isObject, type Json, listOf, textOf } from '../objects/read.ts';
import { apiGroup } from './kinds.ts';
import type { KubeObject } from './objects.ts';

/** One pod template inside an object: `{ name: 'train-worker', value: { metadata, spec }, origin }`. */
export interface ShapedTemplate {
  readonly name: string;
  readonly value: unknown;
  readonly origin: Origin;
  /** What its controller adds to the labels of the template, where that is known. */
  readonly labels: Labels;
}

/** Their templates are patterns for the objects of others, or are filled in later by something else. */
const NO_MAKERS = /(^|\.)(kyverno\.io|gatekeeper\.sh|admissionregistration\.k8s\.io|apiextensions\.k8s\.io|crossplane\.io)$/;
const TEMPLATE_KEY = /template$/i;
const MAX_DEPTH = 6;
const MAX_TEMPLATES = 50;

/** `Widget` or `Widget.example.com` → `['spec', 'runtime', 'pod']`: what the user's configuration says. */
export type ConfiguredTemplates = ReadonlyMap<string, readonly string[]>;

/** From the objects that carry the `workloads:` lines of netverdict.yaml. */
export function configuredTemplates(configs: readonly KubeObject[]): ConfiguredTemplates {
  const found = new Map<string, readonly string[]>();
  for (const { apiVersion, value } of configs) {
    if (apiVersion !== 'netverdict.dev/v1') continue;
    for (const line of listOf(get(value, 'workloads'))) {
      const [kind, group, template] = ['kind', 'group', 'template'].map((key) => textOf(get(line, key)));
      if (kind !== undefined && template !== undefined) found.set(group === undefined ? kind : `${kind}.${group}`, template.split('.'));
    }
  }
  return found;
}

/** The templates that an object of an unknown kind holds under its spec; `[]` for one that makes no pods. */
export function shapedTemplates(object: KubeObject, configured: ConfiguredTemplates): readonly ShapedTemplate[] {
  const { value, origin, kind, apiVersion, name } = object;
  const said = configured.get(`${kind}.${apiGroup(apiVersion)}`) ?? configured.get(kind);
  if (said !== undefined) {
    const template = dig(value, ...said);
    return isObject(template) ? [{ name, value: template, origin: at(origin, ...said), labels: addedLabels(object) }] : [];
  }
  const spec = get(value, 'spec');
  if (!isObject(spec) || NO_MAKERS.test(apiGroup(apiVersion))) return [];
  const labels = addedLabels(object);
  // A VirtualMachineInstance is its own template.
  if (isMachine(value)) return [{ name, value, origin, labels }];
  const found: { readonly value: Json; readonly path: Path }[] = [];
  collect(spec, ['spec'], found);
  return found
    .map(({ value: template, path }) => {
      const own =
        found.length === 1 && typeof path.at(-1) !== 'number'
          ? undefined
          : (textOf(dig(template, 'metadata', 'name')) ?? partOf(value, path));
      return {
        name: own === undefined ? name : own.startsWith(name) ? own : `${name}-${own}`,
        value: template,
        origin: at(origin, ...path),
        labels,
      };
    })
    .filter(({ name: each }, i, all) => kind !== '' && all.findIndex((other) => other.name === each) === i);
}

function collect(value: unknown, path: Path, found: { readonly value: Json; readonly path: Path }[]): void {
  if (path.length > MAX_DEPTH * 2 || found.length >= MAX_TEMPLATES) return;
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      // StrimziPodSet and its like list whole pods.
      if (isTemplate(item) && path.at(-1) === 'pods') found.push({ value: item, path: [...path, i] });
      else collect(item, [...path, i], found);
    }
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      const inner = value[key];
      if (TEMPLATE_KEY.test(key) && isTemplate(inner)) found.push({ value: inner, path: [...path, key] });
      else collect(inner, [...path, key], found);
    }
  }
}

function isTemplate(value: unknown): value is Json {
  if (!isObject(value)) return false;
  const containers = listOf(dig(value, 'spec', 'containers'));
  return (containers.length > 0 && containers.every(isObject)) || isMachine(value);
}

/** KubeVirt: a virtual machine runs in a pod of its own, with the labels of the machine. */
function isMachine(value: unknown): boolean {
  const domain = dig(value, 'spec', 'domain');
  return (
    isObject(domain) &&
    (get(domain, 'devices') !== undefined || get(domain, 'resources') !== undefined || get(domain, 'memory') !== undefined)
  );
}

/** Which of several templates it is: the name of the list's item, else the last key before the template. */
function partOf(value: unknown, path: Path): string | undefined {
  for (let length = path.length - 1; length > 1; length--) {
    const step = path[length - 1];
    if (typeof step === 'number') {
      const item = path
        .slice(0, length)
        .reduce<unknown>(
          (from, key) => (isObject(from) || Array.isArray(from) ? (from as Record<string | number, unknown>)[key] : undefined),
          value,
        );
      return textOf(get(item, 'name')) ?? textOf(get(item, 'groupName')) ?? String(step);
    }
    if (step !== 'spec' && step !== 'template') return String(step).toLowerCase();
  }
  return textOf(path.at(-1))?.toLowerCase();
}

/** Sources: the controllers' documentation. What a rollout or a revision adds (hashes, generations) is in no manifest. */
function addedLabels({ kind, apiVersion, name }: KubeObject): Labels {
  switch (`${kind}.${apiGroup(apiVersion)}`) {
    case 'Service.serving.knative.dev':
      return new Map([
        ['serving.knative.dev/configuration', name],
        ['serving.knative.dev/service', name],
      ]);
    case 'DeploymentConfig.apps.openshift.io':
      return new Map([['deploymentconfig', name]]);
    case 'VirtualMachine.kubevirt.io':
    case 'VirtualMachineInstance.kubevirt.io':
      return new Map([
        ['kubevirt.io', 'virt-launcher'],
        ['vm.kubevirt.io/name', name],
      ]);
    default:
      return new Map();
  }
}

/** Kinds of which an operator makes pods, without a template that could be read. Sorted by group. */
const OPERATED: readonly (readonly [group: string, ...kinds: readonly string[]])[] = [
  ['acid.zalan.do', 'postgresql'],
  ['argoproj.io', 'ArgoCD'],
  ['cassandra.datastax.com', 'CassandraDatacenter'],
  ['databases.spotahome.com', 'RedisFailover'],
  ['elasticsearch.k8s.elastic.co', 'Elasticsearch'],
  ['grafana.integreatly.org', 'Grafana'],
  ['jaegertracing.io', 'Jaeger'],
  ['k8s.keycloak.org', 'Keycloak'],
  ['kafka.strimzi.io', 'Kafka', 'KafkaBridge', 'KafkaConnect', 'KafkaMirrorMaker2', 'KafkaNodePool'],
  ['kibana.k8s.elastic.co', 'Kibana'],
  ['loki.grafana.com', 'LokiStack'],
  ['minio.min.io', 'Tenant'],
  ['monitoring.coreos.com', 'Alertmanager', 'Prometheus', 'PrometheusAgent', 'ThanosRuler'],
  ['mysql.oracle.com', 'InnoDBCluster'],
  ['opensearch.opster.io', 'OpenSearchCluster'],
  ['opentelemetry.io', 'OpenTelemetryCollector'],
  ['operator.victoriametrics.com', 'VMAgent', 'VMAlert', 'VMCluster', 'VMSingle'],
  ['postgres-operator.crunchydata.com', 'PostgresCluster'],
  ['postgresql.cnpg.io', 'Cluster', 'Pooler'],
  ['psmdb.percona.com', 'PerconaServerMongoDB'],
  ['rabbitmq.com', 'RabbitmqCluster'],
  ['redis.redis.opstreelabs.in', 'Redis', 'RedisCluster'],
  ['tempo.grafana.com', 'TempoStack'],
];
const OPERATED_KINDS: ReadonlySet<string> = new Set(OPERATED.flatMap(([group, ...kinds]) => kinds.map((kind) => `${kind}.${group}`)));
/** What only objects that run pods have. */
const RUNS_PODS = ['podMetadata', 'podTemplate', 'podSpec', 'podLabels'];

/** Does something else make pods of this object, with labels that are not written in it? */
export function isOperated({ kind, apiVersion, value }: KubeObject): boolean {
  const group = apiGroup(apiVersion);
  if (!group.includes('.') || NO_MAKERS.test(group)) return false;
  const spec = get(value, 'spec');
  return OPERATED_KINDS.has(`${kind}.${group}`) || RUNS_PODS.some((key) => isObject(get(spec, key)));
}
