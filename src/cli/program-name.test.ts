import { describe, expect, it } from 'vitest';
import { asCalled, isPlugin, jsonAsCalled } from './program-name.ts';

describe('the plugin of kubectl', () => {
  it.each([
    ['/usr/local/bin/kubectl-netverdict', true],
    ['/usr/local/bin/netverdict', false],
    ['/opt/kubectl-netverdict/dist/cli/main.js', false],
    [undefined, false],
  ])('%s → %s', (program, is) => {
    expect(isPlugin(program)).toBe(is);
  });
});

it.each([
  ['netverdict rbac prints the rights', 'kubectl netverdict rbac prints the rights'],
  ['ask `netverdict why` for one', 'ask `kubectl netverdict why` for one'],
  ['  $ kubectl get all -A -o yaml | netverdict map -f -', '  $ kubectl get all -A -o yaml | kubectl netverdict map -f -'],
  ['kubectl netverdict why', 'kubectl netverdict why'],
  ['apiVersion netverdict.dev/v1, /opt/netverdict why.yaml', 'apiVersion netverdict.dev/v1, /opt/netverdict why.yaml'],
])('commands as a plugin of kubectl says them: %s', (text, said) => {
  expect(asCalled(text, 'kubectl netverdict')).toBe(said);
  expect(asCalled(text, 'netverdict')).toBe(text);
});

it('hints in JSON are those of the program that was called, also on a line of their own', () => {
  const document = { hint: 'ask again:\nnetverdict why a b', more: ['netverdict cni', 'netverdict.dev/v1'], count: 2 };
  expect(JSON.parse(jsonAsCalled(document, true, 'kubectl netverdict'))).toEqual({
    hint: 'ask again:\nkubectl netverdict why a b',
    more: ['kubectl netverdict cni', 'netverdict.dev/v1'],
    count: 2,
  });
  expect(JSON.parse(jsonAsCalled(document, true, 'netverdict'))).toEqual(document);
});
