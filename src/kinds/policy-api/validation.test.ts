// What a server with the CRDs installed says of an object of policy.networking.k8s.io, and what becomes of it then.
import { describe, expect, it } from 'vitest';
import { loadCluster } from '../../manifest/load.ts';
import { apiErrorText } from '../../objects/validate-problem.ts';

const of = (kind: string, version: string, name: string, spec: unknown) =>
  loadCluster([
    {
      file: 'shop.json',
      text: JSON.stringify({ apiVersion: `policy.networking.k8s.io/${version}`, kind, metadata: { name }, spec }),
    },
  ]);
const cnp = (spec: unknown) => of('ClusterNetworkPolicy', 'v1alpha2', 'shop', spec);
const anp = (spec: unknown) => of('AdminNetworkPolicy', 'v1alpha1', 'shop', spec);
const banp = (spec: unknown, name = 'default') => of('BaselineAdminNetworkPolicy', 'v1alpha1', name, spec);

const subject = { namespaces: {} };
const good = { tier: 'Admin', priority: 10, subject };
const egress = (to: unknown, more: object = {}) => ({ ...good, egress: [{ action: 'Deny', to: [to], ...more }] });
const texts = (cluster: ReturnType<typeof cnp>) => cluster.problems.map(apiErrorText);

describe('ClusterNetworkPolicy', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['a good one', good, []],
    ['no spec field', {}, ['spec.tier: Required value', 'spec.priority: Required value', 'spec.subject: Required value']],
    [
      'a tier in small letters',
      { ...good, tier: 'admin' },
      ['spec.tier: Unsupported value: "admin": supported values: "Admin", "Baseline"'],
    ],
    [
      'a priority that is too high',
      { ...good, priority: 1001 },
      ['spec.priority: Invalid value: 1001: spec.priority in body should be less than or equal to 1000'],
    ],
    [
      'Allow',
      egress({ namespaces: {} }, { action: 'Allow' }),
      ['spec.egress[0].action: Unsupported value: "Allow": supported values: "Accept", "Deny", "Pass"'],
    ],
    [
      'a subject without a field',
      { ...good, subject: {} },
      ['spec.subject: Invalid value: 0: spec.subject in body should have at least 1 properties'],
    ],
    [
      'a subject with two',
      { ...good, subject: { namespaces: {}, pods: { podSelector: {} } } },
      ['spec.subject: Too many: 2: must have at most 1 item'],
    ],
    [
      'no peers',
      { ...good, ingress: [{ action: 'Deny', from: [] }] },
      ['spec.ingress[0].from: Invalid value: 0: spec.ingress[0].from in body should have at least 1 items'],
    ],
    ['no peer list', { ...good, ingress: [{ action: 'Deny' }] }, ['spec.ingress[0].from: Required value']],
    [
      'too many rules',
      { ...good, ingress: Array.from({ length: 26 }, () => ({ action: 'Deny', from: [{ namespaces: {} }] })) },
      ['spec.ingress: Too many: 26: must have at most 25 items'],
    ],
    [
      'a CIDR that is none',
      egress({ networks: ['10.0.0.0'] }),
      ['spec.egress[0].to[0].networks[0]: Invalid value: "10.0.0.0": Invalid CIDR format provided'],
    ],
    [
      'a network twice',
      egress({ networks: ['10.0.0.0/8', '10.0.0.0/8'] }),
      ['spec.egress[0].to[0].networks[1]: Duplicate value: "10.0.0.0/8"'],
    ],
    [
      'a range of one port',
      egress({ namespaces: {} }, { protocols: [{ tcp: { destinationPort: { range: { start: 80, end: 80 } } } }] }),
      ['spec.egress[0].protocols[0].tcp.destinationPort.range: Invalid value: Start port must be less than End port'],
    ],
    [
      'a long name',
      egress({ namespaces: {} }, { name: 'x'.repeat(101) }),
      ['spec.egress[0].name: Too long: may not be more than 100 bytes'],
    ],
    [
      'a selector below namespaces',
      egress({ namespaces: { namespaceSelector: {} } }),
      ['unknown field "spec.egress[0].to[0].namespaces.namespaceSelector"'],
    ],
  ])('%s', (_, spec, expected) => expect(texts(cnp(spec))).toEqual(expected));

  it('is unreadable as a whole when a part of it is refused, for the pods and directions that it speaks of', () => {
    const { policies } = cnp({ ...egress({ networks: ['10.0.0.0'] }), subject: { namespaces: { matchLabels: { team: 'shop' } } } });
    expect(policies[0]).toMatchObject({ tier: 'admin', order: 10, ingress: 'not-governed', subject: { namespace: { by: 'labels' } } });
    expect(policies[0]?.faults).toHaveLength(1);
  });

  it('was never served as v1alpha1', () => {
    const { policies } = of('ClusterNetworkPolicy', 'v1alpha1', 'shop', good);
    expect(policies[0]?.faults.map(({ code }) => code)).toEqual(['not-served']);
  });

  it('takes any protocol that the pod declares a named port with', () => {
    const { policies } = cnp(egress({ namespaces: {} }, { protocols: [{ destinationNamedPort: 'http' }] }));
    expect(policies[0]?.egress).toMatchObject([{ ports: [{ protocol: 'TCP' }, { protocol: 'UDP' }, { protocol: 'SCTP' }] }]);
  });
});

describe('AdminNetworkPolicy', () => {
  const rule = (more: object) => ({ priority: 1, subject, egress: [{ action: 'Allow', to: [{ namespaces: {} }], ...more }] });
  it.each<[string, unknown, readonly string[]]>([
    ['a good one', rule({ ports: [{ portNumber: { port: 80 } }] }), []],
    [
      'Accept',
      rule({ action: 'Accept' }),
      ['spec.egress[0].action: Unsupported value: "Accept": supported values: "Allow", "Deny", "Pass"'],
    ],
    ['a range that ends before it starts is taken', rule({ ports: [{ portRange: { start: 90, end: 80 } }] }), []],
    [
      'no ports',
      rule({ ports: [] }),
      ['spec.egress[0].ports: Invalid value: 0: spec.egress[0].ports in body should have at least 1 items'],
    ],
  ])('%s', (_, spec, expected) => expect(texts(anp(spec))).toEqual(expected));

  it('is read where a selector is left out, which can only mean everything', () => {
    const cluster = anp({ priority: 1, subject: { pods: { namespaceSelector: {} } } });
    expect(texts(cluster)).toEqual(['spec.subject.pods.podSelector: Required value']);
    expect(cluster.policies[0]?.faults).toEqual([]);
  });

  it.each([
    ['TCP where none is written', { port: 53 }, [{ kind: 'range', protocol: 'TCP', from: 53, to: 53 }]],
    ['nothing for a protocol that is none', { protocol: 'tcp', port: 53 }, []],
  ])('means %s', (_, portNumber, expected) => {
    expect(anp(rule({ ports: [{ portNumber }] })).policies[0]?.egress).toMatchObject([{ ports: expected }]);
  });
});

describe('BaselineAdminNetworkPolicy', () => {
  const rule = { subject, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] };
  it('is read', () => {
    const { policies, problems } = banp(rule);
    expect(problems).toEqual([]);
    expect(policies[0]).toMatchObject({ tier: 'baseline', order: 0, needs: 'anp', faults: [] });
  });

  it('knows no Pass', () => {
    expect(texts(banp({ subject, ingress: [{ action: 'Pass', from: [{ namespaces: {} }] }] }))).toEqual([
      'spec.ingress[0].action: Unsupported value: "Pass": supported values: "Allow", "Deny"',
    ]);
  });

  it('is called default, and cannot be read under another name', () => {
    const { policies, problems } = banp(rule, 'other');
    expect(problems.map(apiErrorText)).toEqual([
      '<nil>: Invalid value: Only one baseline admin network policy with metadata.name="default" can be created in the cluster',
    ]);
    expect(policies[0]?.faults).toHaveLength(1);
  });
});
