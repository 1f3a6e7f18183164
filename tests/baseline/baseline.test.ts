// What a baseline lets through: what the manifests declare, DNS as the cluster has it, and nothing else. Each with what stays shut beside it.
import { describe, expect, it } from 'vitest';
import { kyvernoObjects } from '../../src/answer/admission-kyverno.ts';
import { baselineDocument, baselineSummary, commentedPolicies } from '../../src/answer/baseline.ts';
import { NO_CONFIG } from '../../src/lint/config.ts';
import { contextOf } from '../../src/lint/context.ts';
import { lint } from '../../src/lint/lint.ts';
import { RULE_IDS, RULES } from '../../src/lint/rules/index.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { type Ip, parseIp } from '../../src/net/ip.ts';
import { semanticsOf } from '../../src/profile/choose.ts';
import { type Baseline, isWhole } from '../../src/question/baseline.ts';
import { kustomizeComponent } from '../../src/question/baseline-objects.ts';
import type { PolicyObject } from '../../src/question/baseline-parts.ts';
import { why } from '../../src/question/why.ts';
import { baselineText } from '../../src/report/baseline-text.ts';
import { commentedYaml, objectsYaml } from '../../src/report/baseline-yaml.ts';
import { paint } from '../../src/report/paint.ts';
import { declaredEndWords, openSubjectWords } from '../../src/words/en/baseline-reasons.ts';
import { app, baselineOf, clusterWith, KUBE_DNS, profileNamed } from './shop.ts';

const kyvernoYaml = (...args: Parameters<typeof kyvernoObjects>) => objectsYaml(kyvernoObjects(...args));
const policiesYaml = (policies: readonly PolicyObject[]) => commentedYaml(commentedPolicies(policies));
const textOf = (made: Parameters<typeof baselineSummary>[0]) =>
  baselineText(baselineDocument(made, 'calico'), baselineSummary(made), paint(false));
const kustomizeFiles = (made: Parameters<typeof kustomizeComponent>[0]) => {
  const { component, files } = kustomizeComponent(made);
  return new Map([
    ['kustomization.yaml', objectsYaml([component])],
    ...[...files].map(([name, list]) => [name, policiesYaml(list)] as const),
  ]);
};

/** The declared connections, as `frontend → cart:7070 allowed`. */
const declaredIn = ({ declared }: Baseline) =>
  declared.map(({ from, to, port, outcome }) => `${declaredEndWords(from)} → ${declaredEndWords(to)}:${port} ${outcome}`);

/** The cluster as it is after the YAML that is printed was applied. */
function applied(cluster: Cluster, made: Baseline): Cluster {
  const { policies, problems } = loadCluster([{ file: 'baseline.yaml', text: policiesYaml(made.policies) }]);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return { ...cluster, policies: [...cluster.policies, ...policies] };
}

function outcome(cluster: Cluster, from: string, to: string): string {
  const answer = why(cluster, semanticsOf(profileNamed()), { from, to, namespace: 'shop' });
  return answer.kind === 'error' ? (answer.errors[0]?.code ?? '') : answer.outcome;
}

function ip(text: string): Ip {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
}

const CALLERS = [
  ['a variable', app('frontend', 8080, ', env: [ { name: CART_ADDR, value: "cart:80" } ]'), ''],
  ['an argument', app('frontend', 8080, ', args: [ "--cart=http://cart/" ]'), ''],
  ['a command', app('frontend', 8080, ', command: [ serve, cart ]'), ''],
  [
    'a ConfigMap in the environment',
    app('frontend', 8080, ', envFrom: [ { configMapRef: { name: settings } } ]'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: shop }\ndata: { CART_URL: "http://cart.shop.svc.cluster.local/" }\n',
  ],
  [
    'a ConfigMap that is mounted',
    app('frontend', 8080, '', { pod: 'volumes: [ { name: c, configMap: { name: settings } } ], ' }),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: shop }\ndata:\n  app.yaml: |\n    upstream:\n      cart: http://cart:80/api\n',
  ],
] as const;

describe('a declared connection', () => {
  it.each(CALLERS)('by %s is let through, and no other', (_, frontend, more) => {
    const cluster = clusterWith(frontend, app('cart', 7070), app('admin', 9000), KUBE_DNS, more);
    const made = baselineOf(cluster);
    expect(declaredIn(made)).toEqual(['shop/frontend → shop/cart:7070 allowed']);
    expect(made.besides).toEqual([]);
    const after = applied(cluster, made);
    expect(outcome(cluster, 'shop/admin', 'shop/svc/cart:80')).toBe('allowed');
    expect(outcome(after, 'shop/frontend', 'http://cart/')).toBe('allowed');
    expect(outcome(after, 'shop/admin', 'shop/svc/cart:80')).toBe('denied');
    expect(outcome(after, 'shop/cart', 'shop/frontend:8080')).toBe('denied');
    expect(outcome(after, 'shop/frontend', '203.0.113.7:443')).toBe('denied');
  });

  it('into another namespace names it, and both namespaces get their half', () => {
    const cluster = clusterWith(
      app('frontend', 8080, ', env: [ { name: API_URL, value: "http://api.payments:80" } ]'),
      app('api', 8443, '', { namespace: 'payments' }),
      KUBE_DNS,
    );
    const both = baselineOf(cluster, { namespaces: ['payments', 'shop'] });
    expect(declaredIn(both)).toEqual(['shop/frontend → payments/api:8443 allowed']);
    expect(outcome(applied(cluster, both), 'shop/frontend', 'http://api.payments/')).toBe('allowed');
    const one = baselineOf(cluster);
    expect(one.policies.every(({ namespace }) => namespace === 'shop')).toBe(true);
    expect(declaredIn(one)).toEqual(['shop/frontend → payments/api:8443 allowed']);
  });

  it('that a policy elsewhere denies is told', () => {
    const deny =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: shut, namespace: payments }\nspec: { podSelector: {} }\n';
    const frontend = app('frontend', 8080, ', env: [ { name: API_URL, value: "http://api.payments:80" } ]');
    const made = baselineOf(clusterWith(frontend, app('api', 8443, '', { namespace: 'payments' }), KUBE_DNS, deny));
    expect(declaredIn(made)).toEqual(['shop/frontend → payments/api:8443 denied']);
    expect(textOf(made)).toContain('✗ shop/frontend → payments/api:8443/TCP is denied');
  });

  it('to what no NetworkPolicy can name, or nobody can find, is said and not opened', () => {
    const frontend = app(
      'frontend',
      8080,
      ', env: [ { name: A_URL, value: "https://api.stripe.com" }, { name: B_ADDR, value: "cart:1234" }, { name: C_HOST, value: "empty" } ]',
    );
    const empty =
      'apiVersion: v1\nkind: Service\nmetadata: { name: empty, namespace: shop }\nspec: { selector: { app: gone }, ports: [ { port: 80 } ] }\n';
    const made = baselineOf(clusterWith(frontend, app('cart', 7070), KUBE_DNS, empty));
    expect(made.open.map(({ code, what }) => `${code} ${openSubjectWords(what)}`)).toEqual([
      'outside-host https://api.stripe.com',
      'no-such-port cart:1234',
      'no-pods empty',
    ]);
    expect(declaredIn(made)).toEqual([]);
    expect(made.silent).toEqual(['shop/cart', 'shop/frontend']);
    expect(isWhole(made)).toBe(false);
    expect(isWhole(baselineOf(clusterWith(app('cart', 7070), KUBE_DNS)))).toBe(true);
  });

  it('to a Service without a port opens what the Service has, and says so where that is more than one', () => {
    const two = app('cart', 7070)
      .replace('targetPort: 7070 }', 'targetPort: 7070 }, { name: admin, port: 81, targetPort: 7071 }')
      .replace('{ port: 80,', '{ name: http, port: 80,');
    const made = baselineOf(clusterWith(app('frontend', 8080, ', env: [ { name: CART_HOST, value: cart } ]'), two, KUBE_DNS));
    expect(declaredIn(made)).toEqual(['shop/frontend → shop/cart:7070 allowed', 'shop/frontend → shop/cart:7071 allowed']);
    expect(made.open.map(({ code }) => code)).toEqual(['which-port']);
  });

  it('is told from its twin by a further label of its pods, but for one of a release', () => {
    const role = (name: string, role: string) =>
      app(name, 6379).replaceAll(`app: ${name}`, 'app: redis').replace('version: v1', `role: ${role}, version: ${role}-1`);
    const frontend = app('frontend', 8080, ', env: [ { name: REDIS_ADDR, value: "leader:80" } ]');
    const leader = role('leader', 'leader').replace('selector: { app: redis }, ports', 'selector: { app: redis, role: leader }, ports');
    const made = baselineOf(clusterWith(frontend, leader, role('follower', 'follower'), KUBE_DNS));
    expect(made.policies.find(({ name }) => name === 'baseline-leader-ingress')?.spec.podSelector).toEqual({
      matchLabels: { app: 'redis', role: 'leader' },
    });
    expect([declaredIn(made), made.besides]).toEqual([['shop/frontend → shop/leader:6379 allowed'], []]);
  });

  it('that two workloads share by their labels is told as open besides', () => {
    const twin = app('admin', 9000).replaceAll('app: admin', 'app: frontend');
    const made = baselineOf(
      clusterWith(app('frontend', 8080, ', env: [ { name: CART_ADDR, value: "cart:80" } ]'), twin, app('cart', 7070), KUBE_DNS),
    );
    expect(made.besides.map(({ from, to }) => `${from} → ${to}`)).toEqual(['shop/admin[Deployment] → shop/cart[Deployment]']);
  });
});

const cart = app('cart', 7070);
const ingress =
  'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web, namespace: shop }\nspec: { ingressClassName: nginx, rules: [ { host: shop.example, http: { paths: [ { path: /, pathType: Prefix, backend: { service: { name: cart, port: { number: 80 } } } } ] } } ] }\n';

describe('what comes from outside', () => {
  const controller = app('ingress-nginx', 443, '', { namespace: 'ingress-nginx' }).replace(
    'labels: { app: ingress-nginx, version: v1 }',
    'labels: { app: ingress-nginx, app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller }',
  );

  it('through an Ingress comes from its controller, where that is in the input', () => {
    const made = baselineOf(clusterWith(cart, ingress, controller, KUBE_DNS));
    expect(declaredIn(made)).toEqual(['ingress-nginx/ingress-nginx → shop/cart:7070 allowed']);
    expect(outcome(applied(clusterWith(cart, ingress, controller, KUBE_DNS), made), 'internet', 'shop/cart:7070')).toBe('denied');
  });

  it('through an Ingress without a controller is said, and opened for the namespace that somebody names', () => {
    const cluster = clusterWith(cart, ingress, KUBE_DNS);
    const wide = baselineOf(cluster);
    expect(wide.open.map(({ code }) => code)).toEqual(['controller-unknown']);
    expect(declaredIn(wide)).toEqual(['anyone → shop/cart:7070 allowed']);
    const named = baselineOf(cluster, { ingressController: 'ingress-nginx' });
    expect(named.open).toEqual([]);
    expect(policiesYaml(named.policies)).toContain('kubernetes.io/metadata.name: ingress-nginx');
  });

  it('through a load balancer comes from anywhere, to this port alone', () => {
    const cluster = clusterWith(cart.replace('spec: { selector', 'spec: { type: LoadBalancer, selector'), app('admin', 9000), KUBE_DNS);
    const after = applied(cluster, baselineOf(cluster));
    expect(outcome(after, 'internet', 'shop/cart:7070')).toBe('allowed');
    expect(outcome(after, 'internet', 'shop/admin:9000')).toBe('denied');
  });

  it('to scrape metrics comes from Prometheus, or from the namespace that somebody names', () => {
    const scraped = app('cart', 7070, '', { annotations: ', annotations: { prometheus.io/scrape: "true", prometheus.io/port: "9090" }' });
    const prometheus = app('prometheus', 9091, '', { namespace: 'monitoring' });
    expect(declaredIn(baselineOf(clusterWith(scraped, prometheus, KUBE_DNS)))).toEqual(['monitoring/prometheus → shop/cart:9090 allowed']);
    const unknown = baselineOf(clusterWith(scraped, KUBE_DNS));
    expect(unknown.open.map(({ code }) => code)).toEqual(['scraper-unknown']);
    expect(declaredIn(unknown)).toEqual(['every pod → shop/cart:9090 allowed']);
    expect(policiesYaml(unknown.policies)).toContain('# netverdict-ignore every-namespace: ');
    expect(declaredIn(baselineOf(clusterWith(scraped, KUBE_DNS), { monitoring: 'observability' }))).toEqual([
      'pods of observability → shop/cart:9090 allowed',
    ]);
  });

  it('and ServiceMonitors say so, too', () => {
    const monitor =
      'apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: { name: cart, namespace: shop }\nspec: { selector: { matchLabels: { app: cart } }, endpoints: [ { port: web } ] }\n';
    const service = cart
      .replace(
        'metadata: { name: cart, namespace: shop }\nspec: { selector',
        'metadata: { name: cart, namespace: shop, labels: { app: cart } }\nspec: { selector',
      )
      .replace('{ port: 80,', '{ name: web, port: 80,');
    expect(
      declaredIn(baselineOf(clusterWith(service, monitor, app('prometheus', 9091, '', { namespace: 'monitoring' }), KUBE_DNS))),
    ).toEqual(['monitoring/prometheus → shop/cart:7070 allowed']);
  });
});

describe('a connection of a node, or of the API server', () => {
  const node = (name: string, address: string, labels = '') =>
    `apiVersion: v1\nkind: Node\nmetadata: { name: ${name}${labels} }\nstatus: { addresses: [ { type: InternalIP, address: ${address} } ] }\n`;
  const nodes = [node('n1', '10.20.0.11'), node('n2', '10.20.0.12')];
  const onNode = app('ingress-nginx', 80, '', { namespace: 'ingress-nginx', pod: 'hostNetwork: true, ' }).replaceAll(
    'app: ingress-nginx',
    'app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller',
  );
  const server = (address: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: kubernetes, namespace: default }\nspec: { ports: [ { port: 443 } ] }\n---\napiVersion: v1\nkind: Endpoints\nmetadata: { name: kubernetes, namespace: default }\nsubsets: [ { addresses: [ { ip: ${address} } ], ports: [ { port: 6443 } ] } ]\n`;
  const webhook =
    'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: { name: carts }\nwebhooks: [ { name: carts.shop.example, clientConfig: { service: { name: cart, namespace: shop, port: 80 } } } ]\n';
  const rights =
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: carts }\nroleRef: { kind: ClusterRole, name: view }\nsubjects: [ { kind: ServiceAccount, name: cart, namespace: shop } ]\n';
  const bound = app('cart', 7070, '', { pod: 'serviceAccountName: cart, ' });

  it('through a controller in the network of its node comes from the addresses of all nodes', () => {
    const cluster = clusterWith(cart, ingress, onNode, KUBE_DNS, ...nodes);
    const made = baselineOf(cluster);
    expect(declaredIn(made)).toEqual(['ingress-nginx/ingress-nginx → shop/cart:7070 allowed']);
    expect(made.open.map(({ code }) => code)).toEqual(['node-addresses']);
    const after = applied(cluster, made);
    expect(outcome(after, '10.20.0.11', 'shop/cart:7070')).toBe('allowed');
    expect(outcome(after, 'internet', 'shop/cart:7070')).toBe('denied');
  });

  it.each([
    ['nodes that are not in the input', [], 'calico'],
    ['a CNI whose ipBlocks do not match nodes', nodes, 'cilium'],
  ])('is opened wide rather than closed with %s, which is said', (_, more, cni) => {
    const made = baselineOf(clusterWith(cart, ingress, onNode, KUBE_DNS, ...more), {}, cni);
    expect(made.open.map(({ code }) => code)).toEqual(['node-unknown']);
    expect(declaredIn(made)).toEqual(['anyone → shop/cart:7070 allowed']);
  });

  it('to a webhook comes from the address of the API server, or from anywhere where that is not known', () => {
    expect(declaredIn(baselineOf(clusterWith(cart, webhook, server('10.20.0.5'), KUBE_DNS)))).toEqual([
      'the API server → shop/cart:7070 allowed',
    ]);
    const wide = baselineOf(clusterWith(cart, webhook, KUBE_DNS));
    expect(wide.open.map(({ code }) => code)).toEqual(['api-server-unknown']);
    expect(declaredIn(wide)).toEqual(['anyone → shop/cart:7070 allowed']);
  });

  it('to the API server is opened for an account with rights, and never to the whole internet', () => {
    const made = baselineOf(clusterWith(bound, rights, server('10.20.0.5'), KUBE_DNS));
    expect(declaredIn(made)).toEqual(['shop/cart → the API server:6443 allowed']);
    expect(isWhole(made)).toBe(true);
    const unknown = baselineOf(clusterWith(bound, rights, KUBE_DNS));
    expect(declaredIn(unknown)).toEqual([]);
    expect(unknown.open.map(({ code }) => code)).toEqual(['api-server-closed']);
    expect(isWhole(unknown)).toBe(false);
    expect(declaredIn(baselineOf(clusterWith(bound, rights, KUBE_DNS), { apiServer: [ip('10.20.0.5')] }))).toEqual([
      'shop/cart → the API server:443 allowed',
      'shop/cart → the API server:6443 allowed',
    ]);
  });
});

describe('what is printed', () => {
  it('has nothing that lint would warn of', () => {
    const scraped = app('cart', 7070, '', { annotations: ', annotations: { prometheus.io/scrape: "true", prometheus.io/port: "9090" }' });
    const front = app('frontend', 8080, ', env: [ { name: CART_ADDR, value: "cart:80" } ]');
    const made = baselineOf(clusterWith(scraped, front, ingress, KUBE_DNS));
    const input = [scraped, front, ingress, KUBE_DNS, policiesYaml(made.policies)].map((text, i) => ({ file: `${i}.yaml`, text }));
    const context = contextOf(loadCluster(input), profileNamed(), RULE_IDS);
    const told = lint(context, { rules: RULES, config: NO_CONFIG }).findings.filter(({ at }) => at?.file === '4.yaml');
    expect(told.filter(({ severity }) => severity !== 'note').map(({ key }) => key)).toEqual([]);
    // The same policies without what is said to lint beside them are not clean, so the test can fail.
    expect(policiesYaml(made.policies)).toContain('netverdict-ignore');
  });
});

describe('a Job', () => {
  const job = (labels: string) => `apiVersion: batch/v1
kind: Job
metadata: { name: migrate, namespace: shop }
spec: { template: { metadata: { ${labels} }, spec: { restartPolicy: Never, containers: [ { name: main, image: x, args: ['--db=cart:80'] } ] } } }
`;
  it('that calls a Service is let through', () => {
    const made = baselineOf(clusterWith(cart, job('labels: { app: migrate }'), KUBE_DNS));
    expect(declaredIn(made)).toEqual(['shop/migrate → shop/cart:7070 allowed']);
  });

  it('of a CronJob between two runs counts like its next run', () => {
    const cron = (phase: string) => `apiVersion: batch/v1
kind: CronJob
metadata: { name: report, namespace: shop }
spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template: { metadata: { labels: { app: report } }, spec: { containers: [ { name: main, args: ['--db=cart:80'] } ] } } } } }
---
apiVersion: v1
kind: Pod
metadata: { name: report-28000000-x, namespace: shop, labels: { app: report }, ownerReferences: [ { apiVersion: batch/v1, kind: CronJob, name: report, uid: u } ] }
spec: { containers: [ { name: main, args: ['--db=cart:80'] } ] }
status: { phase: ${phase} }
`;
    for (const phase of ['Running', 'Succeeded'])
      expect(declaredIn(baselineOf(clusterWith(cart, cron(phase), KUBE_DNS)))).toEqual(['shop/report → shop/cart:7070 allowed']);
  });
});

describe('DNS', () => {
  const shop = app('cart', 7070);
  const dnsOf = (made: Baseline) => made.policies.find(({ name }) => name === 'baseline-allow-dns')?.spec.egress;
  const ports = (port: number) => [
    { protocol: 'UDP', port },
    { protocol: 'TCP', port },
  ];
  const pods = (namespace: string, labels: object) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels: labels },
  });

  it('is that of the input: its pods by their labels, UDP and TCP, never the address of the Service', () => {
    const made = baselineOf(clusterWith(shop, KUBE_DNS));
    expect(dnsOf(made)).toEqual([{ to: [pods('kube-system', { 'k8s-app': 'kube-dns' })], ports: ports(53) }]);
    expect(JSON.stringify(made.policies)).not.toContain('10.96.0.10');
    expect([made.dnsAssumed, made.withoutDns]).toEqual([false, []]);
  });

  it('of OpenShift is reached on the port of its pods', () => {
    const openshift = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: dns-default, namespace: openshift-dns }
spec:
  selector: { matchLabels: { dns.operator.openshift.io/daemonset-dns: default } }
  template:
    metadata: { labels: { dns.operator.openshift.io/daemonset-dns: default } }
    spec: { containers: [ { name: dns, image: x, ports: [ { name: dns, containerPort: 5353, protocol: UDP }, { name: dns-tcp, containerPort: 5353 } ] } ] }
---
apiVersion: v1
kind: Service
metadata: { name: dns-default, namespace: openshift-dns }
spec:
  selector: { dns.operator.openshift.io/daemonset-dns: default }
  ports: [ { name: dns, port: 53, targetPort: dns, protocol: UDP }, { name: dns-tcp, port: 53, targetPort: dns-tcp } ]
`;
    const label = { 'dns.operator.openshift.io/daemonset-dns': 'default' };
    const made = baselineOf(clusterWith(shop, openshift));
    expect(dnsOf(made)).toEqual([{ to: [pods('openshift-dns', label)], ports: ports(5353) }]);
    expect(made.withoutDns).toEqual([]);
    expect(dnsOf(baselineOf(clusterWith(shop), { dns: 'openshift' }))).toEqual(dnsOf(made));
    const route =
      'apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: { name: cart, namespace: shop }\nspec: { to: { kind: Service, name: cart } }\n';
    expect(dnsOf(baselineOf(clusterWith(shop, route)))).toEqual(dnsOf(made));
  });

  it('by a cache on the node is reached by its link-local address, and kube-dns behind it', () => {
    const cache = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: node-local-dns, namespace: kube-system }
spec:
  selector: { matchLabels: { k8s-app: node-local-dns } }
  template:
    metadata: { labels: { k8s-app: node-local-dns } }
    spec: { hostNetwork: true, containers: [ { name: cache, image: x, args: [ "-localip", "169.254.20.10,10.96.0.10" ], ports: [ { containerPort: 53, protocol: UDP } ] } ] }
`;
    const made = baselineOf(clusterWith(shop, KUBE_DNS, cache));
    expect(dnsOf(made)).toEqual([
      { to: [{ ipBlock: { cidr: '169.254.20.10/32' } }], ports: ports(53) },
      { to: [pods('kube-system', { 'k8s-app': 'kube-dns' })], ports: ports(53) },
    ]);
    expect(dnsOf(baselineOf(clusterWith(shop), { dns: 'node-local' }))).toEqual(dnsOf(made));
  });

  it('that is not in the input is the usual one, and that is said', () => {
    const made = baselineOf(clusterWith(shop));
    expect(dnsOf(made)).toEqual([{ to: [pods('kube-system', { 'k8s-app': 'kube-dns' })], ports: ports(53) }]);
    expect(textOf(made)).toContain('DNS is not in the input');
  });

  it('of a pod with nameservers of its own is opened to that pod alone', () => {
    const special = app('admin', 9000, '', { pod: 'dnsPolicy: None, dnsConfig: { nameservers: [ 203.0.113.53 ] }, ' });
    const made = baselineOf(clusterWith(shop, special, KUBE_DNS));
    expect(JSON.stringify(dnsOf(made))).not.toContain('203.0.113.53');
    expect(made.policies.find(({ name }) => name === 'baseline-admin-egress')?.spec.egress).toEqual([
      { to: [{ ipBlock: { cidr: '203.0.113.53/32' } }], ports: ports(53) },
    ]);
  });
});

describe('the other forms', () => {
  const made = baselineOf(
    clusterWith(app('frontend', 8080, ', env: [ { name: CART_ADDR, value: "cart:80" } ]'), app('cart', 7070), KUBE_DNS),
  );

  it('a kustomize component lists a file for each namespace', () => {
    const files = kustomizeFiles(made);
    expect([...files.keys()]).toEqual(['kustomization.yaml', 'shop.yaml']);
    expect(files.get('kustomization.yaml')).toBe(
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources:\n  - shop.yaml\n',
    );
    expect(loadCluster([{ file: 'shop.yaml', text: files.get('shop.yaml') ?? '' }]).policies).toHaveLength(made.policies.length);
  });

  it('a Kyverno policy generates what is the same in every namespace, and nothing of one namespace', () => {
    const text = kyvernoYaml(made);
    expect(text.match(/^ {4}- name: .*/gm)).toEqual(['    - name: baseline-default-deny', '    - name: baseline-allow-dns']);
    expect(text).not.toContain('cart');
    expect(text).toContain("'{{request.object.metadata.name}}'".replaceAll("'", '"'));
  });
});
