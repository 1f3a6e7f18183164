// The figures of the kernel side: what a packet costs, how fast a lab stands and answers, how long ten thousand policies take to
// compile and load, and what a pod that joins costs. Called by bench/run.ts; alone: `tsx bench/kernel.ts`.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Failure } from '../src/failure.ts';
import { complete } from '../src/lab/complete.ts';
import { type FlatLab, openFlat } from '../src/lab/flat.ts';
import type { Shot } from '../src/lab/stage.ts';
import { findTools } from '../src/lab/tools.ts';
import { loadCluster } from '../src/manifest/load.ts';
import type { Cluster, Pod } from '../src/model/cluster.ts';
import { type Ip, printIp } from '../src/net/ip.ts';
import { compile } from '../src/nft/compile.ts';
import { decided } from '../src/nft/decided.ts';
import { joined } from '../src/nft/joins.ts';
import type { Ruleset } from '../src/nft/ruleset.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../src/profile/choose.ts';
import { sharedPath } from '../tests/shared.ts';
import { measure, median, type Row, ratioRow, table } from './measure.ts';

/** A figure with what it must hold; without a bound it is for the record. */
function row(name: string, value: number, unit: string, bound?: { readonly atMost: number } | { readonly atLeast: number }): Row {
  const figure = `${value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 })} ${unit}`;
  if (bound === undefined) return { name, figure, bound: 'for the record', holds: true };
  const limit = 'atMost' in bound ? bound.atMost : bound.atLeast;
  const holds = 'atMost' in bound ? value <= limit : value >= limit;
  return { name, figure, bound: `${'atMost' in bound ? '<=' : '>='} ${limit.toLocaleString('en-US')} ${unit}`, holds };
}

function skipped(name: string, why: string): Row {
  return { name, figure: `not measured: ${why}`, bound: '', holds: undefined };
}

const calico = chooseProfile('calico');
if (isUnknown(calico)) throw new Error('no profile calico');
const { semantics } = decided(semanticsOf(calico));

/** All of them, one after the other. A machine without nft, ip or namespaces gives one row that says so. */
export async function kernelRows(): Promise<Row[]> {
  try {
    await (await openFlat(findTools())).close();
  } catch (error) {
    if (error instanceof Failure) return [skipped('the kernel side', error.message)];
    throw error;
  }
  return [...wholeCommand(), ...(await laboratory()), ...(await packetCost()), ...(await tenThousand())];
}

/** The command as a user runs it, against starting Node for nothing. Built first: `npm run bench` does. */
function wholeCommand(): Row[] {
  const name = '`prove` on online-boutique, whole process, against `node -e 0`';
  const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
  if (!existsSync(program)) return [skipped(name, 'dist/ is not built')];
  const prove = measure([process.execPath, program, 'prove', '-q', '-f', sharedPath('realworld', 'online-boutique', 'manifests')], 7);
  return [ratioRow(name, prove, measure([process.execPath, '-e', '0'], 15), 20)];
}

/** The reference shape: each policy isolates one pod and lets in five others on a UDP port, a TCP port and a range, and a block with a hole. */
function manyPolicies(count: number, podCount: number): Cluster {
  const pods = Array.from({ length: podCount }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `p${i}`, namespace: `ns-${Math.floor(i / 10)}`, labels: { app: `a${i}` } },
    spec: { containers: [{ name: 'main', image: 'example/app' }] },
    status: { phase: 'Running', podIPs: [{ ip: addressOf(i) }] },
  }));
  const policies = Array.from({ length: count }, (_, i) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `policy-${i}`, namespace: `ns-${Math.floor((i % podCount) / 10)}` },
    spec: {
      podSelector: { matchLabels: { app: `a${i % podCount}` } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            {
              namespaceSelector: {},
              podSelector: {
                matchExpressions: [{ key: 'app', operator: 'In', values: [1, 2, 3, 4, 5].map((k) => `a${(i + k) % podCount}`) }],
              },
            },
          ],
          ports: [{ protocol: 'UDP', port: PORT }, { port: 80 }, { port: 8000, endPort: 8099 }],
        },
        { from: [{ ipBlock: { cidr: `203.${i % 200}.0.0/16`, except: [`203.${i % 200}.128.0/20`] } }] },
      ],
    },
  }));
  return loadCluster([{ file: 'many.json', text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...pods, ...policies] }) }]);
}

const PORT = 5000;
const addressOf = (i: number): string => `10.${64 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;

/** Processor time of a packet that is allowed, from `send` to the end of the input hook, by a program that does nothing else. */
async function packetCost(): Promise<Row[]> {
  const what = 'cost per packet, scaling form, 10,000 policies against 10';
  const lab = await openFlat(findTools());
  try {
    const none = await costOf(lab, 10_000);
    if (typeof none === 'string') return [skipped(what, none)];
    await lab.load(compile(manyPolicies(10, 10_000), semantics, { form: 'scaling' }));
    const few = (await costOf(lab, 10)) as number;
    await lab.load(compile(manyPolicies(10_000, 10_000), semantics, { form: 'scaling' }));
    const many = (await costOf(lab, 10_000)) as number;
    await lab.namespace.run(findTools().nft, ['delete', 'table', 'inet', lab.table()]);
    const chains = 1000;
    for (const text of chainPerPolicy(chains)) await lab.namespace.run(findTools().nft, ['-f', '-'], text);
    const linear = (await costOf(lab, chains)) as number;
    return [
      row(what, many / few, 'times', { atMost: 1.3 }),
      row('a packet without any rules', none, 'us'),
      row('a packet, scaling form, 10 policies', few, 'us'),
      row('a packet, scaling form, 10,000 policies', many, 'us'),
      row('a packet, a chain per policy, 1,000 policies', linear, 'us'),
      row('what a chain per policy adds for each policy', ((linear - none) / chains) * 1000, 'ns'),
    ];
  } finally {
    await lab.close();
  }
}

/** Perl is on every Debian, sends datagrams without much between, and tells its processor time; Node itself would be most of the cost. */
const SENDER = `use Socket;
my ($count, $port, @pairs) = @ARGV;
my @sockets = map { my ($from, $to) = split /,/; socket(my $s, PF_INET, SOCK_DGRAM, 0) or die; bind($s, pack_sockaddr_in(0, inet_aton($from))) or die "bind $from: $!";
  connect($s, pack_sockaddr_in($port, inet_aton($to))) or die; $s } @pairs;
my $message = 'x' x 16;
send($_, $message, 0) for @sockets;
my ($user, $system) = times;
for (my $i = 0; $i < $count; $i++) { send($sockets[$i % @sockets], $message, 0) }
my ($user2, $system2) = times;
printf "%.6f", ($user2 - $user + $system2 - $system) / $count * 1e6;`;

/** Microseconds; or why not. Pairs are spread over all isolated pods; packets end behind the rules, so that no receiver is paid for. */
async function costOf(lab: FlatLab, policies: number): Promise<number | string> {
  const { nft } = findTools();
  await lab.namespace.run(
    nft,
    ['-f', '-'],
    `add table inet sink\ndelete table inet sink\ntable inet sink {\n\tchain sink {\n\t\ttype filter hook input priority 20; policy accept;\n\t\tudp dport ${PORT} drop\n\t}\n}\n`,
  );
  const count = Math.min(200, policies);
  const pairs = Array.from({ length: count }, (_, k) => {
    const to = Math.floor((k * policies) / count);
    return `${addressOf(to + 1)},${addressOf(to)}`;
  });
  const costs: number[] = [];
  for (let run = 0; run < 5; run++) {
    const ran = await lab.namespace
      .send({ op: 'run', program: 'perl', args: ['-e', SENDER, '100000', `${PORT}`, ...pairs] })
      .catch(() => undefined);
    if (ran === undefined || ran.code !== 0) return `no perl here that can send datagrams: ${ran?.stderr ?? 'perl is not installed'}`;
    costs.push(Number(ran.stdout));
  }
  return Math.min(...costs);
}

/** As plugins wrote rules before sets: a chain for each policy, a rule for each peer and port, and one rule after the other to find the chain. */
function chainPerPolicy(count: number): string[] {
  const rules = Array.from({ length: count }, (_, i) => [
    `add chain inet linear pod_${i}`,
    ...[1, 2, 3, 4, 5].flatMap((k) =>
      [`udp dport ${PORT}`, 'tcp dport 80', 'tcp dport 8000-8099'].map(
        (port) => `add rule inet linear pod_${i} ip saddr ${addressOf(i + k)} ${port} accept`,
      ),
    ),
    `add rule inet linear pod_${i} drop`,
  ]);
  const texts = ['add table inet linear\nadd chain inet linear base { type filter hook input priority 0; policy accept; }\n'];
  for (let at = 0; at < count; at += 10)
    texts.push(
      `${rules
        .slice(at, at + 10)
        .flat()
        .join('\n')}\n`,
    );
  const finding = Array.from({ length: count }, (_, i) => `add rule inet linear base ip daddr ${addressOf(i)} goto pod_${i}\n`);
  for (let at = 0; at < count; at += 200) texts.push(finding.slice(at, at + 200).join(''));
  return texts;
}

/** Two hundred pods: from nothing until the rules are in force and servers listen, and then connections as fast as they go. */
async function laboratory(): Promise<Row[]> {
  const { cluster } = complete(manyPolicies(100, 200), [4]);
  const shots = shotsIn(cluster, 20_000);
  const ups: number[] = [];
  const rates: number[] = [];
  for (let run = 0; run < 3; run++) {
    const begun = performance.now();
    const lab = await openFlat(findTools(), builtProgram());
    try {
      await lab.load(compile(cluster, semantics));
      await lab.listen(cluster.pods.map(({ addresses: [ip] }) => ({ protocol: 'TCP', address: printIp(ip as Ip), port: 80 })));
      ups.push(performance.now() - begun);
      await lab.namespace.send({ op: 'stop-listening' });
      const shooting = performance.now();
      const observed = await lab.shoot(shots);
      rates.push((shots.length / (performance.now() - shooting)) * 1000);
      const lost = observed.filter((one) => one === 'lost').length;
      if (lost > 0) throw new Error(`${lost} of ${shots.length} connections were lost`);
    } finally {
      await lab.close();
    }
  }
  return [
    row('a flat laboratory of 200 pods stands', Math.min(...ups), 'ms', { atMost: 500 }),
    row('connections a second in it', Math.max(...rates), '/s', { atLeast: 5000 }),
  ];
}

/** What users run inside is bundled; from a checkout a compiler would start with it. */
function builtProgram(): { readonly program?: string } {
  const program = fileURLToPath(new URL('../dist/lab/inside.js', import.meta.url));
  return existsSync(program) ? { program } : {};
}

/** TCP, UDP and SCTP as a proof has them: half of them TCP, between all pods in turn. */
function shotsIn({ pods }: Cluster, count: number): Shot[] {
  const at = (i: number): Ip => (pods[i % pods.length] as Pod).addresses[0] as Ip;
  return Array.from({ length: count }, (_, i): Shot => {
    const protocol = (['TCP', 'UDP', 'TCP', 'SCTP'] as const)[i % 4] as Shot['protocol'];
    return { source: at(i), destination: at(i * 7 + 1 + Math.floor(i / pods.length)), protocol, port: protocol === 'UDP' ? PORT : 80 };
  });
}

async function tenThousand(): Promise<Row[]> {
  const what = 'compile and load 10,000 pods with 10,000 policies';
  const makeCluster = sharedPath('bench', 'make-cluster.mjs');
  if (!existsSync(makeCluster)) return [skipped(what, `no ${makeCluster}, which writes the workload`)];
  const text = execFileSync(process.execPath, [makeCluster, '--pods', '10000', '--policies', '10000'], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const cluster = loadCluster([{ file: 'cluster.json', text }]);
  const times: number[] = [];
  const memories: number[] = [];
  let last: Ruleset | undefined;
  for (let run = 0; run < 3; run++) {
    const lab = await openFlat(findTools());
    try {
      const before = kernelMemory();
      const begun = performance.now();
      last = compile(cluster, semantics, { form: 'scaling', hook: 'forward' });
      await lab.load(last);
      times.push(performance.now() - begun);
      memories.push(kernelMemory() - before);
    } finally {
      await lab.close();
    }
  }
  return [
    row(what, Math.min(...times), 'ms', { atMost: 3000 }),
    row('kernel memory of that', median(memories) / 1024, 'MB', { atMost: 60 }),
    ...(await onePodMore(cluster)),
  ];
}

/** A pod joins an app of ten: what changes is worked out and put in force. Beside it, for the record, everything compiled anew. */
async function onePodMore(cluster: Cluster): Promise<Row[]> {
  const options = { form: 'scaling', hook: 'forward' } as const;
  const lab = await openFlat(findTools());
  try {
    let rules = compile(cluster, semantics, options);
    await lab.load(rules);
    const times: number[] = [];
    let pods = cluster.pods;
    for (let run = 0; run < 9; run++) {
      const twin = pods[100 + run * 11] as Pod;
      const pod: Pod = { ...twin, name: `${twin.name}-more`, ref: `${twin.ref}-more`, addresses: [{ family: 4, value: 0x0ac80000 + run }] };
      pods = [...pods, pod];
      const begun = performance.now();
      const step = joined(rules, { ...cluster, pods }, semantics, pod);
      if (step === undefined || step.changes.length === 0) throw new Error('a replica is a pod of a known kind, and changes something');
      await lab.apply(step);
      times.push(performance.now() - begun);
      rules = step.ruleset;
    }
    const begun = performance.now();
    await lab.change(rules, compile({ ...cluster, pods }, semantics, { ...options, ...(rules.ids && { ids: rules.ids }) }));
    return [
      row('a pod joins: one delta, worked out and in force', median(times), 'ms', { atMost: 50 }),
      row('the same cluster compiled anew and compared', performance.now() - begun, 'ms'),
    ];
  } finally {
    await lab.close();
  }
}

/** What nftables takes is slab, per-cpu and vmalloc memory. Of the whole machine, in kilobytes. */
function kernelMemory(): number {
  const text = readFileSync('/proc/meminfo', 'utf8');
  return ['Slab', 'Percpu', 'VmallocUsed'].reduce(
    (sum, name) => sum + Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0),
    0,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(table(await kernelRows()));
