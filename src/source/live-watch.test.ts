import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeApiServer, type Misbehave, refuse, startFakeApiServer } from '../../tests/fake-apiserver.ts';
import type { Failure } from '../failure.ts';
import { type WatchedState, watchCluster } from './live-watch.ts';

const policy = (name: string, resourceVersion = '1') => ({
  metadata: { name, namespace: 'shop', resourceVersion },
  spec: { podSelector: {} },
});
const POLICIES = '/apis/networking.k8s.io/v1/networkpolicies';
const isWatch = (path: string) => path.includes('watch=1');

let server: FakeApiServer | undefined;
let running: Promise<void> | undefined;
let abort = new AbortController();

afterEach(async () => {
  abort.abort();
  await running?.catch(() => {});
  await server?.stop();
  running = undefined;
  server = undefined;
});

/** Watches that stay open until the test says something; every other list has one that says nothing. */
async function start(
  onPolicies: (response: ServerResponse, path: string) => void,
  lists: Parameters<typeof startFakeApiServer>[0] = { [POLICIES]: [policy('old')] },
) {
  const misbehave: Misbehave = (_, response, path) => {
    if (!isWatch(path)) return false;
    if (path.startsWith(POLICIES)) onPolicies(response, path);
    else response.writeHead(200).flushHeaders();
    return true;
  };
  server = await startFakeApiServer(lists, misbehave);
  const states: WatchedState[] = [];
  const troubles: (Failure | undefined)[] = [];
  abort = new AbortController();
  running = watchCluster({
    kubeconfig: server.kubeconfig,
    signal: abort.signal,
    onChange: (state) => states.push(state),
    onTrouble: (trouble) => troubles.push(trouble),
  });
  running.catch(() => {});
  return { states, troubles, asked: server.asked };
}

const policiesIn = (state: WatchedState | undefined) =>
  state?.objects.filter(({ kind }) => kind === 'NetworkPolicy').map(({ name }) => name);
const event = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
const lists = (asked: readonly string[]) => asked.filter((path) => path.startsWith(POLICIES) && !isWatch(path)).length;

describe('watching a cluster', () => {
  it('tells the first state and then what changes, without listing again', async () => {
    let watch: ServerResponse | undefined;
    const { states, asked } = await start((response) => {
      watch = response;
      response.writeHead(200).flushHeaders();
    });
    await expect.poll(() => watch !== undefined).toBe(true);
    expect(policiesIn(states[0])).toEqual(['old']);
    expect(states[0]?.changed).toEqual([]);
    // In pieces that fall where they like, and in one bunch.
    const text =
      event('ADDED', policy('new', '8')) +
      event('MODIFIED', policy('old', '9')) +
      event('BOOKMARK', { metadata: { resourceVersion: '12' } });
    watch?.write(text.slice(0, 30));
    watch?.write(text.slice(30));
    await expect.poll(() => policiesIn(states.at(-1))).toEqual(['new', 'old']);
    expect(states.at(-1)?.changed).toEqual(['networkpolicies.networking.k8s.io']);
    expect(states.length).toBe(2);
    watch?.write(event('DELETED', policy('old', '13')));
    await expect.poll(() => policiesIn(states.at(-1))).toEqual(['new']);
    expect(lists(asked)).toBe(1);
  });

  it('takes a watch up again where it was when it ends', async () => {
    const from: (string | null)[] = [];
    const { states, asked } = await start((response, path) => {
      from.push(new URL(path, 'http://x').searchParams.get('resourceVersion'));
      response.writeHead(200).flushHeaders();
      if (from.length === 1) response.end(event('ADDED', policy('new', '41')));
    });
    await expect.poll(() => from).toEqual(['7', '41']);
    await expect.poll(() => policiesIn(states.at(-1))).toEqual(['new', 'old']);
    expect(lists(asked)).toBe(1);
  });

  it.each([
    ['in the answer', (response: ServerResponse) => void refuse(response, 410, 'too old resource version')],
    ['in the middle', (response: ServerResponse) => void response.writeHead(200).end(event('ERROR', { code: 410, message: 'too old' }))],
  ])('lists again, that list alone, when the server has forgotten (410 %s)', async (_, forget) => {
    let watches = 0;
    const now = { [POLICIES]: [policy('old')] };
    const { states, asked } = await start((response) => {
      if (watches++ > 0) return void response.writeHead(200).flushHeaders();
      now[POLICIES] = [policy('other')];
      forget(response);
    }, now);
    await expect.poll(() => policiesIn(states.at(-1))).toEqual(['other']);
    expect(lists(asked)).toBe(2);
    expect(asked.filter((path) => path.startsWith('/api/v1/pods') && !isWatch(path)).length).toBe(1);
  });

  it('says that the connection is lost, and that it is back', async () => {
    let watches = 0;
    const { troubles, states } = await start((response) => {
      if (watches++ === 0) response.destroy();
      else response.writeHead(200).flushHeaders();
    });
    await expect.poll(() => troubles.length).toBe(2);
    expect(troubles[0]).toMatchObject({ code: 'cluster-unreachable' });
    expect(troubles[1]).toBeUndefined();
    expect(policiesIn(states.at(-1))).toEqual(['old']);
  });

  it('is a failure for a user who may list but not watch', async () => {
    await start((response) => void refuse(response, 403, 'cannot watch'));
    await expect(running).rejects.toMatchObject({
      code: 'forbidden',
      facts: { deed: { verb: 'watch', what: 'networkpolicies.networking.k8s.io' }, said: 'cannot watch' },
    });
  });

  it('ends when it is told to', async () => {
    const { states } = await start((response) => void response.writeHead(200).flushHeaders());
    await expect.poll(() => states.length).toBe(1);
    abort.abort();
    await expect(running).resolves.toBeUndefined();
  });
});
