// How the tools that collect a cluster for support lay out their files: what to recognise each by, which files to leave alone, and which
// policies it holds. By names only; the texts are bundle.ts. A row says where it is written down.

export type BundleKind = 'must-gather' | 'support-bundle' | 'cilium-sysdump' | 'calico-diags' | 'cluster-info-dump';

/** Where a kind was collected: everywhere, or in these namespaces only. */
export type Collected = 'everywhere' | readonly string[];

interface Layout {
  readonly kind: BundleKind;
  /** Matches a file that only this tool writes; what stands before the match is the root of the bundle. */
  readonly mark: RegExp;
  /** Where the lists of this kind are. `resource`: `networkpolicies`. */
  readonly collected: (names: readonly string[], kind: { readonly resource: string; readonly group: string }) => Collected;
  /** When it was taken, as a name tells: `2026-11-30 12:03`. */
  readonly takenAt?: RegExp;
}

const NAMESPACED = /(?:^|\/)namespaces\/([^/]+)\/([^/]+)\/([^/]+?)(?:\.yaml|\/[^/]+\.yaml)$/;

const LAYOUTS: readonly Layout[] = [
  {
    // openshift/enhancements: enhancements/oc/inspect.md; openshift/must-gather.
    kind: 'must-gather',
    mark: /(?:^|\/)(?:cluster-scoped-resources\/[^/]+\/|namespaces\/[^/]+\/(?:core|apps|networking\.k8s\.io)\/)/,
    collected: (names, { resource, group }) => {
      const folder = group === '' ? 'core' : group;
      if (names.some((name) => name.includes(`cluster-scoped-resources/${folder}/${resource}`))) return 'everywhere';
      const found = names.flatMap((name) => {
        const [, namespace, where, what] = NAMESPACED.exec(name) ?? [];
        return namespace !== undefined && where === folder && what === resource ? [namespace] : [];
      });
      return [...new Set(found)].sort();
    },
  },
  {
    // replicatedhq/troubleshoot: pkg/constants/constants.go, pkg/collect/cluster_resources.go.
    kind: 'support-bundle',
    mark: /(?:^|\/)cluster-resources\/(?:pods|services|deployments|network-policy|namespaces\.json|nodes\.json)/,
    collected: (names, { resource, group }) => {
      // Every custom resource that a CRD names is collected, so that none is missing from it.
      if (resource !== 'networkpolicies' || group !== 'networking.k8s.io') return 'everywhere';
      return names.flatMap((name) => /(?:^|\/)cluster-resources\/network-policy\/([^/]+)\.json$/.exec(name)?.[1] ?? []).sort();
    },
    takenAt: /support-bundle-(\d{4})-(\d\d)-(\d\d)T(\d\d)_(\d\d)/,
  },
  {
    // projectcalico/calico: calicoctl/calicoctl/commands/cluster/diags.go.
    kind: 'calico-diags',
    mark: /(?:^|\/)cluster\/(?:kubernetes\/(?:pods|networkpolicies|namespaces|nodes)|crd\/[a-z]+\.crd\.projectcalico\.org)\.yaml$/,
    collected: (names, { resource, group }) => {
      const file = group === 'crd.projectcalico.org' ? `crd/${resource}.${group}.yaml` : `kubernetes/${resource}.yaml`;
      return names.some((name) => name.endsWith(`cluster/${file}`)) ? 'everywhere' : [];
    },
    takenAt: /calico-diagnostics-(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)/,
  },
  {
    // cilium/cilium: cilium-cli/sysdump/constants.go.
    kind: 'cilium-sysdump',
    mark: /(?:^|\/)(?:k8s-(?:pods|networkpolicies|namespaces|nodes|services)|ciliumnetworkpolicies)-\d{8}-\d{6}\.yaml$/,
    collected: (names, { resource }) => {
      const file = new RegExp(String.raw`(?:^|/)(?:k8s-|aws-|gatewayapi-)?${resource}-\d{8}-\d{6}\.yaml$`);
      return names.some((name) => file.test(name)) ? 'everywhere' : [];
    },
    takenAt: /(?:-|^)(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)\d\d(?:\.|$|\/)/,
  },
  {
    // kubernetes/kubectl: pkg/cmd/clusterinfo/clusterinfo_dump.go. It asks for no policies of any kind.
    kind: 'cluster-info-dump',
    mark: /(?:^|\/)[^/]+\/replication-controllers\.(?:json|yaml)$/,
    collected: () => [],
  },
];

export interface Recognised {
  readonly kind: BundleKind;
  /** Of the names that came in, those that belong to the bundle. */
  readonly names: readonly string[];
  readonly collected: (kind: { readonly resource: string; readonly group: string }) => Collected;
  /** `2026-11-30 12:03`, where a name says it. */
  readonly takenAt: string | undefined;
}

/** `path`: of the folder or archive, whose name may tell the time. undefined for files that no such tool wrote. Never throws. */
export function recogniseBundle(path: string, names: readonly string[]): Recognised | undefined {
  for (const { kind, mark, collected, takenAt } of LAYOUTS) {
    const first = names.flatMap((name) => mark.exec(name) ?? [])[0];
    if (first === undefined) continue;
    const roots = new Set(names.flatMap((name) => rootOf(name, mark) ?? []));
    const own = names.filter((name) => roots.has('') || [...roots].some((root) => name.startsWith(root)));
    const time = takenAt && [path, ...own].map((name) => takenAt.exec(name)).find((found) => found !== null);
    const [, year, month, day, hour, minute] = time ?? [];
    return {
      kind,
      names: own,
      collected: (asked) => collected(own, asked),
      takenAt: year === undefined ? undefined : `${year}-${month}-${day} ${hour}:${minute}`,
    };
  }
  return undefined;
}

function rootOf(name: string, mark: RegExp): string | undefined {
  const found = mark.exec(name);
  if (found === null) return undefined;
  // The namespace's folder of a dump is part of the mark; the slash before it belongs to the root.
  return name.slice(0, found.index + (found[0].startsWith('/') ? 1 : 0));
}

/** Logs, events, metrics, errors, and whatever may hold a secret: never opened. */
const LEFT_ALONE = [
  /(?:^|\/)(?:logs?|audit_logs|host_service_logs|monitoring|insights-data|pods-logs|tls|secrets|image-pull-secrets|events|events\.k8s\.io)\//,
  /(?:^|\/)(?:secrets|events|image-pull-secrets|[^/]*-errors|metrics|version)\.(?:ya?ml|json)$/,
  /(?:^|\/)(?:k8s-events|k8s-leases|hubble-flows|ciliumendpoints|ciliumendpointslices|ciliumidentities)[^/]*\.(?:ya?ml|json)$/,
  /(?:^|\/)[^/]*-secret-[^/]*\.ya?ml$/,
];

/** A file of a bundle that holds nothing for us, or what is none of our business. */
export function isLeftAlone(name: string): boolean {
  return LEFT_ALONE.some((each) => each.test(name));
}

/** A file of an archive that may hold objects, as far as its name tells: what a folder would be searched for. */
export function isManifestPath(name: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(name) && !name.split('/').some((part) => part.startsWith('.') || part === 'node_modules');
}

/** The file of a must-gather that says when it was taken. */
export const TIMESTAMP = /(?:^|\/)timestamp$/;
