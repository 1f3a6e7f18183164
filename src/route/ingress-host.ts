// A URL whose host an Ingress serves: which rule takes the path, and the Service and port it leads to.
// Kubernetes: networking/v1 types.go, IngressRule.host and HTTPIngressPath.pathType.
import type { Cluster, Ingress, IngressPath, Service } from '../model/cluster.ts';
import { nearest } from '../profile/nearest.ts';
import type { PortPart } from './name.ts';
import type { Note, Obstacle } from './obstacle.ts';

/** `service` is undefined when an obstacle says why. */
export interface IngressChoice {
  readonly ingress: Ingress;
  readonly host: string;
  readonly path: string;
  /** The rule that takes the path; undefined when none does. */
  readonly rule: IngressPath | undefined;
  readonly service: Service | undefined;
  readonly backendPort: PortPart;
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
}

interface Candidate {
  readonly ingress: Ingress;
  readonly rule: IngressPath;
}

/**
 * undefined when no Ingress has a rule for this host: `ingressFor(cluster, 'shop.example', '/cart')`. `withHostless`: the name is known to lead to
 * the controller, so that rules without a host take it too. `isMeant`: of which Ingresses.
 */
export function ingressFor(
  cluster: Cluster,
  host: string,
  askedPath: string | undefined,
  withHostless = false,
  isMeant: (ingress: Ingress) => boolean = () => true,
): IngressChoice | undefined {
  const path = askedPath === undefined || askedPath === '' ? '/' : askedPath;
  const all = cluster.ingresses.filter(isMeant).flatMap((ingress) => ingress.rules.map((rule): Candidate => ({ ingress, rule })));
  const exact = all.filter(({ rule }) => rule.host?.toLowerCase() === host);
  const wild = exact.length > 0 ? exact : all.filter(({ rule }) => isWildcardOf(rule.host, host));
  const forHost = wild.length > 0 || !withHostless ? wild : all.filter(({ rule }) => rule.host === undefined);
  const [any] = forHost;
  if (any === undefined) return undefined;

  const taking = best(forHost, path);
  const ownDefault = all.filter(({ ingress, rule }) => isDefaultBackend(rule) && forHost.some((other) => other.ingress === ingress));
  const hostless = all.filter(({ rule }) => rule.host === undefined && !isDefaultBackend(rule));
  const chosen = taking ?? best(hostless, path) ?? (ownDefault[0] === undefined ? undefined : { ...ownDefault[0], same: [] });
  if (chosen === undefined) {
    const paths = forHost.map(({ rule }) => rule.path ?? '/');
    return {
      ingress: any.ingress,
      host,
      path,
      rule: undefined,
      service: undefined,
      backendPort: { port: undefined, protocol: undefined },
      obstacles: [
        { code: 'ingress-no-path', severity: 'broken', facts: { ingress: any.ingress.ref, host, path, paths }, origin: any.ingress.origin },
      ],
      notes: [],
    };
  }
  return { host, path, ...backendOf(cluster, chosen), notes: notesOf(chosen) };
}

/** A wildcard covers one label: `*.shop.example` serves `eu.shop.example`, not `a.eu.shop.example`. */
function isWildcardOf(pattern: string | undefined, host: string): boolean {
  return pattern?.startsWith('*.') === true && host.slice(host.indexOf('.') + 1) === pattern.slice(2).toLowerCase() && host.includes('.');
}

/** `spec.defaultBackend` has neither host nor path; it takes what no rule takes. */
function isDefaultBackend({ host, path, origin }: IngressPath): boolean {
  const last = origin.path.at(-1);
  return host === undefined && path === undefined && (last === 'defaultBackend' || (last === 'backend' && origin.path.at(-2) === 'spec'));
}

/** The longest path wins, and Exact before Prefix of equal length. `same`: Ingresses that claim the same. */
function best(candidates: readonly Candidate[], path: string): (Candidate & { readonly same: readonly Candidate[] }) | undefined {
  const found = candidates.filter(({ rule }) => !isDefaultBackend(rule) && takes(rule, path));
  const rank = ({ rule }: Candidate) => (rule.path ?? '/').length * 2 + (rule.pathType === 'Exact' ? 1 : 0);
  const [first, ...others] = found.sort((a, b) => rank(b) - rank(a));
  return first && { ...first, same: others.filter((other) => rank(other) === rank(first) && other.ingress !== first.ingress) };
}

function takes({ path: rulePath = '/', pathType }: IngressPath, path: string): boolean {
  if (pathType === 'Exact') return path === rulePath;
  // What ImplementationSpecific means is the controller's business; prefix is what most make of it. GCE and ALB write `/cart/*`.
  const prefix = pathType === 'Prefix' ? rulePath : rulePath.replace(/\*$/, '');
  const wanted = prefix.split('/').filter((part) => part !== '');
  const parts = path.split('/').filter((part) => part !== '');
  return wanted.every((part, i) => part === parts[i]);
}

function notesOf({ ingress, rule, same }: Candidate & { readonly same: readonly Candidate[] }): readonly Note[] {
  const isOwn = rule.path !== undefined && rule.pathType !== 'Exact' && rule.pathType !== 'Prefix';
  return [
    ...(isOwn
      ? [{ code: 'ingress-path-is-controllers', facts: { ingress: ingress.ref, path: rule.path ?? '' }, origin: rule.origin } as const]
      : []),
    ...(same.length > 0
      ? [
          {
            code: 'ingress-hosts-share-path',
            facts: { ingresses: [ingress, ...same.map((other) => other.ingress)].map(({ ref }) => ref) },
          } as const,
        ]
      : []),
  ];
}

function backendOf(
  cluster: Cluster,
  { ingress, rule }: Candidate,
): Pick<IngressChoice, 'ingress' | 'rule' | 'service' | 'backendPort' | 'obstacles'> {
  const ref = `${ingress.namespace}/${rule.service}`;
  const service = cluster.services.get(ref);
  const backendPort: PortPart = { port: rule.port, protocol: 'TCP' };
  if (service === undefined) {
    const known = [...cluster.services.values()].filter(({ namespace }) => namespace === ingress.namespace).map(({ name }) => name);
    const elsewhere = [...cluster.services.values()].filter(({ name }) => name === rule.service).map((other) => other.ref);
    const facts = { ingress: ingress.ref, service: ref, nearest: nearest(rule.service, known), elsewhere };
    return {
      ingress,
      rule,
      service,
      backendPort,
      obstacles: [{ code: 'ingress-backend-missing', severity: 'broken', facts, origin: rule.origin }],
    };
  }
  const hasPort = service.ports.some(({ port, name, protocol }) => protocol === 'TCP' && (rule.port === port || rule.port === name));
  if (rule.port === undefined || hasPort || service.type === 'ExternalName') return { ingress, rule, service, backendPort, obstacles: [] };
  const ports = service.ports.map(({ name, port, protocol }) => `${name === undefined ? '' : `${name} `}${port}/${protocol}`);
  const target = service.ports.find(({ targetPort }) => targetPort === rule.port);
  const obstacle: Obstacle = {
    code: 'ingress-backend-port-missing',
    severity: 'broken',
    facts: { ingress: ingress.ref, service: ref, port: rule.port, ports, ...(target && { targetPortOf: target.port }) },
    origin: rule.origin,
    also: [service.origin],
  };
  return { ingress, rule, service: undefined, backendPort, obstacles: [obstacle] };
}
