// `map`: every allowed connection. JSON and CSV are written source by source, so that a large cluster needs no memory for its rows.
import { once } from 'node:events';
import { type Command, Option } from 'commander';
import { Failure } from '../../failure.ts';
import type { Workload } from '../../model/cluster.ts';
import { departs } from '../../policy/departures.ts';
import { doubtKey } from '../../policy/verdict.ts';
import { nearest } from '../../profile/nearest.ts';
import { mapOptions } from '../../question/map.ts';
import {
  type ConnectionOptions,
  type ConnectionRow,
  connectionsBySource,
  generalDoubts,
  type UndecidedRow,
} from '../../reach/connections.ts';
import type { Departing } from '../../reach/departing.ts';
import { type Reach, reachOf } from '../../reach/reach.ts';
import { jsonText } from '../../report/paint.ts';
import { portsDocument } from '../../report/ports.ts';
import { type InputOptions, type Loaded, load, painter, withInput } from '../input.ts';

interface MapOptions extends InputOptions {
  readonly output: 'text' | 'json' | 'csv' | 'md' | 'dot' | 'mermaid';
  readonly focus?: readonly string[];
  readonly direction?: 'ingress' | 'egress';
  readonly port?: string;
  readonly pods?: boolean;
  readonly exposure?: boolean;
}

export function registerMap(program: Command): void {
  withInput(program.command('map'))
    .description('every allowed connection between workloads, the outside and ingress controllers')
    .addOption(
      new Option('-o, --output <format>', 'how to say it').choices(['text', 'json', 'csv', 'md', 'dot', 'mermaid']).default('text'),
    )
    .option('--focus <end>', 'only connections of this workload or pod; repeatable', (end: string, all: string[] = []) => [...all, end])
    .addOption(new Option('--direction <side>', 'with --focus: what reaches it, or what it reaches').choices(['ingress', 'egress']))
    .option('--port <port>', 'only connections that have this port, e.g. 8080/tcp, 53/udp')
    .option('--pods', 'a line for every pod instead of every workload')
    .option('--exposure', 'who else could reach them: namespaces and pods that are not in the input, the internet')
    .addHelpText(
      'after',
      `
Examples:
  $ netverdict map -f k8s/
  $ netverdict map -f k8s/ --focus payments/postgres --direction ingress
  $ netverdict map -f k8s/ --port 5432/tcp -o md
  $ netverdict map -f k8s/ -o mermaid > map.mmd
  $ netverdict map -f cluster.json -o json | jq '.connections[] | select(.to | startswith("payments/"))'
  $ netverdict map -f k8s/ --exposure`,
    )
    .action(async (options: MapOptions) => {
      const loaded = await load(options, options.focus);
      const wish = mapOptions(loaded.cluster, { ...options, namespace: loaded.namespace });
      if ('code' in wish) {
        const near = nearest(wish.text, wish.known);
        throw new Failure(
          wish.code,
          wish.code === 'bad-port' ? `\`${wish.text}\` is no port` : `no workload or pod is called \`${wish.text}\``,
          {
            hint: wish.code === 'bad-port' ? 'write 8080/tcp or 53/udp' : near.length > 0 ? `did you mean ${near.join(', ')}?` : undefined,
          },
        );
      }
      const reach = reachOf(loaded.cluster, loaded.semantics);
      await print(reach, wish, loaded, options);
    });
}

/** Text and Mermaid need the whole map at once: some 200 bytes for each row. */
const MOST_ROWS = 2_000_000;

async function print(reach: Reach, wish: ConnectionOptions, loaded: Loaded, options: MapOptions): Promise<void> {
  const { output } = options;
  if (output === 'json') return printJson(reach, wish, options.exposure === true);
  if (output === 'csv' || output === 'md' || output === 'dot') return printRows(reach, wish, output, options);
  const connections: ConnectionRow[] = [];
  const undecided: UndecidedRow[] = [];
  for (const rows of connectionsBySource(reach, wish)) {
    for (const row of rows.connections) connections.push(row);
    for (const row of rows.undecided) undecided.push(row);
    if (connections.length + undecided.length <= MOST_ROWS) continue;
    throw new Failure('map-too-large', `the map has more than ${MOST_ROWS.toLocaleString('en')} connections, too many for -o ${output}`, {
      hint: 'narrow it with --focus or --port, or take -o json or -o csv, which are written row by row',
    });
  }
  if (output === 'mermaid') {
    const { mapMermaid } = await import('../../report/map-formats.ts');
    tellLeftOut(undecided.length, options);
    await tellDepartures(reach, wish, options);
    return write(mapMermaid(connections));
  }
  const [{ mapText }, { groupRows }] = await Promise.all([import('../../report/map-text.ts'), import('../../report/map-groups.ts')]);
  if (options.exposure === true) return write(await exposurePage(reach, wish, connections, options));
  const departing = await departuresOf(reach, wish);
  const facts = { profile: loaded.choice.name, workloads: loaded.cluster.workloads.size, connections: connections.length, departing };
  return write(mapText(groupRows(connections, loaded.cluster), undecided, facts, painter(options)));
}

/** Row by row: a map of any size needs no memory for its rows. */
async function printRows(reach: Reach, wish: ConnectionOptions, output: 'csv' | 'md' | 'dot', options: MapOptions): Promise<void> {
  const { ROW_FORMS } = await import('../../report/map-formats.ts');
  const form = ROW_FORMS[output];
  let text = form.head;
  let leftOut = 0;
  for (const { connections, undecided } of connectionsBySource(reach, wish)) {
    for (const row of connections) text += form.row(row);
    leftOut += undecided.length;
    if (text.length > 65536) {
      await write(text);
      text = '';
    }
  }
  await write(text + form.foot);
  tellLeftOut(leftOut, options);
  await tellDepartures(reach, wish, options);
}

/** Loaded only for a profile whose enforcer is known to depart. */
async function departuresOf(reach: Reach, wish: ConnectionOptions): Promise<Departing> {
  if (!departs(reach.semantics)) return { rows: [], isComplete: true };
  return (await import('../../reach/departing.ts')).departingRows(reach, wish);
}

/** Forms without a place for it say on stderr that the enforcer does otherwise. */
async function tellDepartures(reach: Reach, wish: ConnectionOptions, options: MapOptions): Promise<void> {
  const { rows, isComplete } = await departuresOf(reach, wish);
  if ((rows.length === 0 && isComplete) || options.quiet === true) return;
  const paint = painter(options, process.stderr);
  const count = `${isComplete ? '' : 'at least '}${rows.length} ${rows.length === 1 ? 'connection' : 'connections'}`;
  process.stderr.write(paint.yellow(`the enforcer of this profile does otherwise for ${count}; -o text and -o json say which`));
  process.stderr.write('\n');
}

/** These forms have no place for what stays open; it must not be missed in silence. */
function tellLeftOut(count: number, options: MapOptions): void {
  if (count === 0 || options.quiet === true) return;
  const what = count === 1 ? '1 connection is left open and is' : `${count} connections are left open and are`;
  process.stderr.write(painter(options, process.stderr).yellow(`${what} not in this form; -o text and -o json say which`));
  process.stderr.write('\n');
}

async function exposurePage(
  reach: Reach,
  wish: ConnectionOptions,
  connections: readonly ConnectionRow[],
  options: MapOptions,
): Promise<string> {
  const [{ exposuresOf }, { exposureDepartures }, { exposureText }] = await Promise.all([
    import('../../reach/exposure.ts'),
    import('../../reach/exposure-departing.ts'),
    import('../../report/exposure-text.ts'),
  ]);
  const isAsked = askedBy(wish);
  const departuresOn = exposureDepartures(reach);
  const exposures = exposuresOf(reach, isAsked).map((exposure) => ({ exposure, departures: departuresOn(exposure) }));
  const told = new Set(exposures.map(({ exposure }) => exposure.workload));
  const silent = [...reach.cluster.workloads.values()].filter((workload) => isAsked(workload) && !told.has(workload.ref));
  return exposureText(
    exposures,
    connections,
    silent.map(({ ref }) => ref),
    painter(options),
  );
}

/** Characters of a port list that a row repeats; of a longer one it names the number in `portLists`. Some hundred ports one by one. */
const LONGEST_LIST = 1000;

/** One row a line, so that it can be read with line tools too. Equal port sets are one value and are written out once. */
async function printJson(reach: Reach, wish: ConnectionOptions, withExposure: boolean): Promise<void> {
  const written = new WeakMap<object, string>();
  const lists: string[] = [];
  const ports = (set: ConnectionRow['allowed']): string => {
    let text = written.get(set);
    if (text === undefined) {
      text = JSON.stringify(portsDocument(set));
      if (text.length > LONGEST_LIST) text = `{"list":${lists.push(text) - 1}}`;
      written.set(set, text);
    }
    return text;
  };
  // A hundred sources may reach the same end, and most of them in the same way.
  const names = new Map<string, string>();
  let isAscii = true;
  const nameOf = (end: string): string => {
    let text = names.get(end);
    if (text === undefined) {
      text = jsonText(end, true);
      isAscii &&= /^[\x20-\x7e]*$/.test(text);
      names.set(end, text);
    }
    return text;
  };
  const tails = new Map<string, { allowed: ConnectionRow['allowed']; text: string }>();
  const tailOf = ({ to, allowed }: ConnectionRow): string => {
    const last = tails.get(to);
    if (last?.allowed === allowed) return last.text;
    const text = `${nameOf(to)},"allowed":${ports(allowed)}}`;
    if (last === undefined) tails.set(to, { allowed, text });
    else [last.allowed, last.text] = [allowed, text];
    return text;
  };
  const open: string[] = [];
  await write('{"apiVersion":"netverdict.dev/v1","kind":"ConnectivityMap","connections":[');
  let text = '';
  let isFirst = true;
  for (const rows of connectionsBySource(reach, wish)) {
    const from = rows.connections.length > 0 ? nameOf(rows.from) : '';
    const head = `,\n{"from":${from},"to":`;
    for (const row of rows.connections) {
      text += isFirst ? head.slice(1) : head;
      text += tailOf(row);
      isFirst = false;
    }
    for (const { from: source, to, ports: set, because } of rows.undecided) {
      open.push(`{"from":${nameOf(source)},"to":${nameOf(to)},"ports":${ports(set)},"because":${jsonText(because.map(doubtKey), true)}}`);
    }
    if (text.length > 65536) {
      await write(text, isAscii);
      text = '';
    }
  }
  const general = generalDoubts(reach, wish).map(({ ports: set, because }) => ({
    ports: portsDocument(set),
    because: because.map(doubtKey),
  }));
  const shared = lists.length === 0 ? '' : `,"portLists":[\n${lists.join(',\n')}\n]`;
  const tail = open.length === 0 ? '' : `,"undecided":[\n${open.join(',\n')}\n]`;
  const everywhere = general.length === 0 ? '' : `,"undecidedWhereNotAllowed":${jsonText(general, true)}`;
  await write(`${text}\n]${shared}${tail}${everywhere}`);
  await writeDepartures(reach, wish);
  if (withExposure) await writeExposure(reach, wish);
  await write('}\n');
}

async function writeDepartures(reach: Reach, wish: ConnectionOptions): Promise<void> {
  const { rows, isComplete } = await departuresOf(reach, wish);
  if (!isComplete) await write(',"departuresIncomplete":true');
  if (rows.length === 0) return;
  const { departingDocument } = await import('../../report/departing-text.ts');
  let text = ',"departures":[';
  let comma = '\n';
  for (const row of rows) {
    text += comma + jsonText(departingDocument(row), true);
    comma = ',\n';
    if (text.length > 65536) {
      await write(text);
      text = '';
    }
  }
  await write(`${text}\n]`);
}

async function writeExposure(reach: Reach, wish: ConnectionOptions): Promise<void> {
  const [{ exposuresOf }, { exposureDepartures }, { exposureDocument }] = await Promise.all([
    import('../../reach/exposure.ts'),
    import('../../reach/exposure-departing.ts'),
    import('../../report/exposure-text.ts'),
  ]);
  const departuresOn = exposureDepartures(reach);
  let text = ',"exposure":[';
  let comma = '';
  for (const exposure of exposuresOf(reach, askedBy(wish))) {
    text += comma + jsonText(exposureDocument({ exposure, departures: departuresOn(exposure) }), true);
    comma = ',';
    if (text.length > 65536) {
      await write(text);
      text = '';
    }
  }
  await write(`${text}]`);
}

/** Whom `--focus` asks about: all workloads without it. */
function askedBy({ focus }: ConnectionOptions): (workload: Workload) => boolean {
  const wanted = focus?.ends === undefined ? undefined : new Set(focus.ends);
  return ({ ref }) => wanted === undefined || wanted.has(ref);
}

/** `isAscii`: each character is a byte, which Node needs not encode. */
async function write(text: string, isAscii = false): Promise<void> {
  if (!process.stdout.write(text, isAscii ? 'latin1' : 'utf8')) await once(process.stdout, 'drain');
}
