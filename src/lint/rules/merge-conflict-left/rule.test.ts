import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/lint-yaml.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';

const broken = 'apiVersion: v1\nkind: Pod\n<<<<<<< HEAD\nmetadata: { name: a }\n=======\nmetadata: { name: b }\n>>>>>>> other\n';

describe('merge-conflict-left', () => {
  it('points at the first marker, and the other documents are read', () => {
    const yaml = stream(broken, policy('cart', 'podSelector: {}\npolicyTypes: [ingress]'));
    expect(found('merge-conflict-left', yaml)).toEqual(['3 error markers']);
    expect(found('api-refuses-it', yaml)).toHaveLength(1);
  });
  it('does not take a line of equal signs in a text for one', () => {
    expect(found('merge-conflict-left', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  text: |\n    =======\n')).toEqual(
      [],
    );
  });
});
