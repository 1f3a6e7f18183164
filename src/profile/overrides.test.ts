import { describe, expect, it } from 'vitest';
import { readOverrides } from './overrides.ts';
import { CELL_NAMES } from './profile.ts';
import { PROFILES } from './profiles.ts';

const profileNamed = (name: string) => PROFILES.find((profile) => profile.name === name);

describe('the overrides of a user', () => {
  it('add a profile that is like another but for a cell', () => {
    const { profiles, problems } = readOverrides({
      profiles: { 'shop-cni': { like: 'calico-iptables', title: 'The shop', cells: { ipBlockMatchesPod: 'no' } } },
    });
    expect(problems).toEqual([]);
    const model = profileNamed('calico-iptables');
    expect(profiles).toEqual([
      {
        ...model,
        name: 'shop-cni',
        cells: { ...model?.cells, ipBlockMatchesPod: { value: 'no', tag: 'user' } },
      },
    ]);
  });

  it('change a cell of a profile and keep the others', () => {
    const { profiles, problems } = readOverrides({ profiles: { weave: { cells: { endPort: 'yes', sctp: 'unknown' } } } });
    expect(problems).toEqual([]);
    const [weave] = profiles;
    expect(weave?.cells.endPort).toEqual({ value: 'yes', tag: 'user' });
    expect(weave?.cells.sctp).toEqual({ value: 'unknown', tag: 'user' });
    for (const cell of CELL_NAMES.filter((name) => name !== 'endPort' && name !== 'sctp')) {
      expect(weave?.cells[cell]).toEqual(profileNamed('weave')?.cells[cell]);
    }
  });

  it('change all members of a family, and what comes later lies above', () => {
    const { profiles, problems } = readOverrides({
      profiles: { calico: { cells: { denyResponse: 'reject', sctp: 'no' } }, 'calico-ebpf': { cells: { denyResponse: 'drop' } } },
    });
    expect(problems).toEqual([]);
    expect(profiles.map(({ name, cells }) => [name, cells.denyResponse.value, cells.sctp.value])).toEqual([
      ['calico-ebpf', 'drop', 'no'],
      ['calico-iptables', 'reject', 'no'],
      ['calico-nftables', 'reject', 'no'],
    ]);
  });

  it('take true and false for yes and no, where these are answers', () => {
    const { profiles, problems } = readOverrides({ profiles: { antrea: { cells: { endPort: false, denyResponse: true } } } });
    expect(profiles[0]?.cells.endPort).toEqual({ value: 'no', tag: 'user' });
    expect(problems).toMatchObject([{ code: 'bad-value', path: ['profiles', 'antrea', 'cells', 'denyResponse'], found: 'true' }]);
  });

  it('leave a cell unknown whose value is wrong, so that nothing is decided by the old one', () => {
    const { profiles, problems } = readOverrides({ profiles: { antrea: { cells: { denyResponse: 'refuse' } } } });
    expect(problems).toEqual([
      {
        code: 'bad-value',
        path: ['profiles', 'antrea', 'cells', 'denyResponse'],
        cell: 'denyResponse',
        found: 'refuse',
        allowed: ['drop', 'reject', 'unknown'],
      },
    ]);
    expect(profiles[0]?.cells.denyResponse).toEqual({ value: 'unknown', tag: 'user' });
  });

  it.each([
    ['nothing', undefined],
    ['an empty file', null],
    ['no profiles', {}],
    ['empty profiles', { profiles: null }],
  ])('are none in %s', (_, parsed) => {
    expect(readOverrides(parsed)).toEqual({ profiles: [], problems: [] });
  });

  it('of a cell left empty in the file leave it unknown and say so', () => {
    const { profiles, problems } = readOverrides({ profiles: { antrea: { cells: { endPort: null } } } });
    expect(problems).toMatchObject([{ code: 'bad-value', cell: 'endPort', found: 'null' }]);
    expect(profiles[0]?.cells.endPort.value).toBe('unknown');
  });
});

describe('what is wrong with overrides', () => {
  const cases: readonly [string, unknown, object][] = [
    ['a file that is a text', 'calico', { code: 'not-an-object', path: [], found: 'calico' }],
    ['a file that is a list', [], { code: 'not-an-object', path: [], found: 'a list' }],
    ['profiles as a list', { profiles: [{ name: 'shop-cni' }] }, { code: 'not-an-object', path: ['profiles'], found: 'a list' }],
    [
      'a mistyped first key',
      { profile: {} },
      { code: 'unknown-key', path: ['profile'], key: 'profile', nearest: ['profiles'], allowed: ['profiles'] },
    ],
    [
      'a mistyped key of a profile',
      { profiles: { 'shop-cni': { lke: 'weave', like: 'weave' } } },
      { code: 'unknown-key', path: ['profiles', 'shop-cni', 'lke'], nearest: ['like'] },
    ],
    [
      'a mistyped profile',
      { profiles: { 'calico-iptable': { cells: { endPort: 'no' } } } },
      {
        code: 'like-missing',
        path: ['profiles', 'calico-iptable'],
        name: 'calico-iptable',
        nearest: ['calico-iptables', 'calico-nftables'],
      },
    ],
    [
      'a model that nobody knows',
      { profiles: { 'shop-cni': { like: 'calcio' } } },
      { code: 'unknown-profile', path: ['profiles', 'shop-cni', 'like'], name: 'calcio', nearest: ['calico'] },
    ],
    [
      'a model that is a number',
      { profiles: { 'shop-cni': { like: 7 } } },
      { code: 'unknown-profile', path: ['profiles', 'shop-cni', 'like'], name: '7', nearest: [] },
    ],
    [
      'a model that is several profiles',
      { profiles: { 'shop-cni': { like: 'cilium' } } },
      {
        code: 'ambiguous-profile',
        path: ['profiles', 'shop-cni', 'like'],
        name: 'cilium',
        members: ['cilium-kpr', 'cilium-kubeproxy'],
      },
    ],
    [
      'an existing profile that wants to be another',
      { profiles: { weave: { like: 'antrea' } } },
      { code: 'name-taken', path: ['profiles', 'weave'], name: 'weave' },
    ],
    [
      'a change of what the API promises',
      { profiles: { kubernetes: { cells: { endPort: 'no' } } } },
      { code: 'name-taken', path: ['profiles', 'kubernetes'], name: 'kubernetes' },
    ],
    ['a name with an escape', { profiles: { '\u001b[31m': { like: 'weave' } } }, { code: 'bad-name', name: '\u001b[31m' }],
    [
      'a mistyped cell',
      { profiles: { weave: { cells: { endport: 'yes' } } } },
      { code: 'unknown-cell', path: ['profiles', 'weave', 'cells', 'endport'], cell: 'endport', nearest: ['endPort'] },
    ],
    [
      'a cell that is an object',
      { profiles: { weave: { cells: { endPort: { value: 'yes' } } } } },
      { code: 'bad-value', path: ['profiles', 'weave', 'cells', 'endPort'], found: 'an object', allowed: ['yes', 'no', 'unknown'] },
    ],
    [
      'a title that is no text',
      { profiles: { weave: { title: ['Weave'] } } },
      { code: 'not-a-text', path: ['profiles', 'weave', 'title'], found: 'a list' },
    ],
    ['a profile that is a text', { profiles: { weave: 'yes' } }, { code: 'not-an-object', path: ['profiles', 'weave'], found: 'yes' }],
  ];

  it.each(cases)('%s', (_, parsed, problem) => {
    expect(readOverrides(parsed).problems).toMatchObject([problem]);
  });

  it('does not stop what is right beside it', () => {
    const { profiles, problems } = readOverrides({
      profiles: { calcio: {}, weave: { cells: { endPort: 'yes', endprt: 'yes' } } },
    });
    expect(problems.map(({ code }) => code)).toEqual(['like-missing', 'unknown-cell']);
    expect(profiles.map(({ name, cells }) => [name, cells.endPort.value])).toEqual([['weave', 'yes']]);
  });

  it('may be names that every object has, and objects that contain themselves', () => {
    const loop: Record<string, unknown> = {};
    loop.profiles = { weave: { cells: { endPort: loop } }, constructor: { cells: {} } };
    expect(readOverrides(loop).problems.map(({ code }) => code)).toEqual(['bad-value', 'like-missing']);
    const hostile = JSON.parse('{"profiles":{"__proto__":{"cells":{"endPort":"yes"}},"weave":{"cells":{"__proto__":"yes"}}}}');
    expect(readOverrides(hostile).problems.map(({ code }) => code)).toEqual(['bad-name', 'unknown-cell']);
  });
});
