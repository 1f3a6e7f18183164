// Pods that say they are to be scraped, and do not let Prometheus in.
import type { Pod } from '../../../model/cluster.ts';
import { podEnd } from '../../../policy/end.ts';
import { fastVerdict } from '../../../reach/verdict-of.ts';
import { type LintContext, perRun } from '../../context.ts';
import { admitsOthers, openingAt } from '../../openings.ts';
import { classOfPod, reachIn } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { scrapeTargets } from '../../scrape-targets.ts';

export const metricsShutOut = defineRule({
  id: 'metrics-shut-out',
  catalogue: ['NP074'],
  severity: 'warning',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['prometheus', 'nobody'],
  check(context, report) {
    const reach = reachIn(context);
    const scrapers = prometheusPods(context);
    const done = new Set<string>();
    for (const { by, origin, pod, port } of scrapeTargets(context)) {
      const key = `${classOfPod(context, pod)} ${pod.workload} ${port}`;
      if (pod.hostNetwork || done.has(key)) continue;
      done.add(key);
      const opening = openingAt(context, 'ingress', pod, 'TCP', port);
      if (!opening.shutsOthers) continue;
      const facts = { by: by.kind, name: by.name, pod: pod.workload, port };
      const [scraper] = scrapers;
      if (scraper === undefined) {
        if (!admitsOthers(context, opening, pod.namespace)) report('nobody', facts, opening.policies[0]?.origin, { related: [origin] });
        continue;
      }
      const isReached = scrapers.some(
        (each) =>
          fastVerdict(reach, { source: podEnd(each), destination: podEnd(pod), protocol: 'TCP', port }).ingress.outcome !== 'denied',
      );
      if (!isReached) report('prometheus', { ...facts, prometheus: scraper.workload }, opening.policies[0]?.origin, { related: [origin] });
    }
  },
});

const prometheusPods = perRun(({ cluster }: LintContext): readonly Pod[] =>
  cluster.pods.filter(({ labels }) =>
    [labels.get('app.kubernetes.io/name'), labels.get('app'), labels.get('k8s-app')].includes('prometheus'),
  ),
);
