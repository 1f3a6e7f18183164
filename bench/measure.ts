// Whole processes, measured: wall time and peak memory. Medians, because the machines that run this are shared.
import { spawnSync } from 'node:child_process';

export interface Measured {
  /** Median wall time of a run. */
  readonly seconds: number;
  /** Largest peak memory of a run. MB; undefined where /usr/bin/time is not installed. */
  readonly megabytes: number | undefined;
}

export interface Row {
  readonly name: string;
  readonly figure: string;
  readonly bound: string;
  /** undefined: not measured here, the figure says why. */
  readonly holds: boolean | undefined;
}

/** Runs a command `runs` times after one that is not counted. Throws when it ends in an error, for then its time means nothing. */
export function measure(command: readonly string[], runs: number, okay: readonly number[] = [0]): Measured {
  const times: number[] = [];
  let most: number | undefined;
  for (let i = 0; i <= runs; i++) {
    const start = process.hrtime.bigint();
    const { status, stderr, error } = spawnSync('/usr/bin/time', ['-f', '%M', ...command], {
      stdio: ['ignore', 'ignore', 'pipe'],
      maxBuffer: 1 << 26,
    });
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (error !== undefined) throw new Error(`/usr/bin/time is needed to measure memory (Debian package: time): ${error.message}`);
    if (!okay.includes(status ?? -1)) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
    const kilobytes = Number(stderr.toString().trim().split('\n').at(-1));
    if (i === 0) continue;
    times.push(seconds);
    most = Math.max(most ?? 0, kilobytes / 1000);
  }
  return { seconds: median(times), megabytes: most };
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

export interface Cost {
  /** Median of user and system time. What others do on this machine hardly changes it, where wall time is theirs, too. */
  readonly cpu: number;
  /** Median of the peak memory. MB */
  readonly megabytes: number;
}

/**
 * What whole processes cost, measured in turns so that a slow minute of the machine meets all of them. `okay`: exit codes that are no
 * failure. Throws when a command ends in another one.
 */
export function costs(commands: readonly (readonly string[])[], runs: number, okay: readonly number[] = [0]): readonly Cost[] {
  const found = commands.map(() => ({ cpu: [] as number[], megabytes: [] as number[] }));
  for (let i = 0; i < runs; i++) {
    for (const [which, command] of commands.entries()) {
      const { status, stderr, error } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', ...command], {
        stdio: ['ignore', 'ignore', 'pipe'],
        maxBuffer: 1 << 26,
      });
      if (error !== undefined) throw new Error(`/usr/bin/time is needed to measure (Debian package: time): ${error.message}`);
      if (!okay.includes(status ?? -1)) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
      const [user, system, kilobytes] = (stderr.toString().trim().split('\n').at(-1) ?? '').split(' ').map(Number);
      found[which]?.cpu.push((user ?? Number.NaN) + (system ?? Number.NaN));
      found[which]?.megabytes.push((kilobytes ?? Number.NaN) / 1000);
    }
  }
  return found.map(({ cpu, megabytes }) => ({ cpu: median(cpu), megabytes: median(megabytes) }));
}

/** Processes of Node without what `node -e 0` costs in the same run: on small inputs the start of Node would be most of both sides. */
export function costsBeyondStart(commands: readonly (readonly string[])[], runs: number, okay: readonly number[] = [0]): readonly Cost[] {
  const [start, ...found] = costs([[process.execPath, '-e', '0'], ...commands], runs, okay) as readonly [Cost, ...Cost[]];
  return found.map(({ cpu, megabytes }) => ({ cpu: cpu - start.cpu, megabytes }));
}

/** `1.51 s / 0.42 s = 3.6 times` of processor time, with `mostMegabytes` also `, 190 MB`. */
export function costRow(name: string, [ours, base]: readonly [Cost, Cost], most: number, mostMegabytes?: number): Row {
  const ratio = ours.cpu / base.cpu;
  const memory = mostMegabytes === undefined ? '' : `, ${Math.round(ours.megabytes)} MB`;
  return {
    name: `${name}, CPU`,
    figure: `${ours.cpu.toFixed(2)} s / ${base.cpu.toFixed(2)} s = ${ratio.toFixed(2)} times${memory}`,
    bound: `<= ${most} times${mostMegabytes === undefined ? '' : `, <= ${mostMegabytes} MB`}`,
    holds: ratio <= most && (mostMegabytes === undefined || ours.megabytes <= mostMegabytes),
  };
}

export const pair = (found: readonly Cost[]): readonly [Cost, Cost] => found.slice(0, 2) as unknown as readonly [Cost, Cost];

/** `1.42 s / 0.45 s = 3.2 times, 190 MB`. */
export function ratioRow(name: string, ours: Measured, base: Measured, most: number, mostMegabytes?: number): Row {
  const ratio = ours.seconds / base.seconds;
  const memory = mostMegabytes === undefined ? '' : `, ${Math.round(ours.megabytes ?? 0)} MB`;
  return {
    name,
    figure: `${ours.seconds.toFixed(3)} s / ${base.seconds.toFixed(3)} s = ${ratio.toFixed(2)} times${memory}`,
    bound: `<= ${most} times${mostMegabytes === undefined ? '' : `, <= ${mostMegabytes} MB`}`,
    holds: ratio <= most && (mostMegabytes === undefined || (ours.megabytes ?? 0) <= mostMegabytes),
  };
}

export function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ name, figure, bound, holds }) => `| ${name} | ${figure} | ${bound} | ${holds === undefined ? 'skipped' : holds ? 'yes' : 'NO'} |`,
  );
  return ['| what | figure | bound | holds |', '|---|---|---|---|', ...lines].join('\n');
}
