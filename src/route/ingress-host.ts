// A URL whose host an Ingress or a route of Gateway API serves: which rule takes the path, and the Service and port it leads to.
// Kubernetes: networking/v1 types.go, IngressRule.host and HTTPIngressPath.pathType. Gateway API v1: HTTPRoute.spec.hostnames and rules.matches.
import type { Cluster, Ingress, IngressPath, RouteFault, Service } from '../model/cluster.ts';
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
  /** Further backends that share the traffic of the rule, as those of a Gateway API rule do. [] for an Ingress. */
  readonly shares: readonly IngressBackend[];
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
}

type IngressBackend = Pick<IngressChoice, 'service' | 'backendPort' | 'obstacles'>;

/** `{ host: 'shop.example', path: '/cart', port: 443 }`. */
export interface HostQuestion {
  readonly host: string;
  readonly path: string | undefined;
  /** That was dialled: tells the listeners of a Gateway apart. */
  readonly port?: PortPart['port'];
  /** The name is known to lead to the controller, so that rules without a host take it too. */
  readonly withHostless?: boolean;
  /** Of which Ingresses; all where absent. */
  readonly isMeant?: (ingress: Ingress) => boolean;
}

interface Candidate {
  readonly ingress: Ingress;
  readonly rule: IngressPath;
}

/** undefined when no Ingress and no route has a rule for this host: `ingressFor(cluster, { host: 'shop.example', path: '/cart' })`. */
export function ingressFor(cluster: Cluster, question: HostQuestion): IngressChoice | undefined {
  const { host, port, withHostless = false, isMeant = () => true } = question;
  const path = question.path === undefined || question.path === '' ? '/' : question.path;
  const all = onListener(
    cluster.ingresses
      // A TCPRoute knows no hosts: the port alone says what it takes.
      .filter((ingress) => ingress.kind !== 'TCPRoute' && isMeant(ingress))
      .flatMap((ingress) => ingress.rules.map((rule): Candidate => ({ ingress, rule }))),
    port,
  );
  const exact = all.filter(({ rule }) => rule.host?.toLowerCase() === host);
  const wild = exact.length > 0 ? exact : narrowest(all.filter(({ ingress, rule }) => isWildcardOf(ingress, rule.host, host)));
  const forHost = wild.length > 0 || !withHostless ? wild : all.filter(({ rule }) => rule.host === undefined);
  const [any] = forHost;
  if (any === undefined) return undefined;

  const taking = best(forHost, path);
  const ownDefault = all.filter(({ ingress, rule }) => isDefaultBackend(rule) && forHost.some((other) => other.ingress === ingress));
  const hostless = all.filter(({ rule }) => rule.host === undefined && !isDefaultBackend(rule));
  const chosen = taking ?? best(hostless, path) ?? (ownDefault[0] === undefined ? undefined : { ...ownDefault[0], same: [], asking: [] });
  if (chosen === undefined) {
    const paths = [...new Set(forHost.map(({ rule }) => rule.path ?? '/'))];
    const facts = { ingress: titleOf(any.ingress), host, path, paths };
    return {
      ingress: any.ingress,
      host,
      path,
      rule: undefined,
      service: undefined,
      backendPort: { port: undefined, protocol: undefined },
      shares: [],
      obstacles: [{ code: 'ingress-no-path', severity: 'broken', facts, origin: any.ingress.origin }],
      notes: [],
    };
  }
  const { ingress, rule } = chosen;
  const [first, ...shares] = sharing(chosen).map((backend) => backendOf(cluster, { ingress, rule: backend }));
  const { service, backendPort, obstacles } = first as IngressBackend;
  return {
    ingress,
    rule,
    host,
    path,
    service,
    backendPort,
    shares,
    obstacles: [...partlyServed(ingress), ...obstacles],
    notes: notesOf(chosen),
  };
}

/** `Ingress shop/web`: how answers name it. */
export function titleOf({ kind, ref }: Ingress): string {
  return `${kind} ${ref}`;
}

/** Where the port that was dialled is that of a listener, only what that listener serves. */
function onListener(candidates: readonly Candidate[], port: PortPart['port']): readonly Candidate[] {
  const isOn = ({ rule }: Candidate) => rule.ports.length === 0 || rule.ports.some((own) => own === port);
  return candidates.some(({ rule }) => rule.ports.some((own) => own === port)) ? candidates.filter(isOn) : candidates;
}

/** In an Ingress a wildcard covers one label: `*.shop.example` serves `eu.shop.example`, not `a.eu.shop.example`. In Gateway API it covers both. */
function isWildcardOf({ kind }: Ingress, pattern: string | undefined, host: string): boolean {
  if (pattern?.startsWith('*.') !== true) return false;
  const rest = pattern.slice(1).toLowerCase();
  if (kind !== 'Ingress') return host.length > rest.length && host.endsWith(rest);
  return host.includes('.') && host.slice(host.indexOf('.')) === rest;
}

/** Of several wildcards the one with the most characters (Gateway API, HTTPRoute.spec.hostnames). */
function narrowest(candidates: readonly Candidate[]): readonly Candidate[] {
  const length = Math.max(...candidates.map(({ rule }) => rule.host?.length ?? 0));
  return candidates.filter(({ rule }) => rule.host?.length === length);
}

/** The backends of the rule that was chosen, in order; that of an Ingress is alone. */
function sharing({ ingress, rule }: Candidate): readonly IngressPath[] {
  if (rule.rule === undefined) return [rule];
  return ingress.rules.filter(
    (other) =>
      other.rule === rule.rule &&
      other.host === rule.host &&
      other.path === rule.path &&
      other.pathType === rule.pathType &&
      other.conditions.join() === rule.conditions.join(),
  );
}

/** What does not serve a route that something else serves. Where nothing does, each backend says so. */
function partlyServed({ faults, gateways }: Ingress): readonly Obstacle[] {
  if (gateways.length === 0) return [];
  return faults.map((fault) => obstacleOf(fault, 'warning'));
}

/** `spec.defaultBackend` has neither host nor path; it takes what no rule takes. */
function isDefaultBackend({ host, path, rule, origin }: IngressPath): boolean {
  const last = origin.path.at(-1);
  return (
    rule === undefined &&
    host === undefined &&
    path === undefined &&
    (last === 'defaultBackend' || (last === 'backend' && origin.path.at(-2) === 'spec'))
  );
}

/** `same`: Ingresses that claim the same. `asking`: rules that would take it before, if the request has what they ask for beside the URL. */
type Chosen = Candidate & { readonly same: readonly Candidate[]; readonly asking: readonly Candidate[] };

/** The longest path wins, and Exact before Prefix of equal length. Rules that ask for more than a URL shows only where no other takes it. */
function best(candidates: readonly Candidate[], path: string): Chosen | undefined {
  const found = candidates.filter(({ rule }) => !isDefaultBackend(rule) && takes(rule, path));
  const rank = ({ rule }: Candidate) => (rule.path ?? '/').length * 2 + (rule.pathType === 'Exact' ? 1 : 0);
  const ranked = found.sort((a, b) => rank(b) - rank(a) || Number(isAsking(a)) - Number(isAsking(b)));
  const first = ranked.find((candidate) => !isAsking(candidate)) ?? ranked[0];
  if (first === undefined) return undefined;
  const same = ranked.filter(
    (other) => rank(other) === rank(first) && isAsking(other) === isAsking(first) && other.ingress !== first.ingress,
  );
  const asking = ranked.filter(
    (other) => isAsking(other) && (other === first || rank(other) >= rank(first) || other.rule.path === undefined),
  );
  return { ...first, same, asking };
}

function isAsking({ rule }: Candidate): boolean {
  return rule.conditions.length > 0;
}

function takes({ path: rulePath = '/', pathType }: IngressPath, path: string): boolean {
  if (pathType === 'Exact') return path === rulePath;
  // What ImplementationSpecific means is the controller's business; prefix is what most make of it. GCE and ALB write `/cart/*`.
  const prefix = pathType === 'Prefix' ? rulePath : rulePath.replace(/\*$/, '');
  const wanted = prefix.split('/').filter((part) => part !== '');
  const parts = path.split('/').filter((part) => part !== '');
  return wanted.every((part, i) => part === parts[i]);
}

function notesOf({ ingress, rule, same, asking }: Chosen): readonly Note[] {
  const isOwn = ingress.kind === 'Ingress' && rule.path !== undefined && rule.pathType !== 'Exact' && rule.pathType !== 'Prefix';
  return [
    ...(isOwn
      ? [{ code: 'ingress-path-is-controllers', facts: { ingress: titleOf(ingress), path: rule.path ?? '' }, origin: rule.origin } as const]
      : []),
    ...(same.length > 0
      ? [
          {
            code: 'ingress-hosts-share-path',
            facts: { ingresses: [ingress, ...same.map((other) => other.ingress)].map(titleOf) },
          } as const,
        ]
      : []),
    ...(asking.length > 0 ? [requestNote({ ingress, rule }, asking)] : []),
  ];
}

/** Which backend takes a request depends on its method, headers or query. */
function requestNote(chosen: Candidate, asking: readonly Candidate[]): Note {
  const others = asking.filter(({ rule }) => rule.rule !== chosen.rule.rule || rule.origin !== chosen.rule.origin);
  if (isAsking(chosen))
    return {
      code: 'route-asks-more',
      facts: { route: titleOf(chosen.ingress), conditions: chosen.rule.conditions },
      origin: chosen.rule.origin,
    };
  const to = [...new Set(others.map(({ rule }) => `${rule.conditions.join(', ')}: ${rule.namespace}/${rule.service}`))];
  return { code: 'route-by-request', facts: { route: titleOf(chosen.ingress), others: to }, origin: chosen.rule.origin };
}

function backendOf(cluster: Cluster, { ingress, rule }: Candidate): IngressBackend {
  const backendPort: PortPart = { port: rule.port, protocol: 'TCP' };
  const { fault } = rule;
  const obstacles = fault === undefined ? [] : [obstacleOf(fault, severityOf(fault))];
  if (fault !== undefined && (!fault.isOpen || rule.service === '')) return { service: undefined, backendPort, obstacles };
  const found = serviceOf(cluster, { ingress, rule }, backendPort);
  return { ...found, obstacles: [...obstacles, ...found.obstacles] };
}

function obstacleOf({ code, facts: { known, ...facts }, origin }: RouteFault, severity: Obstacle['severity']): Obstacle {
  const close = code === 'gateway-missing' && Array.isArray(known) ? nearest(String(facts.gateway), known) : undefined;
  return { code, severity, facts: close === undefined ? facts : { ...facts, nearest: close }, origin };
}

/** A redirect is an answer, and whether the client gets on depends on where it leads. */
function severityOf({ code, isOpen }: RouteFault): Obstacle['severity'] {
  return isOpen || code === 'route-redirects' ? 'open' : 'broken';
}

function serviceOf(cluster: Cluster, { ingress, rule }: Candidate, backendPort: PortPart): IngressBackend {
  const ref = `${rule.namespace}/${rule.service}`;
  const service = cluster.services.get(ref);
  const route = titleOf(ingress);
  if (service === undefined) {
    const known = [...cluster.services.values()].filter(({ namespace }) => namespace === rule.namespace).map(({ name }) => name);
    const elsewhere = [...cluster.services.values()].filter(({ name }) => name === rule.service).map((other) => other.ref);
    const facts = { ingress: route, service: ref, nearest: nearest(rule.service, known), elsewhere };
    return { service, backendPort, obstacles: [{ code: 'ingress-backend-missing', severity: 'broken', facts, origin: rule.origin }] };
  }
  const hasPort = service.ports.some(({ port, name, protocol }) => protocol === 'TCP' && (rule.port === port || rule.port === name));
  if (rule.port === undefined || hasPort || service.type === 'ExternalName') return { service, backendPort, obstacles: [] };
  const ports = service.ports.map(({ name, port, protocol }) => `${name === undefined ? '' : `${name} `}${port}/${protocol}`);
  const target = service.ports.find(({ targetPort }) => targetPort === rule.port);
  const obstacle: Obstacle = {
    code: 'ingress-backend-port-missing',
    severity: 'broken',
    facts: { ingress: route, service: ref, port: rule.port, ports, ...(target && { targetPortOf: target.port }) },
    origin: rule.origin,
    also: [service.origin],
  };
  return { service: undefined, backendPort, obstacles: [obstacle] };
}
