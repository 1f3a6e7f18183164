// What `baseline -o kyverno`, `-o vap` and `-o gatekeeper` print: for new namespaces, and for what is there already. That the API server takes the
// expressions and refuses by them is shown in tests/cluster.
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { gatekeeperObjects } from '../../src/answer/admission-gatekeeper.ts';
import { kyvernoObjects } from '../../src/answer/admission-kyverno.ts';
import { vapObjects } from '../../src/answer/admission-vap.ts';
import { objectsYaml } from '../../src/report/baseline-yaml.ts';
import { app, baselineOf, clusterWith, KUBE_DNS } from './shop.ts';

const gatekeeperYaml = (...args: Parameters<typeof gatekeeperObjects>) => objectsYaml(gatekeeperObjects(...args));
const kyvernoYaml = (...args: Parameters<typeof kyvernoObjects>) => objectsYaml(kyvernoObjects(...args));
const vapYaml = (...args: Parameters<typeof vapObjects>) => objectsYaml(vapObjects(...args));

// biome-ignore lint/suspicious/noExplicitAny: parsed YAML, looked at by path
type Parsed = any;

const parsed = (text: string): readonly Parsed[] => parseAllDocuments(text).map((document) => document.toJS());
const made = () => baselineOf(clusterWith(app('cart', 7070), KUBE_DNS));
const ALL = { existing: true, monitoring: 'observability', refuseHostNetwork: true, requiredLabels: ['team', 'app.kubernetes.io/name'] };

describe('Kyverno', () => {
  it('lets monitoring in where somebody names it, and closes old namespaces only when asked', () => {
    const [plain, ...others] = parsed(kyvernoYaml(made()));
    expect(others).toEqual([]);
    expect(plain.spec.rules.map(({ name }: Parsed) => name)).toEqual(['baseline-default-deny', 'baseline-allow-dns']);
    expect(plain.spec.rules.map(({ match }: Parsed) => match.any[0].resources.operations)).toEqual([['CREATE'], ['CREATE']]);
    const [asked] = parsed(kyvernoYaml(made(), { monitoring: 'observability', existing: true }));
    expect(asked.spec.rules.map(({ name }: Parsed) => name)).toContain('baseline-allow-monitoring');
    expect(asked.spec.rules[2].generate.data.spec.ingress[0].from[0].namespaceSelector.matchLabels).toEqual({
      'kubernetes.io/metadata.name': 'observability',
    });
    expect(asked.spec.rules[0].match.any[0].resources).toEqual({ kinds: ['Namespace'] });
  });

  it.each([
    [undefined, undefined, true],
    ['1.13', undefined, true],
    ['v1.14.2', undefined, true],
    ['1.12', true, undefined],
    ['v1.10.7', true, undefined],
  ])('%s: says generateExisting where this version reads it', (version, onPolicy, onRule) => {
    const [policy, workloads] = parsed(kyvernoYaml(made(), { ...ALL, version }));
    expect([policy.spec.generateExisting, policy.spec.rules[0].generate.generateExisting]).toEqual([onPolicy, onRule]);
    expect([workloads.spec.validationFailureAction, workloads.spec.rules[0].validate.failureAction]).toEqual(
      onPolicy ? ['Enforce', undefined] : [undefined, 'Enforce'],
    );
  });

  it('never closes its own namespace, nor one that is labelled exempt', () => {
    const [{ spec }] = parsed(kyvernoYaml(made(), ALL)) as [Parsed];
    for (const { exclude } of spec.rules) {
      expect(exclude.any[0].resources.names).toEqual(expect.arrayContaining(['kyverno', 'kube-system']));
      expect(exclude.any[1].resources.selector.matchLabels).toEqual({ 'netverdict.dev/baseline': 'exempt' });
    }
  });

  it('looks at the pod template of each kind that people create', () => {
    const [, workloads] = parsed(kyvernoYaml(made(), ALL));
    const patterns = Object.fromEntries(workloads.spec.rules.map(({ name, validate }: Parsed) => [name, validate.pattern]));
    expect(patterns['not-on-host-network']).toEqual({ spec: { template: { spec: { '=(hostNetwork)': false } } } });
    expect(patterns['not-on-host-network-batch']).toEqual({
      spec: { jobTemplate: { spec: { template: { spec: { '=(hostNetwork)': false } } } } },
    });
    expect(patterns['has-label-1']).toEqual({ spec: { template: { metadata: { labels: { team: '?*' } } } } });
    const notOn = workloads.spec.rules.find(({ name }: Parsed) => name === 'not-on-host-network').exclude.any[0].resources.namespaces;
    expect(notOn).toContain('observability');
  });
});

describe('ValidatingAdmissionPolicies', () => {
  const actions = (text: string) =>
    parsed(text).flatMap(({ kind, metadata, spec }) => (kind.endsWith('Binding') ? [[metadata.name, spec.validationActions.join()]] : []));

  it('refuse what is new, and only warn of what is there', () => {
    expect(actions(vapYaml())).toEqual([
      ['netverdict-namespace-has-baseline', 'Deny'],
      ['netverdict-policy-means-what-it-says', 'Deny'],
    ]);
    expect(actions(vapYaml({ ...ALL, requiredLabels: ['team'] }))).toEqual([
      ['netverdict-namespace-has-baseline', 'Deny'],
      ['netverdict-existing-namespace-has-baseline', 'Warn,Audit'],
      ['netverdict-policy-means-what-it-says', 'Deny'],
      ['netverdict-pods-not-on-host-network', 'Deny'],
      ['netverdict-pods-not-on-host-network-existing', 'Warn,Audit'],
      ['netverdict-pods-have-label-1', 'Deny'],
      ['netverdict-pods-have-label-1-existing', 'Warn,Audit'],
    ]);
  });

  it('let the monitoring namespace have pods in the network of their node, and no other one', () => {
    const excepted = (name: string) =>
      parsed(vapYaml(ALL)).find(({ kind, metadata }) => kind === 'ValidatingAdmissionPolicy' && metadata.name === name).spec
        .matchConstraints.namespaceSelector.matchExpressions[0].values;
    expect(excepted('netverdict-pods-not-on-host-network')).toContain('observability');
    expect(excepted('netverdict-pods-have-label-1')).not.toContain('observability');
  });

  it('have a binding each, of their own name', () => {
    const all = parsed(vapYaml(ALL));
    const policies = all.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy').map(({ metadata }) => metadata.name);
    expect(all.filter(({ kind }) => kind !== 'ValidatingAdmissionPolicy').map(({ spec }) => spec.policyName)).toEqual(policies);
  });
});

describe('Gatekeeper', () => {
  const all = parsed(gatekeeperYaml(ALL));
  const templates = all.filter(({ kind }) => kind === 'ConstraintTemplate');
  const constraints = all.filter(({ apiVersion }) => apiVersion === 'constraints.gatekeeper.sh/v1beta1');

  it('templates are called like the kind that they make, in lower case, and their package, too', () => {
    for (const { metadata, spec } of templates) {
      expect(metadata.name).toBe(spec.crd.spec.names.kind.toLowerCase());
      expect(spec.targets[0].rego).toMatch(new RegExp(`^package ${metadata.name}\n`));
    }
    expect(templates).toHaveLength(3);
  });

  it('each constraint is of a kind that a template makes, with parameters of its schema', () => {
    const schemaOf = new Map<string, object>(
      templates.map(({ spec }) => [spec.crd.spec.names.kind, spec.crd.spec.validation.openAPIV3Schema.properties]),
    );
    for (const { kind, spec } of constraints) {
      expect(Object.keys(schemaOf.get(kind) ?? {})).toEqual(expect.arrayContaining(Object.keys(spec.parameters)));
    }
    expect(new Set(constraints.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(constraints.length);
  });

  it('refuses what is new, and only warns of what is there', () => {
    expect(constraints.map(({ kind, metadata, spec }) => `${kind} ${metadata.name} ${spec.enforcementAction}`)).toEqual([
      'NetverdictNamespaceHasBaseline netverdict deny',
      'NetverdictNamespaceHasBaseline netverdict-existing warn',
      'NetverdictPolicyMeansWhatItSays netverdict deny',
      'NetverdictPodsArePoliced netverdict deny',
      'NetverdictPodsArePoliced netverdict-existing warn',
      'NetverdictPodsArePoliced netverdict-labels deny',
      'NetverdictPodsArePoliced netverdict-labels-existing warn',
    ]);
    expect(parsed(gatekeeperYaml()).filter(({ spec }) => spec.enforcementAction === 'warn')).toEqual([]);
  });

  it('keeps the NetworkPolicies that it is asked about, without taking over the configuration of others', () => {
    expect(all.filter(({ kind }) => kind === 'SyncSet' || kind === 'Config').map(({ kind, spec }) => [kind, spec.gvks])).toEqual([
      ['SyncSet', [{ group: 'networking.k8s.io', version: 'v1', kind: 'NetworkPolicy' }]],
    ]);
  });
});
