// Whom the manifests themselves say a pod will call: Service names and hosts in environment, arguments and the ConfigMaps they come from.
// Only what is surely an address counts: a word in a text is not a connection.

import type { Cluster, Pod, Service, ServicePort } from '../model/cluster.ts';
import { parseIp } from '../net/ip.ts';
import { dig, isObject, listOf, textOf } from '../objects/read.ts';
import { defaultPort } from '../route/connection-string.ts';
import { type LintContext, perRun } from './context.ts';

export interface DeclaredNeed {
  /** `cart:7070`, as it is written. */
  readonly written: string;
  /** The Service of the input that it means; undefined for a host outside. */
  readonly service: Service | undefined;
  /** `drum-0` of `drum-0.drum.band.svc`: one pod of a headless Service; undefined for the Service itself. */
  readonly replica: string | undefined;
  /** Host name or address, lower case. */
  readonly host: string;
  readonly port: number | undefined;
}

const needs = perRun((_context) => new Map<unknown, readonly DeclaredNeed[]>());

/** `CART_ADDR=cart:7070` → `[{ written: 'cart:7070', service: cart, host: 'cart', port: 7070 }]`. [] for a pod that says nothing. */
export function declaredNeeds(context: LintContext, pod: Pod): readonly DeclaredNeed[] {
  const known = needs(context);
  let found = known.get(pod.spec);
  if (found === undefined) {
    found = needsOf(context.cluster, pod);
    known.set(pod.spec, found);
  }
  return found;
}

interface Said {
  /** The variable or key that holds it; '' for an argument. */
  readonly name: string;
  readonly text: string;
}

function needsOf(cluster: Cluster, pod: Pod): DeclaredNeed[] {
  const found = new Map<string, DeclaredNeed>();
  for (const container of [...listOf(dig(pod.spec, 'containers')), ...listOf(dig(pod.spec, 'initContainers'))]) {
    for (const { name, text } of textsOf(cluster, pod.namespace, container)) {
      for (const need of needsIn(cluster, pod, name, text)) found.set(`${need.host}:${need.port ?? ''}`, need);
    }
  }
  return [...found.values()];
}

function textsOf(cluster: Cluster, namespace: string, container: unknown): Said[] {
  const texts: Said[] = [...listOf(dig(container, 'command')), ...listOf(dig(container, 'args'))].flatMap((text): Said[] =>
    typeof text === 'string' ? [{ name: '', text }] : [],
  );
  for (const variable of listOf(dig(container, 'env'))) {
    const name = textOf(dig(variable, 'name')) ?? '';
    const value = textOf(dig(variable, 'value')) ?? configured(cluster, namespace, variable);
    if (value !== undefined) texts.push({ name, text: value });
  }
  for (const source of listOf(dig(container, 'envFrom'))) {
    const data = dig(configMap(cluster, namespace, textOf(dig(source, 'configMapRef', 'name'))), 'data');
    if (isObject(data)) for (const [name, text] of Object.entries(data)) if (typeof text === 'string') texts.push({ name, text });
  }
  return texts;
}

function configured(cluster: Cluster, namespace: string, variable: unknown): string | undefined {
  const ref = dig(variable, 'valueFrom', 'configMapKeyRef');
  const key = textOf(dig(ref, 'key'));
  return key === undefined ? undefined : textOf(dig(configMap(cluster, namespace, textOf(dig(ref, 'name'))), 'data', key));
}

function configMap(cluster: Cluster, namespace: string, name: string | undefined): unknown {
  return cluster.extras.get('ConfigMap')?.find((map) => map.namespace === namespace && map.name === name)?.value;
}

/** `host:port`, `scheme://host…`; a bare host only in a variable whose name says that it holds one. */
const ADDRESS =
  /(?:([a-z][a-z0-9+.-]*):\/\/(?:[^\s/@]*@)?)?([a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::(\d{1,5}))?(?![\w.:@-])/gi;
const HOLDS_A_HOST = /(host|addr|address|url|uri|endpoint|server|service|svc|broker|dsn)s?$/i;

/** What one text says; `name` is the variable that holds it, '' for any other text. [] for a text without an address. */
export function needsIn(cluster: Cluster, pod: Pod, name: string, text: string): DeclaredNeed[] {
  if (text.length > 2000) return [];
  return [...text.matchAll(ADDRESS)].flatMap((match): DeclaredNeed[] => {
    const [written, scheme, host = '', portText] = match;
    const port = portText === undefined ? undefined : Number(portText);
    const isWhole = written === text && HOLDS_A_HOST.test(name);
    // `-Dname=cart:7070` is an address too, `10:30` and `v1.2` are none.
    if (scheme === undefined && port === undefined && !isWhole) return [];
    if (parseIp(host) === undefined && !/[a-z]/i.test(host)) return [];
    const lower = host.toLowerCase();
    if (lower === 'localhost' || lower === '127.0.0.1' || lower === '0.0.0.0') return [];
    const { service, replica } = serviceOf(cluster, pod, lower);
    // A host that is no Service counts as outside only when it is a full name or has a scheme.
    if (service === undefined && !isOutsideName(lower, scheme)) return [];
    return [{ written, service, replica, host: lower, port }];
  });
}

interface Meant {
  readonly service: Service | undefined;
  readonly replica: string | undefined;
}

/** `cart`, `cart.shop`, `cart.shop.svc.cluster.local`, and these behind the name of one pod, `cart-0.cart`. */
function serviceOf(cluster: Cluster, pod: Pod, host: string): Meant {
  const labels = host.split('.');
  const svc = labels.indexOf('svc');
  // Without `svc` there is no telling a long name from one outside: at most pod, Service and namespace.
  const own = svc >= 0 ? labels.slice(0, svc) : labels;
  const get = (name: string, namespace: string) => cluster.services.get(`${namespace}/${name}`);
  const [first = '', second = '', third = ''] = own;
  if (own.length === 1 && svc < 0) return { service: get(first, pod.namespace), replica: undefined };
  const plain = own.length === 2 ? get(first, second) : undefined;
  if (plain !== undefined) return { service: plain, replica: undefined };
  const headless = own.length === 3 ? get(second, third) : own.length === 2 && svc < 0 ? get(second, pod.namespace) : undefined;
  return headless?.headless === true ? { service: headless, replica: first } : { service: undefined, replica: undefined };
}

/** `cart:7070` → that port; [] where the Service has none such. Without a port: the scheme's, else all that the Service has. */
export function portsMeant(service: Service, { port, written }: DeclaredNeed): readonly ServicePort[] {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(written) ?? [];
  const usual = scheme === undefined ? undefined : defaultPort(scheme.toLowerCase());
  const wanted = port ?? (service.ports.some((own) => own.port === usual) ? usual : undefined);
  // Often the port stands in a variable of its own, so a scheme whose port the Service lacks says nothing.
  if (wanted === undefined) return service.ports;
  const found = service.ports.filter((own) => own.port === wanted);
  // A headless Service translates nothing: clients dial the pods' own port.
  return found.length > 0 || !service.headless ? found : service.ports.filter((own) => own.targetPort === wanted);
}

function isOutsideName(host: string, scheme: string | undefined): boolean {
  if (host.endsWith('.localhost') || host.endsWith('.local') || host.endsWith('.svc') || host.endsWith('.internal') || !host.includes('.'))
    return false;
  // Without a scheme, `image.tar:1` and the like are no hosts: two dots and a known shape of a name must be there.
  return scheme !== undefined ? parseIp(host) === undefined : /\.[a-z]{2,}$/.test(host) && host.split('.').length > 2;
}
