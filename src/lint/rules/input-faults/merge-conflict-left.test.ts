import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { mergeConflictLeft } from './reading.ts';

const broken = 'apiVersion: v1\nkind: Pod\n<<<<<<< HEAD\nmetadata: { name: a }\n=======\nmetadata: { name: b }\n>>>>>>> other\n';

describe('merge-conflict-left', () => {
  it('points at the first marker, and the other documents are read', () => {
    const yaml = stream(broken, policy('cart', 'podSelector: {}\npolicyTypes: [ingress]'));
    expect(found(mergeConflictLeft, yaml)).toEqual(['3 error markers']);
  });
  it('does not take a line of equal signs in a text for one', () => {
    expect(found(mergeConflictLeft, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  text: |\n    =======\n')).toEqual([]);
  });
});
