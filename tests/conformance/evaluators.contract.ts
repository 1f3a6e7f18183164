// What every evaluator must answer: the tables in cases/*.yaml, each a few policies in one small shop and the whole verdicts on packets.
// An evaluator registers with `holdToContract`; one that cannot do a case says so, with the reason.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { type Direction, type Policy, printRuleRef, type Rules, type Tier } from '../../src/model/policy.ts';
import { parseIp } from '../../src/net/ip.ts';
import type { Protocol } from '../../src/net/port-set.ts';
import { addressEnd, type Connection, type End, nodeEnd, podEnd } from '../../src/policy/end.ts';
import { type DirectionVerdict, type Doubt, doubtKey, type Verdict } from '../../src/policy/verdict.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import type { Evaluator } from './evaluators.ts';

/** Cases that an evaluator cannot do, by their titles: `{ reason: 'knows no nodes', cases: ['a node always reaches …'] }`. */
export interface Inability {
  readonly reason: string;
  readonly cases: readonly string[];
}

interface Case {
  readonly case: string;
  readonly file: string;
  readonly cni?: string;
  readonly objects: readonly unknown[];
  readonly tiers?: Readonly<Record<string, TierOverride>>;
  readonly packets: readonly Packet[];
}

interface TierOverride {
  readonly tier: Tier;
  readonly order: number;
  readonly ingress?: readonly ('allow' | 'deny' | 'pass')[];
  readonly egress?: readonly ('allow' | 'deny' | 'pass')[];
}

interface Packet {
  /** Pod `shop/cart`, `node/worker-1`, or an address. */
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol?: Protocol;
  readonly cni?: string;
  readonly outcome: Verdict['outcome'];
  readonly egress: string;
  readonly ingress: string;
}

const folder = fileURLToPath(new URL('cases', import.meta.url));
const setting = parse(readFileSync(join(folder, 'shop.setting.yaml'), 'utf8')) as readonly unknown[];

function contractCases(): Case[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && !file.endsWith('.setting.yaml'))
    .sort()
    .flatMap((file) =>
      parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document): Case => {
        if (document.errors[0] !== undefined) throw document.errors[0];
        return { ...(document.toJS() as Case), file };
      }),
    );
}

/** `answers`: `outcome` for an evaluator that cannot say what decided. */
export function holdToContract(
  evaluator: Evaluator,
  { answers = 'whole' as 'whole' | 'outcome', cannot = [] as readonly Inability[] } = {},
): void {
  const cases = contractCases();
  const unable = new Map(cannot.flatMap(({ reason, cases }) => cases.map((title) => [title, reason])));
  describe(`${evaluator.name} keeps the contract`, () => {
    it('says only of cases that there are that it cannot do them', () => {
      const titles = cases.map((one) => one.case);
      expect(titles.length).toBeGreaterThan(0);
      expect([...unable.keys()].filter((title) => !titles.includes(title))).toEqual([]);
    });
    for (const one of cases) {
      const reason = unable.get(one.case);
      it.skipIf(reason !== undefined)(`${one.case}${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
        const cluster = clusterOf(one);
        const got = one.packets.map((packet) => {
          const verdict = evaluator.prepare(cluster, semanticsNamed(packet.cni ?? one.cni ?? 'kubernetes'))(connectionOf(cluster, packet));
          return answer(packet, verdict.outcome, printDirection(verdict.egress), printDirection(verdict.ingress), answers);
        });
        expect(got).toEqual(one.packets.map((packet) => answer(packet, packet.outcome, packet.egress, packet.ingress, answers)));
      });
    }
  });
}

function answer(
  { from, to, port, protocol = 'TCP', cni }: Packet,
  outcome: string,
  egress: string,
  ingress: string,
  answers: 'whole' | 'outcome',
) {
  const packet = `${from} -> ${to}:${port}/${protocol}${cni === undefined ? '' : ` on ${cni}`}`;
  return answers === 'whole' ? { packet, outcome, egress, ingress } : { packet, outcome };
}

function clusterOf({ file, objects, tiers = {} }: Case): Cluster {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...setting, ...objects] });
  const cluster = loadCluster([{ file, text }]);
  const stranger = Object.keys(tiers).find((ref) => cluster.policies.every((policy) => policy.ref !== ref));
  if (stranger !== undefined) throw new Error(`${file}: no policy ${stranger} to put into a tier`);
  return { ...cluster, policies: cluster.policies.map((policy) => inTier(policy, tiers[policy.ref])) };
}

function inTier(policy: Policy, override: TierOverride | undefined): Policy {
  if (override === undefined) return policy;
  const withActions = (direction: Direction): Rules => {
    const rules = policy[direction];
    return rules === 'not-governed' ? rules : rules.map((rule) => ({ ...rule, action: override[direction]?.[rule.index] ?? rule.action }));
  };
  const { tier, order } = override;
  return { ...policy, kind: 'ClusterNetworkPolicy', tier, order, ingress: withActions('ingress'), egress: withActions('egress') };
}

function semanticsNamed(name: string): Semantics {
  const choice = chooseProfile(name);
  if (isUnknown(choice)) throw new Error(`no profile ${name}`);
  return semanticsOf(choice);
}

function connectionOf(cluster: Cluster, { from, to, port, protocol = 'TCP' }: Packet): Connection {
  return { source: endOf(cluster, from), destination: endOf(cluster, to), protocol, port };
}

function endOf(cluster: Cluster, name: string): End {
  const address = parseIp(name);
  if (address !== undefined) return addressEnd(cluster, address);
  const node = name.startsWith('node/') ? cluster.nodes.get(name.slice('node/'.length)) : undefined;
  if (node !== undefined) return nodeEnd(node);
  const pod = cluster.podByRef.get(name);
  if (pod === undefined) throw new Error(`no pod ${name}`);
  return podEnd(pod);
}

/** `denied shop/closed`, `denied by shop/admin ingress[0]`, `allowed shop/web egress[0]`, `exempt own-node`, `undecided address-unknown`. */
function printDirection(verdict: DirectionVerdict): string {
  switch (verdict.outcome) {
    case 'allowed':
      return `allowed ${verdict.rules.map(printRuleRef).sort().join(', ')}`;
    case 'denied': {
      const [policy] = verdict.policies;
      if (verdict.rule !== undefined)
        return `denied by ${printRuleRef(verdict.rule)}${policy === verdict.rule.policy ? '' : ' (of another policy)'}`;
      return `denied ${verdict.policies
        .map(({ ref }) => ref)
        .sort()
        .join(', ')}`;
    }
    case 'not-isolated':
      return verdict.outcome;
    case 'exempt':
      return `exempt ${verdict.because}`;
    case 'partial':
      return `IPv4 ${printDirection(verdict.families.IPv4)}; IPv6 ${printDirection(verdict.families.IPv6)}`;
    case 'undecided':
      return `undecided ${verdict.because.map(printDoubt).sort().join(', ')}`;
  }
}

function printDoubt(doubt: Doubt): string {
  return doubt.code === 'profile-differs' ? `${doubt.code} ${doubt.cell}` : (doubtKey(doubt).split(' ')[0] ?? '');
}
