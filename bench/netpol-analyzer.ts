// Against a peer: np-guard/netpol-analyzer on the same input, in the same run, answers compared. Skips visibly without Go.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharedPath } from '../tests/shared.ts';
import { measure, type Row } from './measure.ts';

const PACKAGE = 'github.com/np-guard/netpol-analyzer/cmd/netpolicy';
const NAME = 'netpol-analyzer list on 1,000 pods and 200 policies, against `map -o json`';
const BOUND = '>= 50 times faster, same answers';

export function compareWithNetpolAnalyzer(folder: string, program: string): Row[] {
  const tool = analyzer();
  if (tool === undefined)
    return [{ name: NAME, figure: 'skipped: Go is not installed, or the tool could not be built', bound: BOUND, holds: undefined }];
  return [
    compared(tool, program, join(folder, 'peer-pods'), 'none', 'pods of nobody'),
    compared(tool, program, join(folder, 'peer-deployments'), 'deployment', 'pods of 100 Deployments'),
  ];
}

/** Where pods belong to Deployments both tools answer for those, and starting up is most of what is measured: no bound is held to it. */
function compared(tool: string, program: string, input: string, owners: 'none' | 'deployment', what: string): Row {
  const size = ['--pods', '1000', '--policies', '200', '--owners', owners];
  spawnSync(process.execPath, [sharedPath('bench', 'make-cluster.mjs'), ...size, '--format', 'yaml-dir', '--out', input], {
    stdio: 'inherit',
  });
  const leftOut = removeRefused(join(input, 'policies'));
  const theirs = [tool, 'list', '--dirpath', input, '-o', 'json', '-q'];
  const ours = [process.execPath, program, 'map', '-q', '-o', 'json', '-f', input];
  const { same, other } = differences(theirRows(theirs), ourRows(ours));
  const [them, us] = [measure(theirs, 1), measure(ours, 5)];
  const factor = them.seconds / us.seconds;
  return {
    name: `${NAME}, ${what} (${same} rows equal, ${other} differ, ${leftOut} policies left out)`,
    figure: `${them.seconds.toFixed(2)} s / ${us.seconds.toFixed(3)} s = ${factor.toFixed(factor < 10 ? 1 : 0)} times faster`,
    bound: owners === 'none' ? BOUND : 'same answers',
    holds: (owners !== 'none' || factor >= 50) && other === 0 && same > 0,
  };
}

/** The peer refuses the whole input when an egress rule has a block and a port's name: such policies are taken out for both. */
function removeRefused(folder: string): number {
  const refused = readdirSync(folder).filter((name) => {
    const { spec } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
      spec: { egress?: { to?: { ipBlock?: unknown }[]; ports?: { port?: unknown }[] }[] };
    };
    return spec.egress?.some(({ to, ports }) => to?.some((peer) => peer.ipBlock) && ports?.some(({ port }) => typeof port === 'string'));
  });
  for (const name of refused) rmSync(join(folder, name));
  return refused.length;
}

/** The built peer, from .cache/ after the first time. `go install PATH@VERSION` would also ask for the list of versions. */
function analyzer(): string | undefined {
  const cache = fileURLToPath(new URL('../.cache/netpol-analyzer', import.meta.url));
  const path = join(cache, 'netpolicy');
  if (existsSync(path)) return path;
  if (spawnSync('go', ['version']).status !== 0) return undefined;
  console.error(`bench: building ${PACKAGE} with Go, once; it takes some minutes`);
  // In a copy: go writes the requirements that it works out into go.mod.
  cpSync(fileURLToPath(new URL('netpol-analyzer', import.meta.url)), cache, { recursive: true });
  const built = spawnSync('go', ['build', '-mod=mod', '-o', path, PACKAGE], { cwd: cache, stdio: 'inherit', timeout: 900_000 });
  return built.status === 0 && existsSync(path) ? path : undefined;
}

/** `[from, to, connection]` in the peer's words. */
type Told = readonly [from: string, to: string, connection: string];

function theirRows(command: readonly string[]): readonly Told[] {
  return (JSON.parse(outputOf(command)) as { src: string; dst: string; conn: string }[]).map(({ src, dst, conn }) => [src, dst, conn]);
}

function ourRows(command: readonly string[]): readonly Told[] {
  const { connections } = JSON.parse(outputOf(command)) as {
    connections: { from: string; to: string; allowed: 'all' | { protocol: string; ports: string }[] }[];
  };
  const words = (allowed: 'all' | { protocol: string; ports: string }[]) =>
    allowed === 'all'
      ? 'All Connections'
      : [...allowed]
          .sort((a, b) => (a.protocol < b.protocol ? -1 : 1))
          .map(({ protocol, ports }) => `${protocol} ${ports}`)
          .join(',');
  return connections.map(({ from, to, allowed }) => [from, to, words(allowed)]);
}

function outputOf(command: readonly string[]): string {
  const { stdout, status } = spawnSync(command[0] as string, command.slice(1), { maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`);
  return stdout.toString();
}

const RANGE = /^(\d+\.\d+\.\d+\.\d+)-(\d+\.\d+\.\d+\.\d+)$/;

/**
 * How many rows say the same. The peer cuts the address space wherever any policy does, this program where the answer changes: ranges
 * that touch and have one answer are joined first.
 */
function differences(a: readonly Told[], b: readonly Told[]): { same: number; other: number } {
  const [one, other] = [new Set(joined(a)), new Set(joined(b))];
  const same = [...one].filter((row) => other.has(row)).length;
  return { same, other: one.size + other.size - 2 * same };
}

function joined(rows: readonly Told[]): readonly string[] {
  const plain: string[] = [];
  const ranges = new Map<string, [number, number][]>();
  for (const [from, to, connection] of rows) {
    const isSource = RANGE.test(from);
    const range = RANGE.exec(isSource ? from : to);
    if (range === null) {
      plain.push(`${from} → ${to}: ${connection}`);
      continue;
    }
    const key = isSource ? `→ ${to}: ${connection}` : `${from} →: ${connection}`;
    ranges.set(key, [...(ranges.get(key) ?? []), [numberOf(range[1] as string), numberOf(range[2] as string)]]);
  }
  for (const [key, list] of ranges) {
    const whole: [number, number][] = [];
    for (const [first, last] of list.sort(([x], [y]) => x - y)) {
      const before = whole.at(-1);
      if (before !== undefined && before[1] + 1 >= first) before[1] = Math.max(before[1], last);
      else whole.push([first, last]);
    }
    plain.push(...whole.map(([first, last]) => `${first}-${last} ${key}`));
  }
  return plain;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
