// The objects of a cluster, laid out so that the signs of network plugins can be looked up. Knows where things stand in objects,
// not what they mean: signs are in profile/detect-hints.ts.
import { apiGroup } from '../manifest/kinds.ts';
import { dig, get, isObject, listOf, textOf } from '../objects/read.ts';
import type { Sign } from '../profile/detect-hints.ts';

/** An object as it was parsed; the namespace may be absent. Any source gives these: files, a cluster, a snapshot. */
export interface SeenObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly value: unknown;
}

export interface Evidence {
  readonly daemonSets: readonly SeenObject[];
  readonly configMaps: readonly SeenObject[];
  readonly deployments: readonly SeenObject[];
  readonly nodes: readonly SeenObject[];
  /** Pods by `namespace/DaemonSet` that owns them. */
  readonly agents: ReadonlyMap<string, readonly SeenObject[]>;
  /** By kind: FelixConfiguration. */
  readonly custom: ReadonlyMap<string, readonly SeenObject[]>;
  /** API groups beyond Kubernetes' own, from discovery or from CustomResourceDefinitions: `cilium.io`. */
  readonly apiGroups: readonly string[];
  /** Is this a whole cluster (it has Nodes), or manifests that may not say everything? */
  readonly isLive: boolean;
}

/** Custom objects that a sign looks into. */
const CUSTOM_KINDS: ReadonlySet<string> = new Set(['FelixConfiguration']);

export function evidenceIn(objects: Iterable<SeenObject>): Evidence {
  const daemonSets: SeenObject[] = [];
  const configMaps: SeenObject[] = [];
  const nodes: SeenObject[] = [];
  const deployments: SeenObject[] = [];
  const agents = new Map<string, SeenObject[]>();
  const custom = new Map<string, SeenObject[]>();
  const groups = new Set<string>();
  for (const object of objects) {
    switch (object.kind) {
      case 'DaemonSet':
        if (apiGroup(object.apiVersion) === 'apps') daemonSets.push(object);
        break;
      case 'Deployment':
        deployments.push(object);
        break;
      case 'ConfigMap':
        configMaps.push(object);
        break;
      case 'Node':
        nodes.push(object);
        break;
      case 'Pod':
        enrol(object, agents);
        break;
      case 'CustomResourceDefinition':
        groups.add(textOf(dig(object.value, 'spec', 'group')) ?? '');
        break;
      case 'APIGroupList':
        for (const group of listOf(get(object.value, 'groups'))) groups.add(textOf(get(group, 'name')) ?? '');
        break;
      default:
        if (CUSTOM_KINDS.has(object.kind)) custom.set(object.kind, [...(custom.get(object.kind) ?? []), object]);
        if (apiGroup(object.apiVersion).includes('.')) groups.add(apiGroup(object.apiVersion));
    }
  }
  const apiGroups = [...groups].filter((group) => group.includes('.') && !/(^|\.)k8s\.io$/.test(group)).sort();
  return { daemonSets, configMaps, deployments, nodes, agents, custom, apiGroups, isLive: nodes.length > 0 };
}

function enrol(pod: SeenObject, agents: Map<string, SeenObject[]>): void {
  const owner = listOf(dig(pod.value, 'metadata', 'ownerReferences')).find((item) => get(item, 'kind') === 'DaemonSet');
  const name = textOf(get(owner, 'name'));
  if (name === undefined) return;
  const key = `${pod.namespace ?? 'default'}/${name}`;
  const pods = agents.get(key);
  if (pods === undefined) agents.set(key, [pod]);
  else pods.push(pod);
}

/** Is it there? `undefined` when this input cannot tell: a Felix setting without the right to read it. */
export function isSeen(sign: Sign, evidence: Evidence): boolean {
  switch (sign.sign) {
    case 'daemon-set':
      return evidence.daemonSets.some(({ name }) => name === sign.name);
    case 'container':
      return containersOf(evidence, sign.daemonSet).some((container) => get(container, 'name') === sign.name);
    case 'argument':
      return containersOf(evidence, sign.daemonSet)
        .filter((container) => get(container, 'name') === sign.container)
        .some((container) => argumentOf(container, sign.flag) === sign.value);
    case 'variable':
      return containersOf(evidence, sign.daemonSet)
        .filter((container) => get(container, 'name') === sign.container)
        .some((container) => variableOf(container, sign.name) === sign.value);
    case 'config-map':
      return evidence.configMaps.some(
        ({ name, value }) => name === sign.name && sign.values.includes(scalar(dig(value, 'data', sign.key))),
      );
    case 'custom-object':
      return (evidence.custom.get(sign.kind) ?? []).some(
        ({ name, value }) => name === sign.name && sign.values.includes(scalar(dig(value, ...sign.field.split('.')))),
      );
    case 'kubelet-version':
      return evidence.nodes.some(({ value }) => kubeletVersion(value).includes(sign.contains));
    case 'node-argument':
      return evidence.nodes.some(({ value }) => hasNodeArgument(value, sign.annotation, sign.flag));
  }
}

/** The containers of every DaemonSet of that name; a CNI has one. */
export function containersOf(evidence: Evidence, daemonSet: string): readonly unknown[] {
  return evidence.daemonSets
    .filter(({ name }) => name === daemonSet)
    .flatMap(({ value }) => {
      const spec = dig(value, 'spec', 'template', 'spec');
      return [...listOf(get(spec, 'containers')), ...listOf(get(spec, 'initContainers'))];
    });
}

/** `--flag=value`, `--flag value`, or a bare `--flag`, which is `true`. Absent → undefined. */
export function argumentOf(container: unknown, flag: string): string | undefined {
  const words = [...listOf(get(container, 'command')), ...listOf(get(container, 'args'))].filter((word) => typeof word === 'string');
  return flagIn(words, flag);
}

function flagIn(words: readonly string[], flag: string): string | undefined {
  const at = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  const word = words[at];
  if (word === undefined) return undefined;
  if (word !== flag) return word.slice(flag.length + 1);
  const next = words[at + 1];
  return next === undefined || next.startsWith('-') ? 'true' : next;
}

export function variableOf(container: unknown, name: string): string | undefined {
  return textOf(
    get(
      listOf(get(container, 'env')).find((item) => get(item, 'name') === name),
      'value',
    ),
  );
}

export function configOf(evidence: Evidence, configMap: string, key: string): string | undefined {
  const found = evidence.configMaps.find(({ name, value }) => name === configMap && dig(value, 'data', key) !== undefined);
  return found === undefined ? undefined : scalar(dig(found.value, 'data', key));
}

export function kubeletVersion(node: unknown): string {
  return textOf(dig(node, 'status', 'nodeInfo', 'kubeletVersion')) ?? '';
}

/** k3s writes its command line there: `["server","--disable-network-policy"]`, from flags or its configuration file. */
function hasNodeArgument(node: unknown, annotation: string, flag: string): boolean {
  const text = textOf(dig(node, 'metadata', 'annotations', annotation));
  if (text === undefined) return false;
  try {
    const words: unknown = JSON.parse(text);
    const value = Array.isArray(words)
      ? flagIn(
          words.filter((word) => typeof word === 'string'),
          flag,
        )
      : undefined;
    return value !== undefined && value !== 'false';
  } catch {
    return false;
  }
}

/** Switches are booleans in one place and text in the other. */
function scalar(value: unknown): string {
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : isObject(value) ? '' : (textOf(value) ?? '');
}
