// The question and the answer of `why`, for the command and for its `--watch`: asked of a cluster that has been read, printed as was wanted.
import { whyDocument } from '../answer/why.ts';
import type { Loaded } from '../app/input.ts';
import type { Symptom } from '../explain/symptom.ts';
import { type WhyAnswer, why } from '../question/why.ts';
import { whyText } from '../report/why-text.ts';
import { badEnd } from './bad-end.ts';
import { type InputOptions, painter } from './input.ts';
import { jsonAsCalled } from './program-name.ts';

export interface WhyOptions extends InputOptions {
  readonly output: 'text' | 'json' | 'mermaid' | 'svg';
  readonly symptom?: Symptom;
  readonly watch?: boolean;
}

type Answer = Extract<WhyAnswer, { kind: 'answer' }>;
/** Rules that almost allowed it, in each direction, with --verbose. */
const MOST_NEAREST = 10;

type Asked = Pick<Loaded, 'cluster' | 'semantics' | 'namespace' | 'context'>;

/** As they were typed. */
export interface Ends {
  readonly from: string;
  readonly to: string;
}

/** Failure, with what was meant perhaps, when an end is none. */
export function answered({ cluster, semantics, namespace }: Asked, { from, to }: Ends, { symptom }: WhyOptions): Answer {
  const answer = why(cluster, semantics, { from, to, namespace, ...(symptom === undefined ? {} : { symptom }) });
  if (answer.kind === 'answer') return answer;
  throw badEnd(answer.errors);
}

/** What is printed, in the format that was asked for. Ends with a line break. */
export async function whyOutput(loaded: Asked, answer: Answer, ends: Ends, options: WhyOptions): Promise<string> {
  if (options.output === 'mermaid') {
    const { whyMermaid } = await import('../report/mermaid.ts');
    return whyMermaid(whyDocument(answer, loaded.semantics));
  }
  // What finds edits is only loaded where something stands in the way.
  const beside = needsFix(answer) ? (await import('./why-fixes.ts')).fixesBeside(loaded, ends, options, answer) : undefined;
  const isJson = options.output === 'json';
  const mostNearest = isJson || options.verbose !== true ? {} : { mostNearest: MOST_NEAREST };
  const evidence =
    isJson || options.verbose === true
      ? (await import('../question/evidence.ts')).evidenceOfEach(loaded.cluster, answer, options.context)
      : undefined;
  const document = whyDocument(answer, loaded.semantics, { fixes: beside?.fixes, evidence, ...mostNearest });
  if (options.output === 'svg') return (await import('../report/why-svg.ts')).whySvg(document);
  // One line for each answer where there will be more than one.
  if (isJson) return `${jsonAsCalled(document, options.watch === true)}\n`;
  const text = whyText(document, {
    paint: painter(options),
    mostMisses: options.verbose === true ? MOST_NEAREST : 1,
    commands: beside?.commands,
  });
  if (evidence === undefined) return text;
  return text + (await import('../report/evidence.ts')).evidenceLines(document, painter(options));
}

function needsFix({ outcome, connections }: Answer): boolean {
  return outcome !== 'allowed' || connections.some(({ dns }) => dns?.outcome === 'denied');
}
