// The smallest edits that close a connection, with what else they close and open. Closing one end is enough.
import { isPolicyApiKind } from '../kinds/policy-api/kinds.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Direction } from '../model/policy.ts';
import type { DirectionVerdict, FamilyVerdict } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import { decideCarefully } from '../route/assumed.ts';
import type { Leg } from '../route/party.ts';
import type { Route } from '../route/route.ts';
import { changedCluster } from './apply.ts';
import { askedOf } from './blocked.ts';
import { effects } from './effects.ts';
import { imaginedPods } from './imagined.ts';
import type { Draft } from './lever.ts';
import { cutsOfRule, isolations, type Opening } from './levers/closing.ts';
import { cutsOfClusterWideRule, deniedAbove } from './levers/cluster-wide.ts';
import { compareDenials } from './rank.ts';
import { type Candidate, candidateOf, covers, type Fix, movedEnd, together, varied } from './suggest.ts';

/** Rules that must all be cut at once; where more of them let a connection through, its other end is the better place. */
const MOST_RULES = 3;
const MOST_TOGETHER = 12;

/** Best first; [] when nothing on the way can be closed by a policy. Whether the question is then denied is for the caller to ask. */
export function denials(cluster: Cluster, semantics: Semantics, found: Route): readonly Fix[] {
  const open = found.legs.filter((leg) => decideCarefully(cluster, semantics, leg).outcome !== 'denied');
  if (open.length === 0) return [];
  const ends = open.flatMap(({ source, destination }) => [source, destination]);
  const subjects = new Set(ends.flatMap((end) => (end.kind === 'pod' ? [end.pod.workload] : [])));
  const make = (draft: Draft) => candidateOf(cluster, draft, subjects);
  const atoms = open.flatMap((leg) => draftsFor(cluster, semantics, leg)).flatMap((draft) => make(draft) ?? []);
  const closes = (candidate: Candidate) => {
    const after = changedCluster(cluster, candidate.changes);
    return open.map((leg) => {
      const asked = { ...leg, source: movedEnd(leg.source, candidate.changes), destination: movedEnd(leg.destination, candidate.changes) };
      return decideCarefully(after, semantics, asked).outcome === 'denied';
    });
  };
  const candidates = covers(atoms, open.length, { opens: closes, together: (drafts) => make(together(cluster, drafts)) });
  const effectOf = effects(
    cluster,
    semantics,
    candidates.map(({ changes }) => changes),
    askedOf(found, false),
    imaginedPods(cluster, found.legs),
  );
  return varied(candidates.map(({ draft, ...own }): Fix => ({ ...draft, ...own, effect: effectOf(own.changes) })).sort(compareDenials));
}

function draftsFor(cluster: Cluster, semantics: Semantics, leg: Leg): readonly Draft[] {
  const { verdict } = decideCarefully(cluster, semantics, leg);
  return (['ingress', 'egress'] as const).flatMap((direction): readonly Draft[] => {
    const opening = openingOf(leg, direction);
    const own = openFamily(verdict[direction]);
    if (opening === undefined) return [];
    if (own.outcome === 'not-isolated') {
      // Where no block means a node, a rule for its other ports would open nothing, and the node would lose them all.
      const isUnnamed = opening.peer.kind === 'node' && semantics.ipBlockMatchesNode !== 'yes';
      const isolating = isolations(cluster, opening).filter(
        ({ levers }) => !isUnnamed || levers.every(({ code }) => code !== 'new-deny-with-rest'),
      );
      return [...isolating, ...deniedAbove(cluster, semantics, opening)];
    }
    const [only, ...others] = own.outcome === 'allowed' ? own.rules : [];
    // The first rule of these kinds that matches decides alone.
    if (only !== undefined && others.length === 0 && isPolicyApiKind(only.policy.kind))
      return [...cutsOfClusterWideRule(cluster, semantics, only, opening), ...deniedAbove(cluster, semantics, opening)];
    // Rules of other kinds are written in other words, and are their owners' to change.
    if (own.outcome !== 'allowed' || own.rules.length > MOST_RULES || own.rules.some(({ policy }) => policy.kind !== 'NetworkPolicy'))
      return [];
    let combined: readonly Draft[] = [{ levers: [], steps: [] }];
    for (const rule of own.rules) {
      const cuts = cutsOfRule(cluster, semantics, rule, opening);
      combined = combined
        .flatMap((before) => cuts.map((cut) => ({ levers: [...before.levers, ...cut.levers], steps: [...before.steps, ...cut.steps] })))
        .slice(0, MOST_TOGETHER);
    }
    return [...combined, ...deniedAbove(cluster, semantics, opening)];
  });
}

/** Where the families differ, what lets one of them through. */
function openFamily(verdict: DirectionVerdict): FamilyVerdict {
  if (verdict.outcome !== 'partial') return verdict;
  const { IPv4, IPv6 } = verdict.families;
  return IPv4.outcome === 'allowed' || IPv4.outcome === 'not-isolated' ? IPv4 : IPv6;
}

function openingOf({ source, destination, protocol, port, sourceRange, destinationRange }: Leg, direction: Direction): Opening | undefined {
  const connection = { source, destination, protocol, port };
  const [subject, peer, range] = direction === 'egress' ? [source, destination, destinationRange] : [destination, source, sourceRange];
  return subject.kind === 'pod' ? { direction, subject: subject.pod, peer, range, connection } : undefined;
}
