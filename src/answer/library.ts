// The questions of the product as functions for programs: texts of files and plain options in, documents out. Nothing here reads a file, a
// cluster or a clock, and nothing throws at what a user wrote: a question that cannot be answered gives a `NoAnswer` document.

import { type InputText, loadCluster } from '../manifest/load.ts';
import { diff as diffOf } from '../question/diff.ts';
import {
  type Asked,
  askBaseline,
  askDescribe,
  askExposure,
  askedOf,
  askFix,
  askIntents,
  askLint,
  askMap,
  askVerdicts,
  askWhy,
  choiceOf,
  type FixWish,
  isNoAnswer,
  type LintWish,
  type MapWish,
  type WhyWish,
} from './asked.ts';
import { diffDocument } from './diff.ts';
import type { BaselineDocument } from './documents/baseline.ts';
import type { ConnectivityDiff } from './documents/connectivity-diff.ts';
import type { ConnectivityMap } from './documents/connectivity-map.ts';
import type { DescriptionDocument } from './documents/description.ts';
import type { ExplanationDocument } from './documents/explanation.ts';
import type { FixesDocument } from './documents/fixes.ts';
import type { IntentsReportDocument } from './documents/intents-report.ts';
import type { LintReportDocument } from './documents/lint-report.ts';
import type { NoAnswerDocument } from './documents/no-answer.ts';
import type { VerdictAnswer, VerdictQuestion } from './documents/verdicts.ts';

/** What every question is asked of. `{ files: [{ file: 'shop.yaml', text: '…' }], profile: 'calico' }`. */
export interface Input {
  /** Manifests as texts; `file` is the name that places in answers carry. */
  readonly files: readonly InputText[];
  /** The CNI's profile, such as `calico` or `cilium`. Absent: `kubernetes`, only what the API promises. */
  readonly profile?: string;
  /** Where objects and names without a namespace live. Absent: `default`. */
  readonly namespace?: string;
}

/** Reads the texts and asks. */
function ask<T>(input: Input, question: (asked: Asked) => T): T | NoAnswerDocument {
  const choice = choiceOf(input.profile);
  if (isNoAnswer(choice)) return choice;
  const { files, namespace = 'default' } = input;
  return question(askedOf(loadCluster(files, { namespace }), choice, namespace));
}

/**
 * Why one connection is allowed or denied. `why({ files }, { from: 'web/frontend', to: 'payments/svc/api:8080' })` → a document whose
 * `connections[0].outcome` is `denied`. `fixes`: how many edits that would allow it are listed; absent: none.
 */
export function why(input: Input, question: WhyWish): ExplanationDocument | NoAnswerDocument {
  return ask(input, (asked) => askWhy(asked, question));
}

/**
 * What a policy means, or all policies on a pod or workload. `describe({ files }, { name: 'shop/cart' })` → one description for the policy
 * and one for each group of pods of that name.
 */
export function describe(input: Input, question: { readonly name: string }): DescriptionDocument | NoAnswerDocument {
  return ask(input, (asked) => askDescribe(asked, question));
}

/** Every connection that is allowed. `map({ files }, { focus: ['shop/cart'] })` → `connections: [{ from, to, allowed }]`. */
export function map(input: Input, wish: MapWish = {}): ConnectivityMap | NoAnswerDocument {
  return ask(input, (asked) => askMap(asked, wish));
}

/** The same map with `exposure`: who besides the pods that are there could reach each workload. `exposure({ files }, { focus: ['shop/cart'] })`. */
export function exposure(input: Input, wish: MapWish = {}): ConnectivityMap | NoAnswerDocument {
  return ask(input, (asked) => askExposure(asked, wish));
}

/** Many questions at once, one answer each. `verdicts({ files }, [{ from: 'web/a', to: 'shop/b', port: 80 }])` → `[{ outcome: 'allowed', … }]`. */
export function verdicts(input: Input, questions: readonly VerdictQuestion[]): readonly VerdictAnswer[] | NoAnswerDocument {
  return ask(input, (asked) => askVerdicts(asked, questions));
}

/** Faults in policies. `lint({ files }, { severity: 'note' })` → `findings: [{ rule: 'selects-nothing', at: { file, line, column }, … }]`. */
export function lint(input: Input, wish: LintWish = {}): LintReportDocument | NoAnswerDocument {
  return ask(input, (asked) => askLint(asked, wish));
}

/**
 * The smallest edits that make a connection allowed, or with `deny` denied. `fix({ files }, { from: 'web/frontend', to: 'payments/svc/api:8080' })`
 * → `connections[0].fixes[0].patch`. `most`: of each connection, 5 where absent.
 */
export function fix(input: Input, question: FixWish): FixesDocument | NoAnswerDocument {
  return ask(input, (asked) => askFix(asked, question));
}

/**
 * Whether connections are as an intents file wants them. `intents({ files }, { file: 'intents.yaml', text })` → `held`, `failed` and each
 * check with its reason. The connections that must work and must not; docs/intents.md has the form.
 */
export function intents(input: Input, wanted: InputText): IntentsReportDocument | NoAnswerDocument {
  return ask(input, (asked) => askIntents(asked, wanted));
}

/**
 * A default-deny for namespaces, with rules for the connections that the manifests declare. `baseline({ files }, { namespaces: ['shop'] })` →
 * `policies: […]`. Without namespaces: all that have workloads and are not the system's.
 */
export function baseline(input: Input, wish: { readonly namespaces?: readonly string[] } = {}): BaselineDocument | NoAnswerDocument {
  return ask(input, (asked) => askBaseline(asked, wish));
}

/** A state of the manifests with the name that the answer gives it. */
export interface State {
  readonly files: readonly InputText[];
  /** `main`, `working tree`. Absent: `before`, `after`. */
  readonly name?: string;
}

/** What a change opens and closes. `diff({ before: { files: old }, after: { files: new } })` → `changes: [{ change: 'opened', … }]`. */
export function diff({
  before,
  after,
  profile,
  namespace = 'default',
}: { readonly before: State; readonly after: State } & Omit<Input, 'files'>): ConnectivityDiff | NoAnswerDocument {
  const choice = choiceOf(profile);
  if (isNoAnswer(choice)) return choice;
  const clusters = { before: loadCluster(before.files, { namespace }), after: loadCluster(after.files, { namespace }) };
  const answer = diffOf(clusters.before, clusters.after, choice);
  return diffDocument({ base: before.name ?? 'before', head: after.name ?? 'after', clusters, answer }, answer.rows());
}
