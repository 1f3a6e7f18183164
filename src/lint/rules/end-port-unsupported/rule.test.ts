import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { endPortUnsupported } from './rule.ts';

const range = (ports: string) => policy('cart', `podSelector: {}\ningress:\n- ports:\n  - ${ports}`);

describe('end-port-unsupported', () => {
  it('speaks only for a CNI without endPort', () => {
    expect(found(endPortUnsupported, range('{ port: 80, endPort: 82 }'), { cni: 'weave' })).toEqual(['8 error firstOnly']);
    expect(found(endPortUnsupported, range('{ port: 80, endPort: 82 }'), { cni: 'calico' })).toEqual([]);
    expect(found(endPortUnsupported, range('{ port: 80, endPort: 82 }'))).toEqual([]);
    expect(found(endPortUnsupported, range('{ port: 80, endPort: 80 }'), { cni: 'weave' })).toEqual([]);
  });
  it('lists a short range one by one', () => {
    const edits = findings(endPortUnsupported, range('{ port: 80, endPort: 82 }'), { cni: 'weave' })[0]?.fix?.edits;
    expect(edits?.map((edit) => edit.kind)).toEqual(['remove', 'add-item', 'add-item']);
    expect(findings(endPortUnsupported, range('{ port: 80, endPort: 900 }'), { cni: 'weave' })[0]?.fix).toBeUndefined();
  });
});
