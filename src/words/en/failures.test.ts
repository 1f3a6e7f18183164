import { describe, expect, it } from 'vitest';
import { Failure } from '../../failure.ts';
import { flagHint } from './cli/flags.ts';
import { failureSentence } from './failures.ts';

const PROD = { server: 'https://10.0.0.1:6443', context: 'prod', otherContexts: ['dev', 'test'] };
const DEBUG = { kind: 'debug-container', name: 'netverdict-probe-1a2b' } as const;

/** What a person at the terminal reads: the message, what to try, and the flag that helps. */
const read = (failure: Failure) => {
  const { text, hint } = failureSentence(failure);
  return [text, hint, flagHint(failure)];
};

describe('a failure is said with what to try next', () => {
  it.each<[string, Failure, (string | undefined)[]]>([
    [
      'a path with a typing mistake',
      new Failure('input-not-found', { path: 'deplyo/cart.yaml', near: ['deploy'], notFolder: undefined }),
      ['no such file or folder: `deplyo/cart.yaml`', 'did you mean `deploy`?', undefined],
    ],
    [
      'a path through a file',
      new Failure('input-not-found', { path: 'cart.yaml/x', near: [], notFolder: 'cart.yaml' }),
      ['no such file or folder: `cart.yaml/x`', '`cart.yaml` is not a folder', undefined],
    ],
    [
      'a cluster that refuses connections',
      new Failure('cluster-unreachable', { ...PROD, why: 'refused', detail: '' }),
      [
        'connection refused by https://10.0.0.1:6443 (context `prod`)',
        'is the cluster running?',
        'for another cluster: --context dev | test',
      ],
    ],
    [
      'the only cluster, which is silent',
      new Failure('cluster-slow', { ...PROD, otherContexts: [], seconds: 30 }),
      ['no answer from https://10.0.0.1:6443 (context `prod`) within 30 s', 'is the VPN up?', '--request-timeout SECONDS waits longer'],
    ],
    [
      'a clock that is ahead',
      new Failure('not-authenticated', { server: PROD.server, user: 'anna', program: undefined, clockAheadSeconds: 3 * 3600 }),
      [
        'https://10.0.0.1:6443 rejects the credentials of user `anna` (401)',
        "this machine's clock is 3 h ahead of the server's, so valid credentials may look expired; set the clock, or log in again",
        undefined,
      ],
    ],
    [
      'a clock that is days behind',
      new Failure('not-authenticated', { server: PROD.server, user: 'anna', program: undefined, clockAheadSeconds: -3 * 86_400 }),
      [
        'https://10.0.0.1:6443 rejects the credentials of user `anna` (401)',
        "this machine's clock is 3 days behind the server's, so valid credentials may look expired; set the clock, or log in again",
        undefined,
      ],
    ],
    [
      'a user without rights',
      new Failure('forbidden', { user: 'anna', deed: { verb: 'list', what: 'pods' }, said: 'no RBAC policy matched', probe: undefined }),
      [
        'user `anna` is not allowed to list pods: no RBAC policy matched',
        '`netverdict rbac` prints the ClusterRole that is needed; an administrator can grant it',
        undefined,
      ],
    ],
    [
      'a probe without rights, refused without a word',
      new Failure('forbidden', { user: undefined, deed: { verb: 'exec', what: 'shop/cart' }, said: '', probe: 'exec' }),
      [
        'you are not allowed to run a command in shop/cart: 403',
        '`netverdict rbac --probe exec` prints the ClusterRole that is needed; Pod Security or an admission webhook may also refuse it',
        '--throwaway probes with a pod of its own',
      ],
    ],
    [
      'an image that cannot be pulled',
      new Failure('probe-not-started', { by: DEBUG, image: 'agnhost:2.53', reason: 'ImagePullBackOff', said: '' }),
      [
        'debug container netverdict-probe-1a2b did not start: ImagePullBackOff',
        'can the node pull agnhost:2.53?',
        '--image NAME uses another image; --exec needs none',
      ],
    ],
    [
      'a lab that is up under its own name',
      new Failure('lab-already-up', { name: 'shop' }),
      [
        'lab `shop` is already up',
        'take it down first, or start another under a new name',
        'netverdict lab down --name shop takes it down; netverdict lab up --name OTHER starts another',
      ],
    ],
  ])('%s', (_, failure, said) => {
    expect(read(failure)).toEqual(said);
  });

  it('that speaks for itself is quoted', () => {
    expect(read(new Failure('bad-timeout', '`x` is not a number of seconds', { hint: 'for example 60' }))).toEqual([
      '`x` is not a number of seconds',
      'for example 60',
      undefined,
    ]);
  });
});
