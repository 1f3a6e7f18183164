// From the laboratory's report, with its ends, policies and verdicts, to the plain document that is printed.
import type { ProveReport } from '../lab/report.ts';
import { printRuleRef } from '../model/policy.ts';
import { printIp } from '../net/ip.ts';
import { printShapes } from '../policy/departures.ts';
import type { DirectionVerdict } from '../policy/verdict.ts';
import type { ProofDifference, ProofDocument, ProofPacket, ProofPair, ProofSide } from '../report/proof.ts';

type Probe = ProveReport['lost'][number];

export function proofDocument(report: ProveReport): ProofDocument {
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
export function proofPairs({ results }: ProveReport): ProofPair[] {
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

function packetOf({ source, destination, protocol, port }: Probe): ProofPacket {
  return {
    from: source.name,
    fromAddress: printIp(source.address),
    to: destination.name,
    toAddress: printIp(destination.address),
    protocol,
    port,
  };
}

function differenceOf({ probe, verdict, observed, walk, moved }: ProveReport['differences'][number]): ProofDifference {
  return {
    ...packetOf(probe),
    engine: { outcome: verdict.outcome, egress: sideOf(verdict.egress), ingress: sideOf(verdict.ingress) },
    kernel: observed,
    rules: { verdict: walk.verdict, chains: walk.chains },
    counters: moved.map(({ counter, packets, meaning }) => ({
      name: counter,
      packets,
      ...(meaning !== undefined && {
        means: meaning.kind === 'rule' ? printRuleRef(meaning.rule) : `no rule of ${meaning.policies.map(({ ref }) => ref).join(', ')}`,
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
