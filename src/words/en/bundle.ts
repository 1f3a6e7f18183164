// What an answer from a support bundle was made from.

/** `cluster` and `takenAt` are undefined where the bundle does not say. */
export interface BundleWords {
  readonly kind: 'must-gather' | 'support-bundle' | 'cilium-sysdump' | 'calico-diags' | 'cluster-info-dump' | 'archive';
  readonly path: string;
  readonly cluster: string | undefined;
  readonly takenAt: string | undefined;
  readonly files: number;
}

const NAMES: Readonly<Record<BundleWords['kind'], string>> = {
  'must-gather': 'must-gather',
  'support-bundle': 'support bundle',
  'cilium-sysdump': 'Cilium sysdump',
  'calico-diags': 'Calico diagnostics',
  'cluster-info-dump': 'kubectl cluster-info dump',
  archive: 'archive',
};

/** `must-gather of cluster prod-x7k2p taken 2026-11-30 12:03 UTC (812 files in mg.tar.gz)`. */
export function bundleSentence({ kind, path, cluster, takenAt, files }: BundleWords): string {
  const whose = cluster === undefined ? '' : ` of cluster ${cluster}`;
  const when = takenAt === undefined ? '' : ` taken ${takenAt}`;
  const where = path === '<stdin>' ? 'standard input' : path;
  return `${NAMES[kind]}${whose}${when} (${files} ${files === 1 ? 'file' : 'files'} in ${where})`;
}
