// The lab that is kept: filled with rules, servers and names, remembered in its folder, and ended by whoever asks.
import { readFileSync } from 'node:fs';
import { Failure } from '../failure.ts';
import type { Ruleset } from '../nft/ruleset.ts';
import type { Zone } from './dns-zone.ts';
import { type Control, openControl } from './netns-control.ts';
import { childrenOf, isZombie, type LabState, labFolder, parentOf, removeFolder, startOf, stateOf, writeState } from './netns-place.ts';
import type { LabListener, LabPlan, LabService } from './netns-plan.ts';
import { loadRules, type Raised, raise } from './netns-raise.ts';
import { servicesTable } from './netns-services.ts';
import { OUTSIDE_PORT, outsideTable } from './netns-wiring.ts';

export interface LabContent {
  readonly plan: LabPlan;
  readonly services: readonly LabService[];
  readonly zone: Zone;
  /** Per node id, every table that hangs on it. */
  readonly rules: ReadonlyMap<string, readonly Ruleset[]>;
}

export interface BuiltLab<Data> {
  readonly state: LabState<Data>;
  /** Listeners that could not be opened: two pods in one node's network that want one port. */
  readonly failed: readonly { readonly ref: string; readonly listener: LabListener; readonly code: string }[];
}

/** Builds it, and comes back when it stands. `signal`: an interruption; then nothing is left. Failures: those of `raise`. */
export function labUp<Data>(name: string, content: LabContent, data: Data, signal: AbortSignal): Promise<BuiltLab<Data>> {
  return raise(name, content.plan, (raised) => fill(name, raised, content, data), { signal });
}

async function fill<Data>(name: string, raised: Raised, { plan, services, zone, rules }: LabContent, data: Data): Promise<BuiltLab<Data>> {
  const { control, tools, rootless, supervisor, pids } = raised;
  await Promise.all([
    control.run(plan.outside.id, tools.nft, ['-f', '-'], outsideTable(plan.outside)),
    ...plan.nodes.map(async ({ id }) => {
      await control.run(id, tools.nft, ['-f', '-'], servicesTable(services));
      for (const ruleset of rules.get(id) ?? []) await loadRules(control, tools, id, ruleset, rootless);
    }),
  ]);
  const failed = await serve(control, plan, zone);
  const [unshare] = childrenOf(supervisor);
  const [holder] = unshare === undefined ? [] : childrenOf(unshare);
  if (holder === undefined) throw new Failure('lab-ended', { when: 'made' });
  const state: LabState<Data> = { name, holder, holderStarted: startOf(holder), rootless, pids, data };
  writeState(state);
  await control.ask({ op: 'keep' });
  control.close();
  return { state, failed };
}

async function serve(control: Control, plan: LabPlan, zone: Zone): Promise<BuiltLab<unknown>['failed']> {
  const outside = (['TCP', 'UDP'] as const).map((protocol) => ({ protocol, port: OUTSIDE_PORT, role: 'app' }) as const);
  const [found] = await Promise.all([
    Promise.all(
      plan.pods.map(async ({ id, ref, listeners }) => {
        if (listeners.some(({ role }) => role === 'dns')) await control.to(id, { op: 'zone', zone });
        const { failed } = await control.to(id, { op: 'serve', name: ref, listeners });
        return failed.map((each) => ({ ref, ...each }));
      }),
    ),
    control.to(plan.outside.id, { op: 'serve', name: 'outside', listeners: outside }),
  ]);
  return found.flat();
}

/** The command line of both names the folder. */
function isOurs(pid: number, folder: string): boolean {
  try {
    return pid > 1 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(folder);
  } catch {
    return false;
  }
}

/** Ends it and waits until its processes are gone. Failure `lab-not-up`. */
export async function labDown(name: string): Promise<void> {
  const { holder, holderStarted } = stateOf(name);
  const folder = labFolder(name);
  const unshare = parentOf(holder);
  // Whose supervisor was killed has init for a parent, which stays.
  const supervisors = [unshare, parentOf(unshare)].filter((pid) => isOurs(pid, folder));
  try {
    const control = await openControl(folder);
    await control.ask({ op: 'down' });
    control.close();
  } catch {
    // It does not listen any more; the harder way is below.
  }
  const isUp = () => (startOf(holder) === holderStarted && !isZombie(holder)) || supervisors.some((pid) => !isZombie(pid));
  for (let i = 0; i < 200 && isUp(); i++) {
    if (i === 100) process.kill(holder, 'SIGKILL');
    await new Promise((done) => setTimeout(done, 20));
  }
  removeFolder(folder);
}
