// The kept lab from outside: what it leaves when it ends in any way, what it says when it cannot be, and open connections that
// meet a new policy. The program is run as users run it.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openControl } from '../../src/lab/netns-control.ts';
import { checkerOf } from '../schemas/documents.ts';
import { type BuiltProgram, builtProgram } from './built-program.ts';
import { describeWithKernel } from './needs.ts';

const pod = (name: string, port?: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name, labels: { app: name } },
  spec: { containers: [{ name: 'main', image: 'example/app', ...(port !== undefined && { ports: [{ containerPort: port }] }) }] },
});
const service = (name: string, selector: object, ports: readonly object[], more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name },
  spec: { selector, ports, ...more },
});
const cartOnlyFrom = (...apps: string[]) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: 'shop', name: 'cart' },
  spec: {
    podSelector: { matchLabels: { app: 'cart' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: apps.map((app) => ({ podSelector: { matchLabels: { app } } })), ports: [{ port: 7070 }] }],
  },
});
const SHOP = [
  pod('frontend'),
  pod('checkout'),
  pod('cart', 7070),
  service('cart', { app: 'cart' }, [{ name: 'grpc', port: 80, targetPort: 7070 }]),
  service('carts', { app: 'cart' }, [{ name: 'grpc', port: 7070 }], { clusterIP: 'None' }),
  service('lost', { app: 'kart' }, [{ port: 80 }]),
];

/** All namespaces of all processes of this machine: `net:[4026532180]`. */
function namespaces(): Set<string> {
  const found = new Set<string>();
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    for (const kind of ['net', 'mnt', 'pid', 'user']) {
      try {
        found.add(readlinkSync(`/proc/${pid}/ns/${kind}`));
      } catch {
        // It ended while we looked.
      }
    }
  }
  return found;
}

/** Processes whose command line names this folder: the shell, `unshare`, the holder, and (from outside) the pods' mounts. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        const state = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder) && !/\) Z /.test(state);
      } catch {
        return false;
      }
    });
}

async function soon(check: () => void): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      return check();
    } catch (error) {
      if (i === 100) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

describeWithKernel('a kept lab', () => {
  let program: BuiltProgram;
  let runtime: string;
  let manifests: string;
  const folder = () => join(runtime, 'netverdict', 'default');
  const state = () => JSON.parse(readFileSync(join(folder(), 'state.json'), 'utf8')) as { holder: number };
  const file = (name: string, objects: readonly object[]) => {
    const path = join(manifests, name);
    writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    return path;
  };

  beforeAll(async () => {
    runtime = mkdtempSync(join(tmpdir(), 'nv-lab-'));
    manifests = mkdtempSync(join(tmpdir(), 'nv-lab-manifests-'));
    program = await builtProgram(runtime);
  });
  afterAll(async () => {
    await program.remove();
    rmSync(runtime, { recursive: true, force: true });
    rmSync(manifests, { recursive: true, force: true });
  });

  /** Nothing is left: no process, no file, no mount, and every namespace that was made for it is gone. */
  const leavesNothing = async (made: ReadonlySet<string>) => {
    await soon(() => {
      expect(processesOf(folder())).toEqual([]);
      expect(existsSync(join(runtime, 'netverdict'))).toBe(false);
      const now = namespaces();
      expect([...made].filter((one) => now.has(one))).toEqual([]);
    });
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(runtime);
  };
  /** The namespaces of the lab, as its holder's and its pods' processes show them. */
  const madeFor = (before: ReadonlySet<string>) => new Set([...namespaces()].filter((one) => !before.has(one)));
  /** Ours alone: other tests make namespaces at the same time, and end them later than we look. */
  const ownNamespaces = (): Set<string> => {
    const { holder } = state();
    const user = readlinkSync(`/proc/${holder}/ns/user`);
    const own = new Set<string>();
    for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
      try {
        if (readlinkSync(`/proc/${pid}/ns/user`) !== user) continue;
        for (const kind of ['net', 'mnt', 'pid', 'user']) own.add(readlinkSync(`/proc/${pid}/ns/${kind}`));
      } catch {
        // It ended while we looked.
      }
    }
    const outside = new Set(['net', 'mnt', 'pid', 'user'].map((kind) => readlinkSync(`/proc/self/ns/${kind}`)));
    return new Set([...own].filter((one) => !outside.has(one)));
  };

  test('lab down leaves no process, namespace, mount or file', async () => {
    expect(await program.run('lab', 'up', '-q', '-f', file('shop.json', SHOP))).toMatchObject({ code: 0, stderr: '' });
    const made = ownNamespaces();
    // A network for each of four pods, one node, the outside and the fabric.
    expect([...made].filter((one) => one.startsWith('net:'))).toHaveLength(7);
    expect(await program.run('lab', 'down', '-q')).toMatchObject({ code: 0, stderr: '' });
    expect(processesOf(folder())).toEqual([]);
    await leavesNothing(made);
    expect(await program.run('lab', 'status')).toMatchObject({ code: 2, stderr: expect.stringContaining('lab `default` is not up') });
  });

  test('kill -9 of the holder leaves no process, namespace, mount or file', async () => {
    expect(await program.run('lab', 'up', '-q', '-f', file('shop.json', SHOP))).toMatchObject({ code: 0 });
    const made = ownNamespaces();
    expect(made.size).toBeGreaterThan(8);
    process.kill(state().holder, 'SIGKILL');
    await leavesNothing(made);
  });

  test.each(['SIGINT', 'SIGKILL'] as const)('%s in the middle of `up` leaves nothing', { timeout: 180_000 }, async (signal) => {
    const before = namespaces();
    // Many pods, so that the middle is long enough to be met.
    const many = file('many.json', [...SHOP, ...Array.from({ length: 30 }, (_, i) => pod(`cart-${i}`))]);
    const up = spawn(process.execPath, [program.file, 'lab', 'up', '-f', many], {
      env: { ...process.env, XDG_RUNTIME_DIR: runtime },
      stdio: 'ignore',
    });
    const ended = new Promise<number | null>((done) => up.once('exit', (code) => done(code)));
    // The holder listens, and has begun to make pods.
    await soon(() => expect(existsSync(join(folder(), 'pods'))).toBe(true));
    const made = madeFor(before);
    expect(made.size).toBeGreaterThan(0);
    expect(existsSync(join(folder(), 'state.json'))).toBe(false);
    up.kill(signal);
    expect(await ended).toBe(signal === 'SIGINT' ? 2 : null);
    await soon(() => {
      expect(processesOf(folder())).toEqual([]);
      if (signal === 'SIGINT') expect(existsSync(join(runtime, 'netverdict'))).toBe(false);
      else expect(existsSync(folder())).toBe(false);
    });
    // And the next one is not in its way.
    expect(await program.run('lab', 'up', '-q', '-f', file('shop.json', SHOP))).toMatchObject({ code: 0, stderr: '' });
    expect(await program.run('lab', 'down', '-q')).toMatchObject({ code: 0 });
  });

  test('what is wrong is said: no lab, no name, nothing to run, a pod that is nobody', { timeout: 180_000 }, async () => {
    const said = async (...args: readonly string[]) => {
      const { code, stderr } = await program.run('lab', ...args);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await said('down')).toContain('lab `default` is not up');
    expect(await said('up', '--name', 'My Lab', '-f', file('shop.json', SHOP))).toContain('is not a valid lab name');
    expect(await said('up', '-f', file('policy.json', [cartOnlyFrom('checkout')]))).toContain('the input has no pods');
    expect(existsSync(join(runtime, 'netverdict'))).toBe(false);
  });

  test('without the right to make namespaces it says what would allow it', async () => {
    // A user namespace in which no more of them may be made stands for a machine that forbids them.
    const { code, stderr } = await new Promise<{ code: number | null; stderr: string }>((done) => {
      const child = spawn(
        'unshare',
        ['-U', '-r', 'setpriv', '--bounding-set=-all', 'sh', '-c', 'echo 0 > /proc/sys/user/max_net_namespaces; exec "$@"', 'sh'].concat([
          process.execPath,
          program.file,
          'lab',
          'up',
          '-f',
          file('shop.json', SHOP),
        ]),
        { env: { ...process.env, XDG_RUNTIME_DIR: runtime } },
      );
      let text = '';
      child.stderr.on('data', (chunk) => {
        text += chunk;
      });
      child.once('exit', (exit) => done({ code: exit, stderr: text }));
    });
    expect(stderr).toContain('does not allow creating a network namespace');
    expect(stderr).toContain('any one of these allows it');
    expect(code).toBe(2);
    expect(existsSync(join(runtime, 'netverdict'))).toBe(false);
  });
});

describeWithKernel('in a kept lab', () => {
  let program: BuiltProgram;
  let runtime: string;
  let manifests: string;
  const file = (name: string, objects: readonly object[]) => {
    const path = join(manifests, name);
    writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    return path;
  };
  beforeAll(async () => {
    runtime = mkdtempSync(join(tmpdir(), 'nv-lab-'));
    program = await builtProgram(runtime);
    manifests = mkdtempSync(join(tmpdir(), 'nv-lab-manifests-'));
  });
  afterAll(async () => {
    await program.remove();
    rmSync(runtime, { recursive: true, force: true });
    rmSync(manifests, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await program.run('lab', 'down', '-q');
  });
  afterEach(async () => {
    await program.run('lab', 'down', '-q');
  });

  test('names, Services and programs are as in a cluster', { timeout: 180_000 }, async () => {
    expect(await program.run('lab', 'up', '-q', '-f', file('shop.json', SHOP))).toMatchObject({ code: 0 });
    expect(await program.run('lab', 'up', '-f', file('shop.json', SHOP))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is already up'),
    });
    const inFrontend = async (...words: readonly string[]) => (await program.run('lab', 'exec', 'shop/frontend', '--', ...words)).stdout;
    expect(await inFrontend('cat', '/etc/resolv.conf')).toBe(
      'nameserver 10.96.0.10\nsearch shop.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n',
    );
    // A, AAAA and SRV, asked by somebody else's resolver: that of Node.
    const ask = `const { Resolver } = require('node:dns').promises; const r = new Resolver(); r.setServers(['10.96.0.10']);
      const say = (p) => p.then((v) => v, (e) => e.code);
      Promise.all([say(r.resolve4('cart.shop.svc.cluster.local')), say(r.resolve6('cart.shop.svc.cluster.local')),
        say(r.resolve4('carts.shop.svc.cluster.local')), say(r.resolveSrv('_grpc._tcp.cart.shop.svc.cluster.local')),
        say(r.resolveSrv('_grpc._tcp.carts.shop.svc.cluster.local')), say(r.resolve4('10-244-0-3.shop.pod.cluster.local')),
        say(r.resolve4('kart.shop.svc.cluster.local'))]).then((v) => console.log(JSON.stringify(v)))`;
    expect(JSON.parse(await inFrontend(process.execPath, '-e', ask))).toEqual([
      ['10.96.0.11'],
      ['fd00:10:96::11'],
      ['10.244.0.3'],
      [{ name: 'cart.shop.svc.cluster.local', port: 80, priority: 0, weight: 100 }],
      [{ name: '10-244-0-3.carts.shop.svc.cluster.local', port: 7070, priority: 0, weight: 100 }],
      ['10.244.0.3'],
      'ENOTFOUND',
    ]);
    // A Service that selects nobody refuses at once; one that does answers with the pod's name, on its own port.
    expect(await program.run('lab', 'probe', 'shop/frontend', 'http://cart')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('shop/cart'),
    });
    const lost = await program.run('lab', 'probe', 'shop/frontend', 'http://lost');
    expect(lost).toMatchObject({ code: 1, stdout: expect.stringContaining('✗ refused') });
    // What is outside of the cluster is there, and what nobody has inside of it is not.
    expect(await program.run('lab', 'probe', 'shop/frontend', '203.0.113.7:443')).toMatchObject({ code: 0 });
    expect(await program.run('lab', 'probe', 'internet', 'shop/cart:7070')).toMatchObject({ code: 0 });
    expect(await program.run('lab', 'probe', 'shop/frontend', '10.244.77.1:443')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('✗ unreachable'),
    });
    expect(await inFrontend('hostname')).toBe('frontend\n');
    expect(await program.run('lab', 'exec', 'shop/frontend', '--', 'no-such-program')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('this machine has no program `no-such-program`'),
    });
    // The exit code is the program's.
    expect((await program.run('lab', 'exec', 'shop/frontend', '--', 'sh', '-c', 'exit 7')).code).toBe(7);
    expect(await program.run('lab', 'exec', 'shop/fronted', '--', 'true')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean'),
    });
    // Pods come only with another lab.
    const more = await program.run('lab', 'apply', '-f', file('more.json', [pod('payment')]));
    expect(more).toMatchObject({ code: 2, stderr: expect.stringContaining('shop/payment') });
  });

  test('for programs there is JSON, as its schemas say', { timeout: 180_000 }, async () => {
    const json = async (...args: readonly string[]) => JSON.parse((await program.run('lab', ...args, '-o', 'json')).stdout) as unknown;
    const up = await json('up', '-f', file('shop.json', SHOP), '--cni', 'calico');
    expect(checkerOf('lab-status')(up)).toEqual([]);
    expect(up).toMatchObject({ openConnections: 'kept', pods: expect.arrayContaining([expect.objectContaining({ name: 'shop/cart' })]) });
    const held = await json('probe', 'shop/frontend', 'shop/cart:7070', '--hold');
    expect(checkerOf('lab-probe')(held)).toEqual([]);
    expect(held).toMatchObject({ kernel: { outcome: 'answered' }, engine: 'allowed', held: true });
    const change = await json('apply', '-f', file('closed.json', [cartOnlyFrom('checkout')]));
    expect(checkerOf('lab-change')(change)).toEqual([]);
    expect(change).toMatchObject({ policies: [{ kind: 'NetworkPolicy', name: 'shop/cart' }] });
    const denied = await json('probe', 'shop/frontend', 'shop/cart:7070');
    expect(checkerOf('lab-probe')(denied)).toEqual([]);
    expect(denied).toMatchObject({
      kernel: { outcome: 'refused' },
      denials: [{ direction: 'ingress', name: 'shop/cart', protocol: 'TCP', port: 7070 }],
      engine: 'denied',
      held: false,
    });
    const status = await json('status');
    expect(checkerOf('lab-status')(status)).toEqual([]);
    expect(status).toMatchObject({ held: [{ name: 'shop/frontend → 10.244.0.3:7070', state: 'open' }] });
  });

  test('--faithful makes a denied client wait, and the kernel notes it all the same', { timeout: 180_000 }, async () => {
    const objects = file('denied.json', [...SHOP, cartOnlyFrom('checkout')]);
    expect(await program.run('lab', 'up', '-q', '--faithful', '-f', objects)).toMatchObject({ code: 0 });
    expect(await program.run('lab', 'probe', 'shop/checkout', 'shop/cart:7070')).toMatchObject({ code: 0 });
    const denied = await program.run('lab', 'probe', 'shop/frontend', 'shop/cart:7070', '--timeout', '1');
    expect(denied).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/✗ timeout[\s\S]*denied\s+ingress, to shop\/cart at 10\.244\.0\.3 TCP 7070/),
    });
  });

  test.each([
    ['calico', 'kept', 'answered'],
    ['ovn-kubernetes', 'cut', 'reset'],
  ] as const)('with %s, an open connection that a new policy denies is %s', { timeout: 180_000 }, async (profile, behaviour, seen) => {
    const open = file('open.json', [...SHOP, cartOnlyFrom('frontend', 'checkout')]);
    const up = await program.run('lab', 'up', '-f', open, '--cni', profile);
    expect(up).toMatchObject({ code: 0, stderr: expect.stringContaining(`open connections are ${behaviour}`) });
    const control = await openControl(join(runtime, 'netverdict', 'default'));
    try {
      // p0 is frontend, p1 checkout.
      for (const member of ['p0', 'p1']) {
        expect(await control.to(member, { op: 'hold', name: 'before', host: '10.244.0.3', port: 7070, timeoutMs: 20_000 })).toBe(
          'answered',
        );
        expect(await control.to(member, { op: 'say', name: 'before', timeoutMs: 20_000 })).toBe('answered');
      }
      expect(await program.run('lab', 'apply', '-f', file('closed.json', [cartOnlyFrom('checkout')]))).toMatchObject({ code: 0 });
      expect(await control.to('p0', { op: 'say', name: 'before', timeoutMs: 20_000 })).toBe(seen);
      expect(await control.to('p1', { op: 'say', name: 'before', timeoutMs: 20_000 })).toBe('answered');
      // New connections follow the new policy either way.
      expect(await control.to('p0', { op: 'hold', name: 'after', host: '10.244.0.3', port: 7070, timeoutMs: 20_000 })).toBe('refused');
      expect(await control.to('p1', { op: 'hold', name: 'after', host: '10.244.0.3', port: 7070, timeoutMs: 20_000 })).toBe('answered');
      // And when the policy goes, everybody is back.
      expect(await program.run('lab', 'delete', '-f', file('closed.json', [cartOnlyFrom('checkout')]))).toMatchObject({ code: 0 });
      expect(await control.to('p0', { op: 'hold', name: 'again', host: '10.244.0.3', port: 7070, timeoutMs: 20_000 })).toBe('answered');
    } finally {
      control.close();
    }
  });
});
