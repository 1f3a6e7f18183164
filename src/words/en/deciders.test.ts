import { describe, expect, it } from 'vitest';
import { POLICING_KINDS } from '../../manifest/policing-kinds.ts';
import { deciderName } from './deciders.ts';

describe('who decides by a policy that is not evaluated', () => {
  it('has a name that is not a code, for every kind', () => {
    const names = POLICING_KINDS.map(({ decides }) => deciderName(decides));
    expect(names).toContain('the service mesh');
    expect(names.filter((name) => /^[a-z]+(-[a-z]+)+$/.test(name))).toEqual([]);
  });

  it('gives proper names back as they are', () => {
    expect(['Istio', 'constructor'].map(deciderName)).toEqual(['Istio', 'constructor']);
  });
});
