// Against a peer: np-guard/netpol-analyzer on the same input, in the same run, answers compared. Skips visibly without Go.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { sharedPath } from '../tests/shared.ts';
import { measure, type Row } from './measure.ts';

const MODULE = 'github.com/np-guard/netpol-analyzer/cmd/netpolicy@v1.4.4';
const NAME = 'netpol-analyzer list on 1,000 pods and 200 policies, against `map -o json`';

export function compareWithNetpolAnalyzer(folder: string, program: string): Row[] {
  const skipped = (why: string): Row[] => [{ name: NAME, figure: `skipped: ${why}`, bound: '>= 50 times faster', holds: undefined }];
  const tool = analyzer();
  if (tool === undefined) return skipped('Go is not installed, or the tool could not be built');
  const input = join(folder, 'peer');
  spawnSync(
    process.execPath,
    [sharedPath('bench', 'make-cluster.mjs'), '--pods', '1000', '--policies', '200', '--format', 'yaml-dir', '--out', input],
    { stdio: 'inherit' },
  );
  const theirs = [tool, 'list', '--dirpath', input, '-o', 'json', '-q'];
  const ours = [process.execPath, program, 'map', '-q', '-o', 'json', '-f', input];
  const differing = differences(rowsOf(theirs, 'src', 'dst', 'conn'), ourRows(ours));
  const [them, us] = [measure(theirs, 1), measure(ours, 5)];
  const factor = them.seconds / us.seconds;
  return [
    {
      name: `${NAME} (${differing.same} rows equal, ${differing.other} differ)`,
      figure: `${them.seconds.toFixed(2)} s / ${us.seconds.toFixed(3)} s = ${factor.toFixed(0)} times faster`,
      bound: '>= 50 times faster, same answers',
      holds: factor >= 50 && differing.other === 0 && differing.same > 0,
    },
  ];
}

function analyzer(): string | undefined {
  const path = join(homedir(), 'go', 'bin', 'netpolicy');
  if (existsSync(path)) return path;
  if (spawnSync('go', ['version']).status !== 0) return undefined;
  console.error(`bench: building ${MODULE} with Go, once`);
  return spawnSync('go', ['install', MODULE], { stdio: 'inherit', timeout: 600_000 }).status === 0 && existsSync(path) ? path : undefined;
}

/** `from → to` → connections, in the peer's words. */
function rowsOf(command: readonly string[], from: string, to: string, connection: string): Map<string, string> {
  const { stdout, status } = spawnSync(command[0] as string, command.slice(1), { maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`);
  const rows = JSON.parse(stdout.toString()) as Record<string, string>[];
  return new Map(rows.map((row) => [`${row[from]} → ${row[to]}`, String(row[connection])]));
}

function ourRows(command: readonly string[]): Map<string, string> {
  const { stdout } = spawnSync(command[0] as string, command.slice(1), { maxBuffer: 1 << 28 });
  const { connections } = JSON.parse(stdout.toString()) as {
    connections: { from: string; to: string; allowed: 'all' | { protocol: string; ports: string }[] }[];
  };
  const words = (allowed: 'all' | { protocol: string; ports: string }[]) =>
    allowed === 'all'
      ? 'All Connections'
      : [...allowed]
          .sort((a, b) => (a.protocol < b.protocol ? -1 : 1))
          .map(({ protocol, ports }) => `${protocol} ${ports}`)
          .join(',');
  return new Map(connections.map(({ from, to, allowed }) => [`${from} → ${to}`, words(allowed)]));
}

function differences(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): { same: number; other: number } {
  const keys = [...new Set([...a.keys(), ...b.keys()])];
  const normal = (text: string | undefined) => text?.replaceAll('[External]', '');
  const find = (map: ReadonlyMap<string, string>, key: string) =>
    map.get(key) ?? [...[key]].map((k) => map.get(k)).find((found) => found !== undefined);
  const same = keys.filter((key) => normal(find(a, key)) === normal(find(b, key))).length;
  return { same, other: keys.length - same };
}
