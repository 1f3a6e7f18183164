// Runs action.yml as GitHub's runner would: inputs with their defaults, expressions, conditions, outputs from step to step. Only steps that
// run a script; a step that uses another action is listed, not run.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { builtCli, root } from '../cli-process.ts';

interface Step {
  readonly id?: string;
  readonly name: string;
  readonly if?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export const action: Action = load(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;

export interface ActionRun {
  readonly status: number;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Actions that would have been called, with what they would have been given. */
  readonly uses: readonly { readonly action: string; readonly with: Readonly<Record<string, string>> }[];
  /** Steps that ran a script, by name. */
  readonly steps: readonly string[];
}

/** In the repository at `folder`, for an event as GitHub writes it. `env`: more variables of the runner. */
export async function runAction(
  folder: string,
  event: object,
  inputs: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<ActionRun> {
  const runner = mkdtempSync(join(tmpdir(), 'netverdict-runner-'));
  try {
    const file = (name: string, text = '') => {
      const path = join(runner, name);
      writeFileSync(path, text);
      return path;
    };
    mkdirSync(join(runner, 'temp'));
    const given: Record<string, string> = { program: builtCli(), ...inputs };
    for (const name of Object.keys(given)) if (!(name in action.inputs)) throw new Error(`the action has no input \`${name}\``);
    const known = new Map<string, string>([['github.token', 'a-token']]);
    for (const [name, { default: usual }] of Object.entries(action.inputs))
      known.set(`inputs.${name}`, given[name] ?? filled(usual, known));
    const summary = file('summary');
    const uses: { readonly action: string; readonly with: Readonly<Record<string, string>> }[] = [];
    const steps: string[] = [];
    let log = '';
    let status = 0;
    for (const [i, step] of action.runs.steps.entries()) {
      if (step.if !== undefined && !holds(step.if, known)) continue;
      if (step.uses !== undefined) {
        uses.push({ action: step.uses, with: filledAll(step.with ?? {}, known) });
        continue;
      }
      const output = file(`output-${i}`);
      const ran = await shell(filled(step.run ?? '', known), folder, {
        ...env,
        ...filledAll(step.env ?? {}, known),
        GITHUB_ACTION_PATH: root,
        GITHUB_EVENT_PATH: file('event.json', JSON.stringify(event)),
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        RUNNER_TEMP: join(runner, 'temp'),
      });
      steps.push(step.name);
      log += ran.log;
      for (const line of readFileSync(output, 'utf8').split('\n')) {
        const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(line) ?? [];
        if (name !== '') known.set(`steps.${step.id}.outputs.${name}`, value);
      }
      if (ran.status !== 0) {
        status = ran.status;
        break;
      }
    }
    const outputs = Object.fromEntries(Object.entries(action.outputs).map(([name, { value }]) => [name, filled(value, known)]));
    return { status, log, summary: readFileSync(summary, 'utf8'), outputs, uses, steps };
  } finally {
    rmSync(runner, { recursive: true, force: true });
  }
}

/** `bash -e -o pipefail`, as the runner starts `shell: bash`. */
export function shell(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly log: string }> {
  return new Promise((done, fail) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, LC_ALL: 'C.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString('utf8')));
    child.on('error', fail);
    child.on('close', (status) => done({ status: status ?? -1, log }));
  });
}

function filled(text: string, known: ReadonlyMap<string, string>): string {
  return `${text}`.replace(/\$\{\{ *(.*?) *\}\}/g, (_, name: string) => known.get(name) ?? '');
}

function filledAll(texts: Readonly<Record<string, string>>, known: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, filled(text, known)]));
}

/** `inputs.comment == 'true' && steps.check.outputs.comment-file != ''`. */
function holds(condition: string, known: ReadonlyMap<string, string>): boolean {
  return condition.split(' && ').every((part) => {
    const [, name = '', sign, value] = /^([\w.-]+) (==|!=) '(.*)'$/.exec(part.trim()) ?? [];
    if (sign === undefined) throw new Error(`this runner does not know \`${part}\``);
    return ((known.get(name) ?? '') === value) === (sign === '==');
  });
}
