// `test`: intents against the model, a kernel, or a live cluster; and `--record`, which writes down what is so now.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { joined, readIntentFiles, USUAL_FILE } from '../../app/intents-input.ts';
import { nodePorts } from '../../app/node-ports.ts';
import { denySymptom, type ProfileChoice } from '../../profile/choose.ts';
import { type IntentsRun, MOST_CHECKS, runIntents } from '../../question/intents.ts';
import type { IntentsTextOptions } from '../../report/intents-text.ts';
import { countingWords } from '../../words/en/cli/progress.ts';
import { ASKED, HELP, suiteName } from '../../words/en/cli/test.ts';
import { accessOf } from '../cluster-input.ts';
import { formatOption } from '../help-layout.ts';
import { type InputOptions, type Loaded, load, painter, withInput } from '../input.ts';
import { mistake } from '../mistake.ts';
import { jsonAsCalled } from '../program-name.ts';

interface TestOptions extends InputOptions {
  readonly output: 'text' | 'json' | 'tap' | 'junit' | 'md' | 'csv';
  readonly record?: boolean;
  readonly in?: readonly string[];
  readonly kernel?: boolean;
  readonly live?: boolean;
  readonly exec?: boolean;
  readonly image?: string;
  readonly timeout: number;
  readonly parallel: number;
  readonly yes?: boolean;
}

type Asked = 'model' | 'kernel' | 'cluster';

export function registerTest(program: Command): void {
  withInput(program.command('test [files...]'))
    .description(HELP.description)
    .addOption(formatOption(['text', 'json', 'tap', 'junit', 'md', 'csv']))
    .option('--record', HELP.record)
    .option('--in <namespace>', HELP.in, (name: string, all: string[] = []) => [...all, name])
    .addOption(new Option('--kernel', HELP.kernel).conflicts(['live', 'record']))
    .addOption(new Option('--live', HELP.live).conflicts(['record']))
    .option('--exec', HELP.exec)
    .option('--image <name>', HELP.image)
    .option('--timeout <seconds>', HELP.timeout, positive, 5)
    .option('--parallel <n>', HELP.parallel, positive, 4)
    .option('-y, --yes', HELP.yes)
    .addHelpText('after', HELP.after(USUAL_FILE))
    .action(run);
}

async function run(files: readonly string[], options: TestOptions): Promise<void> {
  if (options.record === true) return record(files, options);
  if (options.live === true && options.file !== undefined) throw mistake('live-and-files', {});
  // The files first: a typing mistake in them should not wait for a cluster.
  const intents = joined(await readIntentFiles(nodePorts.files, files.length > 0 ? files : [USUAL_FILE]));
  const loaded = await load(options.live === true ? { ...options, cluster: true } : options);
  const { cluster, semantics, namespace } = loaded;
  const found = runIntents(cluster, semantics, intents, namespace);
  if ('tooMany' in found) throw mistake('too-many-checks', { asked: found.tooMany, most: MOST_CHECKS });
  const done = await measured(found, loaded, options);
  process.exitCode = done.result.results.every(({ holds }) => holds) ? 0 : 1;
  process.stdout.write(await said(done, loaded, options));
}

interface Measured {
  readonly result: IntentsRun;
  readonly asked: Asked;
  /** `the kernel (Linux 6.8)`. */
  readonly words: string;
}

async function measured(found: IntentsRun, loaded: Loaded, options: TestOptions): Promise<Measured> {
  if (options.kernel === true) {
    const { onKernel } = await import('../../app/intents-kernel.ts');
    const { run: result, kernel } = await onKernel(nodePorts.kernel, found, loaded, progress(options, 'packets'));
    return { result, asked: 'kernel', words: ASKED.kernel(kernel) };
  }
  if (options.live === true) {
    const result = await live(found, loaded.cluster, loaded.choice, options);
    return { result, asked: 'cluster', words: ASKED.cluster };
  }
  return { result: found, asked: 'model', words: ASKED.model };
}

async function live(found: IntentsRun, cluster: Loaded['cluster'], choice: ProfileChoice, options: TestOptions): Promise<IntentsRun> {
  const { askBefore, interruptible } = await import('../live-probing.ts');
  const { onCluster } = await import('../../app/intents-live.ts');
  const { DEFAULT_IMAGE } = await import('../../probe/manifests.ts');
  const { onProgress } = progress(options, 'pods');
  return interruptible((signal) =>
    onCluster(nodePorts.cluster, found, cluster, {
      access: accessOf(options),
      exec: options.exec === true,
      image: options.image ?? DEFAULT_IMAGE,
      timeout: options.timeout,
      parallel: options.parallel,
      mayCreate: (what) => askBefore(what, options),
      signal,
      denySymptom: denySymptom(choice),
      ...(onProgress === undefined ? {} : { onProgress: ({ done, total }: { done: number; total: number }) => onProgress(done, total) }),
    }),
  );
}

async function said({ result, asked, words }: Measured, { semantics }: Loaded, options: TestOptions): Promise<string> {
  const verbose = options.verbose === true;
  const { intentsDocument } = await import('../../answer/intents.ts');
  switch (options.output) {
    case 'json':
      return `${jsonAsCalled(intentsDocument(result, semantics, { asked }))}\n`;
    case 'md':
    case 'csv': {
      const { intentsCsv, intentsMarkdown } = await import('../../report/intents-tables.ts');
      const report = intentsDocument(result, semantics, { asked });
      return options.output === 'md' ? intentsMarkdown(report) : intentsCsv(report);
    }
    case 'tap': {
      const { intentsTap } = await import('../../report/intents-tap.ts');
      return intentsTap(intentsDocument(result, semantics, { asked }));
    }
    case 'junit': {
      const { intentsJunit } = await import('../../report/intents-junit.ts');
      const explained = { asked, mostExplained: Number.POSITIVE_INFINITY, isEachExplained: true };
      return intentsJunit(intentsDocument(result, semantics, explained), suiteName(words));
    }
    case 'text': {
      const { intentsText, MOST_TOLD } = await import('../../report/intents-text.ts');
      const explained = { asked, mostExplained: verbose ? Number.POSITIVE_INFINITY : MOST_TOLD, isEachExplained: verbose };
      const how: IntentsTextOptions = { paint: painter(options), asked: words, verbose, quiet: options.quiet === true };
      return intentsText(intentsDocument(result, semantics, explained), how);
    }
  }
}

async function record(files: readonly string[], options: TestOptions): Promise<void> {
  if (files.length > 0) throw mistake('record-and-file', { file: files[0] ?? '' });
  const { cluster, semantics, choice } = await load(options);
  const { MOST_PAIRS, recordIntents } = await import('../../question/intents-record.ts');
  const inside = options.in ?? [];
  const [unknown] = inside.filter((name) => !cluster.namespaces.has(name));
  if (unknown !== undefined) {
    const { nearest } = await import('../../profile/nearest.ts');
    throw mistake('unknown-namespace', { name: unknown, near: nearest(unknown, [...cluster.namespaces.keys()]) });
  }
  const recording = recordIntents(cluster, semantics, inside);
  if ('tooMany' in recording) throw mistake('too-many-pairs', { pairs: recording.tooMany, most: MOST_PAIRS });
  const { recordedFile } = await import('../../answer/recording.ts');
  const { recordingYaml } = await import('../../report/intents-yaml.ts');
  process.stdout.write(recordingYaml(recordedFile(recording, choice.name)));
}

function positive(text: string): number {
  const value = Number(text.replace(/s$/, ''));
  if (!Number.isInteger(value) || value < 1 || value > 1000) throw new InvalidArgumentError(HELP.positive);
  return value;
}

/** A line on stderr that counts, when a person looks on and it takes over half a second. */
function progress(options: TestOptions, what: 'packets' | 'pods'): { onProgress?: (done: number, all: number) => void } {
  if (process.stderr.isTTY !== true || options.quiet === true) return {};
  const begun = performance.now();
  return {
    onProgress: (done, all) => {
      if (performance.now() - begun < 500) return;
      process.stderr.write(done === all ? '\r\x1b[K' : `\r${countingWords(done, all, what)}`);
    },
  };
}
