// The help of `rbac`.
import { afterHelp } from './help.ts';

export const HELP = {
  description: 'Print the ClusterRole that netverdict needs to read a cluster, and nothing beyond that.',
  watch: 'add the permissions for `why --watch`',
  probe: (ways: string) => `add the permissions for \`probe\`: ${ways} (default: debug)`,
  user: 'bind the role to this user',
  group: 'bind the role to this group',
  serviceaccount: 'bind the role to this service account',
  name: 'name of the ClusterRole',
  after: afterHelp({
    notes: `Permissions for kinds that a cluster does not have are harmless. By default every user may read the discovery paths /api and /apis.`,
    examples: ['netverdict rbac --group on-call | kubectl apply -f -', 'netverdict rbac --watch --probe --serviceaccount tools:netverdict'],
    exitCodes: '0 printed, 2 unusable options.',
  }),
} as const;
