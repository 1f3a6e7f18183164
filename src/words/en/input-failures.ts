// What is said when the input cannot be used: a profile nobody knows, a configuration that cannot be read, states with nothing in them.
import type { Said } from './said.ts';

/** `near`: names that were perhaps meant; `all`: every name there is. */
export function unknownProfile(name: string, near: readonly string[], all: readonly string[]): Said {
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `there are ${all.join(', ')}`;
  return { text: `no CNI profile is called \`${name}\``, hint };
}

const HOLDS = {
  profiles: 'it contains `profiles: { NAME: { like: calico, cells: { … } } }`',
  config: 'it contains `lint: { rules: { … }, ignore: [ … ] }`',
} as const;

export function unreadable(what: keyof typeof HOLDS, file: string): Said {
  return { text: `cannot read ${file}`, hint: HOLDS[what] };
}

/** `where`: `my-profiles.yaml:3:1`; `what`: the first line of what the YAML reader says. */
export function notYaml(where: string, what: string): Said {
  return { text: `${where}: not YAML: ${what}` };
}

export function badConfig(file: string, what: string): Said {
  return { text: `${file}: ${what}`, hint: 'it must be YAML' };
}

export function badWorkloads(file: string): Said {
  return {
    text: `${file}: each entry of \`workloads\` needs a kind and the path of its pod template`,
    hint: 'workloads: [{ kind: Widget, group: example.com, template: spec.runtime.pod }]',
  };
}

export const SEE_PROFILES = 'see docs/cni-profiles.md';

/** Of two states that were to be compared. */
export function bothEmpty(base: string, head: string): Said {
  return { text: `neither \`${base}\` nor \`${head}\` contains a Kubernetes object`, hint: 'name folders or files with manifests' };
}

export function stdinTwice(): Said {
  return { text: 'only one of the states can come from standard input', hint: 'write the other one to a file' };
}

/** Behind the name of a state. */
export const STAGED_ENFORCED = 'with staged policies enforced';

export function nothingStaged(): Said {
  return {
    text: 'the input has no staged policies',
    hint: 'staged policies are Calico’s StagedNetworkPolicy, StagedGlobalNetworkPolicy and StagedKubernetesNetworkPolicy',
  };
}

export function nothingToApply(paths: readonly string[]): Said {
  return { text: `no Kubernetes object was found in ${paths.join(', ')}`, hint: 'name the files or folders that would be applied' };
}
