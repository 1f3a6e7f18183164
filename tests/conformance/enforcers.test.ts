// What real enforcers were seen to do, held against the verdicts: every row answers as the API means it, and the caveat about an enforcer
// that departs from it stands on the rows that departed and on no other.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lineAnswerer } from '../../src/answer/verdict-lines.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { parseIp, sameIp } from '../../src/net/ip.ts';
import { hasPort, type PortSet, PROTOCOLS, type Protocol } from '../../src/net/port-set.ts';
import { departs, departureOf, printShapes } from '../../src/policy/departures.ts';
import { addressEnd, type End, podEnd } from '../../src/policy/end.ts';
import { kubeRouterOn } from '../../src/policy/kube-router.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import { departingRows } from '../../src/reach/departing.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { fastVerdict } from '../../src/reach/verdict-of.ts';
import { describeWithShared, sharedPath } from '../shared.ts';
import { textsUnder } from './corpus-case.ts';

const SUITES = ['enforcers-felix', 'enforcers-kube-network-policies', 'enforcers-kube-router'];

/** Rows that the API's verdict does not speak of: ping, and what no real cluster has. */
const OTHER_SUBJECTS = new Set(['node-process-not-root', 'finished-pod']);

/** `["a/web","a/api",4,"TCP",80,false,"open","leak"]`. */
type Row = readonly [
  src: string,
  dst: string,
  family: 4 | 6,
  protocol: string,
  port: number,
  allowed: boolean,
  observed: string,
  departure?: string | null,
];

function rowsOf(folder: string): readonly Row[] {
  return JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')).verdicts;
}

/** `b|a`, `a+b` in one spelling. */
const sorted = (shapes: string) =>
  shapes
    .split('|')
    .map((each) => each.split('+').sort().join('+'))
    .sort()
    .join('|');

describeWithShared('what real enforcers were seen to do', () => {
  for (const suite of SUITES) {
    const root = sharedPath('corpus', suite);
    const worlds = existsSync(root) ? readdirSync(root) : [];
    it.skipIf(worlds.length === 0)(
      `${suite} is what the verdict says, departures named`,
      () => {
        const wrong: string[] = [];
        let [denied, allowed, departing, asked] = [0, 0, 0, 0];
        for (const world of worlds) {
          const about = JSON.parse(readFileSync(`${root}/${world}/case.json`, 'utf8'));
          const choice = chooseProfile(about.options.cni);
          if (isUnknown(choice)) throw new Error(`no profile ${about.options.cni}`);
          const semantics = semanticsOf(choice);
          const cluster = loadCluster(textsUnder(`${root}/${world}/manifests`));
          const reach = reachOf(cluster, semantics);
          const enforcer = kubeRouterOn(cluster);
          const askLine = lineAnswerer(reach);
          const endOf = (name: string): End => {
            const pod = cluster.podByRef.get(name);
            if (pod !== undefined) return podEnd(pod);
            const address = parseIp(name);
            if (address === undefined) throw new Error(`${suite}/${world}: ${name}?`);
            return addressEnd(cluster, address);
          };
          for (const [src, dst, family, protocol, port, isAllowed, , departure] of rowsOf(`${root}/${world}`)) {
            if (!(PROTOCOLS as readonly string[]).includes(protocol) || OTHER_SUBJECTS.has(departure ?? '')) continue;
            // A Service's own address leads to a pod first, which is asked where questions by address are.
            if (isServiceAddress(cluster, dst)) {
              const found = JSON.parse(askLine(JSON.stringify({ from: src, to: dst, port, protocol })) ?? '{}');
              if (found.outcome !== (isAllowed ? 'allowed' : 'denied') || found.departure !== undefined)
                wrong.push(`${world}: ${src} → ${dst} ${protocol} ${port}: ${found.outcome}`);
              asked++;
              continue;
            }
            const connection = { source: endOf(src), destination: endOf(dst), protocol: protocol as Protocol, port, family };
            const verdict = fastVerdict(reach, connection);
            const caveat = departs(semantics) ? departureOf(enforcer, connection, verdict) : undefined;
            const found = `${verdict.outcome} ${caveat === undefined ? '' : sorted(printShapes(caveat))}`;
            const wanted = `${isAllowed ? 'allowed' : 'denied'} ${sorted(departure ?? '')}`;
            if (found !== wanted) wrong.push(`${world}: ${src} → ${dst} ${family} ${protocol} ${port}: ${found}, not ${wanted}`);
            if (departure) departing++;
            else if (isAllowed) allowed++;
            else denied++;
          }
        }
        expect(wrong.slice(0, 40)).toEqual([]);
        expect(allowed).toBeGreaterThan(0);
        expect(denied).toBeGreaterThan(0);
        expect(asked).toBeGreaterThan(0);
        expect(departing > 0).toBe(suite === 'enforcers-kube-router');
      },
      120_000,
    );
  }

  it('and the map says of the same pairs of pods that the enforcer does otherwise', () => {
    const root = sharedPath('corpus', 'enforcers-kube-router');
    const wrong: string[] = [];
    let departing = 0;
    for (const world of readdirSync(root)) {
      const choice = chooseProfile('kube-router');
      if (isUnknown(choice)) throw new Error('kube-router?');
      const cluster = loadCluster(textsUnder(`${root}/${world}/manifests`));
      const { rows, isComplete } = departingRows(reachOf(cluster, semanticsOf(choice)), { pods: true });
      expect(isComplete).toBe(true);
      const byPair = new Map<string, PortSet[]>();
      for (const { from, to, ports } of rows) byPair.set(`${from} ${to}`, [...(byPair.get(`${from} ${to}`) ?? []), ports]);
      // A row of the map speaks of both families together.
      const seen = new Map<string, boolean>();
      for (const [src, dst, , protocol, port, , , departure] of rowsOf(`${root}/${world}`)) {
        if (!(PROTOCOLS as readonly string[]).includes(protocol) || OTHER_SUBJECTS.has(departure ?? '')) continue;
        if (!isPodOf(cluster, src) || !isPodOf(cluster, dst) || src === dst) continue;
        const key = `${src} ${dst} ${protocol} ${port}`;
        seen.set(key, (seen.get(key) ?? false) || (departure !== undefined && departure !== null));
      }
      for (const [key, isDeparting] of seen) {
        const [src, dst, protocol, port] = key.split(' ');
        const found = (byPair.get(`${src} ${dst}`) ?? []).some((ports) => hasPort(ports, protocol as Protocol, Number(port)));
        if (found !== isDeparting) wrong.push(`${world}: ${key}: ${found ? 'told' : 'not told'}`);
        if (isDeparting) departing++;
      }
    }
    expect(wrong.slice(0, 40)).toEqual([]);
    expect(departing).toBeGreaterThan(0);
  }, 120_000);
});

function isServiceAddress(cluster: Cluster, text: string): boolean {
  const address = parseIp(text);
  return address !== undefined && [...cluster.services.values()].some(({ clusterIps }) => clusterIps.some((ip) => sameIp(ip, address)));
}

/** In its own network; pods on their node's network are ends of another kind. */
function isPodOf(cluster: Cluster, name: string): boolean {
  return cluster.podByRef.get(name)?.hostNetwork === false;
}
