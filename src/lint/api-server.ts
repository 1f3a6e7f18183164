// The API server as a peer: it is no pod, so what matters is the addresses it has and the ports it listens on. And which pods call it.
import type { Pod, RawObject, Service } from '../model/cluster.ts';
import type { Ip } from '../net/ip.ts';
import { dig, integerOf, listOf, textOf } from '../objects/read.ts';
import { controlPlaneNodes } from '../route/api-server.ts';
import { argumentsOf } from './containers.ts';
import { type LintContext, perRun } from './context.ts';

export interface ApiServer {
  /** Of the endpoints of `default/kubernetes`, else of the control-plane nodes; [] where the input has neither. */
  readonly addresses: readonly Ip[];
  /** As policies see them, behind the Service: `[6443]`; 443 and 6443 where the input does not say. */
  readonly ports: readonly number[];
}

const USUAL_PORTS = [443, 6443];

export const apiServer: (context: LintContext) => ApiServer = perRun(({ cluster }) => {
  const endpoints = cluster.services.get('default/kubernetes')?.endpoints ?? [];
  const addresses = endpoints.flatMap((endpoint) => endpoint.addresses);
  const ports = [...new Set(endpoints.flatMap((endpoint) => endpoint.ports.flatMap(({ port }) => port ?? [])))];
  if (addresses.length > 0) return { addresses, ports: ports.length > 0 ? ports : USUAL_PORTS };
  return { addresses: controlPlaneNodes(cluster).flatMap((node) => node.addresses), ports: USUAL_PORTS };
});

/**
 * On managed clusters the API server reaches pods through a proxy that is itself a pod; where there is one in the input, its pods are
 * what policies see. [] where there is none.
 */
export const apiServerProxies: (context: LintContext) => readonly Pod[] = perRun(({ cluster }) =>
  cluster.pods.filter((pod) => PROXIES.includes(pod.labels.get('k8s-app') ?? '') || PROXIES.includes(pod.labels.get('app') ?? '')),
);

const PROXIES = ['konnectivity-agent', 'tunnelfront', 'aks-link', 'proxy-agent'];

/** Why a pod is known to call the API server. */
export interface ApiClient {
  /** `controller`: it is started like one. `bound`: its ServiceAccount was given rights. */
  readonly by: 'controller' | 'bound';
  readonly account: string;
  /** `ClusterRoleBinding keeper`; undefined for a controller without one in the input. */
  readonly binding: RawObject | undefined;
}

/** undefined where nothing says that it does. A token alone says little, because every pod has one. */
export function apiClientOf(context: LintContext, pod: Pod): ApiClient | undefined {
  if (dig(pod.spec, 'automountServiceAccountToken') === false) return undefined;
  const account = textOf(dig(pod.spec, 'serviceAccountName')) ?? 'default';
  const binding = boundAccounts(context).get(`${pod.namespace}/${account}`);
  if (binding !== undefined && !refusesToken(context, pod, account)) return { by: 'bound', account, binding };
  return account !== 'default' && isStartedAsController(pod) ? { by: 'controller', account, binding: undefined } : undefined;
}

/** `automountServiceAccountToken: false` on the account counts unless the pod says otherwise. */
function refusesToken({ cluster }: LintContext, pod: Pod, account: string): boolean {
  if (dig(pod.spec, 'automountServiceAccountToken') === true) return false;
  const object = cluster.extras.get('ServiceAccount')?.find(({ name, namespace }) => name === account && namespace === pod.namespace);
  return dig(object?.value, 'automountServiceAccountToken') === false;
}

function isStartedAsController(pod: Pod): boolean {
  const component = pod.labels.get('app.kubernetes.io/component') ?? '';
  return (
    pod.labels.get('control-plane') !== undefined ||
    component === 'controller' ||
    component === 'operator' ||
    argumentsOf(pod).some((word) => /^--?(enable-)?leader-elect(ion)?\b/.test(word))
  );
}

/** By `namespace/account`: the first binding that gives it something to do in the API. */
const boundAccounts: (context: LintContext) => ReadonlyMap<string, RawObject> = perRun(({ cluster }) => {
  const found = new Map<string, RawObject>();
  for (const kind of ['ClusterRoleBinding', 'RoleBinding']) {
    for (const binding of cluster.extras.get(kind) ?? []) {
      if (!givesRights(cluster.extras, binding)) continue;
      for (const subject of listOf(dig(binding.value, 'subjects'))) {
        const name = textOf(dig(subject, 'name'));
        if (dig(subject, 'kind') !== 'ServiceAccount' || name === undefined) continue;
        const key = `${textOf(dig(subject, 'namespace')) ?? binding.namespace}/${name}`;
        if (!found.has(key)) found.set(key, binding);
      }
    }
  }
  return found;
});

/** A role that is not in the input is taken to hold something; one whose only verb is `use` is asked for by admission, not by the pod. */
function givesRights(extras: LintContext['cluster']['extras'], binding: RawObject): boolean {
  const [kind, name] = [textOf(dig(binding.value, 'roleRef', 'kind')) ?? '', textOf(dig(binding.value, 'roleRef', 'name'))];
  const role = extras.get(kind)?.find((each) => each.name === name && (kind === 'ClusterRole' || each.namespace === binding.namespace));
  if (role === undefined) return true;
  // Rules of an aggregated role are put in by the controller manager.
  if (dig(role.value, 'aggregationRule') !== undefined) return true;
  return listOf(dig(role.value, 'rules')).some((rule) => listOf(dig(rule, 'verbs')).some((verb) => verb !== 'use'));
}

/** A Service that the API server calls: a webhook, or an API that is served by pods. */
export interface ApiServerCall {
  readonly object: RawObject;
  readonly kind: string;
  readonly service: Service;
  readonly port: number;
}

/** Of the webhooks and aggregated APIs of the input, those whose Service is in it. */
export function apiServerCalls({ cluster }: Pick<LintContext, 'cluster'>): readonly ApiServerCall[] {
  const found: ApiServerCall[] = [];
  const add = (object: RawObject, kind: string, ref: unknown) => {
    const service = cluster.services.get(`${textOf(dig(ref, 'namespace'))}/${textOf(dig(ref, 'name'))}`);
    if (service !== undefined) found.push({ object, kind, service, port: integerOf(dig(ref, 'port')) ?? 443 });
  };
  for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']) {
    for (const object of cluster.extras.get(kind) ?? []) {
      for (const webhook of listOf(dig(object.value, 'webhooks'))) add(object, kind, dig(webhook, 'clientConfig', 'service'));
    }
  }
  for (const object of cluster.extras.get('APIService') ?? []) add(object, 'APIService', dig(object.value, 'spec', 'service'));
  return found;
}
