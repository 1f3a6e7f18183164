// docs/cnis.md: the CNIs side by side, for a reader who wants to know what differs on his cluster. The evidence is in docs/cni-profiles.md.
import { CELL_NAMES, type CellName, type Profile } from '../src/profile/profile.ts';
import { PROFILES } from '../src/profile/profiles.ts';

/** The columns that people compare plugins by, and how a value is said in a table. Cells without an entry are on the other page. */
const COLUMNS: readonly { readonly head: string; readonly cell: CellName; readonly say?: Readonly<Record<string, string>> }[] = [
  { head: 'enforces NetworkPolicy', cell: 'enforces' },
  { head: 'a denied client sees', cell: 'denyResponse', say: { drop: 'timeout', reject: 'refused' } },
  { head: '`ipBlock` matches pods', cell: 'ipBlockMatchesPod' },
  { head: '`ipBlock` matches nodes', cell: 'ipBlockMatchesNode' },
  { head: 'egress rules see Service addresses', cell: 'ipBlockMatchesServiceAddress' },
  { head: '`endPort`', cell: 'endPort' },
  { head: 'SCTP', cell: 'sctp' },
  { head: 'ping to an isolated pod', cell: 'icmpWhenIsolated' },
  { head: 'open connections under a new deny', cell: 'establishedCutOnDeny' },
  { head: 'a new pod, before its rules are in', cell: 'startup', say: { 'open-window': 'open', 'closed-window': 'closed', none: 'ready' } },
  { head: 'cluster-wide policies', cell: 'adminPolicies', say: { cnp: 'ClusterNetworkPolicy', anp: 'AdminNetworkPolicy' } },
  { head: 'own kinds', cell: 'ownPolicies' },
];

export function cniTable(): string {
  const unknownColumn = COLUMNS.find(({ cell }) => !CELL_NAMES.includes(cell));
  if (unknownColumn !== undefined) throw new Error(`no cell ${unknownColumn.cell}`);
  return [
    '# CNIs side by side',
    '',
    'What the same policies do on different plugins. `?` is not known; `–` does not apply, because the plugin enforces nothing.',
    'Each value has its evidence in [cni-profiles.md](cni-profiles.md), where the remaining cells are too. `netverdict cni` finds out what a',
    'live cluster runs, `--cni NAME` says it for manifests. Made from `src/profile`.',
    '',
    `| \`--cni\` | ${COLUMNS.map(({ head }) => head).join(' | ')} |`,
    `|---|${COLUMNS.map(() => '---').join('|')}|`,
    ...PROFILES.map(row),
    '',
  ].join('\n');
}

function row({ name, cells }: Profile): string {
  const values = COLUMNS.map(({ cell, say }) => {
    const { value } = cells[cell];
    if (value === 'unknown') return '?';
    return value === 'not-applicable' ? '–' : (say?.[value] ?? value);
  });
  return `| \`${name}\` | ${values.join(' | ')} |`;
}
