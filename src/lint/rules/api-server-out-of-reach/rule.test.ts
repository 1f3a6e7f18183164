import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { apiServerOutOfReach } from './rule.ts';

const operator = (spec: string, labels = 'app: op') =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: op, namespace: shop, labels: { ${labels} } }\nspec: { ${spec} }\n`;
const CONTROLLER = 'serviceAccountName: op, containers: [{ name: m, args: ["--leader-elect=true"] }]';
const egress = (rule: string) => policy('out', `podSelector: {}\npolicyTypes: [Egress]\negress: [${rule}]`);

describe('api-server-out-of-reach', () => {
  it.each([
    ['no rule at all', '', ['1 warning controller']],
    ['a rule for pods', '{ to: [{ namespaceSelector: {} }] }', ['1 warning controller']],
    ['a rule for another port', '{ ports: [{ port: 53 }] }', ['1 warning controller']],
    ['an address', '{ to: [{ ipBlock: { cidr: 203.0.113.0/24 } }], ports: [{ port: 6443 }] }', []],
    ['everything', '{}', []],
  ])('with %s', (_, rule, expected) => {
    expect(found(apiServerOutOfReach, stream(egress(rule), operator(CONTROLLER)))).toEqual(expected);
  });
  it('does not take every pod for a controller', () => {
    expect(found(apiServerOutOfReach, stream(egress(''), operator('serviceAccountName: op, containers: [{ name: m }]')))).toEqual([]);
    expect(found(apiServerOutOfReach, stream(egress(''), operator('containers: [{ name: m, args: ["--leader-elect"] }]')))).toEqual([]);
    expect(
      found(apiServerOutOfReach, stream(egress(''), operator('serviceAccountName: op, containers: [{ name: m }]', 'control-plane: x'))),
    ).toHaveLength(1);
  });
  it('has nothing to say when nobody isolates it', () => {
    expect(found(apiServerOutOfReach, stream(policy('in', 'podSelector: {}'), operator(CONTROLLER)))).toEqual([]);
  });

  describe('a ServiceAccount that was given rights', () => {
    const bound = (rules: string, account = 'op') => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules: [${rules}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: reader }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader }
subjects: [{ kind: ServiceAccount, name: ${account}, namespace: shop }]
`;
    const read = "{ apiGroups: [''], resources: [secrets], verbs: [get] }";
    const pod = operator('serviceAccountName: op, containers: [{ name: m }]');
    it.each([
      ['to read something', bound(read), pod, ['1 warning bound']],
      ['to nothing', bound(''), pod, []],
      [
        'to be admitted under a policy for pods',
        bound("{ apiGroups: [policy], resources: [podsecuritypolicies], verbs: ['use'] }"),
        pod,
        [],
      ],
      ['that the pod does not run as', bound(read, 'other'), pod, []],
      [
        'whose token the pod refuses',
        bound(read),
        operator('serviceAccountName: op, automountServiceAccountToken: false, containers: []'),
        [],
      ],
    ])('%s', (_, rbac, client, expected) => {
      expect(found(apiServerOutOfReach, stream(egress(''), client, rbac))).toEqual(expected);
      expect(found(apiServerOutOfReach, stream(egress('{}'), client, rbac))).toEqual([]);
    });
    it('counts an open port only towards the address of the API server, where that is known', () => {
      const block = egress('{ to: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }');
      const server = (address: string) =>
        `apiVersion: v1\nkind: Service\nmetadata: { name: kubernetes, namespace: default }\nspec: { ports: [{ port: 443 }] }\n---\napiVersion: v1\nkind: Endpoints\nmetadata: { name: kubernetes, namespace: default }\nsubsets: [{ addresses: [{ ip: ${address} }], ports: [{ port: 6443 }] }]\n`;
      expect(found(apiServerOutOfReach, stream(block, pod, bound(read), server('10.20.0.5')))).toEqual(['1 warning bound']);
      expect(found(apiServerOutOfReach, stream(block, pod, bound(read), server('203.0.113.7')))).toEqual([]);
    });
  });

  describe('a rule for its port', () => {
    const SERVER = `apiVersion: v1
kind: Service
metadata: { name: kubernetes, namespace: default }
spec: { clusterIP: 10.96.0.1, ports: [{ port: 443, targetPort: 6443 }] }
---
apiVersion: v1
kind: Endpoints
metadata: { name: kubernetes, namespace: default }
subsets: [{ addresses: [{ ip: 172.18.0.3 }], ports: [{ port: 6443 }] }]
`;
    const to = (cidr: string, port = 6443) => `{ to: [{ ipBlock: { cidr: ${cidr} } }], ports: [{ port: ${port} }] }`;
    it.each([
      ['for the address it had once', to('172.18.0.9/32'), ['7 warning missed']],
      ['for its address', to('172.18.0.3/32'), []],
      ['for its network', to('172.18.0.0/16'), []],
      ['for two, of which one is its own', `${to('172.18.0.9/32')}, ${to('172.18.0.3/32')}`, []],
      ['for the Service in front of it', to('10.96.0.1/32'), []],
      ['for anybody', '{ ports: [{ port: 6443 }] }', []],
      ['for pods', '{ to: [{ podSelector: {} }], ports: [{ port: 6443 }] }', []],
      ['that is somebody else’s, too', to('172.18.0.9/32', 443), []],
    ])('%s', (_, rules, expected) => {
      expect(found(apiServerOutOfReach, stream(egress(rules), SERVER))).toEqual(expected);
    });
    it('says nothing where no address of the API server is known', () => {
      expect(found(apiServerOutOfReach, stream(egress(to('172.18.0.9/32'))))).toEqual([]);
    });
  });
});
