// The program that keeps a lab up: process 1 of its own process namespace, so that everything inside ends when it ends, however
// that happens. It starts pods and nodes, passes requests on to them, and thinks nothing of policies. Started by netns-up.ts.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { writeSysctls } from './netns-inside.ts';
import type { HolderReplies, HolderRequest, MemberReplies, MemberRequest } from './netns-messages.ts';
import type { LabPlan, LabPod } from './netns-plan.ts';
import { programWords } from './netns-programs.ts';
import { type Batches, fabricBatches, nodeBatches, OUTSIDE_SYSCTLS, outsideBatches, podBatches, SYSCTLS } from './netns-wiring.ts';
import { run } from './run-program.ts';

const folder = process.argv[2] ?? '';
/** Whoever builds must come. */
const PATIENCE_MS = 20_000;
let isKept = false;
const patience = setTimeout(() => leave(), PATIENCE_MS);

// Whoever builds holds the other end, and is gone before it came to say `keep`.
process.stdin.on('end', () => {
  if (!isKept) leave();
});
process.stdin.on('error', () => undefined).resume();
process.on('SIGTERM', () => leave());
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);

function leave(): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } finally {
    process.exit(0);
  }
}

interface Member {
  readonly child: ChildProcess;
  readonly ask: (request: MemberRequest) => Promise<MemberReplies[MemberRequest['op']]>;
}

const members = new Map<string, Member>();

async function answer(request: HolderRequest): Promise<HolderReplies[HolderRequest['op']]> {
  switch (request.op) {
    case 'build':
      return build(request);
    case 'to': {
      if (request.member === 'fabric' && request.request.op === 'run')
        return run(request.request.program, request.request.args, request.request.input);
      const member = members.get(request.member);
      if (member === undefined) throw new Error(`nobody is called ${request.member}`);
      return member.ask(request.request);
    }
    case 'keep':
      isKept = true;
      clearTimeout(patience);
      return undefined;
    case 'down':
      // The answer goes out first.
      setTimeout(() => leave(), 20);
      return undefined;
  }
}

async function build({ plan, ip, unshare, nsenter }: Extract<HolderRequest, { op: 'build' }>): Promise<HolderReplies['build']> {
  clearTimeout(patience);
  writeSysctls(SYSCTLS);
  const routers = [...plan.nodes.map(({ id, name }) => ({ id, name: `node ${name}` })), { id: plan.outside.id, name: 'the outside' }];
  await Promise.all(routers.map(({ id, name }) => start(id, name, [unshare, '-n', '-m', ...programWords('netns-pod')])));
  await Promise.all(plan.pods.map((pod) => start(pod.id, pod.ref, podWords(pod, unshare, nsenter))));
  const sysctlsOf = (id: string) => (id === plan.outside.id ? [...SYSCTLS, ...OUTSIDE_SYSCTLS] : SYSCTLS);
  await Promise.all([...members].map(([id, member]) => member.ask({ op: 'sysctls', files: sysctlsOf(id) })));
  await wire(plan, ip);
  return { pids: Object.fromEntries([...members].map(([id, { child }]) => [id, child.pid ?? 0])) };
}

/** Its own network (or its node's), its own view of files, and in that the files of a pod. */
function podWords(pod: LabPod, unshare: string, nsenter: string): readonly string[] {
  const files = join(folder, 'pods', pod.id);
  mkdirSync(files, { recursive: true });
  writeFileSync(join(files, 'resolv.conf'), pod.resolvConf);
  writeFileSync(join(files, 'hosts'), pod.hosts);
  // The C library must ask these files and nobody else: a resolver of the host would answer past the policies.
  writeFileSync(join(files, 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n');
  const space = pod.hostNetwork ? [nsenter, `--net=/proc/${pidOf(pod.node)}/ns/net`, unshare, '-m', '-u'] : [unshare, '-n', '-m', '-u'];
  return [...space, 'sh', '-c', MOUNTS, 'pod', files, pod.hostname, ...programWords('netns-pod')];
}

const MOUNTS = `
files=$1
echo "$2" > /proc/sys/kernel/hostname
shift 2
for name in resolv.conf hosts nsswitch.conf; do
  if [ -e "/etc/$name" ]; then mount --bind "$files/$name" "/etc/$name" || exit 1; fi
done
for host in /run/nscd /var/run/nscd /run/systemd/resolve; do
  if [ -d "$host" ]; then
    case "$(readlink -f /etc/resolv.conf)" in "$host"/*) ;; *) mount -t tmpfs tmpfs "$host" || exit 1;; esac
  fi
done
exec "$@"`;

function pidOf(id: string): number {
  return members.get(id)?.child.pid ?? 0;
}

function start(id: string, name: string, words: readonly string[]): Promise<void> {
  const [program, ...args] = words;
  return new Promise((done, failed) => {
    const child = spawn(program ?? '', args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000);
    });
    const waiting = new Map<number, { resolve: (value: MemberReplies[MemberRequest['op']]) => void; reject: (error: Error) => void }>();
    let lastId = 0;
    child.once('error', failed);
    child.once('exit', (code, signal) => {
      const error = new Error(`${name} ended (${signal ?? code})${said.trim() === '' ? '' : `: ${said.trim()}`}`);
      failed(error);
      for (const { reject } of waiting.values()) reject(error);
      members.delete(id);
    });
    child.on(
      'message',
      (reply: { hello: true } | { id: number; value: MemberReplies[MemberRequest['op']] } | { id: number; error: string }) => {
        if ('hello' in reply) return done();
        const one = waiting.get(reply.id);
        waiting.delete(reply.id);
        if ('error' in reply) one?.reject(new Error(reply.error));
        else one?.resolve(reply.value);
      },
    );
    members.set(id, {
      child,
      ask: (request) =>
        new Promise((resolve, reject) => {
          const requestId = ++lastId;
          waiting.set(requestId, { resolve, reject });
          child.send({ id: requestId, request });
        }),
    });
  });
}

async function wire(plan: LabPlan, ip: string): Promise<void> {
  const inFabric = (request: Extract<MemberRequest, { op: 'run' }>) => run(request.program, request.args, request.input);
  const inMember = (id: string) => (request: Extract<MemberRequest, { op: 'run' }>) =>
    (members.get(id) as Member).ask(request) as Promise<MemberReplies['run']>;
  // A cable is made at one end and set up at both: the fabric's ends first, then the nodes', then the pods'.
  await batch(ip, 'the fabric', inFabric, fabricBatches(plan, pidOf));
  await batch(ip, 'the outside', inMember(plan.outside.id), outsideBatches(plan.outside));
  await Promise.all(plan.nodes.map((node) => batch(ip, `node ${node.name}`, inMember(node.id), nodeBatches(node, plan.pods, pidOf))));
  const own = plan.pods.filter(({ hostNetwork }) => !hostNetwork);
  await Promise.all(own.map((pod) => batch(ip, pod.ref, inMember(pod.id), podBatches(pod))));
}

type Run = (request: Extract<MemberRequest, { op: 'run' }>) => Promise<MemberReplies['run']>;

async function batch(ip: string, where: string, runThere: Run, { v4, v6 }: Batches): Promise<void> {
  for (const [args, input] of [
    [['-batch', '-'], v4],
    [['-6', '-batch', '-'], v6],
  ] as const) {
    if (input === '') continue;
    const { code, stderr } = await runThere({ op: 'run', program: ip, args, input });
    if (code !== 0) throw new Error(`\`ip ${args.join(' ')}\` failed in ${where}: ${stderr.trim().split('\n').slice(0, 3).join('; ')}`);
  }
}

const server = createServer((socket) => {
  let pending = '';
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  // The builder went before it said `keep`: interrupted or killed. Half a lab is none.
  socket.on('close', () => {
    if (!isKept) leave();
  });
  socket.on('data', (chunk: string) => {
    pending += chunk;
    for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 1);
      reply(socket, JSON.parse(line) as { id: number; request: HolderRequest });
    }
  });
});

function reply(socket: Socket, { id, request }: { readonly id: number; readonly request: HolderRequest }): void {
  answer(request).then(
    (value) => socket.write(`${JSON.stringify({ id, value })}\n`),
    (error: unknown) => socket.write(`${JSON.stringify({ id, error: error instanceof Error ? error.message : String(error) })}\n`),
  );
}

server.listen(join(folder, 'control'));
