import { describe, expect, it } from 'vitest';
import { nameMatches } from './dns-names.ts';

describe('a pattern of DNS names', () => {
  it.each([
    ['api.example.com', 'api.example.com', true],
    ['api.example.com', 'API.example.com.', true],
    ['api.example.com', 'api.example.org', false],
    ['*.example.com', 'api.example.com', true],
    ['*.example.com', 'eu.api.example.com', false],
    ['*.example.com', 'example.com', false],
    ['a*i.example.com', 'api.example.com', true],
    ['a*i.example.com', 'ai.example.com', true],
    ['a*a.example.com', 'a.example.com', false],
    ['*a*b*.example.com', 'xaxbx.example.com', true],
    ['*', 'anything.at.all', true],
    ['**.example.com', 'eu.api.example.com', true],
    ['**.example.com', 'example.com', false],
    ['api.*', 'api.example.com', false],
  ])('of Cilium: %s means %s: %s', (pattern, name, wanted) => {
    expect(nameMatches(pattern, name, 'characters')).toBe(wanted);
  });

  it.each([
    ['*.kubernetes.io', 'latest.blog.kubernetes.io', true],
    ['*.kubernetes.io', 'kubernetes.io', false],
    ['*.kubernetes.io', 'notkubernetes.io', false],
    ['kubernetes.io.', 'kubernetes.io', true],
    ['kubernetes.io', 'blog.kubernetes.io', false],
  ])('of ClusterNetworkPolicy: %s means %s: %s', (pattern, name, wanted) => {
    expect(nameMatches(pattern, name, 'labels')).toBe(wanted);
  });

  it('is held against a name in time that does not explode', () => {
    expect(nameMatches(`${'*a'.repeat(30)}.example.com`, `${'a'.repeat(60)}b.example.com`, 'characters')).toBe(false);
  });
});
