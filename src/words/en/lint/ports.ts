// Lint's words for ports and protocols.
import { factText, filled, namesIn } from './fill.ts';
import type { SomeLintWords } from './words.ts';

export const PORTS = {
  'end-port-misused': {
    summary: 'endPort without a numeric port, or smaller than port',
    messages: {
      upsideDown: {
        text: 'endPort {endPort} is smaller than port {port}, and the API server rejects the policy',
        hint: 'put the smaller number in port',
      },
      needsNumber: {
        text: 'endPort needs a numeric port, and the API server rejects the policy',
        hint: 'write port as a number, or remove endPort',
      },
      outOfRange: { text: '{error}' },
    },
  },
  'named-port-for-addresses': {
    summary: 'a named port for addresses, which never matches',
    messages: {
      egress: {
        text: '`{policy}` {name} opens port `{port}` to addresses, and never matches, because only pods have port names',
        hint: 'write the number',
      },
      skipped: {
        text: '`{policy}` {name} has a named port and an ipBlock, and the AWS VPC CNI skips such a rule',
        hint: 'write the number',
      },
    },
  },
  'named-port-in-sidecar-only': {
    summary: 'a named port that only an init container or sidecar declares',
    messages: {
      init: {
        text: '`{policy}` {name} opens port `{port}`, which only container `{container}` declares, an {role} container; some CNIs do not look there',
        hint: 'declare the port on a regular container too, or write the number',
      },
    },
  },
  'named-port-other-protocol': {
    summary: 'a named port that the pods declare with another protocol',
    messages: {
      other: {
        text: ({ facts }) => {
          const implied = facts.isWritten === 'no' ? ' (the default)' : '';
          return filled(
            `\`{policy}\` {name} opens \`{port}\` over {protocol}${implied}, but the pods declare it over {has}, so the rule opens nothing`,
            facts,
          );
        },
        hint: 'write protocol: {has}',
      },
    },
  },
  'node-port-instead-of-target-port': {
    summary: 'a rule opens a node port or host port, but the pods listen on another port',
    messages: {
      nodePort: {
        text: '`{policy}` {name} opens {port}, the nodePort of Service `{owner}`, but the pods listen on {target}, and policies apply to that port',
        hint: 'write port {target}',
      },
      hostPort: {
        text: '`{policy}` {name} opens {port}, the hostPort of `{owner}`, but the pod listens on {target}, and policies apply to that port',
        hint: 'write port {target}',
      },
    },
  },
  'port-nobody-listens-on': {
    summary: 'a rule opens a named port that no pod has',
    messages: {
      nobody: {
        text: ({ facts }) => {
          const declared = namesIn(facts, 'declared').count === 0 ? 'they declare none' : 'they declare {declared}';
          return filled(
            `\`{policy}\` {name} opens port \`{port}\`, which none of the pods declares, so it opens nothing (${declared})`,
            facts,
          );
        },
        hint: ({ facts }) =>
          facts.advice === undefined ? 'name a port that the pods declare, or write the number' : filled('did you mean `{advice}`?', facts),
      },
      some: {
        text: '`{policy}` {name} opens port `{port}`, which {pods} {pods?does|do} not declare; it opens nothing there',
        hint: 'declare the port on those pods too, or write the number',
      },
    },
  },
  'port-number-quoted': {
    summary: 'a port number in quotes',
    messages: {
      quoted: {
        text: 'port "{port}" in quotes is a port name, and names cannot be all digits, so the API server rejects the policy',
        hint: 'write {port} without quotes',
      },
    },
  },
  'port-range-wide': {
    summary: 'a range of ports wider than anything needs',
    messages: {
      range: { text: '`{policy}` {name} opens {count} ports ({from}-{to}/{protocol})', hint: 'list the ports that the pods listen on' },
      noPorts: {
        text: '`{policy}` {name} opens every port of every protocol to these peers, but the pods declare only {declared}',
        hint: 'list the ports that the peers need',
      },
    },
  },
  'protocol-defaults-to-tcp': {
    summary: 'a port without a protocol is TCP, but the pods use another',
    messages: {
      declaredOther: {
        text: '`{policy}` {name} opens {port} without a protocol, which means TCP, but the pods declare {port} over {other}',
        hint: 'write protocol: {other}',
      },
      dns: {
        text: '`{policy}` {name} opens port 53 without a protocol, which means TCP, but DNS queries use UDP first',
        hint: 'open both UDP 53 and TCP 53',
      },
    },
  },
  'protocol-unknown': {
    summary: 'a protocol that NetworkPolicy does not have',
    messages: {
      lowerCase: { text: 'protocol `{protocol}` must be in capitals, or the API server rejects the policy', hint: 'write {upper}' },
      icmp: {
        text: 'protocol `{protocol}` is not available in a NetworkPolicy, which has only TCP, UDP and SCTP',
        hint: 'remove it; whether ping passes depends on the CNI, and Cilium and Calico have their own rules for it',
      },
      unknown: {
        text: 'protocol `{protocol}` is not TCP, UDP or SCTP, and the API server rejects the policy',
        hint: 'leave `ports` out to allow every protocol',
      },
    },
  },
  'sctp-unsupported': {
    summary: 'SCTP on a CNI that may not enforce it',
    messages: {
      no: { text: '{cni} does not enforce SCTP rules', hint: 'protect the port by other means' },
      open: {
        text: '{cni} may not enforce SCTP rules; whether it does depends on its setup',
        hint: 'test it with a connection that must be denied',
      },
    },
  },
  'service-port-instead-of-target-port': {
    summary: 'a rule opens the port of a Service, but the pods listen on another port',
    messages: {
      servicePort: {
        text: '`{policy}` {name} opens {port}, the port of Service `{service}`, but the pods listen on {target}, and policies apply to that port',
        hint: 'write port {target}',
      },
      openshiftDns: {
        text: '`{policy}` {name} opens 53 to openshift-dns, but the DNS pods there listen on 5353, and policies apply to that port',
        hint: 'write port 5353',
      },
    },
  },
  'target-port-missing': {
    summary: 'a Service port whose targetPort is a name that its pods do not have',
    messages: {
      none: {
        text: 'Service `{service}` port {port} leads nowhere, because no container of {pods} has a {protocol} port named `{name}`',
        hint: 'use one of their {protocol} ports ({known}), or a number',
      },
      noneNamed: {
        text: 'Service `{service}` port {port} leads nowhere, because no container of {pods} has a {protocol} port named `{name}`',
        hint: 'name the port in the container, or use its number as targetPort',
      },
      some: {
        text: 'Service `{service}` port {port} reaches only some of its pods, because {pods} {pods?has|have} no {protocol} port named `{name}`',
        hint: 'use the same port name in every pod behind the Service',
      },
    },
  },
} satisfies SomeLintWords;

export const SERVICES = {
  'route-backend-missing': {
    summary: 'an Ingress or route to a Service, or Service port, that does not exist',
    messages: {
      service: {
        text: '`{route}` routes to Service `{service}`, which is not in the input; clients get 503',
        hint: ({ facts }) =>
          namesIn(facts, 'advice').count > 0
            ? `did you mean ${factText(facts.advice)}?`
            : 'if its manifests are elsewhere, make sure that the Service exists in the cluster',
      },
      port: {
        text: '`{route}` routes to port `{port}` of Service `{service}`, which has only {ports}; clients get 503',
        hint: 'name a port of the Service, not of its pods',
      },
    },
  },
  'service-selects-nothing': {
    summary: 'a Service whose selector matches no pods',
    messages: {
      nearMiss: {
        text: 'Service `{service}` selects no pods: nothing in `{namespace}` has `{wanted}`, but {owner} has `{nearest}`',
        hint: 'did you mean `{nearest}`? Without pods the Service has no endpoints, and connections to it fail whatever policies say',
      },
      noPod: {
        text: 'Service `{service}` selects no pods: nothing in `{namespace}` has `{selector}`',
        hint: 'correct the selector; without pods the Service has no endpoints, and connections to it fail whatever policies say',
      },
    },
  },
} satisfies SomeLintWords;
