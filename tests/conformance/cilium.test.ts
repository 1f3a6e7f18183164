// Cilium's own policy engine against every evaluator: the suites cilium-policy and cilium-random of the corpus, cell by cell.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { type InputText, loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { type Ip, parseIp } from '../../src/net/ip.ts';
import { compile } from '../../src/nft/compile.ts';
import { decided } from '../../src/nft/decided.ts';
import { PROTOCOL_NUMBER } from '../../src/nft/ruleset.ts';
import { walker } from '../../src/nft/walk.ts';
import { addressEnd, type Connection, type End, podEnd } from '../../src/policy/end.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { describeWithShared, sharedPath } from '../shared.ts';
import { lets } from './comparison.ts';
import { textsUnder } from './corpus-case.ts';
import { EVALUATORS } from './evaluators.ts';

interface Row {
  readonly src: string;
  readonly dst: string;
  readonly protocol: Connection['protocol'];
  readonly port: number;
  readonly allowed: boolean;
  readonly egress?: boolean;
  readonly ingress?: boolean;
}

type Options = Readonly<Record<string, unknown>>;

/** The agent's settings of a case, as a cluster would have them: in its ConfigMap, and the API server's endpoints. */
function settings(options: Options): readonly InputText[] {
  const data = {
    // The engine that the rows come from knows SCTP.
    'enable-sctp': true,
    'enable-policy': options.policyEnforcementMode,
    'enable-host-firewall': options.hostFirewall,
    'policy-cidr-match-mode': options.policyCIDRMatchMode,
    'enable-node-selector-labels': options.nodeSelectorLabels,
    'allow-localhost': options.allowLocalhost,
    'policy-default-local-cluster': options.policyDefaultLocalCluster,
  };
  const written = Object.entries(data).filter(([, value]) => value !== undefined);
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cilium-config', namespace: 'kube-system' },
    data: Object.fromEntries(written.map(([key, value]) => [key, String(value)])),
  };
  const addresses = (options.kubeApiserverAddresses ?? []) as readonly string[];
  const endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'kubernetes', namespace: 'default' },
    subsets: [{ addresses: addresses.map((ip) => ({ ip })) }],
  };
  return [config, ...(addresses.length > 0 ? [endpoints] : [])].map((object, i) => ({
    file: `setting-${i}.json`,
    text: JSON.stringify(object),
  }));
}

function cilium(): Semantics {
  const choice = chooseProfile('cilium-kpr');
  if (isUnknown(choice)) throw new Error('no profile cilium-kpr');
  return semanticsOf(choice);
}

function endOf(cluster: Cluster, text: string): End {
  const address = parseIp(text);
  if (address !== undefined) return addressEnd(cluster, address);
  const pod = cluster.podByRef.get(text);
  if (pod === undefined) throw new Error(`no pod ${text}`);
  return podEnd(pod);
}

function addressOf(cluster: Cluster, text: string): Ip | undefined {
  return parseIp(text) ?? cluster.podByRef.get(text)?.addresses[0];
}

describeWithShared('Cilium', () => {
  let cells = 0;
  for (const suite of ['cilium-policy', 'cilium-random']) {
    const folder = sharedPath('corpus', suite);
    for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
      it(`${suite}/${name}`, () => {
        const about = JSON.parse(readFileSync(sharedPath('corpus', suite, name, 'case.json'), 'utf8')) as {
          readonly options: { readonly cilium?: Options };
          readonly quirks: readonly string[];
        };
        const { verdicts } = JSON.parse(readFileSync(sharedPath('corpus', suite, name, 'expected.json'), 'utf8')) as {
          readonly verdicts: readonly Row[];
        };
        const cluster = loadCluster([
          ...textsUnder(sharedPath('corpus', suite, name, 'manifests')),
          ...settings(about.options.cilium ?? {}),
        ]);
        // In files a policy that the agent refuses leaves open what it could touch.
        const mayBeOpen = about.quirks.includes('policy-rejected');
        const differing: string[] = [];
        for (const { name: evaluator, prepare } of EVALUATORS) {
          const ask = prepare(cluster, cilium());
          for (const { src, dst, protocol, port, allowed, egress, ingress } of verdicts) {
            const verdict = ask({ source: endOf(cluster, src), destination: endOf(cluster, dst), protocol, port });
            cells++;
            const where = `${evaluator}: ${src} -> ${dst} ${protocol} ${port}`;
            if (verdict.outcome === 'undecided' && mayBeOpen) continue;
            if ((verdict.outcome === 'allowed') !== allowed || verdict.outcome === 'undecided')
              differing.push(`${where}: ${verdict.outcome}, expected ${allowed ? 'allowed' : 'denied'}`);
            for (const [direction, wanted] of [
              ['egress', egress],
              ['ingress', ingress],
            ] as const) {
              if (wanted !== undefined && lets(verdict[direction]) !== wanted)
                differing.push(`${where}: ${direction} ${verdict[direction].outcome}, expected ${wanted ? 'allowed' : 'denied'}`);
            }
          }
        }
        const { semantics } = decided(cilium());
        const walk = walker(compile(cluster, semantics));
        for (const { src, dst, protocol, port, allowed } of verdicts) {
          const [source, destination] = [addressOf(cluster, src), addressOf(cluster, dst)];
          // Pings pass the table, which knows ports only.
          if (protocol === 'ICMP' || mayBeOpen || source === undefined || destination === undefined) continue;
          const packet = { family: source.family, source: source.value, destination: destination.value };
          const { verdict } = walk({ ...packet, protocol: PROTOCOL_NUMBER[protocol], port });
          cells++;
          if ((verdict === 'accept') !== allowed)
            differing.push(`walk: ${src} -> ${dst} ${protocol} ${port}: ${verdict}, expected ${allowed ? 'allowed' : 'denied'}`);
        }
        expect(differing.slice(0, 10)).toEqual([]);
      });
    }
  }
  afterAll(() => expect(cells).toBeGreaterThan(0));
});
