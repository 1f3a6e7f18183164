// Fixes in English: what to do, what that opens and closes besides, what it restarts, what the kernel did. Lower case, no full stop; not yet
// made harmless.
import { ALL_PORTS, isAllPorts, PROTOCOLS, printPorts, subtractPorts } from '../../net/port-set.ts';
import type { RefusalReason } from '../../repair/edit.ts';
import type { Row, ServiceChange } from '../../repair/effect.ts';
import type { Lever } from '../../repair/lever.ts';
import type { SharedPolicy } from '../../repair/shared.ts';
import type { Step } from '../../repair/step.ts';
import { imaginedWords } from './imagined.ts';

/** `label the pod template app=frontend`, `add app=front-end to the rule`. */
export function leverWords({ code, facts }: Lever): string {
  const fact = (name: string) => {
    const value = facts[name];
    return value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value);
  };
  const pods = facts.kind === 'Pod' ? 'the pod' : 'the pod template';
  const list = fact('direction') === 'egress' ? 'to' : 'from';
  switch (code) {
    case 'repair-policy':
      return `correct ${fact('policy')}, which the API server refuses: ${fact('faults')}`;
    case 'service-selector':
      return `make Service ${fact('service')} select ${fact('now')} instead of ${fact('was')}`;
    case 'service-target-port':
      return `point port ${fact('port')} of Service ${fact('service')} to targetPort ${fact('targetPort')} instead of ${fact('was')}`;
    case 'service-port-name':
      return fact('was') === ''
        ? `name port ${fact('port')} of Service ${fact('service')} ${fact('name')}, as its endpoints do`
        : `rename port ${fact('port')} of Service ${fact('service')} from ${fact('was')} to ${fact('name')}, as its endpoints call it`;
    case 'service-port':
      return `add port ${fact('port')}/${fact('protocol')} to Service ${fact('service')}`;
    case 'label-pod':
      return `label ${pods} ${fact('key')}=${fact('value')}`;
    case 'unlabel-pod':
      return `remove the label ${fact('key')} from ${pods}`;
    case 'label-namespace':
      return `label namespace ${fact('namespace')} ${fact('key')}=${fact('value')}`;
    case 'unlabel-namespace':
      return `remove the label ${fact('key')} from namespace ${fact('namespace')}`;
    case 'selector-value':
      return facts.value === undefined || !fact('was').includes('=')
        ? `drop ${fact('was')} from the rule’s ${fact('of') === 'pod' ? 'podSelector' : 'namespaceSelector'}`
        : `make the rule select ${fact('key')}=${fact('value')} instead of ${fact('was')}`;
    case 'namespace-by-name':
      return `make the rule select namespace ${fact('namespace')} by its name instead of ${fact('was')}`;
    case 'add-namespace-selector':
      return `add a namespaceSelector for namespace ${fact('namespace')} to the peer`;
    case 'split-peer':
      return 'split the two selectors into two peers, so that either is enough';
    case 'join-peers':
      return 'join the two peers into one, so that both selectors are required';
    case 'add-peer':
      return `add ${fact('peer')} to the rule`;
    case 'block-to-selectors':
      return `select ${fact('peer')} by labels instead of the ipBlock ${fact('cidr')}`;
    case 'remove-except':
      return `remove the exception ${fact('except')} of ${fact('cidr')}`;
    case 'add-except':
      return `add the exception ${fact('except')} to ${fact('cidr')}`;
    case 'add-port':
      return `allow port ${fact('port')}/${fact('protocol')} in the rule`;
    case 'set-port':
      return facts.servicePort === undefined
        ? `allow port ${fact('port')} in the rule instead of ${fact('was')}`
        : `allow port ${fact('port')} in the rule instead of ${fact('was')}, the port of the Service`;
    case 'set-protocol':
      return `allow the port over ${fact('protocol')} in the rule`;
    case 'name-container-port':
      return `name port ${fact('port')} of the container ${fact('name')}`;
    case 'policy-types':
      return `write policyTypes: [${fact('types')}]`;
    case 'add-rule':
      return `add a rule to ${fact('policy')}: ${list} ${fact('peer')}, port ${fact('ports')}`;
    case 'add-dns-rule':
      return `add a DNS rule to ${fact('policy')}: to ${fact('peer')}, port ${fact('ports')}`;
    case 'insert-rule':
      return `add a rule to ${fact('kind')} ${fact('policy')}${fact('before') === '' ? '' : ` before ${fact('before')}`}: ${fact('action')} ${list} ${fact('peer')}, port ${fact('ports')}`;
    case 'new-policy':
      return `new policy ${fact('policy')} for ${fact('subject')}: ${list} ${fact('peer')}, port ${fact('ports')}`;
    case 'new-dns-policy':
      return `new policy ${fact('policy')} for ${fact('subject')}: DNS to ${fact('peer')}, port ${fact('ports')}`;
    case 'remove-peer':
      return `remove ${removedWords(facts.peers)} from the rule`;
    case 'remove-port':
      return `remove port ${fact('port')} from the rule`;
    case 'remove-rule':
      return `remove the rule ${fact('rule')}`;
    case 'narrow-peer':
      return `exclude ${fact('left')} from the rule`;
    case 'new-deny':
      return `new policy ${fact('policy')} that denies all traffic ${fact('direction') === 'ingress' ? 'to' : 'from'} ${fact('subject')}`;
    case 'new-deny-with-rest':
      return `new policy ${fact('policy')} for ${fact('subject')} that allows all but ${fact('left')}`;
  }
}

/** `opens this, nothing else; closes nothing`, with the first of each and how many more there are. */
export function effectWords(opens: readonly string[], closes: readonly string[], most: number): string {
  return `opens this, ${opens.length === 0 ? 'nothing else' : `and ${firstOf(opens, most)}`}; closes ${closes.length === 0 ? 'nothing' : firstOf(closes, most)}`;
}

function firstOf(texts: readonly string[], most: number): string {
  return texts.length <= most ? texts.join(', ') : `${texts.slice(0, most).join(', ')} and ${texts.length - most} more`;
}

/** `web/cart → payments/api 8080/TCP`; `perhaps` where the profile or the input decides. */
export function rowWords({ from, to, fromPods, toPods, ports, certainty, addresses }: Row): string {
  const text = `${endWords(from, fromPods, addresses)} → ${endWords(to, toPods, addresses)} ${portWords(ports)}`;
  return certainty === 'sure' ? text : `perhaps ${text}`;
}

/** `shop/cart[Deployment]` → `shop/cart`; `{other-pod web}` → `any other pod of namespace web`. */
function endWords(name: string, pods: readonly string[] | undefined, addresses: number | undefined): string {
  // All of IPv4 but a few addresses is said as that, and not as the ranges between them.
  if (addresses !== undefined && addresses >= 2 ** 31 && addresses < 2 ** 32 && /^[\d.]+-/.test(name))
    return `every IPv4 address outside but ${(2 ** 32 - addresses).toLocaleString('en')}`;
  if (pods !== undefined) return pods.length <= 2 ? pods.join(' and ') : `${plainName(name)} (${pods.length} of its pods)`;
  return plainName(name);
}

/** `ipBlock 10.0.0.0/8`, `the podSelector`, `the empty peer`; a peer of a cluster-wide rule as it is written there. */
function removedWords(peers: unknown): string {
  const names = Array.isArray(peers) ? peers.map(String) : [];
  return names.map((name) => (name === '{}' ? 'the empty peer' : WRITTEN_PARTS.has(name) ? `the ${name}` : name)).join(', ');
}

const WRITTEN_PARTS: ReadonlySet<string> = new Set(['namespaceSelector', 'peer', 'podSelector']);

function plainName(name: string): string {
  return imaginedWords(name) ?? name.replace(/\[[A-Za-z]+\]$/, '');
}

function portWords(ports: Row['ports']): string {
  if (isAllPorts(ports)) return 'on every port';
  const rest = subtractPorts(ALL_PORTS, ports);
  const isNearlyAll = PROTOCOLS.reduce((count, protocol) => count + rest[protocol].length, 0) <= 2;
  return isNearlyAll ? `on every port but ${listWords(rest)}` : listWords(ports);
}

function listWords(ports: Row['ports']): string {
  return PROTOCOLS.filter((protocol) => ports[protocol].length > 0)
    .map((protocol) =>
      printPorts(ports[protocol]) === '1-65535' ? `every ${protocol} port` : `${printPorts(ports[protocol])}/${protocol}`,
    )
    .join(' and ');
}

export function serviceWords({ service, change, pods }: ServiceChange): string {
  return `Service ${service} ${change} ${pods.length === 1 ? pods[0] : `${pods.length} pods`}`;
}

/** `pantry/dns applies to every pod of its namespace (12 today)`; `pantry/web applies to 3 pods of 2 workloads`. */
export function sharedWords({ policy, pods, workloads, everyPod, clusterWide }: SharedPolicy): string {
  if (clusterWide === true)
    return `${policy} belongs to the cluster’s owner and applies to ${pods} ${pods === 1 ? 'pod' : 'pods'} of ${workloads} ${workloads === 1 ? 'workload' : 'workloads'}`;
  if (everyPod) return `${policy} applies to every pod of its namespace (${pods} today)`;
  return `${policy} applies to ${pods} ${pods === 1 ? 'pod' : 'pods'} of ${workloads} ${workloads === 1 ? 'workload' : 'workloads'}`;
}

/** `restarts web/frontend`; undefined where no pod is created again. */
export function restartWords(steps: readonly Step[]): string | undefined {
  const texts = steps.flatMap((step) => {
    if (step.kind !== 'edit' || step.object.kind !== 'workload') return [];
    const { kind, namespace, name } = step.object.workload;
    const ref = `${namespace}/${name}`;
    if (kind === 'Job') return [`${ref} has to be deleted and created again, because the template of a Job cannot be changed`];
    if (kind === 'CronJob') return [`takes effect with the next run of ${ref}`];
    if (kind === 'ReplicaSet' || kind === 'ReplicationController') return [`takes effect when the pods of ${ref} are deleted`];
    return [`restarts ${ref}`];
  });
  return texts.length === 0 ? undefined : texts.join(', ');
}

/** Why a fix is not written into files. */
export function refusalWords(reason: RefusalReason): string {
  switch (reason) {
    case 'no-text':
      return 'the objects did not come from a file: -o kubectl prints the commands';
    case 'shared':
      return 'not written in place: an anchor or alias shares this part with other places, which would change too';
    case 'not-found':
    case 'layout':
    case 'overlap':
    case 'differs':
      return 'not written in place: the layout of this text cannot be edited safely; -o kubectl prints the commands';
  }
}

type Observation = 'allowed' | 'denied-egress' | 'denied-ingress' | 'refused' | 'lost';
type Observed = Readonly<Partial<Record<Observation, number>>>;

/** `before: denied by ingress (2 packets); after: allowed (2 packets)`. */
export function proofWords({ before, after }: { readonly before: Observed; readonly after: Observed }): string {
  return `before: ${observedWords(before)}; after: ${observedWords(after)}`;
}

const OBSERVED: Readonly<Record<Observation, string>> = {
  allowed: 'allowed',
  'denied-egress': 'denied by egress',
  'denied-ingress': 'denied by ingress',
  refused: 'refused, because nothing listened',
  lost: 'lost',
};

function observedWords(observed: Observed): string {
  const parts = (Object.keys(OBSERVED) as Observation[]).flatMap((each) => {
    const count = observed[each] ?? 0;
    return count === 0 ? [] : [`${OBSERVED[each]} (${count} ${count === 1 ? 'packet' : 'packets'})`];
  });
  return parts.length === 0 ? 'no packet could be sent' : parts.join(', ');
}
