// Calico's policies as Calico's own code answers (suite calico-policy): every row asked of the meaning, of the fast evaluator, and of packets
// walked through the compiled rules. What the reference leaves undecided is undecided here, and listed.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadCluster } from '../../src/manifest/load.ts';
import { parseIp } from '../../src/net/ip.ts';
import { compile } from '../../src/nft/compile.ts';
import { decided } from '../../src/nft/decided.ts';
import { PROTOCOL_NUMBER } from '../../src/nft/ruleset.ts';
import { walker } from '../../src/nft/walk.ts';
import { decide } from '../../src/policy/decide.ts';
import { addressEnd, addressesOf, type Connection, type End, podEnd } from '../../src/policy/end.ts';
import type { Verdict } from '../../src/policy/verdict.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { fastVerdict } from '../../src/reach/verdict-of.ts';
import { describeWithShared, sharedPath } from '../shared.ts';
import { textsUnder } from './corpus-case.ts';

interface Row {
  readonly src: string;
  readonly dst: string;
  readonly protocol: string;
  readonly port?: number;
  readonly srcPort?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly allowed: boolean;
  readonly egress: { readonly outcome: string };
  readonly ingress: { readonly outcome: string };
}

/** What an offline answer leaves open on purpose, and where the reference says so (policy-kinds-calico.md, part 10). */
const OPEN: Readonly<Record<string, string>> = {
  'crd-bad-cidr': 'an invalid object',
  'crd-bad-cidr-one-of-two': 'an invalid object',
  'crd-bad-rule-nsselector': 'an invalid object',
  'crd-bad-rule-selector': 'an invalid object',
  'crd-bad-spec-nsselector': 'an invalid object',
  'crd-bad-spec-selector': 'an invalid object',
  'crd-newline-selector': 'an invalid object',
  'crd-port-without-protocol': 'an invalid object',
  'ports-dash-drops-policy': 'an invalid object',
  'http-ignored': 'application layer policy',
  'svc-no-namespace': 'two readings of a Service without namespace',
  'tier-missing': 'a tier that is not in the input',
};

/**
 * One row says that a GlobalNetworkSet without the label `app` is not among `!(app == 'api' && has(role))`. The language says it is (suite
 * calico-selectors agrees), and no other row of this shape contradicts it.
 */
function isKnown(name: string, { src, dst, port }: Row): boolean {
  return name === 'random-36' && src === '203.0.113.9' && dst === 'blue/api' && port === 443;
}

/** The connection as a packet between the first addresses of the family that both ends have; undefined for what no ports describe. */
function packetOf({ source, destination, protocol, port, family }: Connection) {
  if (protocol === 'ICMP') return undefined;
  const [from, to] = [addressesOf(source), addressesOf(destination)];
  const first = from.find((ip) => (family === undefined || ip.family === family) && to.some((other) => other.family === ip.family));
  const last = to.find((ip) => ip.family === first?.family);
  if (first === undefined || last === undefined) return undefined;
  return { family: first.family, source: first.value, destination: last.value, protocol: PROTOCOL_NUMBER[protocol], port };
}

function settingOf(name: string) {
  const choice = chooseProfile('calico-iptables');
  if (isUnknown(choice)) throw new Error('no profile');
  const semantics = semanticsOf(choice);
  const cluster = loadCluster(textsUnder(sharedPath('corpus', 'calico-policy', name, 'manifests')));
  return { semantics, cluster };
}

describeWithShared('calico-policy', () => {
  const root = sharedPath('corpus', 'calico-policy');
  const names = readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  it.each(names)('%s', (name) => {
    const { semantics, cluster } = settingOf(name);
    const reach = reachOf(cluster, semantics);
    const endOf = (text: string): End => {
      const pod = cluster.podByRef.get(text);
      const address = parseIp(text);
      if (pod !== undefined) return podEnd(pod);
      if (address === undefined) throw new Error(`${name}: ${text}?`);
      return addressEnd(cluster, address);
    };
    const rows: readonly Row[] = JSON.parse(readFileSync(`${root}/${name}/expected.json`, 'utf8')).verdicts;
    const wrong: string[] = [];
    let open = 0;
    let asked = 0;
    let packets = 0;
    const walk = walker(compile(cluster, decided(semantics).semantics, { form: 'explaining' }));
    for (const row of rows) {
      // No question names the client's port or a protocol by its number.
      if (row.srcPort !== undefined || !['TCP', 'UDP', 'SCTP', 'ICMP'].includes(row.protocol)) continue;
      asked++;
      // An address is one of a pod's two; a name means the family that both ends have.
      const family = (parseIp(row.src) ?? parseIp(row.dst))?.family;
      const connection: Connection = {
        source: endOf(row.src),
        destination: endOf(row.dst),
        protocol: row.protocol as Connection['protocol'],
        port: row.icmpType ?? row.port ?? 0,
        ...(row.icmpCode !== undefined && { code: row.icmpCode }),
        ...(family !== undefined && { family }),
      };
      const answers: [string, Verdict][] = [
        ['decide', decide(cluster, semantics, connection)],
        ['reach', fastVerdict(reach, connection)],
      ];
      const walked = packetOf(connection);
      if (walked !== undefined && answers.every(([, verdict]) => verdict.outcome !== 'undecided')) {
        packets++;
        const { verdict } = walk(walked);
        if ((verdict === 'accept') !== row.allowed && !isKnown(name, row))
          wrong.push(`walk: ${row.src} → ${row.dst} ${row.protocol} ${connection.port}: ${verdict}`);
      }
      for (const [evaluator, verdict] of answers) {
        if (verdict.outcome === 'undecided' && OPEN[name] !== undefined) {
          open++;
          continue;
        }
        const of = (side: 'egress' | 'ingress') => {
          const { outcome } = verdict[side];
          return outcome === 'denied' || outcome === 'undecided' ? outcome : 'allowed';
        };
        const found = `${verdict.outcome} ${of('egress')} ${of('ingress')}`;
        const plain = (outcome: string) => (outcome === 'denied' ? 'denied' : 'allowed');
        const wanted = `${row.allowed ? 'allowed' : 'denied'} ${plain(row.egress.outcome)} ${plain(row.ingress.outcome)}`;
        if (found !== wanted && !isKnown(name, row))
          wrong.push(`${evaluator}: ${row.src} → ${row.dst} ${row.protocol} ${connection.port}: ${found}, not ${wanted}`);
      }
    }
    expect(wrong).toEqual([]);
    if (name !== 'source-ports' && OPEN[name] === undefined) expect(packets).toBeGreaterThan(0);
    expect(open > 0).toBe(OPEN[name] !== undefined);
    expect(asked > 0 || name === 'source-ports').toBe(true);
  });
});
