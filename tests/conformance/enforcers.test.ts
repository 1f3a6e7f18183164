// What real enforcers were seen to do, held against the verdicts: every row answers as the API means it, and the caveat about an enforcer
// that departs from it stands on the rows that departed and on no other.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadCluster } from '../../src/manifest/load.ts';
import { parseIp } from '../../src/net/ip.ts';
import { PROTOCOLS, type Protocol } from '../../src/net/port-set.ts';
import { departs, departureOf, printShapes } from '../../src/policy/departures.ts';
import { addressEnd, type End, podEnd } from '../../src/policy/end.ts';
import { kubeRouterOn } from '../../src/policy/kube-router.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { fastVerdict } from '../../src/reach/verdict-of.ts';
import { describeWithShared, sharedPath } from '../shared.ts';
import { textsUnder } from './corpus-case.ts';

const SUITES = ['enforcers-felix', 'enforcers-kube-network-policies', 'enforcers-kube-router'];

/** Worlds of policy kinds that are not read here yet, and of a Service's own address, which no pod end stands for. */
const WAITING = /^calico-|^special-service-address-/;
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
    const worlds = existsSync(root) ? readdirSync(root).filter((name) => !WAITING.test(name)) : [];
    it.skipIf(worlds.length === 0)(
      `${suite} is what the verdict says, departures named`,
      () => {
        const wrong: string[] = [];
        let [denied, allowed, departing] = [0, 0, 0];
        for (const world of worlds) {
          const about = JSON.parse(readFileSync(`${root}/${world}/case.json`, 'utf8'));
          const choice = chooseProfile(about.options.cni);
          if (isUnknown(choice)) throw new Error(`no profile ${about.options.cni}`);
          const semantics = semanticsOf(choice);
          const cluster = loadCluster(textsUnder(`${root}/${world}/manifests`));
          const reach = reachOf(cluster, semantics);
          const enforcer = kubeRouterOn(cluster);
          const endOf = (name: string): End => {
            const pod = cluster.podByRef.get(name);
            if (pod !== undefined) return podEnd(pod);
            const address = parseIp(name);
            if (address === undefined) throw new Error(`${suite}/${world}: ${name}?`);
            return addressEnd(cluster, address);
          };
          for (const [src, dst, family, protocol, port, isAllowed, , departure] of rowsOf(`${root}/${world}`)) {
            if (!(PROTOCOLS as readonly string[]).includes(protocol) || OTHER_SUBJECTS.has(departure ?? '')) continue;
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
        expect(departing > 0).toBe(suite === 'enforcers-kube-router');
      },
      120_000,
    );
  }
});
