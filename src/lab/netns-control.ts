// Talking to the holder of a kept lab: lines of JSON over its socket.
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import type { Ran } from './messages.ts';
import type { HolderReplies, HolderRequest, MemberReplies, MemberRequest } from './netns-messages.ts';

export interface Control {
  readonly ask: <Op extends HolderRequest['op']>(request: Extract<HolderRequest, { op: Op }>) => Promise<HolderReplies[Op]>;
  /** Of one pod or node, by id. */
  readonly to: <Op extends MemberRequest['op']>(member: string, request: Extract<MemberRequest, { op: Op }>) => Promise<MemberReplies[Op]>;
  /** Runs a program there. Failure `command-failed` with what it said when it did not end well. */
  readonly run: (member: string, program: string, args: readonly string[], input?: string) => Promise<Ran>;
  readonly close: () => void;
}

/** Failure `lab-ended` when nobody is at the socket. `folder`: of the lab. */
export async function openControl(folder: string): Promise<Control> {
  const socket = await new Promise<Socket>((done, failed) => {
    const trying = connect(join(folder, 'control'));
    trying.once('connect', () => done(trying));
    trying.once('error', failed);
  }).catch((cause: unknown) => {
    throw new Failure('lab-ended', { when: 'no-answer' }, { cause });
  });
  const waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>();
  let lastId = 0;
  let pending = '';
  socket.setEncoding('utf8');
  socket.on('error', () => undefined); // `close` follows
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Failure('lab-ended', { when: 'asked' }));
    waiting.clear();
  });
  socket.on('data', (chunk: string) => {
    pending += chunk;
    for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
      const reply = JSON.parse(pending.slice(0, end)) as { id: number; value?: unknown; error?: string };
      pending = pending.slice(end + 1);
      const one = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (reply.error !== undefined) one?.reject(new Failure('lab-fault', { at: 'inside', said: reply.error }));
      else one?.resolve(reply.value);
    }
  });
  const ask: Control['ask'] = (request) =>
    new Promise((resolve, reject) => {
      if (socket.destroyed) return reject(new Failure('lab-ended', { when: 'before' }));
      const id = ++lastId;
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      socket.write(`${JSON.stringify({ id, request })}\n`);
    });
  const to: Control['to'] = (member, request) => ask({ op: 'to', member, request }) as Promise<never>;
  return {
    ask,
    to,
    run: async (member, program, args, input) => {
      const ran = await to(member, { op: 'run', program, args, ...(input !== undefined && { input }) });
      if (ran.code === 0) return ran;
      const said = ran.stderr.trim().split('\n').slice(0, 4).join('; ');
      throw new Failure('command-failed', { command: [program, ...args].join(' '), exitCode: ran.code, said });
    },
    close: () => socket.destroy(),
  };
}
