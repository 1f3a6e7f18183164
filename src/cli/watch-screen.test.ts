import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeApiServer, startFakeApiServer } from '../../tests/fake-apiserver.ts';
import { Failure } from '../failure.ts';
import { type Screen, watchScreen } from './watch-screen.ts';

const PODS = '/api/v1/pods';
const pod = (name: string) => ({ metadata: { name, namespace: 'shop', resourceVersion: '8' } });

let server: FakeApiServer | undefined;
let abort = new AbortController();

afterEach(async () => {
  abort.abort();
  await server?.stop();
});

/** Draws the pods' names, in JSON when the flags say so. */
async function start(screen: Partial<Screen>, flags: { readonly output?: string } = {}) {
  abort = new AbortController();
  let watch: ServerResponse | undefined;
  server = await startFakeApiServer({ [PODS]: [pod('cart')] }, (_, response, path) => {
    if (!path.includes('watch=1')) return false;
    response.writeHead(200).flushHeaders();
    if (path.startsWith(PODS)) watch = response;
    return true;
  });
  const drawn: string[] = [];
  const aside: string[] = [];
  let draws = 0;
  const ended = watchScreen(
    { kubeconfig: server.kubeconfig, ...flags },
    [],
    async ({ objects, namespace }) => {
      draws++;
      const pods = objects.filter(({ kind }) => kind === 'Pod').map(({ name }) => name);
      if (pods.length === 0) throw new Failure('gone', 'no pod is there', { hint: 'wait' });
      if (pods.includes('defect')) throw new Error('a defect');
      return flags.output === 'json' ? `${JSON.stringify({ pods })}\n` : `${namespace}: ${pods.join(' ')}\n`;
    },
    { screen: { ...screen, write: (text) => drawn.push(text) }, aside: { write: (text) => aside.push(text) }, signal: abort.signal },
  );
  ended.catch(() => {});
  await expect.poll(() => watch !== undefined && drawn.length > 0).toBe(true);
  const tell = (type: string, object: object) => watch?.write(`${JSON.stringify({ type, object })}\n`);
  return { drawn, aside, ended, tell, cut: () => watch?.destroy(), draws: () => draws };
}

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';

/** What is on the screen after all that was written, as lines. */
const screenOf = (written: readonly string[]) => {
  const last = written.join('').split('\x1b[H').at(-1) ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes of a terminal
  return last.replaceAll(/\x1b\[[?0-9]*[a-zA-Z]/g, '').split('\n');
};

describe('an answer that is watched', () => {
  it('is printed again when it is another, and not when it is the same', async () => {
    const { drawn, ended, tell, draws } = await start({});
    expect(drawn).toEqual(['shop: cart\n\n']);
    tell('MODIFIED', pod('cart'));
    await expect.poll(draws).toBe(2);
    tell('ADDED', pod('frontend'));
    await expect.poll(() => drawn).toEqual(['shop: cart\n\n', 'shop: cart frontend\n\n']);
    abort.abort();
    await ended;
  });

  it('says what is wrong for the moment, and goes on', async () => {
    const { drawn, ended, tell } = await start({});
    tell('DELETED', pod('cart'));
    await expect.poll(() => drawn.at(-1)).toBe('no pod is there\n  wait\n\n');
    tell('ADDED', pod('cart-2'));
    await expect.poll(() => drawn.at(-1)).toBe('shop: cart-2\n\n');
    abort.abort();
    await ended;
  });

  it('is one line of JSON each, errors too', async () => {
    const { drawn, ended, tell } = await start({}, { output: 'json' });
    tell('DELETED', pod('cart'));
    await expect.poll(() => drawn).toEqual(['{"pods":["cart"]}\n', '{"error":{"code":"gone","message":"no pod is there"}}\n']);
    abort.abort();
    await ended;
  });

  it('tells of a lost connection beside the answers, and when it is back', async () => {
    const { drawn, aside, ended, cut } = await start({});
    cut();
    await expect.poll(() => aside.length).toBe(2);
    expect(aside[0]).toMatch(/^netverdict: .*; trying again\n$/);
    expect(aside[1]).toBe('netverdict: connected again\n');
    expect(drawn.length).toBe(1);
    abort.abort();
    await ended;
  });

  it('ends with what went wrong when that is our own mistake', async () => {
    const { ended, tell } = await start({});
    tell('ADDED', pod('defect'));
    await expect(ended).rejects.toThrow('a defect');
  });
});

describe('on a terminal', () => {
  it('has a screen of its own, and leaves the last answer on the one that was there', async () => {
    const { drawn, ended, tell } = await start({ isTTY: true, rows: 24 });
    expect(drawn[0]).toBe(ENTER);
    expect(screenOf(drawn)).toEqual(['shop: cart', '', 'watching; press Ctrl-C to stop']);
    tell('ADDED', pod('frontend'));
    await expect.poll(() => screenOf(drawn)).toEqual(['shop: cart frontend', '', 'watching; press Ctrl-C to stop']);
    const before = drawn.length;
    abort.abort();
    await ended;
    expect(drawn.slice(before)).toEqual([`${LEAVE}shop: cart frontend\n`]);
  });

  it('gives the terminal back when it fails, too', async () => {
    const { drawn, ended, tell } = await start({ isTTY: true });
    tell('ADDED', pod('defect'));
    await expect(ended).rejects.toThrow('a defect');
    expect(drawn.at(-1)).toBe(`${LEAVE}shop: cart\n`);
  });

  it('shows the beginning of an answer that is longer than the screen', async () => {
    const { drawn, ended, tell } = await start({ isTTY: true, rows: 2 });
    tell('DELETED', pod('cart'));
    await expect.poll(() => screenOf(drawn)).toEqual(['no pod is there', '… 2 more lines; watching; press Ctrl-C to stop']);
    abort.abort();
    await ended;
  });

  it('says on it that the connection is lost', async () => {
    const { drawn, ended, cut } = await start({ isTTY: true });
    cut();
    await expect.poll(() => drawn.some((text) => text.includes('this is the last known state, trying again'))).toBe(true);
    await expect.poll(() => screenOf(drawn)).toEqual(['shop: cart', '', 'watching; press Ctrl-C to stop']);
    abort.abort();
    await ended;
  });

  it('is drawn anew when the terminal is another size', async () => {
    const listeners: (() => void)[] = [];
    const { ended, draws } = await start({ isTTY: true, on: (_, listener) => listeners.push(listener), off: () => {} });
    const before = draws();
    for (const listener of listeners) listener();
    await expect.poll(draws).toBe(before + 1);
    abort.abort();
    await ended;
  });
});
