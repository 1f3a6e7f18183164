import { describe, expect, it } from 'vitest';
import type { Facts, ProblemCode } from '../../model/problem.ts';
import { problemSentence } from './problem.ts';

const secrets = { what: 'not-read', kind: 'NetworkPolicy', resource: 'networkpolicies.networking.k8s.io', weight: 'policy' };

describe('what is wrong with the input', () => {
  it.each<[ProblemCode, Facts, string, string | undefined]>([
    ['missing-kind', { missing: ['apiVersion', 'kind'] }, 'not a Kubernetes object: `apiVersion` and `kind` are missing', undefined],
    [
      'unknown-field',
      { field: 'spec.podSelctor', nearest: 'podSelector' },
      'unknown field "spec.podSelctor"',
      'did you mean `podSelector`?',
    ],
    ['not-yaml', { reason: 'unknown-alias', found: 'common' }, 'not valid YAML: there is no anchor for alias "common"', undefined],
    ['limit', { what: 'too-many-documents', limit: 10 }, 'too many documents', undefined],
    [
      'limit',
      { ...secrets, reason: 'forbidden', readIn: ['shop'] },
      'could not read networkpolicies.networking.k8s.io outside namespace shop (you are not allowed to list them); verdicts that they may change are undecided',
      'netverdict rbac prints the permissions that are needed',
    ],
    [
      'invalid',
      { kind: 'NetworkPolicy', name: 'cart', field: 'spec.podSelector', error: 'Required value', detail: '' },
      'The NetworkPolicy "cart" is invalid: spec.podSelector: Required value',
      undefined,
    ],
  ])('%s %o', (code, facts, text, hint) => {
    expect(problemSentence({ code, facts })).toEqual({ text, ...(hint !== undefined && { hint }) });
  });
});
