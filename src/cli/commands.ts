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
    name: 'demo',
    summary: 'a bundled outage, from symptom to mended manifests',
    load: () => import('./commands/demo.ts').then((module) => module.registerDemo),
  },
];
