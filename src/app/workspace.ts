// A workspace: what was meant is read once, and every question is asked of that state until it changes. What a page, a server or an editor
// holds in its hand. Each question loads what answers it when it is first asked.
import type { ConnectivityDiff } from '../answer/documents/connectivity-diff.ts';
import type { ConnectivityMap } from '../answer/documents/connectivity-map.ts';
import type { DescriptionDocument } from '../answer/documents/description.ts';
import type { ExplanationDocument } from '../answer/documents/explanation.ts';
import type { FixesDocument } from '../answer/documents/fixes.ts';
import type { LintReportDocument } from '../answer/documents/lint-report.ts';
import type { ProofDocument } from '../answer/documents/proof.ts';
import type { CniReport } from '../cni/report.ts';
import { Failure } from '../failure.ts';
import { clusterOf } from '../manifest/load.ts';
import { semanticsOf } from '../profile/choose.ts';
import { asReadBy } from '../program/in-force.ts';
import type { Baseline, BaselineOptions } from '../question/baseline.ts';
import type { IntentsRun, TooMany } from '../question/intents.ts';
import type { WhyQuestion } from '../question/why.ts';
import type { EndError } from '../route/obstacle.ts';
import { endErrorSentence } from '../words/en/end-error.ts';
import type { StatesWish } from './diff-states.ts';
import { decidedInput, type InputWish, type Loaded, loadInput, readObjects } from './input.ts';
import type { Ports } from './ports.ts';
import { profileFor } from './profile.ts';

type Ends = Pick<WhyQuestion, 'from' | 'to' | 'symptom'>;

/** What can be asked, and what comes back: documents (answer/documents), or the engine's facts where there is no document yet. */
export interface Questions {
  readonly why: { readonly question: Ends; readonly answer: ExplanationDocument };
  readonly fix: { readonly question: Ends & { readonly deny?: boolean; readonly most?: number }; readonly answer: FixesDocument };
  readonly map: { readonly question: { readonly exposure?: boolean }; readonly answer: ConnectivityMap };
  /** `policy`: `shop/cart-ingress`. */
  readonly describe: { readonly question: { readonly policy: string }; readonly answer: DescriptionDocument };
  /** A line of JSON as `{"from":"shop/frontend","to":"shop/cart","port":7070}`; undefined for an empty one. */
  readonly verdict: { readonly question: { readonly line: string }; readonly answer: string | undefined };
  readonly lint: { readonly question: Readonly<Record<string, never>>; readonly answer: LintReportDocument };
  readonly diff: { readonly question: Pick<StatesWish, 'compare' | 'render' | 'shared'>; readonly answer: ConnectivityDiff };
  readonly intents: { readonly question: { readonly files: readonly string[] }; readonly answer: IntentsRun | TooMany };
  readonly baseline: { readonly question: BaselineOptions; readonly answer: Baseline };
  readonly cni: { readonly question: Readonly<Record<string, never>>; readonly answer: CniReport };
  readonly prove: { readonly question: Readonly<Record<string, never>>; readonly answer: ProofDocument };
}

/** `openWorkspace(ports, { input: { from: 'files', paths: ['k8s'] } })`. Nothing is read before the first question. */
export function openWorkspace(ports: Ports, wish: InputWish): Workspace {
  return new Workspace(ports, wish);
}

export class Workspace {
  readonly #ports: Ports;
  readonly #wish: InputWish;
  #state: Promise<Loaded> | undefined;

  constructor(ports: Ports, wish: InputWish) {
    this.#ports = ports;
    this.#wish = wish;
  }

  /** The state that questions are asked of. A reading that failed is tried again the next time. */
  loaded(ends: readonly string[] = []): Promise<Loaded> {
    this.#state ??= loadInput(this.#ports, this.#wish, ends).catch((error: unknown) => {
      this.#state = undefined;
      throw error;
    });
    return this.#state;
  }

  /** `ask('why', { from: 'shop/frontend', to: 'shop/cart:7070' })`. Failure when the input cannot be read, or an end means nothing. */
  ask<Kind extends keyof Questions>(kind: Kind, question: Questions[Kind]['question']): Promise<Questions[Kind]['answer']> {
    const answer = this.#answers[kind] as (asked: Questions[Kind]['question']) => Promise<Questions[Kind]['answer']>;
    return answer(question);
  }

  /** The next question reads the input again, because files have changed. */
  forget(): void {
    this.#state = undefined;
  }

  /** Told after every change of a live cluster; what is asked then is asked of the new state. Ends with `signal`. Files are not watched. */
  async onChange(listener: () => void, { signal, onTrouble = () => {} }: ChangeOptions): Promise<void> {
    const input = await decidedInput(this.#ports.files, this.#wish.input);
    if (input.from !== 'cluster') throw new Failure('watch-needs-cluster', {});
    const { namespace: wanted } = this.#wish;
    await this.#ports.cluster.watch({
      ...input.access,
      namespaces: wanted === undefined ? [] : [wanted],
      signal,
      onTrouble,
      onChange: ({ objects, context }) => {
        const namespace = wanted ?? context.namespace;
        this.#state = profileFor(this.#ports.files, { objects, context }, this.#wish).then((choice) => {
          const semantics = semanticsOf(choice);
          const read = clusterOf(objects, [], namespace);
          const cluster = asReadBy(read, semantics);
          const basis = { kind: 'cluster' as const, context, at: this.#ports.clock.now() };
          return { read, cluster, choice, semantics, namespace, texts: [], context: context.name, basis };
        });
        listener();
      },
    });
  }

  readonly #answers: { readonly [Kind in keyof Questions]: (question: Questions[Kind]['question']) => Promise<Questions[Kind]['answer']> } =
    {
      why: async ({ from, to, symptom }) => {
        const [{ cluster, semantics, namespace, context }, { why }, { evidenceOfEach }, { whyDocument }] = await Promise.all([
          this.loaded([from, to]),
          import('../question/why.ts'),
          import('../question/evidence.ts'),
          import('../answer/why.ts'),
        ]);
        const answer = why(cluster, semantics, { from, to, namespace, ...(symptom && { symptom }) });
        if (answer.kind === 'error') throw endFailure(answer.errors);
        return whyDocument(answer, semantics, { evidence: evidenceOfEach(cluster, answer, context) });
      },
      fix: async ({ from, to, deny = false, most = 5 }) => {
        const { cluster, semantics, namespace } = await this.loaded([from, to]);
        const [{ fix }, { fixDocument }] = await Promise.all([import('../question/fix.ts'), import('../answer/fix.ts')]);
        const answer = fix(cluster, semantics, { from, to, namespace }, { most, deny });
        if (answer.kind === 'error') throw endFailure(answer.errors);
        return fixDocument(answer, semantics, { deny });
      },
      map: async ({ exposure = false }) => {
        const { cluster, semantics, choice } = await this.loaded();
        const [{ reachOf }, { mapQuestion }, { mapDocument }] = await Promise.all([
          import('../reach/reach.ts'),
          import('../answer/map-question.ts'),
          import('../answer/map.ts'),
        ]);
        return mapDocument(await mapQuestion(reachOf(cluster, semantics), {}, { profile: choice.name, withExposure: exposure }));
      },
      describe: async ({ policy: ref }) => {
        const { cluster } = await this.loaded();
        const [{ describePolicy }, { descriptionDocument }] = await Promise.all([
          import('../question/describe.ts'),
          import('../answer/describe.ts'),
        ]);
        return descriptionDocument(
          cluster.policies.filter((policy) => policy.ref === ref).map((policy) => describePolicy(cluster, policy)),
        );
      },
      verdict: async ({ line }) => {
        const { cluster, semantics } = await this.loaded();
        const [{ lineAnswerer }, { reachOf }] = await Promise.all([import('../answer/verdict-lines.ts'), import('../reach/reach.ts')]);
        return lineAnswerer(reachOf(cluster, semantics))(line);
      },
      lint: async () => {
        const [{ lintInput }, { isAtLeast, lint }, { contextOf }, { RULE_IDS, RULES }, { findConfig }, { lintDocument }] =
          await Promise.all([
            import('./lint-input.ts'),
            import('../lint/lint.ts'),
            import('../lint/context.ts'),
            import('../lint/rules/index.ts'),
            import('./lint-config.ts'),
            import('../answer/lint.ts'),
          ]);
        const { config } = await findConfig(this.#ports.files, undefined, RULE_IDS);
        const cni = this.#wish.cni ?? config.profile;
        // A live cluster is not listed again for each question. Files are read without a configuration of ours that lies among them.
        const held = this.#wish.input.from === 'files' || cni !== this.#wish.cni ? undefined : await this.loaded();
        const { cluster, choice } =
          held?.basis.kind === 'cluster'
            ? { cluster: held.read, choice: held.choice }
            : await lintInput(this.#ports, { ...this.#wish, cni });
        const { findings, accepted } = lint(contextOf(cluster, choice, RULE_IDS, { house: config.house }), {
          rules: RULES,
          config,
        });
        const severity = config.severity ?? 'warning';
        const shown = findings.filter((finding) => isAtLeast(finding.severity, severity));
        const belowSeverity = findings.length - shown.length;
        return lintDocument({ findings: shown, belowSeverity, accepted, old: 0, profile: choice.name, severity });
      },
      diff: async (asked) => {
        const [{ readStates }, { diff }, { diffDocument }] = await Promise.all([
          import('./diff-states.ts'),
          import('../question/diff.ts'),
          import('../answer/diff.ts'),
        ]);
        const { cni, profiles, namespace } = this.#wish;
        const { base, head, before, after, choice, isApplied, settingsDiffer } = await readStates(this.#ports, {
          ...asked,
          cni,
          profiles,
          namespace,
        });
        const answer = diff(before, after, choice);
        return diffDocument({ base, head, clusters: { before, after }, answer, isApplied, settingsDiffer }, answer.rows());
      },
      intents: async ({ files }) => {
        const [{ joined, readIntentFiles }, { runIntents }] = await Promise.all([
          import('./intents-input.ts'),
          import('../question/intents.ts'),
        ]);
        const intents = joined(await readIntentFiles(this.#ports.files, files));
        const { cluster, semantics, namespace } = await this.loaded();
        return runIntents(cluster, semantics, intents, namespace);
      },
      baseline: async (options) => {
        const { cluster, choice } = await this.loaded();
        const { baseline } = await import('../question/baseline.ts');
        return baseline(cluster, choice, options);
      },
      cni: async () => {
        const { objects, problems, namespace } = await readObjects(this.#ports, this.#wish);
        const [{ cniReport }, { detectProfile }] = await Promise.all([import('../cni/report.ts'), import('../cni/detect.ts')]);
        return cniReport(clusterOf(objects, problems, namespace), detectProfile(objects));
      },
      prove: async () => {
        const { cluster, semantics } = await this.loaded();
        const { proofDocument } = await import('../answer/proof.ts');
        return proofDocument(await this.#ports.kernel.prove(cluster, { semantics }));
      },
    };
}

export interface ChangeOptions {
  readonly signal: AbortSignal;
  /** The connection is lost, or back (undefined). */
  readonly onTrouble?: (trouble: Failure | undefined) => void;
}

/** The first end that means nothing, with what was meant perhaps. */
function endFailure(errors: readonly EndError[]): Failure {
  const [first] = errors;
  if (first === undefined) throw new Error('an error without an end');
  const { text, hint } = endErrorSentence(first);
  return new Failure(first.code, text, { hint });
}
