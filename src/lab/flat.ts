// The flat lab: one namespace in which every address is local, so that all pods, nodes and the whole internet are one machine.
// Packets pass output, loopback and input; the rules hang in input, where they would hang in forward on a router. No packet can leave:
// there is no other device.
import { Failure } from '../failure.ts';
import { type Family, type Ip, printIp } from '../net/ip.ts';
import { type Change, delta } from '../nft/delta.ts';
import { DENIED_MARK, deniedSet, MOST_DENIALS } from '../nft/frame.ts';
import type { Step } from '../nft/joins.ts';
import { printChanges } from '../nft/print.ts';
import { PROTOCOL_NUMBER, type Ruleset } from '../nft/ruleset.ts';
import { fits, stages } from '../nft/stages.ts';
import { batchesOf } from './batches.ts';
import type { Observation } from './compare.ts';
import { CONNTRACK, setUp } from './flat-setup.ts';
import { countersIn, type Noted, notedIn, recordKey } from './kernel-record.ts';
import { ENDED, type Listener, type Said } from './messages.ts';
import { type Namespace, type NamespaceOptions, openNamespace } from './namespace.ts';
import { OBSERVER, observerTable } from './observer.ts';
import type { ShootOptions, Shot, Stage } from './stage.ts';
import { checkedVersions, type Tools } from './tools.ts';

export interface FlatLab extends Stage {
  readonly namespace: Namespace;
  /** Puts a ruleset in force as it is. */
  readonly load: (ruleset: Ruleset) => Promise<void>;
  /** The same by the smallest transaction, from `before`, which must be in force. Gives what was changed. */
  readonly change: (before: Ruleset, after: Ruleset) => Promise<readonly Change[]>;
  /** Puts changes in force that were worked out already, as joins.ts does for one pod, and the ruleset that they lead to. */
  readonly apply: (step: Step) => Promise<void>;
  /** The name of the table that is in force; it changes from load to load. */
  readonly table: () => string;
  /** Opens servers for as long as the next `shoot` does not close them. */
  readonly listen: (listeners: readonly Listener[]) => Promise<void>;
  /** A TCP connection that stays open; the server at the other end must be there. */
  readonly hold: (name: string, shot: Shot, timeoutMs?: number) => Promise<Said>;
  readonly say: (name: string, timeoutMs?: number) => Promise<Said>;
}

/** RFC 6951 gives this port to SCTP inside UDP; here it is only a port that is ours. */
const SCTP_PORT = 9899;

/** Failures as `checkedVersions` and `openNamespace` have them. */
export async function openFlat(tools: Tools, options: NamespaceOptions = {}): Promise<FlatLab> {
  // Both at once: a process takes as long to start as the other.
  const [namespace, versions] = await Promise.all([openNamespace(tools, options), settled(checkedVersions(tools))]);
  try {
    if ('error' in versions) throw versions.error;
    await setUp(namespace, tools);
    return flatLab(namespace, tools, versions.value.nft);
  } catch (error) {
    await namespace.close();
    throw error;
  }
}

async function settled<T>(promise: Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

function flatLab(namespace: Namespace, tools: Tools, nftVersion: string): FlatLab {
  const nft = (args: readonly string[], input?: string) => namespace.run(tools.nft, args, input);
  const buffer = namespace.hello.netlinkBuffer;
  let inForce: Ruleset | undefined;
  let observedPort = 0;

  const load = async (ruleset: Ruleset) => {
    // One name, two turns: the table before stays in force until the last piece of the new one is in.
    const table = inForce?.table === ruleset.table ? `${ruleset.table}.other` : ruleset.table;
    for (const text of stages({ ...ruleset, table }, { buffer, ...(inForce !== undefined && { replaces: inForce.table }) }))
      await nft(['-f', '-'], text);
    inForce = { ...ruleset, table };
    await namespace.send({ op: 'write', files: CONNTRACK });
  };
  const apply = async ({ ruleset, changes }: Step) => {
    const { table } = current();
    if (!fits(changes, buffer)) return load(ruleset);
    if (changes.length > 0) await nft(['-f', '-'], printChanges(table, changes));
    inForce = { ...ruleset, table };
  };
  const current = (): Ruleset => {
    if (inForce === undefined) throw new Error('no rules were loaded');
    return inForce;
  };

  /** SCTP leaves from a port that no UDP server has, so that only our INITs are turned. */
  const observe = async (shots: readonly Shot[]): Promise<number> => {
    const udp = new Set(shots.filter(({ protocol }) => protocol === 'UDP').map(({ port }) => port));
    let port = SCTP_PORT;
    while (udp.has(port)) port++;
    if (port !== observedPort) await nft(['-f', '-'], observerTable(port));
    observedPort = port;
    return port;
  };

  const noted = async (table: string, set: string): Promise<readonly Noted[]> =>
    notedIn((await nft(['-n', 'list', 'set', 'inet', table, set])).stdout);

  /** Who was denied where, and which SCTP packets came through, since the last time. */
  const readRecord = async (shots: readonly Shot[]): Promise<Map<string, Observation>> => {
    const { table } = current();
    const families = ([4, 6] as const).filter((family) => shots.some(({ source }) => source.family === family));
    const isSctp = (family: Family) => shots.some(({ protocol, source }) => protocol === 'SCTP' && source.family === family);
    const sets = families.flatMap((family) => [
      {
        table,
        name: deniedSet(family),
        means: ({ mark }: Noted): Observation => (mark === DENIED_MARK.egress ? 'denied-egress' : 'denied-ingress'),
      },
      ...(isSctp(family) ? [{ table: OBSERVER, name: `passed${family}`, means: (): Observation => 'allowed' }] : []),
    ]);
    const lists = await Promise.all(sets.map(async (set) => ({ set, list: await noted(set.table, set.name) })));
    const found = new Map<string, Observation>();
    for (const { set, list } of lists) {
      // Noted twice with two meanings: then nothing is known.
      for (const one of list) found.set(one.key, found.has(one.key) && found.get(one.key) !== set.means(one) ? 'lost' : set.means(one));
    }
    const filled = lists.filter(({ list }) => list.length > 0).map(({ set }) => `flush set inet ${set.table} ${set.name}\n`);
    if (filled.length > 0) await nft(['-f', '-'], filled.join(''));
    return found;
  };

  const listen = async (listeners: readonly Listener[]) => {
    const { failed } = await namespace.send({ op: 'listen', listeners });
    const [first] = failed;
    if (first === undefined) return;
    const { protocol, address, port } = first.listener;
    if (first.code === 'EMFILE' || first.code === 'ENFILE') throw tooFewFiles(namespace.hello.files);
    throw new Failure('port-taken', { address, port, protocol, code: first.code, more: failed.length - 1 });
  };

  const shootBatch = async (shots: readonly Shot[], options: ShootOptions): Promise<Observation[]> => {
    const sctpPort = await observe(shots);
    const servers = new Map<string, Listener>();
    for (const { destination, protocol, port, listening } of shots) {
      if (protocol === 'SCTP' || listening === false) continue;
      const address = printIp(destination);
      servers.set(`${protocol} ${address} ${port}`, { protocol, address, port });
    }
    try {
      await listen([...servers.values()]);
      return await ask(shots, options, sctpPort, 1);
    } finally {
      await namespace.send({ op: 'stop-listening' });
    }
  };

  /** `tries`: how often what was lost is asked again; a lost packet is a fault of the lab, so it gets a second chance. */
  const ask = async (shots: readonly Shot[], options: ShootOptions, sctpPort: number, tries: number): Promise<Observation[]> => {
    const addresses = new Map<string, number>();
    const place = (ip: Ip): number => {
      const text = printIp(ip);
      const known = addresses.get(text) ?? addresses.size;
      addresses.set(text, known);
      return known;
    };
    const rows = new Uint32Array(shots.length * 4);
    for (const [i, { source, destination, protocol, port }] of shots.entries())
      rows.set([place(source), place(destination), PROTOCOL_NUMBER[protocol], port], i * 4);
    const { ended } = await namespace.send({
      op: 'ask',
      questions: {
        addresses: [...addresses.keys()],
        rows,
        timeoutMs: options.timeoutMs ?? 1500,
        inFlight: options.inFlight ?? IN_FLIGHT,
        sctpPort,
      },
    });
    const record = await readRecord(shots);
    const observations = shots.map(({ source, destination, protocol, port }, i): Observation => {
      const noted = record.get(recordKey(source, destination, PROTOCOL_NUMBER[protocol], port));
      // An answer and a record of denial contradict each other: nothing is known then.
      if (ended[i] === ENDED.answered) return noted === undefined || noted === 'allowed' ? 'allowed' : 'lost';
      return noted ?? (ended[i] === ENDED.refused ? 'refused' : 'lost');
    });
    const lost = observations.flatMap((observation, i) => (observation === 'lost' ? [i] : []));
    if (lost.length === 0 || tries === 0) return observations;
    const again = await ask(
      lost.map((i) => shots[i] as Shot),
      options,
      sctpPort,
      tries - 1,
    );
    for (const [k, i] of lost.entries()) observations[i] = again[k] as Observation;
    return observations;
  };

  return {
    namespace,
    facts: { tier: 'flat', rootless: namespace.rootless, kernel: namespace.hello.kernel, nft: nftVersion, files: namespace.hello.files },
    load,
    enforce: (rulesFor) => load(rulesFor({ hook: 'input', exemptPairs: true })),
    change: async (before, after) => {
      const changes = delta({ ...before, table: current().table }, { ...after, table: current().table });
      await apply({ ruleset: after, changes });
      return changes;
    },
    apply,
    shoot: async (shots, options = {}) => {
      const limits = { sockets: socketsFor(namespace.hello.files), connections: Math.min(20_000, MOST_DENIALS) };
      const observations: Observation[] = Array.from({ length: shots.length }, () => 'lost');
      let done = 0;
      for (const batch of batchesOf(shots, limits)) {
        const found = await shootBatch(
          batch.map((i) => shots[i] as Shot),
          options,
        );
        for (const [k, i] of batch.entries()) observations[i] = found[k] as Observation;
        done += batch.length;
        options.onProgress?.(done, shots.length);
      }
      return observations;
    },
    counters: async () => countersIn((await nft(['list', 'counters', 'table', 'inet', current().table])).stdout),
    table: () => current().table,
    listen,
    hold: (name, { source, destination, port }, timeoutMs = 1500) =>
      namespace.send({ op: 'hold', name, source: printIp(source), destination: printIp(destination), port, timeoutMs }),
    say: (name, timeoutMs = 1500) => namespace.send({ op: 'say', name, timeoutMs }),
    close: namespace.close,
  };
}

/** TCP clients at a time. 500 was best on two cores; more only makes queues longer. */
const IN_FLIGHT = 500;

/** What is left for servers and UDP clients: each TCP client in flight has two ends here, and Node needs some for itself. */
function socketsFor(files: number): number {
  const left = files - 2 * IN_FLIGHT - 100;
  if (left < 64) throw tooFewFiles(files);
  return Math.min(left, 8000);
}

function tooFewFiles(files: number): Failure {
  return new Failure('too-few-files', { files, needed: 2 * IN_FLIGHT + 164 });
}
