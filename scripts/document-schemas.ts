// Which document types have a published schema. A new document: its interface in src/answer/documents, a line here, `npm run docs`.
import { fileURLToPath } from 'node:url';
import { schemaOf } from './schema-of.ts';

/** Name of the schema → where its type is declared. */
const DOCUMENTS: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  baseline: { file: 'baseline.ts', type: 'BaselineDocument' },
  'cni-report': { file: 'cni-report.ts', type: 'CniReportDocument' },
  'connectivity-diff': { file: 'connectivity-diff.ts', type: 'ConnectivityDiff' },
  'connectivity-map': { file: 'connectivity-map.ts', type: 'ConnectivityMap' },
  description: { file: 'description.ts', type: 'DescriptionDocument' },
  explanation: { file: 'explanation.ts', type: 'ExplanationDocument' },
  fixes: { file: 'fixes.ts', type: 'FixesDocument' },
  'intents-report': { file: 'intents-report.ts', type: 'IntentsReportDocument' },
  'lab-change': { file: 'lab.ts', type: 'LabChangeDocument' },
  'lab-probe': { file: 'lab.ts', type: 'LabProbeDocument' },
  'lab-status': { file: 'lab.ts', type: 'LabStatusDocument' },
  'lint-report': { file: 'lint-report.ts', type: 'LintReportDocument' },
  posture: { file: 'posture.ts', type: 'PostureDocument' },
  'probe-result': { file: 'probe-result.ts', type: 'ProbeResultDocument' },
  proof: { file: 'proof.ts', type: 'ProofDocument' },
  'no-answer': { file: 'no-answer.ts', type: 'NoAnswerDocument' },
  'reached-ends': { file: 'reached-ends.ts', type: 'ReachedEndsDocument' },
  rollout: { file: 'rollout.ts', type: 'RolloutDocument' },
  simplification: { file: 'simplification.ts', type: 'SimplificationDocument' },
  'verdict-answer': { file: 'verdicts.ts', type: 'VerdictAnswer' },
  'verdict-question': { file: 'verdicts.ts', type: 'VerdictQuestion' },
};

const folder = fileURLToPath(new URL('../src/answer/documents/', import.meta.url));

/** One generated file for each: `{ path: 'schemas/explanation.schema.json', make }`. */
export const documentSchemas = Object.entries(DOCUMENTS).map(([name, { file, type }]) => ({
  path: `schemas/${name}.schema.json`,
  make: () => `${JSON.stringify(schemaOf(`${folder}${file}`, type, name), null, 2)}\n`,
}));
