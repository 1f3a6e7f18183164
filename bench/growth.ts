// How the engine's part grows: the same classes with ten times the pods must cost about ten times, not a hundred.
import { readFileSync } from 'node:fs';
import { loadCluster } from '../src/manifest/load.ts';
import { chooseProfile, type ProfileChoice, semanticsOf } from '../src/profile/choose.ts';
import { connectionsBySource } from '../src/reach/connections.ts';
import { reachOf } from '../src/reach/reach.ts';
import { median, type Row } from './measure.ts';

/** 10,000 pods in 1,000 apps of 10, against 100,000 pods in the same 1,000 apps of 100. */
export function growthRow(make: (name: string, pods: number, policies: number, more: readonly string[]) => string): Row {
  const same = ['--namespaces', '100'];
  const small = engineSeconds(make('growth-10k.json', 10_000, 1_000, [...same, '--pods-per-app', '10']));
  const large = engineSeconds(make('growth-100k.json', 100_000, 1_000, [...same, '--pods-per-app', '100']));
  const ratio = large / small;
  return {
    name: 'engine part (input parsed), 100,000 pods against 10,000 at the same number of classes',
    figure: `${large.toFixed(3)} s / ${small.toFixed(3)} s = ${ratio.toFixed(1)} times`,
    bound: '<= 12 times',
    holds: ratio <= 12,
  };
}

function engineSeconds(file: string): number {
  const cluster = loadCluster([{ file, text: readFileSync(file, 'utf8') }]);
  const choice = chooseProfile('kubernetes') as ProfileChoice;
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    const start = performance.now();
    let rows = 0;
    for (const source of connectionsBySource(reachOf(cluster, semanticsOf(choice)))) rows += source.targets.length;
    if (rows === 0) throw new Error(`${file} has no connection: nothing was measured`);
    if (i > 0) times.push((performance.now() - start) / 1000);
  }
  return median(times);
}
