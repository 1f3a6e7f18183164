// A policy that was written for one application or release and selects the pods of another beside its own.
import type { Pod } from '../../../model/cluster.ts';
import type { Labels, Selector } from '../../../model/selector.ts';
import type { ClassSet } from '../../../reach/class-set.ts';
import { type LintContext, perRun } from '../../context.ts';
import { listed } from '../../list-words.ts';
import { subjectClasses, workloadsByClass } from '../../reached.ts';
import { releaseOf, releaseOfPod, writtenLabels } from '../../releases.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';

export const selectsAnotherRelease = defineRule({
  id: 'selects-another-release',
  catalogue: ['NP045'],
  summary: 'a policy that also selects the pods of another application or release',
  severity: 'warning',
  needs: ['policies', 'cluster'],
  since: '0.1.0',
  messages: {
    release: {
      text: '`{policy}` belongs to release `{own}` and also selects {pods} of {others}: they are isolated by it, too',
      hint: 'add `app.kubernetes.io/instance: {own}` to its podSelector',
    },
    application: {
      text: '`{policy}` belongs to `{own}` and also selects {pods} of {others}: they are isolated by it, too',
      hint: 'add `{key}: {own}` to its podSelector',
    },
    releases: {
      text: '`{policy}` selects `{selector}`, and pods of several releases have that: {others}',
      hint: 'if one of them is meant, add app.kubernetes.io/instance to the podSelector',
    },
  },
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
        const facts = { policy: policy.ref, own, ...foreignWords(context, foreign, 'release') };
        report('release', facts, origin, { related: [foreign[0]?.[1][0]?.labelsOrigin] });
        continue;
      }
      const key = APPLICATION_KEYS.find((each) => labels.has(each));
      const application = key === undefined ? undefined : labels.get(key);
      const beside = key === undefined || application === undefined ? undefined : others(grouped(pods, byLabel(key)), application);
      if (key !== undefined && application !== undefined && beside !== undefined && !names(selector, APPLICATION_KEYS)) {
        const facts = { policy: policy.ref, own: application, key, ...foreignWords(context, beside, 'application') };
        report('application', facts, origin, { related: [beside[0]?.[1][0]?.labelsOrigin] });
      } else if (own === undefined && byRelease.size > 1 && saysOnly(selector, APPLICATION_KEYS)) {
        const facts = {
          policy: policy.ref,
          selector: selector.requirements.map(({ key: name, values }) => `${name}=${values.join('|')}`).join(', '),
          others: listed([...byRelease.keys()]),
        };
        report('releases', facts, origin, { severity: 'note', related: [...byRelease.values()].map(([pod]) => pod?.labelsOrigin) });
      }
    }
  },
});

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

function foreignWords(
  context: LintContext,
  foreign: readonly (readonly [string, readonly Pod[]])[],
  what: 'release' | 'application',
): { readonly pods: string; readonly others: string } {
  const pods = foreign.flatMap(([, list]) => list);
  const workloads = pods.map(({ workload }) => context.cluster.workloads.get(workload)?.ref ?? workload);
  return { pods: listed(workloads), others: `${what} ${listed(foreign.map(([name]) => name))}` };
}
