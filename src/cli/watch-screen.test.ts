import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeApiServer, startFakeApiServer } from '../../tests/fake-apiserver.ts';
import { Failure } from '../failure.ts';
import { watchScreen } from './watch-screen.ts';

const PODS = '/api/v1/pods';
const pod = (name: string) => ({ metadata: { name, namespace: 'shop', resourceVersion: '8' } });

let server: FakeApiServer | undefined;
let abort = new AbortController();

afterEach(async () => {
  abort.abort();
  await server?.stop();
});

async function start(isTTY: boolean) {
  abort = new AbortController();
  let watch: ServerResponse | undefined;
  server = await startFakeApiServer({ [PODS]: [pod('cart')] }, (_, response, path) => {
    if (!path.includes('watch=1')) return false;
    response.writeHead(200).flushHeaders();
    if (path.startsWith(PODS)) watch = response;
    return true;
  });
  const drawn: string[] = [];
  const ended = watchScreen(
    { kubeconfig: server.kubeconfig },
    [],
    ({ objects, namespace }) => {
      const pods = objects.filter(({ kind }) => kind === 'Pod').map(({ name }) => name);
      if (pods.length === 0) throw new Failure('gone', 'no pod is there', { hint: 'wait' });
      return `${namespace}: ${pods.join(' ')}\n`;
    },
    { screen: { isTTY, write: (text) => drawn.push(text) }, signal: abort.signal },
  );
  await expect.poll(() => watch !== undefined && drawn.length > 0).toBe(true);
  const tell = (type: string, object: object) => watch?.write(`${JSON.stringify({ type, object })}\n`);
  return { drawn, ended, tell };
}

describe('an answer that is watched', () => {
  it('is drawn again when it is another, and not when it is the same', async () => {
    const { drawn, ended, tell } = await start(false);
    expect(drawn).toEqual(['shop: cart\n\n']);
    tell('MODIFIED', pod('cart'));
    await new Promise((later) => setTimeout(later, 400));
    tell('ADDED', pod('frontend'));
    await expect.poll(() => drawn).toEqual(['shop: cart\n\n', 'shop: cart frontend\n\n']);
    abort.abort();
    await ended;
  });

  it('says what is wrong for the moment, and goes on', async () => {
    const { drawn, ended, tell } = await start(false);
    tell('DELETED', pod('cart'));
    await expect.poll(() => drawn.at(-1)).toBe('no pod is there\n  wait\n\n');
    tell('ADDED', pod('cart-2'));
    await expect.poll(() => drawn.at(-1)).toBe('shop: cart-2\n\n');
    abort.abort();
    await ended;
  });

  it('clears a terminal before each answer', async () => {
    const { drawn, ended } = await start(true);
    expect(drawn[0]).toBe('\x1b[H\x1b[2J\x1b[3Jshop: cart\n\nwatching; Ctrl-C ends\n');
    abort.abort();
    await ended;
  });
});
