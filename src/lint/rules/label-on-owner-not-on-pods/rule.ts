// A selector for a label that a Deployment, StatefulSet or Job has itself; its pods have what its template says.
import { labelsOrigin, type Workload } from '../../../model/cluster.ts';
import type { PodPeer } from '../../../model/policy.ts';
import { matches, printSelector, type Selector } from '../../../model/selector.ts';
import { type LintContext, perRun } from '../../context.ts';
import { meantNamespaces } from '../../peer-fit.ts';
import { subjectClasses } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce, readablePolicies } from '../../walk.ts';

export const labelOnOwnerNotOnPods = defineRule({
  id: 'label-on-owner-not-on-pods',
  catalogue: ['NP044'],
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['peer', 'subject'],
  check(context, report) {
    if (ownersByKey(context).size === 0) return;
    for (const { policy, peer, peerName } of peersInForce(context)) {
      if (peer.kind !== 'pods' || peer.pods === undefined) continue;
      const owner = ownerMeant(context, peer, peer.pods);
      if (owner === undefined) continue;
      const facts = { peer: `\`${policy.ref}\` ${peerName}`, selector: printSelector(peer.pods), ...said(owner) };
      report('peer', facts, peer.pods.origin, { related: [owner.origin, ...owner.pods.slice(0, 1).map(labelsOrigin)] });
    }
    for (const policy of readablePolicies(context)) {
      const { subject } = policy;
      // selects-nothing reports one that selects no pod at all.
      if (subjectClasses(context, policy).members.length === 0) continue;
      const owner = ownerMeant(context, subject, subject.pods);
      if (owner === undefined) continue;
      const facts = { policy: policy.ref, selector: printSelector(subject.pods), ...said(owner) };
      report('subject', facts, subject.pods.origin, { related: [owner.origin, ...owner.pods.slice(0, 1).map(labelsOrigin)] });
    }
  },
});

function said({ ref, kind }: Workload) {
  const place = kind === 'CronJob' ? 'spec.jobTemplate.spec.template.metadata.labels' : 'spec.template.metadata.labels';
  return { owner: ref.replace(/\[.*$/, ''), kind, place };
}

/** Workloads by each label key that they have and their pods have not, or have otherwise. Few keys: most owners' labels are on the pods too. */
const ownersByKey = perRun(({ cluster }): ReadonlyMap<string, readonly Workload[]> => {
  const found = new Map<string, Workload[]>();
  for (const workload of cluster.workloads.values()) {
    const [pod] = workload.pods;
    if (workload.kind === 'Pod' || !workload.written || pod === undefined) continue;
    for (const [key, value] of workload.labels) {
      if (pod.labels.get(key) === value) continue;
      const list = found.get(key);
      if (list === undefined) found.set(key, [workload]);
      else list.push(workload);
    }
  }
  return found;
});

/** The first workload that the selector means by the workload's own labels, and none of whose pods it means. */
function ownerMeant(context: LintContext, { namespace }: Pick<PodPeer, 'namespace'>, selector: Selector): Workload | undefined {
  for (const { key, operator } of selector.requirements) {
    if (operator !== 'In' && operator !== 'Exists') continue;
    const owners = ownersByKey(context).get(key);
    if (owners === undefined) continue;
    const namespaces = new Set(meantNamespaces(context, { namespace }));
    const owner = owners.find(
      (workload) =>
        namespaces.has(workload.namespace) &&
        matches(selector, workload.labels) &&
        !workload.pods.some(({ labels }) => matches(selector, labels)),
    );
    if (owner !== undefined) return owner;
  }
  return undefined;
}
