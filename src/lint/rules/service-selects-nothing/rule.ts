// A Service whose selector matches no pod, so that it has no endpoint and every connection to it fails.
import { operatedIn, type Service } from '../../../model/cluster.ts';
import { at } from '../../../model/origin.ts';
import { printSelector, type Selector } from '../../../model/selector.ts';
import { editsFor, labelledPods, nearestLabel } from '../../label-misses.ts';
import { defineRule } from '../../rule.ts';
import { isWholeCluster, livePodsIn } from '../../seen.ts';
import { servicePods } from '../../service-pods.ts';

export const serviceSelectsNothing = defineRule({
  id: 'service-selects-nothing',
  catalogue: ['NP044'],
  severity: 'warning',
  needs: ['cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['nearMiss', 'noPod'],
  check(context, report) {
    for (const service of context.cluster.services.values()) {
      const { ref, namespace, type, endpoints } = service;
      const selector = selectorOf(service);
      if (selector === undefined || type === 'ExternalName' || servicePods(context, service).length > 0) continue;
      const here = livePodsIn(context, namespace);
      // The pods of this namespace are not in the input, or something else filled in the endpoints.
      if (here.length === 0 || (endpoints ?? []).some(({ addresses }) => addresses.length > 0)) continue;
      // Labels that controllers put on running pods are in no template.
      if (here.some(({ template }) => template) && selector.requirements.some(({ key }) => SET_AT_RUN_TIME.test(key))) continue;
      const miss = nearestLabel(selector, labelledPods(here));
      const facts = { service: ref, namespace, selector: printSelector(selector) };
      // In one application's manifests the pods may be another one's, unless a slip of the finger shows.
      const hasUnseenPods = here.some(({ template }) => template) || operatedIn(context.cluster, namespace) !== undefined;
      const isCertain = miss?.isSlip === true || (isWholeCluster(context) && !hasUnseenPods);
      const severity = isCertain ? 'warning' : 'note';
      if (miss === undefined) {
        report('noPod', facts, selector.origin, { severity });
        continue;
      }
      const edits = miss.isSlip ? editsFor(miss) : [];
      const fix = edits.length > 0 ? { fix: { edits, keepsMeaning: false } } : {};
      const said = { ...facts, wanted: miss.wanted, nearest: miss.nearest, owner: `\`${miss.owner.name}\`` };
      report('nearMiss', said, miss.requirement.origin, { severity, related: [miss.at], ...fix });
    }
  },
});

const SET_AT_RUN_TIME = /^(statefulset\.kubernetes\.io\/|apps\.kubernetes\.io\/pod-index$|pod-template-hash$|controller-revision-hash$)/;

/** undefined for a Service without a selector, whose endpoints are managed by hand. */
function selectorOf({ selector, selectorOrigin }: Service): Selector | undefined {
  if (selector === undefined || selector.size === 0) return undefined;
  const requirements = [...selector].map(([key, value]) => ({
    key,
    operator: 'In' as const,
    values: [value],
    origin: at(selectorOrigin, key),
  }));
  return { requirements, origin: selectorOrigin };
}
