// A policy that was written for one application or release and selects the pods of another beside its own.
import { labelsOrigin, type Pod } from '../../../model/cluster.ts';
import type { Origin } from '../../../model/origin.ts';
import type { Labels, Selector } from '../../../model/selector.ts';
import type { ClassSet } from '../../../reach/class-set.ts';
import { type LintContext, perRun } from '../../context.ts';
import { firstNames } from '../../facts.ts';
import { subjectClasses, workloadsByClass } from '../../reached.ts';
import { releaseOf, releaseOfPod, writtenLabels } from '../../releases.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';

export const selectsAnotherRelease = defineRule({
  id: 'selects-another-release',
  catalogue: ['NP045'],
  severity: 'warning',
  needs: ['policies', 'cluster'],
  since: '0.1.0',
  messages: ['release', 'application', 'releases'],
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      const { pods: selector } = policy.subject;
      // A policy for every pod of the namespace means them all, whoever installs it.
      if (selector.requirements.length === 0) continue;
      const classes = subjectClasses(context, policy);
      const pods = [...classes.members].flatMap((member) => workloadsByClass(context)[member] ?? []);
      if (pods.length < 2) continue;
      const labels = writtenLabels(policy.value);
      const origin = policy.subject.pods.origin;
      const own = releaseOf(policy.value);
      const byRelease = releasesIn(context, classes, pods);
      const foreign = own === undefined ? undefined : others(byRelease, own);
      if (own !== undefined && foreign !== undefined && !names(selector, RELEASE_KEYS)) {
        const facts = { policy: policy.ref, own, ...foreignFacts(context, foreign) };
        report('release', facts, origin, { related: firstOf(foreign[0]) });
        continue;
      }
      const key = APPLICATION_KEYS.find((each) => labels.has(each));
      const application = key === undefined ? undefined : labels.get(key);
      const beside = key === undefined || application === undefined ? undefined : others(grouped(pods, byLabel(key)), application);
      if (key !== undefined && application !== undefined && beside !== undefined && !names(selector, APPLICATION_KEYS)) {
        const facts = { policy: policy.ref, own: application, key, ...foreignFacts(context, beside) };
        report('application', facts, origin, { related: firstOf(beside[0]) });
      } else if (own === undefined && byRelease.size > 1 && saysOnly(selector, APPLICATION_KEYS)) {
        const facts = {
          policy: policy.ref,
          selector: selector.requirements.map(({ key: name, values }) => `${name}=${values.join('|')}`).join(', '),
          others: firstNames([...byRelease.keys()]),
        };
        report('releases', facts, origin, {
          severity: 'note',
          related: [...byRelease.values()].flatMap((pods) => pods.slice(0, 1).map(labelsOrigin)),
        });
      }
    }
  },
});

/** Where the labels of the first pod of a group stand: `[{ document, path }]`; [] for no group. */
function firstOf(group: readonly [string, readonly Pod[]] | undefined): readonly Origin[] {
  return (group?.[1] ?? []).slice(0, 1).map(labelsOrigin);
}

const RELEASE_KEYS = ['app.kubernetes.io/instance', 'release'];
const APPLICATION_KEYS = ['app.kubernetes.io/name', 'app', 'k8s-app'];

type Groups = ReadonlyMap<string, readonly Pod[]>;

const knownReleases = perRun((_context) => new Map<ClassSet, Groups>());

/** Policies that select the same pods share the set of their classes. */
function releasesIn(context: LintContext, classes: ClassSet, pods: readonly Pod[]): Groups {
  const known = knownReleases(context);
  const groups = known.get(classes) ?? grouped(pods, (pod) => releaseOfPod(context, pod));
  known.set(classes, groups);
  return groups;
}

function grouped(pods: readonly Pod[], nameOf: (pod: Pod) => string | undefined): Groups {
  const found = new Map<string, Pod[]>();
  for (const pod of pods) {
    const name = nameOf(pod);
    if (name === undefined) continue;
    const list = found.get(name);
    if (list === undefined) found.set(name, [pod]);
    else list.push(pod);
  }
  return found;
}

const byLabel =
  (key: string) =>
  ({ labels }: { readonly labels: Labels }): string | undefined =>
    labels.get(key);

/** The groups beside the policy's own. undefined where its own pods are not among them: then it was written for others on purpose. */
function others(groups: Groups, own: string): readonly (readonly [string, readonly Pod[]])[] | undefined {
  const foreign = [...groups].filter(([name]) => name !== own);
  return groups.has(own) && foreign.length > 0 ? foreign : undefined;
}

/** A selector that names applications or releases itself means those that it names. */
function names({ requirements }: Selector, keys: readonly string[]): boolean {
  return requirements.some(({ key }) => keys.includes(key));
}

function saysOnly({ requirements }: Selector, keys: readonly string[]): boolean {
  return requirements.every(({ key, operator, values }) => keys.includes(key) && operator === 'In' && values.length === 1);
}

function foreignFacts(context: LintContext, foreign: readonly (readonly [string, readonly Pod[]])[]) {
  const pods = foreign.flatMap(([, list]) => list);
  const workloads = pods.map(({ workload }) => context.cluster.workloads.get(workload)?.ref ?? workload);
  return { pods: firstNames(workloads), others: firstNames(foreign.map(([name]) => name)) };
}
