// What happens when the machine does not play along: namespaces forbidden, few files, old tools, ports taken, Ctrl-C, kill -9.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Shot } from '../../src/lab/stage.ts';
import { checkedVersions, findTools } from '../../src/lab/tools.ts';
import { type Ip, parseIp } from '../../src/net/ip.ts';
import { recordedSets } from '../../src/nft/frame.ts';
import { failureOf } from '../failure-of.ts';
import { describeWithKernel, openLab } from './needs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const openLabProgram = ['--import', 'tsx', 'tests/kernel/open-lab.ts'];

/** Runs tests/kernel/open-lab.ts once, behind a shell prefix that takes something away, and gives the line that it printed. */
function labBehind(prefix: readonly string[]): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const [program = '', ...args] = [...prefix, process.execPath, ...openLabProgram, 'once'];
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    child.on('error', reject);
    child.on('close', () => {
      try {
        resolve(JSON.parse(out.trim()) as Record<string, unknown>);
      } catch {
        reject(new Error(`it printed: ${out}${err}`));
      }
    });
  });
}

describeWithKernel('faults of the machine', () => {
  test('as an ordinary user: without root, and with no rights outside', { timeout: 60_000 }, async () => {
    // A user namespace whose only user is not root stands for an ordinary user, whoever runs this.
    const answer = await labBehind(['unshare', '--user', '--map-user=1000', '--map-group=1000']);
    expect(answer).toEqual({ outcome: 'agree', made: expect.any(Number), rootless: true });
  });

  test('namespaces forbidden: one message with the ways that would allow it', { timeout: 60_000 }, async () => {
    const forbid = 'echo 0 > /proc/sys/user/max_user_namespaces; echo 0 > /proc/sys/user/max_net_namespaces; exec "$0" "$@"';
    const answer = await labBehind(['unshare', '-Ur', 'sh', '-c', forbid]);
    expect(answer.code).toBe('namespaces-forbidden');
    expect(answer.message).toContain('does not allow creating a network namespace');
    expect(answer.hint).toContain('sysctl user.max_user_namespaces=');
    expect(answer.hint).toContain('--cap-add=SYS_ADMIN');
  });

  test('without user namespaces root still can', { timeout: 60_000 }, async () => {
    const forbid = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$0" "$@"';
    const answer = await labBehind(['unshare', '-Ur', 'sh', '-c', forbid]);
    expect(answer).toMatchObject({ outcome: 'agree', rootless: false });
  });

  test('too few files: it says how many, and how to get more', { timeout: 60_000 }, async () => {
    const answer = await labBehind(['sh', '-c', 'ulimit -n 300; exec "$0" "$@"']);
    expect(answer).toMatchObject({ code: 'too-few-files', hint: expect.stringContaining('ulimit -n') });
    expect(answer.message).toContain('300 files');
  });

  test('few files, but enough: more lots, the same answer', { timeout: 60_000 }, async () => {
    const answer = await labBehind(['sh', '-c', 'ulimit -n 1200; exec "$0" "$@"']);
    expect(answer).toMatchObject({ outcome: 'agree' });
  });

  test('a port that is taken is named', async () => {
    const lab = await openLab();
    try {
      const listener = { protocol: 'TCP', address: '10.0.0.3', port: 7070 } as const;
      await lab.listen([listener]);
      const fault = await failureOf(lab.listen([listener]));
      expect(fault).toMatchObject({ code: 'port-taken', text: expect.stringContaining('10.0.0.3 port 7070/TCP') });
    } finally {
      await lab.close();
    }
  });

  test('nobody listens and the rules let it through: refused, in both families and protocols', async () => {
    const lab = await openLab();
    try {
      await lab.load({
        table: 'netverdict',
        comment: 'no rules',
        counters: [],
        sets: recordedSets(),
        maps: [],
        chains: [],
        legend: new Map(),
      });
      const shots = (
        [
          ['10.0.0.2', '10.0.0.3'],
          ['fd00::2', 'fd00::3'],
        ] as const
      ).flatMap(([from, to]) =>
        ([true, false] as const).map(
          (listening): Shot => ({
            source: address(from),
            destination: address(to),
            protocol: 'TCP',
            port: listening ? 7070 : 7071,
            listening,
          }),
        ),
      );
      expect(await lab.shoot(shots)).toEqual(['allowed', 'refused', 'allowed', 'refused']);
    } finally {
      await lab.close();
    }
  });

  describe('nothing is left behind', () => {
    for (const [signal, called] of [
      ['SIGKILL', 'kill -9'],
      ['SIGINT', 'Ctrl-C'],
    ] as const) {
      test(`${called} in the middle`, { timeout: 60_000 }, async () => {
        const mountsBefore = readFileSync('/proc/self/mounts', 'utf8');
        // A folder of its own for temporary files: other tests fill and empty the common one meanwhile.
        const temporary = mkdtempSync(join(tmpdir(), 'faults-'));
        const child: ChildProcess = spawn(process.execPath, openLabProgram, {
          cwd: root,
          stdio: ['ignore', 'pipe', 'inherit'],
          detached: true,
          env: { ...process.env, TMPDIR: temporary },
        });
        const { inside } = JSON.parse(await firstLine(child)) as { inside: number };
        expect(existsSync(`/proc/${inside}`)).toBe(true);
        // Ctrl-C goes to the whole group, kill -9 to the one process.
        const pid = child.pid as number;
        process.kill(signal === 'SIGINT' ? -pid : pid, signal);
        await new Promise<void>((done) => child.once('exit', () => done()));
        // The namespace lives as long as a process in it: the one inside, and an nft that it may be running.
        await gone(inside);
        expect(processesIn(root)).toEqual([]);
        expect(readFileSync('/proc/self/mounts', 'utf8')).toBe(mountsBefore);
        // tsx, which runs the sources of a checkout, keeps a cache of its own there.
        expect(readdirSync(temporary).filter((name) => !name.startsWith('tsx-'))).toEqual([]);
        rmSync(temporary, { recursive: true });
      });
    }
  });
});

function address(text: string): Ip {
  const ip = parseIp(text);
  if (ip === undefined) throw new Error(`${text} is no address`);
  return ip;
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${code} and had said: ${text}`)));
  });
}

/** Waits until a process is no more; throws when it still is after five seconds. */
async function gone(pid: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (!existsSync(`/proc/${pid}`)) return;
    await new Promise((later) => setTimeout(later, 50));
  }
  throw new Error(`process ${pid} is still there: ${readFileSync(`/proc/${pid}/cmdline`, 'utf8')}`);
}

/** Programs of ours that run inside a namespace and belong to nobody any more. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
        const parent = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
        return command.includes(join(folder, 'src/lab/inside')) && parent === '1' ? [command] : [];
      } catch {
        return []; // it ended while we looked
      }
    });
}

describe('tools', () => {
  let folder: string;
  const fake = (name: string, says: string) => writeFileSync(join(folder, name), `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 });
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tools-'));
    fake('unshare', 'unshare from util-linux 2.38.1');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('a missing program is named with its package', async () => {
    const missing = () => failureOf((async () => findTools([folder]))());
    expect(await missing()).toMatchObject({ code: 'tool-missing', hint: expect.stringContaining('apt-get install nftables') });
    fake('nft', 'nftables v1.0.6 (Lester Gooch #5)');
    expect(await missing()).toMatchObject({ code: 'tool-missing', hint: expect.stringContaining('apt-get install iproute2') });
    fake('ip', 'ip utility, iproute2-6.1.0, libbpf 1.1.2');
    expect(findTools([folder]).nft).toBe(join(folder, 'nft'));
  });

  test.each([
    ['nft', 'nftables v0.9.8 (E.D.S.)', '1.0.2 or newer is needed'],
    ['ip', 'BusyBox v1.36.1 multi-call binary', 'no iproute2|BusyBox'],
    ['ip', 'ip utility, iproute2-ss170905', 'is needed'],
  ])('a %s that says `%s` is too old', async (name, says, message) => {
    fake('nft', 'nftables v1.0.6 (Lester Gooch #5)');
    fake('ip', 'ip utility, iproute2-6.1.0, libbpf 1.1.2');
    await expect(checkedVersions(findTools([folder]))).resolves.toEqual({ nft: '1.0.6' });
    fake(name, says);
    const fault = await failureOf(checkedVersions(findTools([folder])));
    expect(fault).toMatchObject({ code: 'tool-too-old', text: expect.stringMatching(message) });
  });
});
