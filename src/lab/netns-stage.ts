// A proof's stage of real namespaces: every pod in one of its own, a router for each node on which its rules hang, and the outside behind them.
// Packets go the way they go in a cluster, to pods that are alone behind a Service port through the Service's address.
import { release } from 'node:os';
import { Failure } from '../failure.ts';
import type { Cluster } from '../model/cluster.ts';
import { type Ip, printIp } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import type { Decided } from '../nft/decided.ts';
import { asksOwnNode, DENIED_MARK, deniedSet, FAMILIES } from '../nft/frame.ts';
import { PROTOCOL_NUMBER, type Ruleset } from '../nft/ruleset.ts';
import { batchesOf } from './batches.ts';
import type { Observation } from './compare.ts';
import { CONNTRACK } from './flat-setup.ts';
import { countersIn, notedIn, recordKey } from './kernel-record.ts';
import { ENDED, type Listener } from './messages.ts';
import type { MemberRequest } from './netns-messages.ts';
import { type LabPlan, type LabService, planOf } from './netns-plan.ts';
import { loadRules, lower, type Raised, raise } from './netns-raise.ts';
import { servicesTable } from './netns-services.ts';
import { OBSERVER, observerTable } from './observer.ts';
import { servicesIn, withServiceAddresses } from './served.ts';
import type { RulesFor, ShootOptions, Shot, Stage } from './stage.ts';
import type { Tools } from './tools.ts';

/** In one lot: each pod is a process, and those have fewer sockets than one for all would have. */
const LIMITS = { sockets: 400, connections: 4000 };
/** TCP clients of one source at a time. */
const IN_FLIGHT = 32;
/** RFC 6951 gives this port to SCTP inside UDP; here it is only a port that is ours. */
const SCTP_PORT = 9899;
/** What was lost is asked again, each time with more patience: answers come from other processes, which may have to wait for their turn. */
const PATIENCE_MS = [60, 400, 2000];

/**
 * `cluster`: complete. Failures: those of `raise`, and `tier-cannot` for a profile that polices a node on its way to its own pods: such
 * packets do not pass the router's rules.
 */
export async function openNetns(tools: Tools, complete: Cluster, semantics: Decided['semantics']): Promise<Stage> {
  const letsNodeIn = semantics.localNodeToPod === 'always' || semantics.localNodeToPod === 'unless-denied';
  if (!letsNodeIn || asksOwnNode({ cluster: complete, semantics })) {
    throw new Failure('tier-cannot', {});
  }
  const cluster = withServiceAddresses(complete);
  const services = servicesIn(cluster);
  const plan = planOf({ cluster, services, dnsPorts: [], nameservers: [] });
  return raise(
    `prove-${process.pid}`,
    plan,
    async (raised) => {
      const { control } = raised;
      await Promise.all([
        ...plan.nodes.map(({ id }) => control.run(id, tools.nft, ['-f', '-'], servicesTable(services))),
        ...observers(plan).map(({ id, text }) => control.run(id, tools.nft, ['-f', '-'], text)),
      ]);
      // Where a plugin compares Service addresses, the way through a Service is another question.
      const through = semantics.ipBlockMatchesServiceAddress === 'no' ? lonelyTargets(services) : new Map<string, Dialled>();
      return stageOf(raised, plan, through);
    },
    { tools },
  );
}

/** SCTP is made and noted where a packet enters and leaves the routers, and at the outside. */
function observers({ nodes, outside }: LabPlan): readonly { readonly id: string; readonly text: string }[] {
  return [...nodes.map(({ id }) => ({ id, text: observerTable(SCTP_PORT, 'router') })), { id: outside.id, text: observerTable(SCTP_PORT) }];
}

/** Nobody outside of a cluster knows the addresses of its Services. */
const NOTHING: ReadonlyMap<string, Dialled> = new Map();

interface Dialled {
  readonly address: Ip;
  readonly port: number;
}

/** The Service port that leads to this pod's port and to no other: `10.244.0.3 TCP 7070` → 10.96.0.11:80. SCTP goes to pods directly. */
function lonelyTargets(services: readonly LabService[]): ReadonlyMap<string, Dialled> {
  const found = new Map<string, Dialled>();
  for (const { addresses, ports } of services) {
    for (const { protocol, port, backends } of ports.filter((each) => each.protocol !== 'SCTP')) {
      for (const address of addresses) {
        const own = backends.flatMap((backend) =>
          backend.addresses.filter(({ family }) => family === address.family).map((ip) => targetKey(ip, protocol, backend.port)),
        );
        if (own.length === 1) found.set(own[0] ?? '', { address, port });
      }
    }
  }
  return found;
}

function targetKey(ip: Ip, protocol: Protocol, port: number): string {
  return `${printIp(ip)} ${protocol} ${port}`;
}

function stageOf({ control, tools, nft, rootless, ...raised }: Raised, plan: LabPlan, through: ReadonlyMap<string, Dialled>): Stage {
  const memberOf = membersBy(plan);
  /** Of each node, the tables that are in force on it. */
  const tables = new Map<string, readonly string[]>(plan.nodes.map(({ id }) => [id, []]));

  const enforce = async (rulesFor: RulesFor) => {
    await Promise.all(
      plan.nodes.map(async ({ id, name }) => {
        const before = tables.get(id) ?? [];
        const rulesets = [
          rulesFor({ hook: 'forward', node: name, exemptPairs: true }),
          // A pod's way into its own node: most plugins let it pass, and then the pairs are exempt.
          ownNode(rulesFor({ hook: 'input', node: name, exemptPairs: true })),
        ];
        const names: string[] = [];
        for (const [i, ruleset] of rulesets.entries()) {
          const old = before[i];
          const table = old === ruleset.table ? `${ruleset.table}.other` : ruleset.table;
          await loadRules(control, tools, id, { ...ruleset, table }, rootless, old);
          names.push(table);
        }
        tables.set(id, names);
      }),
    );
    // There once conntrack is in use.
    await Promise.all([...plan.nodes, plan.outside].map(({ id }) => control.to(id, { op: 'sysctls', files: CONNTRACK })));
  };

  /** Who was denied where, and which SCTP packets came through, on all nodes, since the last time. */
  const readRecord = async (shots: readonly Shot[]): Promise<Map<string, Observation>> => {
    const families = FAMILIES.filter((family) => shots.some(({ source }) => source.family === family));
    const denied = [...tables].flatMap(([node, names]) =>
      names.flatMap((table) =>
        families.map((family) => ({
          node,
          table,
          set: deniedSet(family),
          means: (mark: number): Observation => (mark === DENIED_MARK.egress ? 'denied-egress' : 'denied-ingress'),
        })),
      ),
    );
    const passed = [...plan.nodes, plan.outside].flatMap(({ id }) =>
      families
        .filter((family) => shots.some(({ protocol, source }) => protocol === 'SCTP' && source.family === family))
        .map((family) => ({ node: id, table: OBSERVER, set: `passed${family}`, means: (): Observation => 'allowed' })),
    );
    const found = new Map<string, Observation>();
    await Promise.all(
      [...denied, ...passed].map(async ({ node, table, set, means }) => {
        const noted = notedIn((await control.run(node, tools.nft, ['-n', 'list', 'set', 'inet', table, set])).stdout);
        if (noted.length === 0) return;
        // Noted twice with two meanings: then nothing is known.
        for (const { key, mark } of noted) found.set(key, found.has(key) && found.get(key) !== means(mark) ? 'lost' : means(mark));
        await control.run(node, tools.nft, ['flush', 'set', 'inet', table, set]);
      }),
    );
    return found;
  };

  const listen = async (shots: readonly Shot[]): Promise<readonly string[]> => {
    const servers = new Map<string, Map<string, Listener>>();
    for (const { destination, protocol, port, listening } of shots) {
      if (protocol === 'SCTP' || listening === false) continue;
      const member = memberOf(destination);
      const own = servers.get(member) ?? new Map<string, Listener>();
      own.set(targetKey(destination, protocol, port), { protocol, address: printIp(destination), port });
      servers.set(member, own);
    }
    const failed = await Promise.all(
      [...servers].map(async ([member, own]) => (await control.to(member, { op: 'listen', listeners: [...own.values()] })).failed),
    );
    const [first] = failed.flat();
    if (first !== undefined) {
      const { protocol, address, port } = first.listener;
      throw new Failure('port-taken', { address, port, protocol, code: first.code, more: failed.flat().length - 1 });
    }
    return [...servers.keys()];
  };

  /**
   * Nobody of the outside, client or server, can send from an IPv4 address that the local table does not have (Linux: __ip_dev_find in
   * ip_route_output_key_hash).
   */
  const takenOutside = new Set<string>();
  const takeOutside = async (shots: readonly Shot[]) => {
    const ends = new Set(
      shots
        .flatMap(({ source, destination }) => [source, destination])
        .flatMap((ip) => (ip.family === 4 && memberOf(ip) === plan.outside.id ? [printIp(ip)] : [])),
    );
    const fresh = [...ends].filter((address) => !takenOutside.has(address));
    if (fresh.length === 0) return;
    for (const address of fresh) takenOutside.add(address);
    await control.run(plan.outside.id, tools.ip, ['-batch', '-'], fresh.map((one) => `route add local ${one}/32 dev lo\n`).join(''));
  };

  const ask = async (shots: readonly Shot[], options: ShootOptions, tries: readonly number[]): Promise<Observation[]> => {
    const [patience = 0, ...more] = tries;
    const bySource = new Map<string, number[]>();
    for (const [i, { source }] of shots.entries()) bySource.set(memberOf(source), [...(bySource.get(memberOf(source)) ?? []), i]);
    const ended: number[] = [];
    await Promise.all(
      [...bySource].map(async ([member, places]) => {
        const own = places.map((i) => shots[i] as Shot);
        const said = await control.to(member, {
          op: 'ask',
          questions: questionsOf(own, member === plan.outside.id ? NOTHING : through, patience, options),
        });
        for (const [k, i] of places.entries()) ended[i] = said.ended[k] ?? ENDED.none;
      }),
    );
    const record = await readRecord(shots);
    const observations = shots.map(({ source, destination, protocol, port }, i): Observation => {
      const noted = record.get(recordKey(source, destination, PROTOCOL_NUMBER[protocol], port));
      // An answer and a record of denial contradict each other: nothing is known then.
      if (ended[i] === ENDED.answered) return noted === undefined || noted === 'allowed' ? 'allowed' : 'lost';
      return noted ?? (ended[i] === ENDED.refused ? 'refused' : 'lost');
    });
    const lost = observations.flatMap((observation, i) => (observation === 'lost' ? [i] : []));
    if (lost.length === 0 || more.length === 0) return observations;
    const again = await ask(
      lost.map((i) => shots[i] as Shot),
      options,
      more,
    );
    for (const [k, i] of lost.entries()) observations[i] = again[k] as Observation;
    return observations;
  };

  return {
    facts: {
      tier: 'netns',
      rootless,
      kernel: release(),
      nft,
      files: LIMITS.sockets,
      namespaces: { pods: plan.pods.length, routers: plan.nodes.length, servicePorts: through.size },
    },
    enforce,
    shoot: async (shots, options = {}) => {
      const observations: Observation[] = [];
      let done = 0;
      for (const batch of batchesOf(shots, LIMITS)) {
        const own = batch.map((i) => shots[i] as Shot);
        const [listening] = await Promise.all([listen(own), takeOutside(own)]);
        try {
          const found = await ask(own, options, PATIENCE_MS);
          for (const [k, i] of batch.entries()) observations[i] = found[k] as Observation;
        } finally {
          await Promise.all(listening.map((member) => control.to(member, { op: 'stop-listening' })));
        }
        done += batch.length;
        options.onProgress?.(done, shots.length);
      }
      return observations;
    },
    counters: async () => {
      const sum = new Map<string, number>();
      for (const [node, names] of tables) {
        for (const table of names) {
          const { stdout } = await control.run(node, tools.nft, ['list', 'counters', 'table', 'inet', table]);
          for (const [name, packets] of countersIn(stdout)) sum.set(name, (sum.get(name) ?? 0) + packets);
        }
      }
      return sum;
    },
    close: () => lower({ control, tools, nft, rootless, ...raised }),
  };
}

function ownNode(ruleset: Ruleset): Ruleset {
  return { ...ruleset, table: `${ruleset.table}-own-node` };
}

/** Whose address it is: a pod's, a node's, else the outside's. */
function membersBy({ pods, nodes, outside }: LabPlan): (ip: Ip) => string {
  const known = new Map<string, string>([
    ...nodes.flatMap(({ id, addresses }) => addresses.map((address): [string, string] => [address, id])),
    ...pods.filter(({ hostNetwork }) => !hostNetwork).flatMap(({ id, addresses }) => addresses.map((one): [string, string] => [one, id])),
  ]);
  return (ip) => known.get(printIp(ip)) ?? outside.id;
}

function questionsOf(
  shots: readonly Shot[],
  through: ReadonlyMap<string, Dialled>,
  patience: number,
  { timeoutMs, inFlight }: ShootOptions,
): Extract<MemberRequest, { op: 'ask' }>['questions'] {
  const places = new Map<string, number>();
  const place = (ip: Ip): number => {
    const text = printIp(ip);
    const known = places.get(text) ?? places.size;
    places.set(text, known);
    return known;
  };
  const rows = shots.flatMap(({ source, destination, protocol, port }) => {
    const dialled = through.get(targetKey(destination, protocol, port)) ?? { address: destination, port };
    return [place(source), place(dialled.address), PROTOCOL_NUMBER[protocol], dialled.port];
  });
  return {
    addresses: [...places.keys()],
    rows,
    timeoutMs: timeoutMs ?? 1500,
    inFlight: Math.min(inFlight ?? IN_FLIGHT, 200),
    sctpPort: SCTP_PORT,
    quietTurns: patience,
  };
}
