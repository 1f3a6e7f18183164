// Lint's words for connections that something needs and policies deny: DNS, the API server, routes, metrics, what pods are configured for.
import { filled, namesIn } from './fill.ts';
import type { SomeLintWords } from './words.ts';

const OPEN_API_SERVER =
  'open the addresses of `kubectl get endpoints kubernetes` with an ipBlock (on Cilium: toEntities kube-apiserver); the API server is not a pod';

/** `its address 10.0.0.1 on 443 or 6443`; without an address in the input any address will do. */
function apiServer(address: unknown, ports: unknown): string {
  const on = String(ports).replaceAll(', ', ' or ');
  return address === undefined ? `any address on ${on}` : `its address {address} on ${on}`;
}

export const CONNECTIONS = {
  'api-server-out-of-reach': {
    summary: 'pods that use the API server but are denied access to it, and rules for it with the wrong address',
    messages: {
      controller: {
        text: ({ facts }) =>
          filled(
            `{pods} {pods?looks like a controller that uses|look like controllers that use} the API server, but no egress rule allows ${apiServer(facts.address, facts.ports)}`,
            facts,
          ),
        hint: OPEN_API_SERVER,
      },
      bound: {
        text: ({ facts }) =>
          filled(
            `{pods} {pods?uses|use} the API server, because {binding} grants rights to ServiceAccount \`{account}\`, but no egress rule allows ${apiServer(facts.address, facts.ports)}`,
            facts,
          ),
        hint: OPEN_API_SERVER,
      },
      missed: {
        text: '`{policy}` {rule} opens port {port} to {blocks}, but the API server of this cluster is at {server}, which stays denied',
        hint: 'use its addresses in the ipBlock, unless the rule is for another cluster',
      },
    },
  },
  'api-server-shut-out': {
    summary: 'pods that the API server calls, but whose policies do not admit it',
    messages: {
      shut: {
        text: ({ facts }) =>
          filled(
            `{kind} \`{caller}\` makes the API server call \`{pod}\` on {port}, but no ingress rule there admits ${
              facts.address === undefined ? 'any address' : 'its address {address}'
            }, so calls hang cluster-wide`,
            facts,
          ),
        hint: 'open the port with an ipBlock for the control plane, or to everyone (a rule without `from`); the API server is not a pod',
      },
    },
  },
  'declared-connection-denied': {
    summary: 'a pod is configured to call a Service, but policies deny it',
    messages: {
      one: {
        text: '`{from}` is configured to call `{written}`, but no {direction} rule of {policies} allows it ({port} of {to})',
        hint: 'add the {direction} rule, or remove the address from the configuration; `netverdict fix` suggests an edit',
      },
      many: {
        text: '{count} connections that pods are configured to make are denied, because no {direction} rule of {policies} allows them: {calls}',
        hint: 'add the {direction} rules; `netverdict fix` suggests an edit for each, `netverdict baseline` policies for all of them',
      },
    },
  },
  'hook-pod-denied': {
    summary: 'a Helm hook whose pod cannot send anything',
    messages: {
      denied: {
        text: '`{pod}` is a Helm hook ({hook}) that policies let send nothing but DNS, so upgrades wait for it and fail',
        hint: 'add a label to its pod template that a policy with the needed egress selects',
      },
    },
  },
  'ingress-controller-shut-out': {
    summary: 'the backend of an Ingress does not admit the ingress controller',
    messages: {
      controller: {
        text: ({ facts }) => {
          const controller = namesIn(facts, 'carriers').count === 0 ? 'the ingress controller' : '{carriers}';
          return filled(
            `\`{route}\` routes to \`{pod}\` on {port}, but {policies} {policies?isolates|isolate} it and no rule admits ${controller}; clients get 504`,
            facts,
          );
        },
        hint: 'admit the namespace of the ingress controller on port {port}',
      },
      loadBalancer: {
        text: '`{route}` is served by a load balancer outside the cluster, but no rule of {policies} opens port {port} of `{pod}` to any address',
        hint: 'open the port to the addresses of the load balancer, or to everyone',
      },
    },
  },
  'mesh-ports-shut': {
    summary: 'service mesh pods that cannot reach the control plane',
    messages: {
      controlPlane: {
        text: ({ facts }) =>
          filled(
            `{pods} in \`{namespace}\` {pods?runs|run} the {mesh} sidecar, but no egress rule opens TCP ${portsOf(facts.ports)}, its way to the control plane`,
            facts,
          ),
        hint: ({ facts }) =>
          `open TCP ${portsOf(facts.ports)} to ${facts.mesh === 'Linkerd' ? 'the linkerd namespace' : 'istiod in istio-system'}`,
      },
      ambient: {
        text: '{pods} in `{namespace}` {pods?is|are} in the ambient mesh, but no ingress rule opens TCP 15008, where mesh traffic arrives',
        hint: 'open TCP 15008 in addition to the application’s ports',
      },
    },
  },
  'metrics-shut-out': {
    summary: 'pods to be scraped that do not admit Prometheus',
    messages: {
      prometheus: {
        text: ({ facts }) =>
          filled(`\`{pod}\` should be scraped on {port} (${scrapedBy(facts.by)}), but \`{prometheus}\` cannot reach it`, facts),
        hint: 'admit Prometheus on port {port}',
      },
      nobody: {
        text: ({ facts }) =>
          filled(`\`{pod}\` should be scraped on {port} (${scrapedBy(facts.by)}), but no rule admits other namespaces there`, facts),
        hint: 'admit Prometheus on port {port}',
      },
    },
  },
  'one-side-only': {
    summary: 'a connection that one end allows by name and the other end denies',
    messages: {
      denied: {
        text: ({ facts }) =>
          filled(
            `{peer} allows {from} → {to}${onPorts(facts.ports)}, but {policies} {policies?isolates|isolate} the other end and no {other} rule there allows it`,
            facts,
          ),
        hint: 'add the {other} rule, or remove this one; both ends must allow a connection',
      },
      otherPorts: {
        text: ({ facts }) =>
          filled(`{peer} allows {from} → {to}${onPorts(facts.ports)}, but the {other} rules of the other end allow only {has}`, facts),
        hint: 'use the same ports at both ends: the pod’s ports, not the Service’s',
      },
    },
  },
  'outside-service-out-of-reach': {
    summary: 'a pod is configured to call an external host, but its policies allow no external address',
    messages: {
      outside: {
        text: '`{pod}` is configured to call {hosts}, but no egress rule opens an address outside the cluster',
        hint: 'allow the addresses with an ipBlock; a NetworkPolicy cannot name a host',
      },
    },
  },
  'ping-tells-nothing': {
    summary: 'an isolated pod is started with ping or traceroute',
    messages: {
      icmp: {
        text: '{pod} runs `{program}` under egress policies, which cover only TCP, UDP and SCTP, so its result says nothing about them',
        hint: 'test a TCP connection to the port instead, for example nc -z HOST PORT',
      },
    },
  },
  'stateful-peers-apart': {
    summary: 'replicas of a StatefulSet that cannot reach each other',
    messages: {
      apart: {
        text: '`{workload}` has {replicas} replicas that cannot reach each other on any of their ports ({ports}); replication and leader election fail',
        hint: 'allow the pods their own label as a peer, in both directions if both are isolated',
      },
    },
  },
} satisfies SomeLintWords;

export const DNS = {
  'dns-beyond-resolver': {
    summary: 'a rule that allows DNS to servers other than the DNS pods and `lint.house.resolvers`',
    messages: {
      anyone: { text: '`{policy}` {name} allows port 53 to every address', hint: 'name the DNS pods in a rule of their own' },
      block: {
        text: '`{policy}` {name} allows port 53 to addresses that are not a resolver',
        hint: 'leave out port 53, or add the server to lint.house.resolvers',
      },
      pods: {
        text: '`{policy}` {name} allows port 53 to pods that are not the resolver',
        hint: 'name the DNS pods: k8s-app: kube-dns in kube-system',
      },
    },
  },
  'dns-denied': {
    summary: 'pods whose policies deny access to their DNS server',
    messages: {
      denied: {
        text: '{pods} in `{namespace}` cannot reach DNS ({server}, {ports}), because no policy allows it; every lookup times out',
        hint: 'allow egress to the DNS pods on UDP and TCP {number}, for example in one policy for all pods of the namespace',
      },
      tcpOnly: {
        text: '{pods} in `{namespace}` can reach DNS over TCP but not UDP, which resolvers use first; every lookup times out',
        hint: 'add UDP {number} to the DNS rule; a port without a protocol is TCP',
      },
    },
  },
  'dns-node-local-missed': {
    summary: 'pods that use NodeLocal DNSCache but are denied access to it',
    messages: {
      cache: {
        text: '{pods} in `{namespace}` {pods?uses|use} the DNS cache on the node ({addresses}), but no policy allows it, and selectors cannot match it on the host network',
        hint: 'add an ipBlock for {first}, UDP and TCP 53',
      },
      pods: {
        text: '{pods} in `{namespace}` {pods?uses|use} `{server}` for DNS, but no policy allows it',
        hint: 'add a peer that matches these DNS pods, UDP and TCP 53',
      },
    },
  },
  'dns-pods-shut': {
    summary: 'the DNS pods are isolated and cut off from clients or upstream servers',
    messages: {
      clients: {
        text: '`{policy}` isolates the DNS pods ({server}) and does not admit pods in {namespaces}; their lookups time out',
        hint: 'admit every namespace on UDP and TCP {port}',
      },
      everybody: {
        text: '`{policy}` isolates the DNS pods ({server}) and no rule opens UDP {port}; lookups fail in the whole cluster',
        hint: 'admit every namespace on UDP and TCP {port}',
      },
      upstream: {
        text: '`{policy}` isolates the DNS pods ({server}) for egress and allows nothing outside the cluster; external names do not resolve',
        hint: 'allow their upstream servers (UDP and TCP 53) and the API server',
      },
    },
  },
  'dns-to-anywhere': {
    summary: 'port 53 is open to every address',
    messages: {
      anywhere: {
        text: '`{policy}` {name} opens port 53 to every address, so data can leave as DNS queries to an attacker’s server',
        hint: 'name the DNS pods: namespace kube-system, k8s-app: kube-dns (on OpenShift: openshift-dns, port 5353)',
      },
    },
  },
  'dns-udp-only': {
    summary: 'DNS is allowed over UDP but not over TCP',
    messages: {
      udpOnly: {
        text: '`{policy}` {name} allows DNS over UDP but not TCP; answers too long for UDP are retried over TCP and fail',
        hint: 'add TCP {port} next to UDP {port}',
      },
    },
  },
} satisfies SomeLintWords;

/** `15012`, `8080 and 8086`. */
function portsOf(ports: unknown): string {
  return String(ports).replaceAll(', ', ' and ');
}

function onPorts(ports: unknown): string {
  return ports === '' ? '' : ' on {ports}';
}

function scrapedBy(by: unknown): string {
  if (by === 'pod-annotation') return 'its annotation asks for it';
  return by === 'service-annotation' ? 'an annotation of Service {name} asks for it' : '{by} {name} asks for it';
}
