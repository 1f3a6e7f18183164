// The least rights that reading a cluster takes, as a ClusterRole; made from the table of what is read, so it cannot fall behind.
import { CLUSTER_KINDS, SIGN_CONFIG_MAPS } from './cluster-kinds.ts';

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface RoleOptions {
  /** For `--watch`. */
  readonly watch?: boolean;
  /** For `probe`: by which of its ways. */
  readonly probe?: 'debug' | 'exec' | 'throwaway' | undefined;
}

/** `{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'netverdict' }, rules: […] }`, rules by group. */
export function clusterRole(options: RoleOptions = {}, name = 'netverdict') {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules: rulesFor(options) };
}

export function rulesFor({ watch = false, probe }: RoleOptions): readonly PolicyRule[] {
  const verbs = watch ? ['list', 'watch'] : ['list'];
  const groups = [...new Set(CLUSTER_KINDS.map(({ group }) => group))].sort();
  return [
    ...groups.map((group) => ({
      apiGroups: [group],
      resources: CLUSTER_KINDS.filter((kind) => kind.group === group)
        .map(({ resource }) => resource)
        .sort(),
      verbs,
    })),
    // By name, so that no other ConfigMap can be read: they say in which mode a network plugin runs.
    {
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: [...new Set(SIGN_CONFIG_MAPS.map(({ name }) => name))].sort(),
      verbs: ['get'],
    },
    ...(probe === undefined ? [] : PROBE_RULES[probe]),
  ];
}

const PROBE_RULES: Readonly<Record<NonNullable<RoleOptions['probe']>, readonly PolicyRule[]>> = {
  debug: [
    { apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
  ],
  exec: [
    { apiGroups: [''], resources: ['pods/exec'], verbs: ['create', 'get'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
  ],
  throwaway: [{ apiGroups: [''], resources: ['pods'], verbs: ['create', 'delete', 'get'] }],
};

/** As YAML for `kubectl apply -f -`; with whom to bind it, when that is known. Plain enough to be written by hand. */
export function clusterRoleYaml(role: ReturnType<typeof clusterRole>, subject?: RoleSubject): string {
  const lines = [
    `apiVersion: ${role.apiVersion}`,
    `kind: ${role.kind}`,
    'metadata:',
    `  name: ${JSON.stringify(role.metadata.name)}`,
    'rules:',
  ];
  for (const { apiGroups, resources, verbs, resourceNames } of role.rules) {
    lines.push(`  - apiGroups: [${apiGroups.map(quoted).join(', ')}]`, `    resources: [${resources.map(quoted).join(', ')}]`);
    if (resourceNames !== undefined) lines.push(`    resourceNames: [${resourceNames.map(quoted).join(', ')}]`);
    lines.push(`    verbs: [${verbs.map(quoted).join(', ')}]`);
  }
  if (subject !== undefined) lines.push('---', ...bindingLines(role.metadata.name, subject));
  return `${lines.join('\n')}\n`;
}

export type RoleSubject =
  | { readonly kind: 'User' | 'Group'; readonly name: string }
  | { readonly kind: 'ServiceAccount'; readonly name: string; readonly namespace: string };

function bindingLines(role: string, subject: RoleSubject): readonly string[] {
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRoleBinding',
    'metadata:',
    `  name: ${JSON.stringify(role)}`,
    'roleRef:',
    '  apiGroup: rbac.authorization.k8s.io',
    '  kind: ClusterRole',
    `  name: ${JSON.stringify(role)}`,
    'subjects:',
    `  - kind: ${subject.kind}`,
    `    name: ${JSON.stringify(subject.name)}`,
    subject.kind === 'ServiceAccount' ? `    namespace: ${JSON.stringify(subject.namespace)}` : '    apiGroup: rbac.authorization.k8s.io',
  ];
}

/** A word of the table stays bare; the empty group cannot. */
function quoted(text: string): string {
  return text === '' ? '""' : text;
}
