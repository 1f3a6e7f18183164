// The commands, as a list that a person reads: help, completion and the docs come from it. A command's module is
// loaded only when it is called, so that `why` does not pay for `prove`.
import type { Command } from 'commander';

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<(program: Command) => void>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'why',
    summary: 'why is this connection denied, or allowed? Names the policies, the rule that came nearest and what differs',
    load: () => import('./commands/why.ts').then((module) => module.registerWhy),
  },
  {
    name: 'describe',
    summary: 'what one policy means, or all policies on one pod, in plain words',
    load: () => import('./commands/describe.ts').then((module) => module.registerDescribe),
  },
  {
    name: 'map',
    summary: 'every allowed connection between workloads, the outside and ingress controllers',
    load: () => import('./commands/map.ts').then((module) => module.registerMap),
  },
  {
    name: 'verdicts',
    summary: 'answer many questions: one JSON line in, one JSON line out',
    load: () => import('./commands/verdicts.ts').then((module) => module.registerVerdicts),
  },
  {
    name: 'lint',
    summary: 'findings in policies and cluster, each with a page; --fix',
    load: () => import('./commands/lint.ts').then((module) => module.registerLint),
  },
  {
    name: 'fix',
    summary: 'the smallest edits that allow (or deny) a connection, and what else each of them opens',
    load: () => import('./commands/fix.ts').then((module) => module.registerFix),
  },
  {
    name: 'diff',
    summary: 'what a change of manifests opens, closes and leaves unprotected; folders, files, git revisions',
    load: () => import('./commands/diff.ts').then((module) => module.registerDiff),
  },
  {
    name: 'test',
    summary: 'who must reach whom, and who must not: intents against the model, a kernel or a live cluster; --record pins what is so now',
    load: () => import('./commands/test.ts').then((module) => module.registerTest),
  },
  {
    name: 'baseline',
    summary: 'default-deny, DNS, and the least policies for the connections that the manifests declare',
    load: () => import('./commands/baseline.ts').then((module) => module.registerBaseline),
  },
  {
    name: 'demo',
    summary: 'a bundled outage, from symptom to a proven fix',
    load: () => import('./commands/demo.ts').then((module) => module.registerDemo),
  },
  {
    name: 'prove',
    summary: 'hold the verdicts against packets on a real kernel, without cluster and without root',
    load: () => import('./commands/prove.ts').then((module) => module.registerProve),
  },
  {
    name: 'lab',
    summary: 'the same laboratory kept up, to try things in: a namespace per pod, DNS, Services, live policy changes',
    load: () => import('./commands/lab.ts').then((module) => module.registerLab),
  },
  {
    name: 'cni',
    summary: 'which CNI, does it enforce, which profile, what is unhealthy',
    load: () => import('./commands/cni.ts').then((module) => module.registerCni),
  },
  {
    name: 'probe',
    summary: 'the same question, asked of a live cluster from the source pod itself',
    load: () => import('./commands/probe.ts').then((module) => module.registerProbe),
  },
  {
    name: 'snapshot',
    summary: 'write what a cluster tells to one file, without secrets, to be looked at elsewhere',
    load: () => import('./commands/snapshot.ts').then((module) => module.registerSnapshot),
  },
  {
    name: 'rbac',
    summary: 'the least ClusterRole that reading a cluster needs',
    load: () => import('./commands/rbac.ts').then((module) => module.registerRbac),
  },
  {
    name: 'completion',
    summary: 'completions for bash, zsh and fish',
    load: () => import('./commands/completion.ts').then((module) => (program) => module.registerCompletion(program, everyCommand)),
  },
];

/** The whole program with every command in it: for completion and for the docs, which look at all flags. */
export async function everyCommand(): Promise<Command> {
  const { Command } = await import('commander');
  const program = new Command('netverdict');
  for (const entry of COMMANDS) (await entry.load())(program);
  return program;
}
