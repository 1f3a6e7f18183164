// Pods of a service mesh whose policies do not let their sidecar reach the control plane.

import type { Pod } from '../../../model/cluster.ts';
import { dig } from '../../../objects/read.ts';
import { containerNames } from '../../containers.ts';
import type { LintContext } from '../../context.ts';
import { firstNames } from '../../facts.ts';
import { openingAt } from '../../openings.ts';
import { workloadsByClass } from '../../reached.ts';
import { defineRule } from '../../rule.ts';

export const meshPortsShut = defineRule({
  id: 'mesh-ports-shut',
  catalogue: ['NP077'],
  severity: 'warning',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['controlPlane', 'ambient'],
  check(context, report) {
    const groups = new Map<string, { pods: Pod[]; mesh: Mesh }>();
    for (const pods of workloadsByClass(context)) {
      for (const pod of pods) {
        for (const mesh of MESHES) {
          if (!mesh.has(context, pod) || !isShut(context, pod, mesh)) continue;
          const key = `${pod.namespace} ${mesh.name}`;
          const group = groups.get(key);
          if (group === undefined) groups.set(key, { pods: [pod], mesh });
          else group.pods.push(pod);
        }
      }
    }
    for (const { pods, mesh } of groups.values()) {
      const [first] = pods;
      if (first === undefined) continue;
      const { policies } = openingAt(context, mesh.direction, first, 'TCP', mesh.ports[0] ?? 0);
      const facts = {
        pods: firstNames(pods.map(({ workload }) => workload)),
        namespace: first.namespace,
        mesh: mesh.title,
        ports: mesh.ports.join(', '),
      };
      report(mesh.direction === 'egress' ? 'controlPlane' : 'ambient', facts, policies[0]?.origin, { related: [first.origin] });
    }
  },
});

interface Mesh {
  readonly name: string;
  readonly title: string;
  readonly direction: 'ingress' | 'egress';
  readonly ports: readonly number[];
  readonly has: (context: LintContext, pod: Pod) => boolean;
}

const MESHES: readonly Mesh[] = [
  {
    name: 'istio',
    title: 'Istio',
    direction: 'egress',
    ports: [15012],
    has: (context, pod) => containerNames(pod).includes('istio-proxy') || isInjected(context, pod),
  },
  {
    name: 'linkerd',
    title: 'Linkerd',
    direction: 'egress',
    ports: [8080, 8086],
    has: (_, pod) => containerNames(pod).includes('linkerd-proxy'),
  },
  {
    name: 'ambient',
    title: 'Istio ambient',
    direction: 'ingress',
    ports: [15008],
    has: ({ cluster }, pod) =>
      (pod.labels.get('istio.io/dataplane-mode') ?? cluster.namespaces.get(pod.namespace)?.labels.get('istio.io/dataplane-mode')) ===
      'ambient',
  },
];

/** The sidecar comes at admission: a manifest shows only the wish for it. */
function isInjected({ cluster }: LintContext, pod: Pod): boolean {
  const labels = cluster.namespaces.get(pod.namespace)?.labels;
  const wish = pod.labels.get('sidecar.istio.io/inject') ?? dig(pod.metadata, 'annotations', 'sidecar.istio.io/inject');
  if (wish !== undefined) return wish === 'true';
  return pod.template && (labels?.get('istio-injection') === 'enabled' || labels?.has('istio.io/rev') === true);
}

function isShut(context: LintContext, pod: Pod, { direction, ports }: Mesh): boolean {
  return ports.some((port) => {
    const opening = openingAt(context, direction, pod, 'TCP', port);
    return opening.shutsOthers && opening.rules.length === 0;
  });
}
