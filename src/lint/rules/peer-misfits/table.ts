// Peers that match no pods, one row for each reason that peer-fit.ts knows: what is said, where, and what `--fix` does.

import { NAME_LABEL } from '../../../manifest/to-cluster.ts';
import { labelsOrigin } from '../../../model/cluster.ts';
import type { Edit } from '../../../model/edit.ts';
import { at, type Origin } from '../../../model/origin.ts';
import type { PodPeer } from '../../../model/policy.ts';
import { printSelector } from '../../../model/selector.ts';
import type { LintContext } from '../../context.ts';
import { type Facts, firstNames } from '../../facts.ts';
import { editsFor, type LabelMiss } from '../../label-misses.ts';
import { meantNamespaces, otherPeersAdmit, type PeerFit, peersThat } from '../../peer-fit.ts';
import { defineRule, type Extra, type Rule, type Severity } from '../../rule.ts';
import type { PeerSpot } from '../../walk.ts';

type Reason = PeerFit['kind'];

interface Misfit<Kind extends Reason> {
  readonly spot: PeerSpot;
  readonly peer: PodPeer;
  readonly fit: Extract<PeerFit, { kind: Kind }>;
}

interface Said<MessageId extends string> extends Extra {
  readonly message: MessageId;
  /** Beside `peer`. */
  readonly facts: Facts;
  readonly origin: Origin;
}

/** A row. `say` gives undefined for a peer that the rule leaves alone. */
function peerMisfit<const Id extends string, Kind extends Reason, const MessageId extends string>(row: {
  readonly id: Id;
  readonly catalogue: readonly string[];
  readonly severity: Severity;
  readonly needs: Rule['needs'];
  readonly fixable?: boolean;
  readonly messages: readonly MessageId[];
  readonly reason: Kind;
  say(misfit: Misfit<Kind>, context: LintContext): Said<NoInfer<MessageId>> | undefined;
}): Rule<Id, MessageId> {
  const { reason, say, ...rest } = row;
  return defineRule({
    ...rest,
    since: '0.1.0',
    check(context, report) {
      for (const misfit of peersThat(context, reason)) {
        const said = say(misfit, context);
        if (said === undefined) continue;
        const { message, facts, origin, ...extra } = said;
        const { policy, peerName } = misfit.spot;
        report(message, { peer: `\`${policy.ref}\` ${peerName}`, ...facts }, origin, extra);
      }
    },
  });
}

function fixOf(edits: readonly Edit[]): Pick<Extra, 'fix'> {
  return edits.length > 0 ? { fix: { edits, keepsMeaning: false } } : {};
}

function slipOf(miss: LabelMiss): Pick<Extra, 'fix'> {
  return fixOf(miss.isSlip ? editsFor(miss) : []);
}

/** A namespaceSelector that no namespace fits, with the namespace that is called so, or the label that is nearest. */
export const namespaceSelectorMatchesNothing = peerMisfit({
  id: 'namespace-selector-matches-nothing',
  catalogue: ['NP041', 'NP044'],
  severity: 'error',
  needs: ['cluster'],
  fixable: true,
  messages: ['nameIsNoLabel', 'nearMiss', 'nobody'],
  reason: 'no-namespace',
  say({ spot, peer, fit }, context) {
    if (peer.namespace.by !== 'labels') return undefined;
    const { selector } = peer.namespace;
    const facts = { selector: printSelector(selector) };
    const isAlone = !otherPeersAdmit(context, spot);
    // Where other peers of the rule are there, a missing namespace is a connection that does not exist yet, not an outage.
    const severity = fit.certain ? (isAlone ? 'error' : 'warning') : isAlone ? 'warning' : 'note';
    const { called, miss } = fit;
    if (called !== undefined) {
      const [only, ...others] = selector.requirements;
      const isPlain = only !== undefined && others.length === 0 && only.values.length === 1 && only.origin.path.at(-2) === 'matchLabels';
      const edits: Edit[] = isPlain && only.key !== NAME_LABEL ? [{ kind: 'rename-key', at: only.origin, key: NAME_LABEL }] : [];
      const origin = only?.origin ?? selector.origin;
      return {
        message: 'nameIsNoLabel',
        facts: { ...facts, called: called.name },
        origin,
        severity,
        related: [called.origin],
        ...fixOf(edits),
      };
    }
    if (miss === undefined)
      return { message: 'nobody', facts: { ...facts, effect: isAlone ? 'rule-dead' : 'peer-dead' }, origin: selector.origin, severity };
    const said = { ...facts, owner: miss.owner.name, nearest: miss.nearest };
    return { message: 'nearMiss', facts: said, origin: miss.requirement.origin, severity, related: [miss.at], ...slipOf(miss) };
  },
});

/** A peer whose labels fit only pods in their node's network, where selectors do not see them. */
export const peerIsHostNetwork = peerMisfit({
  id: 'peer-is-host-network',
  catalogue: ['NP081'],
  severity: 'error',
  needs: ['cluster', 'profile'],
  messages: ['never'],
  reason: 'host-network',
  say({ peer, fit: { pods } }, context) {
    if (context.semantics.selectorsMatchHostNetwork === 'yes') return undefined;
    const facts = { pods: firstNames(pods.map(({ workload }) => workload)) };
    return { message: 'never', facts, origin: peer.pods?.origin ?? peer.origin, related: [pods[0]?.origin] };
  },
});

/** A bare podSelector means pods of the policy's own namespace, and the pods that it was written for are in another one. */
export const peerNeedsNamespaceSelector = peerMisfit({
  id: 'peer-needs-namespace-selector',
  catalogue: ['NP038', 'NP043'],
  severity: 'warning',
  needs: ['cluster'],
  fixable: true,
  messages: ['elsewhere'],
  reason: 'other-namespace',
  say({ spot, peer, fit: { namespaces } }) {
    const [first = ''] = namespaces;
    const facts = {
      labels: peer.pods === undefined ? '' : printSelector(peer.pods),
      own: spot.policy.namespace ?? '',
      namespaces: firstNames(namespaces),
      first,
    };
    const value = { matchLabels: { [NAME_LABEL]: first } };
    const edit = { kind: 'add-entry', at: peer.origin, key: 'namespaceSelector', value } as const;
    const origin = peer.pods === undefined ? peer.origin : at(peer.origin, 'podSelector');
    return { message: 'elsewhere', facts, origin, ...fixOf(namespaces.length === 1 ? [edit] : []) };
  },
});

/** A peer that matches no pod, although the namespaces it means are in the input. */
export const peerSelectsNothing = peerMisfit({
  id: 'peer-selects-nothing',
  catalogue: ['NP043', 'NP044'],
  severity: 'warning',
  needs: ['cluster'],
  fixable: true,
  messages: ['nearMiss', 'nobody'],
  reason: 'no-pod',
  say({ spot, peer, fit: { certain, miss } }, context) {
    if (peer.pods === undefined) return undefined;
    const facts = {
      namespaces: firstNames(meantNamespaces(context, peer)),
      selector: printSelector(peer.pods),
      effect: otherPeersAdmit(context, spot) ? 'peer-dead' : 'rule-dead',
    };
    const severity = certain ? 'warning' : 'note';
    if (miss === undefined) return { message: 'nobody', facts, origin: peer.pods.origin, severity };
    const said = { ...facts, wanted: miss.wanted, nearest: miss.nearest, owner: `\`${miss.owner.name}\`` };
    return { message: 'nearMiss', facts: said, origin: miss.requirement.origin, severity, related: [miss.at], ...slipOf(miss) };
  },
});

/** Both selectors in one peer where nothing fits both, and pods of the own namespace fit one. */
export const peersBothNotEither = peerMisfit({
  id: 'peers-both-not-either',
  catalogue: ['NP036'],
  severity: 'warning',
  needs: ['cluster'],
  messages: ['joined'],
  reason: 'both-for-either',
  say({ spot, peer, fit: { pods } }, context) {
    const facts = {
      namespaces: firstNames(meantNamespaces(context, peer)),
      own: spot.policy.namespace ?? '',
      pods: firstNames(pods.map(({ workload }) => workload)),
    };
    return { message: 'joined', facts, origin: peer.pods?.origin ?? peer.origin, related: [...pods.slice(0, 1).map(labelsOrigin)] };
  },
});
