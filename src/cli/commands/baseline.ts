// `baseline`: policies that close namespaces and let through what their manifests declare, checked before they are printed.

import { type Command, Option } from 'commander';
import type { AdmissionWish } from '../../answer/admission.ts';
import { baselineDocument, baselineSummary, commentedPolicies } from '../../answer/baseline.ts';
import { Failure } from '../../failure.ts';
import { type Ip, parseIp } from '../../net/ip.ts';
import { nearest } from '../../profile/nearest.ts';
import { type Baseline, baseline, isSystemNamespace, isWhole, usualNamespaces } from '../../question/baseline.ts';
import type { DnsKind } from '../../question/baseline-dns.ts';
import { baselineText } from '../../report/baseline-text.ts';
import { HELP } from '../../words/en/cli/baseline.ts';
import { formatOption } from '../help-layout.ts';
import { type InputOptions, type Loaded, load, painter, withInput } from '../input.ts';
import { mistake } from '../mistake.ts';
import { jsonAsCalled } from '../program-name.ts';

interface BaselineFlags extends InputOptions {
  readonly output: 'yaml' | 'json' | 'gatekeeper' | 'kyverno' | 'vap' | 'kustomize';
  readonly dns: DnsKind;
  readonly ingressController?: string;
  readonly monitoring?: string;
  readonly apiServer?: readonly string[];
  readonly existing?: boolean;
  readonly requireLabel?: readonly string[];
  /** False with --no-host-network. */
  readonly hostNetwork: boolean;
  readonly kyverno?: string;
  readonly out?: string;
}

export function registerBaseline(program: Command): void {
  withInput(program.command('baseline [namespaces...]'))
    .description(HELP.description)
    .addOption(formatOption(['yaml', 'json', 'kyverno', 'vap', 'gatekeeper', 'kustomize'], HELP.output))
    .option('--out <folder>', HELP.out)
    .addOption(new Option('--dns <kind>', HELP.dns).choices(['auto', 'kube-dns', 'openshift', 'node-local']).default('auto'))
    .option('--ingress-controller <namespace>', HELP.ingressController)
    .option('--monitoring <namespace>', HELP.monitoring)
    .option('--api-server <address>', HELP.apiServer, (value: string, before: readonly string[] = []) => [...before, value])
    .option('--existing', HELP.existing)
    .option('--require-label <key>', HELP.requireLabel, (key: string, before: readonly string[] = []) => [...before, labelKey(key)])
    .option('--no-host-network', HELP.noHostNetwork)
    .option('--kyverno <version>', HELP.kyverno)
    .addHelpText('after', HELP.after)
    .action(run);
}

async function run(names: readonly string[], options: BaselineFlags): Promise<void> {
  if (options.output === 'kustomize' && options.out === undefined) throw mistake('no-folder', {});
  if ((options.output === 'vap' || options.output === 'gatekeeper') && options.out === undefined) {
    // The same for every cluster.
    process.stdout.write(await admissionText(options.output, options));
    return;
  }
  const loaded = await load(options);
  const made = baseline(loaded.cluster, loaded.choice, {
    namespaces: namespacesOf(names, loaded),
    dns: options.dns,
    ingressController: options.ingressController,
    monitoring: options.monitoring,
    apiServer: (options.apiServer ?? []).map(addressOf),
  });
  if (options.out === undefined) process.stdout.write(await textOf(made, loaded, options));
  else await writeFolder(options.out, await filesOf(made, loaded, options));
  if (options.quiet !== true) {
    const document = baselineDocument(made, loaded.semantics.name);
    process.stderr.write(baselineText(document, baselineSummary(made), painter(options, process.stderr)));
  }
  process.exitCode = isWhole(made) ? 0 : 2;
}

function addressOf(text: string): Ip {
  const ip = parseIp(text);
  if (ip === undefined) throw mistake('no-address', { text });
  return ip;
}

function namespacesOf(names: readonly string[], { cluster }: Loaded): readonly string[] {
  if (names.length === 0) {
    const usual = usualNamespaces(cluster);
    if (usual.length > 0) return usual;
    throw mistake('no-namespace', {});
  }
  for (const name of names) {
    if (!cluster.namespaces.has(name)) {
      throw mistake('unknown-namespace', { name, near: nearest(name, [...cluster.namespaces.keys()]) });
    }
    if (isSystemNamespace(name)) throw mistake('system-namespace', { name });
  }
  return [...new Set(names)].sort();
}

async function admissionText(output: 'vap' | 'gatekeeper', options: BaselineFlags): Promise<string> {
  const wish = wishOf(options);
  const { objectsYaml } = await import('../../report/baseline-yaml.ts');
  if (output === 'vap') return objectsYaml((await import('../../answer/admission-vap.ts')).vapObjects(wish));
  return objectsYaml((await import('../../answer/admission-gatekeeper.ts')).gatekeeperObjects(wish));
}

function wishOf({ monitoring, existing, requireLabel = [], hostNetwork }: BaselineFlags): AdmissionWish {
  return { monitoring, existing, requiredLabels: [...new Set(requireLabel)], refuseHostNetwork: !hostNetwork };
}

/** It goes into expressions: what the API server does not take as a label key is refused here. */
function labelKey(text: string): string {
  if (/^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(text)) return text;
  throw mistake('no-label', { text });
}

async function textOf(made: Baseline, { semantics }: Loaded, options: BaselineFlags): Promise<string> {
  const { output } = options;
  switch (output) {
    case 'json':
      return `${jsonAsCalled(baselineDocument(made, semantics.name))}\n`;
    case 'kyverno': {
      const [{ kyvernoObjects }, { objectsYaml }] = await Promise.all([
        import('../../answer/admission-kyverno.ts'),
        import('../../report/baseline-yaml.ts'),
      ]);
      return objectsYaml(kyvernoObjects(made, { ...wishOf(options), version: options.kyverno }));
    }
    case 'gatekeeper':
    case 'vap':
      return admissionText(output, options);
    default: {
      const { commentedYaml } = await import('../../report/baseline-yaml.ts');
      return commentedYaml(commentedPolicies(made.policies));
    }
  }
}

async function filesOf(made: Baseline, loaded: Loaded, options: BaselineFlags): Promise<ReadonlyMap<string, string>> {
  const { output } = options;
  if (output === 'kustomize') {
    const [{ kustomizeComponent }, { commentedYaml, objectsYaml }] = await Promise.all([
      import('../../question/baseline-objects.ts'),
      import('../../report/baseline-yaml.ts'),
    ]);
    const { component, files } = kustomizeComponent(made);
    const policies = [...files].map(([name, list]): [string, string] => [name, commentedYaml(commentedPolicies(list))]);
    return new Map([['kustomization.yaml', objectsYaml([component])], ...policies]);
  }
  if (output !== 'yaml') return new Map([[output === 'json' ? 'baseline.json' : `${output}.yaml`, await textOf(made, loaded, options)]]);
  const [{ kustomizeComponent }, { commentedYaml }] = await Promise.all([
    import('../../question/baseline-objects.ts'),
    import('../../report/baseline-yaml.ts'),
  ]);
  return new Map([...kustomizeComponent(made).files].map(([name, list]) => [name, commentedYaml(commentedPolicies(list))]));
}

/** Nothing that is there is written over. */
async function writeFolder(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const { mkdir, readdir, writeFile } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const present = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw mistake('folder-unreadable', { folder, reason: error.message }, error);
  });
  if (present.length > 0) throw mistake('folder-not-empty', { folder });
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, text] of files) await writeFile(join(folder, name), text, { flag: 'wx' });
  } catch (error) {
    throw new Failure('cannot-write', { path: folder, reason: (error as Error).message }, { cause: error });
  }
}
