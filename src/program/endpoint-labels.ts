// What policies of some kinds know of a pod beside its labels, as labels under keys that no Kubernetes label can have: a key with a colon.
// `calico:pcns.team` is the label `team` of the pod's namespace, `calico:projectcalico.org/serviceaccount` its ServiceAccount, and
// `calico:nets 10.0.0.0/8` says whether its address is in there. Worked out for the keys that some policy asks for, and for no others.
import { asksForTraits, type Cluster, POD_TRAITS, type Pod, withTraits } from '../model/cluster.ts';
import { DIRECTIONS, type Policy } from '../model/policy.ts';
import { type Labels, labelRequirements, type Selector } from '../model/selector.ts';
import { parseCidr } from '../net/cidr.ts';
import { type IpSet, ipSetHas, ipSetOfCidrs, subtractIps } from '../net/ip-set.ts';
import { leavesOf } from './terms.ts';

const PREFIX = 'calico:';
const NETS = `${PREFIX}nets `;
/** `unknown` for a pod whose ServiceAccount is not in the input: it may have any label. */
export const ACCOUNT_KEY = `${PREFIX}account`;
const OWN_KEYS: ReadonlySet<string> = new Set([
  'projectcalico.org/namespace',
  'projectcalico.org/orchestrator',
  'projectcalico.org/serviceaccount',
]);

/** The key under which a label of Calico's is found; a label of the pod's own stays as it is. */
export function calicoKey(label: string): string {
  return label.startsWith('pcns.') || label.startsWith('pcsa.') || OWN_KEYS.has(label) ? `${PREFIX}${label}` : label;
}

/** `calico:nets 10.0.0.0/8,10.1.0.0/16 10.0.5.0/24`: `yes`, `no`, or `unknown` for a pod whose addresses are not in the input. */
export function netsKey(cidrs: readonly string[], except: readonly string[]): string {
  return `${NETS}${cidrs.join()} ${except.join()}`;
}

/** The pod's labels, and what else the policies of this cluster ask for. The very same labels where they ask for nothing else. */
function labelsIn(cluster: Cluster, pod: Pod): Labels {
  const { keys, sets } = askedIn(cluster.policies);
  if (keys.length === 0) return pod.labels;
  const ofPods = known.get(cluster) ?? new WeakMap<Pod, Labels>();
  known.set(cluster, ofPods);
  let labels = ofPods.get(pod);
  if (labels === undefined) {
    const found = keys.flatMap((key) => {
      const value = key.startsWith(NETS) ? isIn(sets.get(key) as IpSet, pod) : knownOf(cluster, pod, key);
      return value === undefined ? [] : [[key, value] as const];
    });
    labels = new Map([...pod.labels, ...found]);
    ofPods.set(pod, labels);
  }
  return labels;
}

/** What a selector sees of a pod: with traits (model/cluster.ts) where it asks for those. */
export function labelsSeenBy(cluster: Cluster, selector: Selector, pod: Pod): Labels {
  return asksForTraits(selector) ? withTraits(pod) : labelsIn(cluster, pod);
}

/** What all selectors together see of it. */
export function allLabelsOf(cluster: Cluster, pod: Pod, hasTraits: boolean): Labels {
  const labels = labelsIn(cluster, pod);
  return hasTraits ? new Map([...withTraits(pod), ...labels]) : labels;
}

const known = new WeakMap<Cluster, WeakMap<Pod, Labels>>();

interface Asked {
  readonly keys: readonly string[];
  /** By key, of those that ask about addresses. */
  readonly sets: ReadonlyMap<string, IpSet>;
}

const asked = new WeakMap<readonly Policy[], Asked>();

function askedIn(policies: readonly Policy[]): Asked {
  let found = asked.get(policies);
  if (found === undefined) {
    const keys = new Set<string>();
    for (const policy of policies) if (policy.needs === 'calico') for (const key of keysIn(policy)) keys.add(key);
    found = { keys: [...keys].sort(), sets: new Map([...keys].flatMap((key) => (key.startsWith(NETS) ? [[key, setOf(key)]] : []))) };
    asked.set(policies, found);
  }
  return found;
}

function keysIn(policy: Policy): readonly string[] {
  const peers = DIRECTIONS.flatMap((direction) => {
    const rules = policy[direction];
    return rules === 'not-governed' ? [] : rules.flatMap((rule) => leavesOf(rule.peers));
  });
  const selectors = [policy.subject.pods, ...peers.flatMap((peer): Selector[] => (peer.kind === 'pods' && peer.pods ? [peer.pods] : []))];
  return selectors.flatMap(labelRequirements).flatMap(({ key }) => (key.startsWith(PREFIX) ? [key] : []));
}

function knownOf(cluster: Cluster, pod: Pod, key: string): string | undefined {
  if (key === ACCOUNT_KEY) return accountLabels(cluster, pod) === undefined ? 'unknown' : 'known';
  const label = key.slice(PREFIX.length);
  switch (label) {
    case 'projectcalico.org/namespace':
    case 'pcns.projectcalico.org/name':
      return pod.namespace;
    case 'projectcalico.org/orchestrator':
      return 'k8s';
    case 'projectcalico.org/serviceaccount':
    case 'pcsa.projectcalico.org/name':
      return serviceAccountOf(pod);
  }
  if (label.startsWith('pcns.')) return cluster.namespaces.get(pod.namespace)?.labels.get(label.slice('pcns.'.length));
  return accountLabels(cluster, pod)?.get(label.slice('pcsa.'.length));
}

function serviceAccountOf(pod: Pod): string {
  return withTraits(pod).get(POD_TRAITS.serviceAccount) ?? 'default';
}

const accounts = new WeakMap<Cluster['extras'], ReadonlyMap<string, Labels>>();

const UNLABELLED: Labels = new Map();

/** undefined: the ServiceAccount is not in the input. */
function accountLabels({ extras }: Cluster, pod: Pod): Labels | undefined {
  let found = accounts.get(extras);
  if (found === undefined) {
    found = new Map(
      (extras.get('ServiceAccount') ?? []).map(({ namespace, name, value }) => {
        const labels = (value as { readonly metadata?: { readonly labels?: unknown } } | undefined)?.metadata?.labels;
        const texts = Object.entries(typeof labels === 'object' && labels !== null ? labels : {}).filter(
          (entry): entry is [string, string] => typeof entry[1] === 'string',
        );
        return [`${namespace}/${name}`, new Map(texts)];
      }),
    );
    accounts.set(extras, found);
  }
  const name = serviceAccountOf(pod);
  // Kubernetes itself makes `default`, without labels: where ServiceAccounts were given and it is not among them, nobody has changed that.
  return found.get(`${pod.namespace}/${name}`) ?? (name === 'default' && found.size > 0 ? UNLABELLED : undefined);
}

function isIn(set: IpSet, { addresses }: Pod): 'yes' | 'no' | 'unknown' {
  if (addresses.length === 0) return 'unknown';
  return addresses.some((address) => ipSetHas(set, address)) ? 'yes' : 'no';
}

function setOf(key: string): IpSet {
  const [cidrs = '', except = ''] = key.slice(NETS.length).split(' ');
  const of = (text: string) => ipSetOfCidrs(text === '' ? [] : text.split(',').flatMap((cidr) => parseCidr(cidr) ?? []));
  return subtractIps(of(cidrs), of(except));
}
