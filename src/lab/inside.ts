// The program inside the namespace: runs nft and ip, listens, connects, and sends back what it saw. Started by namespace.ts, never imported.
// It thinks nothing of policies. It ends when the program outside does, however that ends: the channel closes, and the kernel takes the
// namespace with everything in it.
import { readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { ask, flood } from './inside-ask.ts';
import { hold, listen, say, stopListening } from './inside-listen.ts';
import type { Envelope, Hello, Reply, Request } from './messages.ts';
import { run } from './run-program.ts';

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; it is the outside that decides what becomes of it.
process.on('SIGINT', () => undefined);

async function answer(request: Request): Promise<unknown> {
  switch (request.op) {
    case 'run':
      return run(request.program, request.args, request.input);
    case 'write':
      for (const { path, text, optional } of request.files) {
        try {
          writeFileSync(path, text);
        } catch (error) {
          if (optional !== true) throw error;
        }
      }
      return undefined;
    case 'listen':
      return { failed: await listen(request.listeners) };
    case 'stop-listening':
      return stopListening();
    case 'ask':
      return ask(request.questions);
    case 'hold':
      return hold(request);
    case 'say':
      return say(request.name, request.timeoutMs);
    case 'flood':
      return flood(request.pairs, request.port, request.count);
  }
}

function openFiles(): number {
  const line = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
  return Number(line?.[1] ?? 1024);
}

/** Only root of the whole machine may send more than a socket's default (SO_SNDBUFFORCE); root of a user namespace is not that. */
function netlinkBuffer(): number {
  const isRealRoot = process.geteuid?.() === 0 && /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
  if (isRealRoot) return Number.POSITIVE_INFINITY;
  try {
    return Number(readFileSync('/proc/sys/net/core/wmem_default', 'utf8'));
  } catch {
    return 212_992; // the usual default; older kernels hide the file inside a namespace
  }
}

process.on('message', ({ id, request }: Envelope) => {
  answer(request).then(
    (value) => process.send?.({ id, value } satisfies Reply),
    (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) } satisfies Reply),
  );
});
process.send?.({ hello: true, files: openFiles(), netlinkBuffer: netlinkBuffer(), kernel: release() } satisfies Hello);
