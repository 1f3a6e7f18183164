// Changes a lab while it is up and connections are open: policies by the smallest delta on every node, Services and names whole.
// Who is there cannot change; that needs another lab.
import { Failure } from '../failure.ts';
import { type Change, delta } from '../nft/delta.ts';
import { printChanges } from '../nft/print.ts';
import type { Ruleset } from '../nft/ruleset.ts';
import { fits } from '../nft/stages.ts';
import type { Control } from './netns-control.ts';
import type { LabPlan } from './netns-plan.ts';
import { loadRules, netlinkBuffer } from './netns-raise.ts';
import { servicesTable } from './netns-services.ts';
import type { LabContent } from './netns-up.ts';
import type { Tools } from './tools.ts';

export interface Changed {
  /** Changes to elements, chains and so on, over all nodes. */
  readonly changes: number;
  /** How the tables are called from now on, by node; a change too large for one transaction takes the other name. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
}

/** `tables`: what they are called now, in the order of `rules`. Failures: `lab-pods-changed` before anything is done, `command-failed`. */
export async function changeLab(
  control: Control,
  tools: Tools,
  before: LabContent,
  after: LabContent,
  tables: Changed['tables'],
  rootless: boolean,
): Promise<Changed> {
  refuseOtherPods(before.plan, after.plan);
  let count = 0;
  const names: Record<string, readonly string[]> = {};
  const buffer = netlinkBuffer(rootless);
  await Promise.all(
    after.plan.nodes.map(async ({ id }) => {
      const own: string[] = [];
      for (const [i, ruleset] of (after.rules.get(id) ?? []).entries()) {
        const table = tables[id]?.[i] ?? ruleset.table;
        const changes = delta(named(before.rules.get(id)?.[i] ?? ruleset, table), named(ruleset, table));
        count += changes.length;
        own.push(await putInForce(control, tools, id, named(ruleset, table), changes, buffer, rootless));
      }
      names[id] = own;
      const text = servicesTable(after.services);
      if (text !== servicesTable(before.services)) {
        await control.run(id, tools.nft, ['-f', '-'], text);
        count++;
      }
    }),
  );
  const dns = after.plan.pods.filter(({ listeners }) => listeners.some(({ role }) => role === 'dns'));
  await Promise.all(dns.map(({ id }) => control.to(id, { op: 'zone', zone: after.zone })));
  return { changes: count, tables: names };
}

/** Gives the name of the table that is in force now. */
async function putInForce(
  control: Control,
  tools: Tools,
  node: string,
  ruleset: Ruleset,
  changes: readonly Change[],
  buffer: number,
  rootless: boolean,
): Promise<string> {
  const { table } = ruleset;
  if (fits(changes, buffer)) {
    if (changes.length > 0) await control.run(node, tools.nft, ['-f', '-'], printChanges(table, changes));
    return table;
  }
  const other = table.endsWith('.other') ? table.slice(0, -'.other'.length) : `${table}.other`;
  await loadRules(control, tools, node, named(ruleset, other), rootless, table);
  return other;
}

function named(ruleset: Ruleset, table: string): Ruleset {
  return { ...ruleset, table };
}

function refuseOtherPods(before: LabPlan, after: LabPlan): void {
  // Services come and go, and with them where a pod that declares no port would listen: that is not a change of pods.
  const shape = ({ ref, hostNetwork, addresses, node }: LabPlan['pods'][number], { nodes }: LabPlan) =>
    JSON.stringify([hostNetwork, addresses, nodes.find(({ id }) => id === node)?.name, ref]);
  const old = new Map(before.pods.map((pod) => [pod.ref, shape(pod, before)]));
  const now = new Map(after.pods.map((pod) => [pod.ref, shape(pod, after)]));
  const different = [
    ...[...now].filter(([ref, text]) => old.get(ref) !== text).map(([ref]) => ref),
    ...[...old.keys()].filter((ref) => !now.has(ref)),
  ];
  if (different.length === 0) return;
  throw new Failure('lab-pods-changed', { pods: different });
}
