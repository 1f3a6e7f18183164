// `map`: every allowed connection. JSON and CSV are written source by source, so that a large cluster needs no memory for its rows.

import { once } from 'node:events';
import { type Command, Option } from 'commander';
import { boundedMap, type MapQuestion, MOST_ROWS, mapRows, plainRows } from '../../answer/map.ts';
import { mapQuestion } from '../../answer/map-question.ts';
import { twoCnis } from '../../app/move.ts';
import { nearest } from '../../profile/nearest.ts';
import { INTERNET } from '../../question/hops.ts';
import { mapOptions } from '../../question/map.ts';
import type { Departing } from '../../reach/departing.ts';
import { reachOf } from '../../reach/reach.ts';
import { HELP } from '../../words/en/cli/map.ts';
import { departuresLeftOut, undecidedLeftOut } from '../../words/en/map.ts';
import { formatOption } from '../help-layout.ts';
import { type InputOptions, load, painter, withInput } from '../input.ts';
import { mistake } from '../mistake.ts';

interface MapOptions extends InputOptions {
  readonly output: 'text' | 'json' | 'csv' | 'md' | 'dot' | 'mermaid' | 'svg';
  readonly focus?: readonly string[];
  readonly direction?: 'ingress' | 'egress';
  readonly port?: string;
  readonly pods?: boolean;
  readonly exposure?: boolean;
  readonly posture?: boolean;
  readonly from?: string;
  readonly hops?: string;
}

export function registerMap(program: Command): void {
  withInput(program.command('map'))
    .description(HELP.description)
    .addOption(formatOption(['text', 'json', 'csv', 'md', 'dot', 'mermaid', 'svg']))
    .option('--focus <end>', HELP.focus, (end: string, all: string[] = []) => [...all, end])
    .addOption(new Option('--direction <side>', HELP.direction).choices(['ingress', 'egress']))
    .option('--port <port>', HELP.port)
    .option('--from <end>', HELP.from)
    .option('--hops <number>', HELP.hops)
    .option('--pods', HELP.pods)
    .option('--posture', HELP.posture)
    .option('--exposure', HELP.exposure)
    .addHelpText('after', HELP.after)
    .action(async (options: MapOptions) => {
      const cnis = twoCnis(options.cni);
      if (cnis !== undefined) return printTwoMaps(options, cnis);
      const { from } = options;
      if (options.hops !== undefined && from === undefined) throw mistake('hops-without-from', {});
      if (from !== undefined && isNarrowed(options)) throw mistake('hops-alone', {});
      const focus = from === undefined ? options.focus : from === INTERNET ? [] : [from];
      const loaded = await load(options, focus);
      if (options.posture === true) return (await import('../posture.ts')).printPosture(loaded, options);
      const wish = mapOptions(loaded.cluster, { ...options, ...(focus && { focus }), namespace: loaded.namespace });
      if ('code' in wish) {
        const { code, text, known } = wish;
        throw code === 'bad-port' ? mistake(code, { text }) : mistake(code, { name: text, near: nearest(text, known) });
      }
      if (from !== undefined) return (await import('../reached-ends.ts')).printReachedEnds(loaded, wish, { ...options, from });
      const about = { profile: loaded.choice.name, withExposure: options.exposure === true };
      await print(await mapQuestion(reachOf(loaded.cluster, loaded.semantics), wish, about), options);
    });
}

/** Another view of the map is asked for, or a part of it. */
function isNarrowed({ focus, direction, pods, exposure, posture }: MapOptions): boolean {
  return focus !== undefined || direction !== undefined || pods === true || exposure === true || posture === true;
}

/** The rows that differ, in the formats that `diff` has. */
async function printTwoMaps(options: MapOptions, cnis: readonly [string, string]): Promise<void> {
  const { output, port, from } = options;
  if (output === 'csv' || output === 'dot' || output === 'mermaid' || output === 'svg') throw mistake('map-of-two-cnis', {});
  if (isNarrowed(options) || port !== undefined || from !== undefined) throw mistake('map-of-two-cnis', {});
  await (await import('../move.ts')).printMove([], { ...options, output }, cnis);
}

async function print(question: MapQuestion, options: MapOptions): Promise<void> {
  const { output } = options;
  if (output === 'json') {
    const { mapJson } = await import('../../answer/map-json.ts');
    for (const { text, isAscii } of mapJson(question)) await write(text, isAscii);
    return;
  }
  if (output === 'csv' || output === 'md' || output === 'dot') return printRows(question, output, options);
  const map = boundedMap(question);
  if (map === 'too-large') throw mistake('map-too-large', { most: MOST_ROWS, output });
  if (output === 'mermaid') {
    const { mapMermaid } = await import('../../report/map-formats.ts');
    tellLeftOut(map.undecided?.length ?? 0, question.departing(), options);
    return write(mapMermaid([...plainRows(map)]));
  }
  if (output === 'svg') {
    const { mapSvg } = await import('../../report/map-svg.ts');
    const undecided = map.undecided?.length ?? 0;
    tellLeftOut(undecided, question.departing(), options);
    return write(mapSvg([...plainRows(map)], undecided));
  }
  if (options.exposure === true) {
    const { exposureText } = await import('../../report/exposure-text.ts');
    return write(exposureText(map, painter(options)));
  }
  const { mapText } = await import('../../report/map-text.ts');
  return write(mapText(map, painter(options)));
}

/** Row by row: a map of any size needs no memory for its rows. */
async function printRows(question: MapQuestion, output: 'csv' | 'md' | 'dot', options: MapOptions): Promise<void> {
  const { ROW_FORMS } = await import('../../report/map-formats.ts');
  const form = ROW_FORMS[output];
  let text = form.head;
  let leftOut = 0;
  for (const { rows, undecided } of mapRows(question)) {
    for (const row of rows) text += form.row(row);
    leftOut += undecided;
    if (text.length > 65536) {
      await write(text);
      text = '';
    }
  }
  await write(text + form.foot);
  tellLeftOut(leftOut, question.departing(), options);
}

/** These formats have no place for what is undecided, and none for what the enforcer does otherwise; it must not be missed in silence. */
function tellLeftOut(undecided: number, { rows, isComplete }: Departing, options: MapOptions): void {
  if (options.quiet === true) return;
  const paint = painter(options, process.stderr);
  if (undecided > 0) process.stderr.write(`${paint.yellow(undecidedLeftOut(undecided))}\n`);
  if (rows.length > 0 || !isComplete) process.stderr.write(`${paint.yellow(departuresLeftOut(rows.length, isComplete))}\n`);
}

/** `isAscii`: each character is a byte, which Node need not encode. */
async function write(text: string, isAscii = false): Promise<void> {
  if (!process.stdout.write(text, isAscii ? 'latin1' : 'utf8')) await once(process.stdout, 'drain');
}
