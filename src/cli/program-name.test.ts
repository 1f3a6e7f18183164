import { describe, expect, it } from 'vitest';
import { asCalled, isPlugin } from './program-name.ts';

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
