// `rbac`: the least rights, as YAML for `kubectl apply -f -`.

import type { Command } from 'commander';
import { jsonText } from '../../question/json-text.ts';
import { clusterRole, clusterRoleYaml, type RoleOptions, type RoleSubject } from '../../source/cluster-role.ts';
import { HELP } from '../../words/en/cli/rbac.ts';
import { formatOption } from '../help-layout.ts';
import { mistake } from '../mistake.ts';

interface Options {
  readonly name: string;
  readonly watch?: boolean;
  readonly probe?: string | true;
  readonly user?: string;
  readonly group?: string;
  readonly serviceaccount?: string;
  readonly output: string;
}

const PROBES = ['debug', 'exec', 'throwaway'] as const;

export function registerRbac(program: Command): void {
  program
    .command('rbac')
    .description(HELP.description)
    .option('--watch', HELP.watch)
    .option('--probe [way]', HELP.probe(PROBES.join(', ')))
    .option('--user <name>', HELP.user)
    .option('--group <name>', HELP.group)
    .option('--serviceaccount <namespace:name>', HELP.serviceaccount)
    .option('--name <name>', HELP.name, 'netverdict')
    .addOption(formatOption(['yaml', 'json']))
    .addHelpText('after', HELP.after)
    .action((options: Options) => {
      const role = clusterRole({ watch: options.watch === true, ...probeOf(options.probe) }, options.name);
      const subject = subjectOf(options);
      process.stdout.write(options.output === 'json' ? `${jsonText(role)}\n` : clusterRoleYaml(role, subject));
    });
}

function probeOf(given: Options['probe']): Pick<RoleOptions, 'probe'> {
  if (given === undefined) return {};
  const way = PROBES.find((each) => each === (given === true ? 'debug' : given));
  if (way === undefined) throw mistake('unknown-probe', { way: String(given), ways: PROBES });
  return { probe: way };
}

function subjectOf({ user, group, serviceaccount }: Options): RoleSubject | undefined {
  if (user !== undefined) return { kind: 'User', name: user };
  if (group !== undefined) return { kind: 'Group', name: group };
  if (serviceaccount === undefined) return undefined;
  const [namespace = '', name = ''] = serviceaccount.split(':');
  if (namespace === '' || name === '') throw mistake('bad-service-account', { text: serviceaccount });
  return { kind: 'ServiceAccount', namespace, name };
}
