// Kubernetes' own NetworkPolicy test cases, restated as data in the corpus' k8s-e2e: one model of 3 x 3 pods, steps of policies, and
// for each port the complete list of blocked pairs. Makes of each step manifests and a list of verdicts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { InputText } from '../../src/manifest/load.ts';
import type { Protocol } from '../../src/net/port-set.ts';
import { sharedPath } from '../shared.ts';
import type { VerdictRow, Verdicts } from './expected.ts';

export interface E2eStep {
  /** `k8s-e2e/updated-policy step 2`. */
  readonly id: string;
  readonly texts: readonly InputText[];
  readonly expected: Verdicts;
}

interface Model {
  readonly namespaces: readonly { readonly name: string; readonly labels: object }[];
  readonly pods: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly labels: object;
    readonly ip: string;
    readonly ports: readonly object[];
  }[];
}

interface E2eCase {
  readonly name: string;
  readonly model: string;
  readonly steps: readonly {
    readonly policies: readonly object[];
    readonly podLabelOverrides?: Readonly<Record<string, object>>;
    readonly expected: readonly {
      readonly protocol: Protocol;
      readonly port: number;
      readonly blockedCount: number;
      readonly blocked: readonly string[];
    }[];
  }[];
}

/** `change` tells a person what differs from the step before. */
const STEP_KEYS = ['change', 'policies', 'podLabelOverrides', 'expected'];

/** `[]` when the corpus is not there. */
export function e2eSteps(): E2eStep[] {
  const folder = sharedPath('corpus', 'k8s-e2e');
  if (!existsSync(folder)) return [];
  const read = (file: string): unknown => parse(readFileSync(join(folder, file), 'utf8'));
  const model = read('model.yaml') as Model & { readonly name: string };
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && file !== 'model.yaml')
    .sort()
    .flatMap((file) => {
      const e2e = read(file) as E2eCase;
      if (e2e.model !== model.name) throw new Error(`${file} wants the model ${e2e.model}`);
      const strange = e2e.steps.flatMap(Object.keys).find((key) => !STEP_KEYS.includes(key));
      if (strange !== undefined) throw new Error(`${file} has a step with ${strange}, which is not read here`);
      return e2e.steps.map((step, i) => ({
        id: `k8s-e2e/${e2e.name}${e2e.steps.length > 1 ? ` step ${i + 1}` : ''}`,
        texts: [{ file, text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objectsOfStep(model, step) }) }],
        expected: { kind: 'verdicts', verdicts: verdictsOf(model, step.expected) },
      }));
    });
}

function objectsOfStep(model: Model, { policies, podLabelOverrides = {} }: E2eCase['steps'][number]): object[] {
  return [
    ...model.namespaces.map(({ name, labels }) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
    })),
    ...model.pods.map(({ namespace, name, labels, ip, ports }) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name, labels: podLabelOverrides[`${namespace}/${name}`] ?? labels },
      spec: { containers: [{ name: 'server', image: 'agnhost', ports }] },
      status: { podIP: ip, podIPs: [{ ip }] },
    })),
    ...policies,
  ];
}

function verdictsOf({ pods }: Model, expected: E2eCase['steps'][number]['expected']): VerdictRow[] {
  const refs = pods.map(({ namespace, name }) => `${namespace}/${name}`);
  return expected.flatMap(({ protocol, port, blocked, blockedCount }) => {
    if (blocked.length !== blockedCount) throw new Error(`${blocked.length} pairs are listed as blocked, ${blockedCount} are announced`);
    const pairs = refs.flatMap((src) => refs.filter((dst) => dst !== src).map((dst) => ({ src, dst, pair: `${src} -> ${dst}` })));
    const known = new Set(pairs.map(({ pair }) => pair));
    const stranger = blocked.find((pair) => !known.has(pair));
    if (stranger !== undefined) throw new Error(`no such pair in the model: ${stranger}`);
    return pairs.map(({ src, dst, pair }) => ({ src, dst, protocol, port, allowed: !blocked.includes(pair) }));
  });
}
