// The help of `baseline`.
import { afterHelp } from './help.ts';

export const HELP = {
  description:
    'Generate default-deny policies for both directions, DNS, and the least access that the manifests declare, checked before printing.',
  output: 'plain policies, a JSON report, Kyverno, ValidatingAdmissionPolicy or Gatekeeper objects, or a kustomize component',
  out: 'write files to this new or empty folder (required for kustomize)',
  dns: 'DNS of the cluster, if it is not in the input',
  ingressController: 'namespace of the ingress controller, if it is not in the input',
  monitoring: 'namespace that scrapes metrics, if Prometheus is not in the input',
  apiServer: 'address of the API server, if its endpoints are not in the input; repeatable',
  existing: 'kyverno: apply to existing namespaces too; vap, gatekeeper: also warn about workloads in them',
  requireLabel: 'kyverno, vap, gatekeeper: reject workloads whose pods lack this label; repeatable',
  noHostNetwork: 'kyverno, vap, gatekeeper: reject workloads that use the host network, except in --monitoring',
  kyverno: 'version of Kyverno, if older than 1.13: 1.12',
  after: afterHelp({
    notes: `Connections count as declared by Service names in env, args, command and ConfigMaps, by Ingress backends, LoadBalancer and NodePort
Services, scrape annotations, ServiceMonitors and PodMonitors, webhooks, and ServiceAccounts with API permissions. What else a program
connects to is in no manifest, so run \`diff\` and a trial before you enforce the result. If the other end is not in the input, the port is
opened to everything, and the output says so. Checked connections and unresolved names are reported on standard error.`,
    examples: [
      'netverdict baseline -f k8s/ shop > shop-baseline.yaml',
      'netverdict baseline -f k8s/ --ingress-controller ingress-nginx --monitoring monitoring',
      'netverdict baseline -f k8s/ shop -o kustomize --out components/baseline',
      'netverdict baseline -f k8s/ -o vap | kubectl apply -f -',
      'netverdict baseline -f k8s/ -o kyverno --existing --monitoring monitoring --no-host-network',
    ],
    exitCodes: '0 printed, and everything declared is allowed, 2 no answer, or something declared stays denied.',
  }),
} as const;
