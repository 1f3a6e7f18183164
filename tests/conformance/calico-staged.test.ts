// What enforcing Calico's staged policies would do, as Calico's own code answers: rows of suite calico-policy whose outcome with staged policies in
// force (`ifStaged`) is another. Not asked: a staged deletion, which Calico drops before its pending view.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isStaged, withStagedEnforced } from '../../src/app/staged.ts';
import { clusterOf, objectsIn } from '../../src/manifest/load.ts';
import { parseIp } from '../../src/net/ip.ts';
import { dig } from '../../src/objects/read.ts';
import { decide } from '../../src/policy/decide.ts';
import { addressEnd, podEnd } from '../../src/policy/end.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import { describeWithShared, sharedPath } from '../shared.ts';
import { textsUnder } from './corpus-case.ts';

type Sides = { readonly [Side in 'egress' | 'ingress']: { readonly outcome: string } };
interface Row extends Sides {
  readonly src: string;
  readonly dst: string;
  readonly protocol: string;
  readonly port?: number;
  readonly srcPort?: number;
  readonly ifStaged?: Partial<Sides>;
}

const SIDES = ['egress', 'ingress'] as const;

describeWithShared('calico-policy with staged policies enforced', () => {
  const choice = chooseProfile('calico-iptables');
  if (isUnknown(choice)) throw new Error('no profile');
  const semantics = semanticsOf(choice);
  const root = sharedPath('corpus', 'calico-policy');
  const read = (name: string) => objectsIn(textsUnder(sharedPath('corpus', 'calico-policy', name, 'manifests')), 'default').objects;
  const names = readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    const staged = entry.isDirectory() ? read(entry.name).filter(isStaged) : [];
    return staged.length > 0 && staged.every(({ value }) => dig(value, 'spec', 'stagedAction') !== 'Delete') ? [entry.name] : [];
  });

  it('has cases', () => expect(names.length).toBeGreaterThan(4));

  let differing = 0;
  it.each(names)('%s', (name) => {
    const cluster = clusterOf(withStagedEnforced(read(name), 'default'), [], 'default');
    const rows: readonly Row[] = JSON.parse(readFileSync(`${root}/${name}/expected.json`, 'utf8')).verdicts;
    const endOf = (text: string) => {
      const [pod, address] = [cluster.podByRef.get(text), parseIp(text)];
      if (pod !== undefined) return podEnd(pod);
      if (address === undefined) throw new Error(`${name}: ${text}?`);
      return addressEnd(cluster, address);
    };
    const wrong: string[] = [];
    for (const row of rows) {
      const { src, dst, protocol, port = 0, srcPort, ifStaged = {} } = row;
      if (srcPort !== undefined || (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP')) continue;
      const family = (parseIp(src) ?? parseIp(dst))?.family;
      const verdict = decide(cluster, semantics, {
        source: endOf(src),
        destination: endOf(dst),
        protocol,
        port,
        ...(family && { family }),
      });
      for (const side of SIDES) {
        const wanted = (ifStaged[side] ?? row[side]).outcome === 'denied' ? 'denied' : 'allowed';
        const found = verdict[side].outcome === 'denied' || verdict[side].outcome === 'undecided' ? verdict[side].outcome : 'allowed';
        if (found !== wanted) wrong.push(`${src} → ${dst} ${protocol} ${port} ${side}: ${found}, not ${wanted}`);
        if (ifStaged[side] !== undefined) differing++;
      }
    }
    expect(wrong).toEqual([]);
  });

  it('asks rows whose outcome is another with them', () => expect(differing).toBeGreaterThan(15));
});
