// What a proof found, with its ends, policies and verdicts → the plain document that is printed.

import { printRuleRef } from '../model/policy.ts';
import { type Family, type Ip, printIp } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import type { Meaning } from '../nft/ruleset.ts';
import { type Departure, printShapes } from '../policy/departures.ts';
import type { DirectionVerdict, Verdict } from '../policy/verdict.ts';
import { noRuleOf } from '../words/en/proof.ts';
import type {
  ProofAssumption,
  ProofDifference,
  ProofDocument,
  ProofLab,
  ProofNamespaces,
  ProofPacket,
  ProofPair,
  ProofProfile,
  ProofSide,
  ProofVerdict,
  ProofWalk,
} from './documents/proof.ts';

/** What is read of the report of `prove` (lab/report.ts), which is an edge. */
export interface Proven {
  readonly outcome: ProofDocument['outcome'];
  readonly profile: ProofProfile;
  readonly facts: {
    readonly tier: string;
    readonly rootless: boolean;
    readonly kernel: string;
    readonly nft: string;
    readonly namespaces?: ProofNamespaces | undefined;
  };
  readonly form: ProofLab['rules'];
  readonly faithful: boolean;
  readonly plan: {
    readonly planned: number;
    readonly pods: number;
    readonly podsMet: number;
    readonly podClasses: number;
    readonly nodesMet: number;
    readonly outsideMet: number;
  };
  readonly made: number;
  readonly madeBy: Readonly<Record<Protocol, Readonly<Record<Family, number>>>>;
  readonly controls: number;
  readonly agreed: Readonly<Record<'allowed' | 'denied-egress' | 'denied-ingress', number>>;
  readonly differing: number;
  readonly departing: readonly { readonly departure: Departure; readonly connections: number; readonly example: Packet }[];
  readonly assumptions: readonly ProofAssumption[];
  readonly differences: readonly Differing[];
  readonly lost: readonly Packet[];
  readonly undecided: { readonly count: number; readonly because: Iterable<readonly [string, number]> };
  readonly evaluatorsDiffer: readonly Packet[];
  readonly ms: { readonly prepare: number; readonly open: number; readonly load: number; readonly shoot: number };
  readonly results: readonly {
    readonly probe: Packet;
    readonly agrees: boolean;
    readonly observed: string;
    readonly expected: readonly string[];
  }[];
}

interface Packet {
  readonly source: PacketEnd;
  readonly destination: PacketEnd;
  readonly protocol: Protocol;
  readonly port: number;
}

interface PacketEnd {
  readonly name: string;
  readonly address: Ip;
}

interface Differing {
  readonly probe: Packet;
  readonly verdict: Verdict;
  readonly observed: string;
  readonly walk: ProofWalk;
  readonly moved: readonly { readonly counter: string; readonly packets: number; readonly meaning: Meaning | undefined }[];
}

/** `results` are not in it. */
export function proofDocument(report: Proven): ProofDocument {
  const { facts, plan, agreed, madeBy, ms } = report;
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'Proof',
    outcome: report.outcome,
    profile: report.profile,
    laboratory: {
      tier: facts.tier,
      rules: report.form,
      faithful: report.faithful,
      rootless: facts.rootless,
      kernel: facts.kernel,
      nftables: facts.nft,
      ...(facts.namespaces !== undefined && { namespaces: facts.namespaces }),
    },
    connections: {
      made: report.made,
      planned: plan.planned,
      by: { TCP: families(madeBy.TCP), UDP: families(madeBy.UDP), SCTP: families(madeBy.SCTP) },
      allowed: agreed.allowed,
      deniedByEgress: agreed['denied-egress'],
      deniedByIngress: agreed['denied-ingress'],
      differ: report.differing,
      lost: report.lost.length,
      controls: report.controls,
    },
    coverage: {
      pods: plan.pods,
      podsMet: plan.podsMet,
      podClasses: plan.podClasses,
      nodesMet: plan.nodesMet,
      outsideMet: plan.outsideMet,
      undecided: report.undecided.count,
      because: [...report.undecided.because].map(([doubt, count]) => ({ doubt, count })),
    },
    ...(report.departing.length > 0 && {
      departures: report.departing.map(({ departure, connections, example }) => ({
        enforced: departure.enforced,
        shapes: printShapes(departure),
        rules: departure.rules.map(printRuleRef),
        connections,
        example: packetOf(example),
      })),
    }),
    assumptions: report.assumptions,
    differences: report.differences.map(differenceOf),
    lost: report.lost.map(packetOf),
    evaluatorsDiffer: report.evaluatorsDiffer.map(packetOf),
    milliseconds: { prepare: Math.round(ms.prepare), open: Math.round(ms.open), load: Math.round(ms.load), packets: Math.round(ms.shoot) },
  };
}

/** One for each pair of names, in the order of the plan. */
export function proofPairs({ results }: Proven): ProofPair[] {
  const pairs = new Map<
    string,
    { from: string; to: string; made: number; wrong: { protocol: string; port: number; kernel: string; engine: string }[] }
  >();
  for (const { probe, agrees, observed, expected } of results) {
    const key = `${probe.source.name}\n${probe.destination.name}`;
    const pair = pairs.get(key) ?? { from: probe.source.name, to: probe.destination.name, made: 0, wrong: [] };
    pair.made++;
    if (!agrees) pair.wrong.push({ protocol: probe.protocol, port: probe.port, kernel: observed, engine: expected.join(' or ') });
    pairs.set(key, pair);
  }
  return [...pairs.values()];
}

function families(count: Readonly<Record<4 | 6, number>>) {
  return { ipv4: count[4], ipv6: count[6] };
}

function packetOf({ source, destination, protocol, port }: Packet): ProofPacket {
  return {
    from: source.name,
    fromAddress: printIp(source.address),
    to: destination.name,
    toAddress: printIp(destination.address),
    protocol,
    port,
  };
}

function differenceOf({ probe, verdict, observed, walk, moved }: Differing): ProofDifference {
  return {
    ...packetOf(probe),
    engine: { outcome: verdict.outcome as ProofVerdict['outcome'], egress: sideOf(verdict.egress), ingress: sideOf(verdict.ingress) },
    kernel: observed as ProofDifference['kernel'],
    rules: { verdict: walk.verdict, chains: walk.chains },
    counters: moved.map(({ counter, packets, meaning }) => ({
      name: counter,
      packets,
      ...(meaning !== undefined && {
        means: meaning.kind === 'rule' ? printRuleRef(meaning.rule) : noRuleOf(meaning.policies.map(({ ref }) => ref)),
      }),
    })),
  };
}

function sideOf(side: DirectionVerdict): ProofSide {
  switch (side.outcome) {
    case 'allowed':
      return { outcome: side.outcome, by: side.rules.map(printRuleRef) };
    case 'denied':
      return { outcome: side.outcome, by: side.policies.map(({ ref }) => ref) };
    case 'exempt':
      return { outcome: side.outcome, by: [side.because] };
    case 'undecided':
      return { outcome: side.outcome, by: side.because.map(({ code }) => code) };
    case 'partial':
      return { outcome: side.outcome, by: [`IPv4 ${side.families.IPv4.outcome}`, `IPv6 ${side.families.IPv6.outcome}`] };
    case 'not-isolated':
      return { outcome: side.outcome, by: [] };
  }
}
