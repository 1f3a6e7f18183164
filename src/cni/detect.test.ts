import { readdirSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../../tests/shared.ts';
import { objectsOf } from '../manifest/objects.ts';
import { parseText } from '../manifest/parse.ts';
import { limitObject } from '../manifest/read-limits.ts';
import { cell, chooseProfile, denySymptom, type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import { PROFILES } from '../profile/profiles.ts';
import { configuredProfiles, detectProfile } from './detect.ts';
import type { SeenObject } from './evidence.ts';

const folder = new URL('../../tests/fixtures/cni/', import.meta.url);
const fixtures = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));

const fixture = (name: string): readonly SeenObject[] => parsed(readFileSync(new URL(`${name}.yaml`, folder), 'utf8'));
const parsed = (text: string): readonly SeenObject[] => objectsOf(parseText('cluster.yaml', text).documents).objects;

const daemonSet = (name: string, image = 'example.test/agent:v1', container = name): SeenObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  name,
  namespace: 'kube-system',
  value: { spec: { template: { spec: { containers: [{ name: container, image }] } } } },
});
/** Says that a whole cluster was read, as the reader of clusters does. */
const wholeCluster: SeenObject = { apiVersion: 'v1', kind: 'APIGroupList', name: '', namespace: undefined, value: { groups: [] } };

describe('which network plugin a cluster has', () => {
  it('has a fixture for every profile', () => {
    expect(fixtures.toSorted()).toEqual(PROFILES.map(({ name }) => name));
  });

  it.skipIf(!hasShared)('has a fixture for every profile of the reference', () => {
    const reference = load(readFileSync(sharedPath('reference', 'cni-profiles.yaml'), 'utf8')) as { profiles: object };
    expect(fixtures.toSorted()).toEqual(Object.keys(reference.profiles).sort());
  });

  it.each(fixtures)('is recognised from manifests: %s', (name) => {
    const { corrections, ...found } = detectProfile(fixture(name));
    expect(found).toMatchObject({ profile: name, basis: 'recognised' });
    // The Ciliums among them are of 1.17.
    const isOld = found.plugins.some(({ daemonSet, version }) => daemonSet === 'cilium' && version?.startsWith('v1.17') === true);
    expect(corrections.map(({ cell, to }) => `${cell}: ${to}`)).toEqual(isOld ? ['adminPolicies: none'] : []);
  });

  it('knows from when on Cilium reads ClusterNetworkPolicies', () => {
    const under = (version: string) =>
      semanticsOf(
        chooseProfile(
          'cilium-kpr',
          configuredProfiles('cilium-kpr', [daemonSet('cilium', `example.test/cilium:${version}`, 'cilium-agent')]),
        ) as ProfileChoice,
      );
    expect(under('v1.19.3').adminPolicies).toBe('none');
    expect(under('v1.20.2').adminPolicies).toBe('cnp');
  });

  it.each([
    ['antrea', 'Antrea', 'v2.3.0'],
    ['aws-vpc-cni-strict', 'Amazon VPC CNI', 'v1.19.5-eksbuild.1'],
    ['calico-ebpf', 'Calico', 'v3.30.2'],
    ['canal', 'Canal', 'v3.30.2-build20250711'],
    // A tag before a digest is a version, a digest alone is none.
    ['cilium-kpr', 'Cilium', 'v1.17.3'],
    ['ovn-kubernetes', 'OVN-Kubernetes', undefined],
    ['weave', 'Weave Net', '2.8.1'],
  ])('%s: says the version of %s, %s', (name, plugin, version) => {
    expect(detectProfile(fixture(name)).plugins[0]).toMatchObject({ plugin, version });
  });

  it('says the settings that matter for policies', () => {
    expect(detectProfile(fixture('cilium-kpr')).plugins[0]?.settings).toEqual([
      { setting: 'policy-enforcement', value: 'default' },
      { setting: 'kube-proxy-replacement', value: 'true' },
      { setting: 'routing', value: 'tunnel' },
      { setting: 'address-management', value: 'cluster-pool' },
    ]);
    expect(detectProfile(fixture('flannel')).plugins[0]?.settings).toEqual([{ setting: 'backend', value: 'vxlan' }]);
    expect(detectProfile(fixture('weave')).plugins[0]?.besides).toEqual({ 'weave-npc': '2.8.1' });
  });

  it.each([
    ['nothing at all', [], 'kubernetes', 'nothing'],
    ['a plugin that no profile describes', [daemonSet('kube-ovn-cni')], 'kubernetes', 'no-profile'],
    ['two engines side by side', [...fixture('cilium-kpr'), ...fixture('antrea')], 'kubernetes', 'several'],
    ['the VPC CNI without its policy agent', [daemonSet('aws-node')], 'none', 'off'],
    [
      'a kindnet from before kind 0.24',
      [daemonSet('kindnet', 'docker.io/kindest/kindnetd:v20240513-cd2ac642', 'kindnet-cni')],
      'none',
      'off',
    ],
    ['k3s with its policy controller switched off', fixtureWithNodeArgs('["server","--disable-network-policy"]'), 'none', 'off'],
    ['k3s that says so in its configuration file', fixtureWithNodeArgs('["server","--disable-network-policy","true"]'), 'none', 'off'],
    ['k3s that says the opposite', fixtureWithNodeArgs('["server","--disable-network-policy=false"]'), 'kube-router', 'recognised'],
    [
      'k3s with Cilium instead',
      [...fixtureWithNodeArgs('["server","--disable-network-policy"]'), ...fixture('cilium-kpr')],
      'cilium-kpr',
      'recognised',
    ],
  ])('%s', (_, objects, profile, basis) => {
    expect(detectProfile(objects)).toMatchObject({ profile, basis });
  });

  it('flannel enforces only with an engine beside it', () => {
    const flannel = fixture('flannel');
    const choice = chooseProfile(detectProfile(flannel).profile) as ProfileChoice;
    expect(cell(choice, 'enforces').value).toBe('no');
    const text = readFileSync(new URL('flannel.yaml', folder), 'utf8');
    const withEngine = parsed(
      text.replace(
        '      containers:\n',
        '      containers:\n        - { name: kube-network-policies, image: "example.test/knp:v0.9.2" }\n',
      ),
    );
    expect(detectProfile(withEngine).profile).toBe('kube-network-policies');
  });
});

function fixtureWithNodeArgs(args: string): readonly SeenObject[] {
  return parsed(
    readFileSync(new URL('kube-router.yaml', folder), 'utf8').replace(/k3s\.io\/node-args: '.*'/, `k3s.io/node-args: '${args}'`),
  );
}

describe('a switch that turns enforcement off', () => {
  const configMap = (name: string, data: object): SeenObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name,
    namespace: 'kube-system',
    value: { data },
  });
  const audit = configMap('cilium-config', { 'policy-audit-mode': 'true' });
  const awsAgent = (enabled: string) =>
    parsed(
      readFileSync(new URL('aws-vpc-cni-standard.yaml', folder), 'utf8').replace(
        /--enable-network-policy=true/,
        `--enable-network-policy=${enabled}`,
      ),
    );
  const semanticsUnder = (name: string, objects: readonly SeenObject[]) =>
    semanticsOf(chooseProfile(name, configuredProfiles(name, objects)) as ProfileChoice);

  it.each([
    ['Cilium that only audits', 'cilium-kpr', [audit], { setting: 'policy-audit-mode', value: 'true' }],
    [
      'Cilium whose enforcement is never',
      'cilium',
      [configMap('cilium-config', { 'enable-policy': 'never' })],
      { setting: 'policy-enforcement', value: 'never' },
    ],
    ['the AWS agent without its flag', 'aws-vpc-cni-standard', awsAgent('false'), { setting: 'network-policy-agent', value: 'false' }],
    [
      'the AWS controller that is off',
      'aws-vpc-cni-strict',
      [configMap('amazon-vpc-cni', { 'enable-network-policy-controller': 'false' })],
      { setting: 'network-policy-controller', value: 'false' },
    ],
  ])('%s, also under the profile that was named', (_, name, objects, because) => {
    expect(semanticsUnder(name, objects)).toMatchObject({ enforces: 'no', switchedOff: because });
  });

  it('is not the switch of another plugin, nor one that is on', () => {
    expect(semanticsUnder('calico', [audit])).toMatchObject({ enforces: 'yes' });
    expect(semanticsUnder('kubernetes', [audit])).toMatchObject({ enforces: 'yes' });
    expect(semanticsUnder('aws-vpc-cni-standard', awsAgent('true'))).toMatchObject({ enforces: 'yes' });
    const on = configMap('cilium-config', { 'policy-audit-mode': 'false', 'enable-policy': 'default' });
    const semantics = semanticsUnder('cilium', [on]);
    expect(semantics.enforces).toBe('yes');
    expect(semantics).not.toHaveProperty('switchedOff');
  });

  it('is one of several in a list', () => {
    const ranges = configMap('cilium-config', { 'policy-cidr-match-mode': 'nodes,pods' });
    expect(detectProfile([daemonSet('cilium'), ranges]).corrections).toEqual([
      { cell: 'ipBlockMatchesNode', to: 'yes', because: { setting: 'cidr-match', value: 'nodes' } },
      { cell: 'ipBlockMatchesPod', to: 'yes', because: { setting: 'cidr-match', value: 'pods' } },
    ]);
  });

  it('is seen in a cluster, and said', () => {
    const detection = detectProfile([daemonSet('cilium'), audit]);
    expect(detection.corrections).toEqual([{ cell: 'enforces', to: 'no', because: { setting: 'policy-audit-mode', value: 'true' } }]);
    expect(chooseProfile(detection.profile, detection.overrides)).toMatchObject({
      members: [{ switchedOff: { setting: 'policy-audit-mode', value: 'true' } }],
    });
  });
});

describe('a mode that cannot be seen', () => {
  const calico = [daemonSet('calico-node')];

  it('leaves the family, when the files have no FelixConfiguration', () => {
    expect(detectProfile(calico)).toMatchObject({ profile: 'calico', basis: 'mode-unknown' });
  });

  it('is the default mode, when a whole cluster was read and has none', () => {
    expect(detectProfile([...calico, wholeCluster])).toMatchObject({ profile: 'calico-iptables', basis: 'recognised' });
  });

  it('leaves the family, when it may not be read', () => {
    const limit = limitObject(
      {
        kind: 'FelixConfiguration',
        group: 'crd.projectcalico.org',
        resource: 'felixconfigurations.crd.projectcalico.org',
        reason: 'forbidden',
        readIn: [],
        weight: 'sign',
        message: '',
      },
      'cluster',
    );
    expect(detectProfile([...calico, wholeCluster, limit])).toMatchObject({ profile: 'calico', basis: 'mode-unknown' });
    expect(detectProfile([daemonSet('cilium'), wholeCluster])).toMatchObject({ profile: 'cilium-kubeproxy' });
    expect(detectProfile([daemonSet('cilium')])).toMatchObject({ profile: 'cilium', basis: 'mode-unknown' });
  });
});

describe('what the settings say otherwise than the profile', () => {
  const withConfig = (name: string, from: string, to: string): readonly SeenObject[] =>
    parsed(readFileSync(new URL(`${name}.yaml`, folder), 'utf8').replace(from, to));
  const chosen = (objects: readonly SeenObject[]): ProfileChoice => {
    const { profile, overrides } = detectProfile(objects);
    return chooseProfile(profile, overrides) as ProfileChoice;
  };

  it('Cilium with enable-policy=never enforces nothing', () => {
    const never = withConfig('cilium-kpr', 'enable-policy: default', 'enable-policy: never');
    expect(cell(chosen(never), 'enforces').value).toBe('no');
    expect(cell(chosen(fixture('cilium-kpr')), 'enforces').value).toBe('yes');
  });

  it('Cilium before 1.16 does not know endPort', () => {
    expect(cell(chosen(withConfig('cilium-kpr', 'v1.17.3', 'v1.15.9')), 'endPort').value).toBe('no');
    expect(cell(chosen(fixture('cilium-kpr')), 'endPort').value).toBe('yes');
  });

  it('Cilium can be told that CIDR rules match nodes', () => {
    const nodes = withConfig('cilium-kpr', 'ipam: cluster-pool', 'policy-cidr-match-mode: nodes');
    expect(cell(chosen(nodes), 'ipBlockMatchesNode').value).toBe('yes');
    expect(cell(chosen(fixture('cilium-kpr')), 'ipBlockMatchesNode').value).toBe('no');
  });

  it('Calico can be told to answer what it denies', () => {
    const reject = withConfig('calico-iptables', 'logSeverityScreen: Info', 'iptablesFilterDenyAction: Reject');
    expect(denySymptom(chosen(reject))).toBe('refused');
    expect(denySymptom(chosen(fixture('calico-iptables')))).toBe('timeout');
  });
});
