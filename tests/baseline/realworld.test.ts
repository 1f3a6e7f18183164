// Baselines of real applications, beside policies that another synthesizer made of the same manifests (np-guard's netpol-synthesizer):
// both must leave the same connections.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commentedPolicies } from '../../src/answer/baseline.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { printIp } from '../../src/net/ip.ts';
import { printPortSet } from '../../src/net/port-set.ts';
import { semanticsOf } from '../../src/profile/choose.ts';
import { baseline, usualNamespaces } from '../../src/question/baseline.ts';
import type { PolicyObject } from '../../src/question/baseline-parts.ts';
import { connectionsOf } from '../../src/reach/connections.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { commentedYaml } from '../../src/report/baseline-yaml.ts';
import { describeWithShared, hasShared, sharedPath } from '../shared.ts';
import { profileNamed } from './shop.ts';

const policiesYaml = (policies: readonly PolicyObject[]) => commentedYaml(commentedPolicies(policies));

function clusterIn(app: string, without: RegExp | undefined): Cluster {
  const folder = sharedPath('realworld', app, 'manifests');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => without === undefined || !without.test(file.slice(folder.length)))
    .sort();
  return loadCluster(files.map((file) => ({ file, text: readFileSync(file, 'utf8') })));
}

const POLICIES = /netw[a-z-]*pol/i;
const choice = profileNamed('kubernetes');

function connectionsIn(cluster: Cluster): readonly string[] {
  const { connections } = connectionsOf(reachOf(cluster, semanticsOf(choice)));
  return connections.map(({ from, to, allowed }) => `${from} → ${to} ${printPortSet(allowed)}`).sort();
}

function made(cluster: Cluster) {
  return baseline(cluster, choice, {
    namespaces: usualNamespaces(cluster),
    dns: 'auto',
    ingressController: 'ingress',
    // The other synthesizer knows nothing of scraping and opens nothing for it.
    monitoring: 'monitoring',
    apiServer: [],
  });
}

describeWithShared('the baseline of a real application', () => {
  it.each(['acs-security-demos', 'bookinfo', 'guestbook', 'quote-of-the-day', 'sock-shop', 'wordpress'])(
    '%s leaves the connections that the other synthesizer leaves',
    (app) => {
      const bare = clusterIn(app, POLICIES);
      const theirs = clusterIn(app, undefined);
      expect([bare.policies.length, theirs.policies.length > 0]).toEqual([0, true]);
      const { policies, declared, besides } = made(bare);
      const applied = loadCluster([{ file: 'baseline.yaml', text: policiesYaml(policies) }]);
      expect(applied.problems).toEqual([]);
      expect(connectionsIn({ ...bare, policies: applied.policies })).toEqual(connectionsIn(theirs));
      expect(declared.filter(({ outcome }) => outcome !== 'allowed')).toEqual([]);
      expect(besides).toEqual([]);
    },
  );

  it.each(hasShared ? readdirSync(sharedPath('realworld')) : [])(
    '%s names no Service address, and denies nothing that is declared',
    (app) => {
      const cluster = clusterIn(app, undefined);
      const found = made(cluster);
      const text = policiesYaml(found.policies);
      const addresses = [...cluster.services.values()].flatMap(({ clusterIps }) => clusterIps.map(printIp));
      expect(addresses.filter((address) => text.includes(`${address}/`))).toEqual([]);
      expect(found.declared.filter(({ outcome }) => outcome === 'denied')).toEqual([]);
      expect(found.withoutDns).toEqual([]);
    },
  );
});
