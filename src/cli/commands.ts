// The commands, as a list that a person reads: help, completion and the docs come from it. A command's module is
// loaded only when it is called, so that `why` does not pay for `prove`.
import type { Command } from 'commander';
import type { COMMAND_GROUPS, SUMMARIES } from '../words/en/cli/commands.ts';

export interface CommandEntry {
  readonly name: keyof typeof SUMMARIES;
  /** Its heading in the help of the program. */
  readonly group: keyof typeof COMMAND_GROUPS;
  readonly load: () => Promise<(program: Command) => void>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'why',
    group: 'ask',
    load: () => import('./commands/why.ts').then((module) => module.registerWhy),
  },
  {
    name: 'describe',
    group: 'ask',
    load: () => import('./commands/describe.ts').then((module) => module.registerDescribe),
  },
  {
    name: 'map',
    group: 'ask',
    load: () => import('./commands/map.ts').then((module) => module.registerMap),
  },
  {
    name: 'verdicts',
    group: 'ask',
    load: () => import('./commands/verdicts.ts').then((module) => module.registerVerdicts),
  },
  {
    name: 'serve',
    group: 'ask',
    load: () => import('./commands/serve.ts').then((module) => module.registerServe),
  },
  {
    name: 'lint',
    group: 'check',
    load: () => import('./commands/lint.ts').then((module) => module.registerLint),
  },
  {
    name: 'test',
    group: 'check',
    load: () => import('./commands/test.ts').then((module) => module.registerTest),
  },
  {
    name: 'diff',
    group: 'check',
    load: () => import('./commands/diff.ts').then((module) => module.registerDiff),
  },
  {
    name: 'fix',
    group: 'change',
    load: () => import('./commands/fix.ts').then((module) => module.registerFix),
  },
  {
    name: 'baseline',
    group: 'change',
    load: () => import('./commands/baseline.ts').then((module) => module.registerBaseline),
  },
  {
    name: 'simplify',
    group: 'change',
    load: () => import('./commands/simplify.ts').then((module) => module.registerSimplify),
  },
  {
    name: 'rollout',
    group: 'change',
    load: () => import('./commands/rollout.ts').then((module) => module.registerRollout),
  },
  {
    name: 'prove',
    group: 'prove',
    load: () => import('./commands/prove.ts').then((module) => module.registerProve),
  },
  {
    name: 'lab',
    group: 'prove',
    load: () => import('./commands/lab.ts').then((module) => module.registerLab),
  },
  {
    name: 'demo',
    group: 'prove',
    load: () => import('./commands/demo.ts').then((module) => module.registerDemo),
  },
  {
    name: 'cni',
    group: 'cluster',
    load: () => import('./commands/cni.ts').then((module) => module.registerCni),
  },
  {
    name: 'probe',
    group: 'cluster',
    load: () => import('./commands/probe.ts').then((module) => module.registerProbe),
  },
  {
    name: 'snapshot',
    group: 'cluster',
    load: () => import('./commands/snapshot.ts').then((module) => module.registerSnapshot),
  },
  {
    name: 'rbac',
    group: 'cluster',
    load: () => import('./commands/rbac.ts').then((module) => module.registerRbac),
  },
  {
    name: 'completion',
    group: 'shell',
    load: () => import('./commands/completion.ts').then((module) => (program) => module.registerCompletion(program, everyCommand)),
  },
];

/** The whole program with every command in it: for completion and for the docs, which look at all flags. */
export async function everyCommand(): Promise<Command> {
  const [{ Command }, { withHelpLayout }] = await Promise.all([import('commander'), import('./help-layout.ts')]);
  const program = withHelpLayout(new Command('netverdict'));
  for (const entry of COMMANDS) (await entry.load())(program);
  return program;
}
