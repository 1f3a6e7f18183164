// The questions of the product as functions for programs: texts of files and plain options in, documents out. Nothing here reads a file, a
// cluster or a clock, and nothing throws at what a user wrote: a question that cannot be answered gives a `NoAnswer` document.

import { NO_CONFIG } from '../lint/config.ts';
import { contextOf } from '../lint/context.ts';
import { isAtLeast, lint as lintFindings } from '../lint/lint.ts';
import { RULE_IDS, RULES } from '../lint/rules/index.ts';
import { type InputText, loadCluster } from '../manifest/load.ts';
import { locate } from '../manifest/locate.ts';
import { parseText } from '../manifest/parse.ts';
import type { Cluster } from '../model/cluster.ts';
import { departs } from '../policy/departures.ts';
import { chooseProfile, isUnknown, type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import { KNOWN_NAMES } from '../profile/families.ts';
import { nearest } from '../profile/nearest.ts';
import type { Semantics } from '../profile/profile.ts';
import { asReadBy } from '../program/in-force.ts';
import { baseline as baselineOf, usualNamespaces } from '../question/baseline.ts';
import { describePods, describePolicy } from '../question/describe.ts';
import { diff as diffOf } from '../question/diff.ts';
import { evidenceOfEach } from '../question/evidence.ts';
import { fixesFor, fix as fixOf } from '../question/fix.ts';
import { runIntents } from '../question/intents.ts';
import { readIntents } from '../question/intents-file.ts';
import { mapOptions } from '../question/map.ts';
import { why as whyOf } from '../question/why.ts';
import { departingRows } from '../reach/departing.ts';
import { reachOf } from '../reach/reach.ts';
import type { EndError } from '../route/obstacle.ts';
import { endErrorSentence } from '../words/en/end-error.ts';
import { unknownProfile } from '../words/en/input-failures.ts';
import { faultAdvice, intentsFaultText } from '../words/en/intents-faults.ts';
import { problemSentence } from '../words/en/problem.ts';
import { QUESTION_ERRORS } from '../words/en/questions.ts';
import type { Said } from '../words/en/said.ts';
import { baselineDocument } from './baseline.ts';
import { briefFix } from './brief-fix.ts';
import { descriptionDocument } from './describe.ts';
import { diffDocument } from './diff.ts';
import type { BaselineDocument } from './documents/baseline.ts';
import type { Facts } from './documents/common.ts';
import type { ConnectivityDiff } from './documents/connectivity-diff.ts';
import type { ConnectivityMap } from './documents/connectivity-map.ts';
import type { DescriptionDocument } from './documents/description.ts';
import type { ExplanationDocument, SymptomDocument } from './documents/explanation.ts';
import type { FixesDocument } from './documents/fixes.ts';
import type { IntentsReportDocument } from './documents/intents-report.ts';
import type { LintReportDocument, Severity } from './documents/lint-report.ts';
import type { NoAnswerDocument, QuestionError } from './documents/no-answer.ts';
import type { VerdictAnswer, VerdictQuestion } from './documents/verdicts.ts';
import { exposureDocuments } from './exposure.ts';
import { fixDocument } from './fix.ts';
import { intentsDocument } from './intents.ts';
import { lintDocument } from './lint.ts';
import { mapDocument } from './map.ts';
import { said } from './said.ts';
import { lineAnswerer } from './verdict-lines.ts';
import { whyDocument } from './why.ts';

/** Ends of a baseline that only a person can name. */
const NOT_SAID = { ingressController: undefined, monitoring: undefined, apiServer: [] } as const;

/** What every question is asked of. `{ files: [{ file: 'shop.yaml', text: '…' }], profile: 'calico' }`. */
export interface Input {
  /** Manifests as texts; `file` is the name that places in answers carry. */
  readonly files: readonly InputText[];
  /** The CNI's profile, such as `calico` or `cilium`. Absent: `kubernetes`, only what the API promises. */
  readonly profile?: string;
  /** Where objects and names without a namespace live. Absent: `default`. */
  readonly namespace?: string;
}

interface Ready {
  readonly cluster: Cluster;
  readonly choice: ProfileChoice;
  readonly semantics: Semantics;
  readonly namespace: string;
}

function noAnswer(...errors: readonly QuestionError[]): NoAnswerDocument {
  return { apiVersion: 'netverdict.dev/v1', kind: 'NoAnswer', errors };
}

function questionError(code: string, facts: Facts, words: Said): QuestionError {
  return { code, facts, ...said(words) };
}

function endErrors(errors: readonly EndError[]): NoAnswerDocument {
  return noAnswer(...errors.map((error) => questionError(error.code, error.facts, endErrorSentence(error))));
}

function choiceOf(name = 'kubernetes'): ProfileChoice | NoAnswerDocument {
  const choice = chooseProfile(name);
  if (!isUnknown(choice)) return choice;
  const facts = { profile: name, nearest: choice.nearest };
  return noAnswer(questionError('unknown-profile', facts, unknownProfile(name, choice.nearest, KNOWN_NAMES)));
}

function isNoAnswer(value: object): value is NoAnswerDocument {
  return 'errors' in value;
}

function ready({ files, profile, namespace = 'default' }: Input): Ready | NoAnswerDocument {
  const choice = choiceOf(profile);
  if (isNoAnswer(choice)) return choice;
  const semantics = semanticsOf(choice);
  return { cluster: asReadBy(loadCluster(files, { namespace }), semantics), choice, semantics, namespace };
}

export interface ConnectionQuestion {
  /** `web/frontend`, `internet`, `node/worker-1`, an address. */
  readonly from: string;
  /** `payments/svc/api:8080`, `http://api.payments/`, `203.0.113.7:443`. */
  readonly to: string;
}

/**
 * Why one connection is allowed or denied. `why({ files }, { from: 'web/frontend', to: 'payments/svc/api:8080' })` → a document whose
 * `connections[0].outcome` is `denied`. `fixes`: how many edits that would allow it are listed; absent: none.
 */
export function why(
  input: Input,
  { from, to, symptom, fixes = 0 }: ConnectionQuestion & { readonly symptom?: SymptomDocument['symptom']; readonly fixes?: number },
): ExplanationDocument | NoAnswerDocument {
  const asked = ready(input);
  if (isNoAnswer(asked)) return asked;
  const { cluster, semantics, namespace } = asked;
  const question = { from, to, namespace, ...(symptom !== undefined && { symptom }) };
  const answer = whyOf(cluster, semantics, question);
  if (answer.kind === 'error') return endErrors(answer.errors);
  const found = fixes > 0 ? fixesFor(cluster, semantics, question, answer, { most: fixes }) : undefined;
  return whyDocument(answer, semantics, {
    fixes: found?.map((each) => each.fixes.map(briefFix)),
    evidence: evidenceOfEach(cluster, answer),
  });
}

/**
 * What a policy means, or all policies on a pod or workload. `describe({ files }, { name: 'shop/cart' })` → one description for the policy
 * and one for each group of pods of that name.
 */
export function describe(input: Input, { name }: { readonly name: string }): DescriptionDocument | NoAnswerDocument {
  const asked = ready(input);
  if (isNoAnswer(asked)) return asked;
  const { cluster, namespace } = asked;
  const ref = name.includes('/') ? name : `${namespace}/${name}`;
  const policies = cluster.policies.filter((policy) => policy.ref === ref || (policy.namespace === undefined && policy.ref === name));
  const workloads = [...cluster.workloads.values()].filter((each) => `${each.namespace}/${each.name}` === ref);
  const pod = cluster.podByRef.get(ref);
  const pods = workloads.length > 0 ? workloads.flatMap((each) => each.pods) : pod === undefined ? [] : [pod];
  const found = [...policies.map((policy) => describePolicy(cluster, policy)), ...describePods(cluster, pods)];
  if (found.length > 0) return descriptionDocument(found);
  const known = [...cluster.policies.map((policy) => policy.ref), ...namesOf(cluster)];
  const near = nearest(ref, known);
  return noAnswer(questionError('no-such-name', { name: ref, nearest: near }, QUESTION_ERRORS.noSuchName(ref, near)));
}

function namesOf(cluster: Cluster): readonly string[] {
  return [...cluster.workloads.values()].map(({ namespace, name }) => `${namespace}/${name}`);
}

export interface MapWish {
  /** Workloads or pods by name; absent: all. */
  readonly focus?: readonly string[];
  readonly direction?: 'ingress' | 'egress';
  /** `8080`, `53/udp`. */
  readonly port?: string;
  /** Rows of pods instead of workloads. */
  readonly pods?: boolean;
}

/** Every connection that is allowed. `map({ files }, { focus: ['shop/cart'] })` → `connections: [{ from, to, allowed }]`. */
export function map(input: Input, wish: MapWish = {}): ConnectivityMap | NoAnswerDocument {
  return mapped(input, wish, false);
}

/** The same map with `exposure`: who besides the pods that are there could reach each workload. `exposure({ files }, { focus: ['shop/cart'] })`. */
export function exposure(input: Input, wish: MapWish = {}): ConnectivityMap | NoAnswerDocument {
  return mapped(input, wish, true);
}

function mapped(input: Input, wish: MapWish, withExposure: boolean): ConnectivityMap | NoAnswerDocument {
  const asked = ready(input);
  if (isNoAnswer(asked)) return asked;
  const { cluster, choice, semantics, namespace } = asked;
  const options = mapOptions(cluster, { ...wish, namespace });
  if ('code' in options) {
    const { code, text, known } = options;
    const near = nearest(text, known);
    const words = code === 'bad-port' ? QUESTION_ERRORS.badPort(text) : QUESTION_ERRORS.noSuchEnd(text, near);
    return noAnswer(questionError(code, { name: text, nearest: near }, words));
  }
  const reach = reachOf(cluster, semantics);
  return mapDocument({
    reach,
    options,
    profile: choice.name,
    departing: () => (departs(semantics) ? departingRows(reach, options) : { rows: [], isComplete: true }),
    exposures: withExposure ? (isAsked) => exposureDocuments(reach, isAsked) : undefined,
  });
}

/** Many questions at once, one answer each. `verdicts({ files }, [{ from: 'web/a', to: 'shop/b', port: 80 }])` → `[{ outcome: 'allowed', … }]`. */
export function verdicts(input: Input, questions: readonly VerdictQuestion[]): readonly VerdictAnswer[] | NoAnswerDocument {
  const asked = ready(input);
  if (isNoAnswer(asked)) return asked;
  const answer = lineAnswerer(reachOf(asked.cluster, asked.semantics));
  // A line that is not empty has an answer.
  return questions.map((question) => JSON.parse(answer(JSON.stringify(question)) as string) as VerdictAnswer);
}

/** Faults in policies. `lint({ files }, { severity: 'note' })` → `findings: [{ rule: 'selects-nothing', at: { file, line, column }, … }]`. */
export function lint(
  input: Input,
  { severity = 'warning', rules }: { readonly severity?: Severity; readonly rules?: readonly string[] } = {},
): LintReportDocument | NoAnswerDocument {
  const choice = choiceOf(input.profile);
  if (isNoAnswer(choice)) return choice;
  const unknown = (rules ?? []).filter((id) => !RULE_IDS.includes(id));
  if (unknown.length > 0) {
    const errors = unknown.map((id) => {
      const near = nearest(id, RULE_IDS);
      return questionError('unknown-rule', { rule: id, nearest: near }, QUESTION_ERRORS.unknownRule(id, near));
    });
    return noAnswer(...errors);
  }
  const cluster = loadCluster(input.files, input.namespace === undefined ? {} : { namespace: input.namespace });
  const context = contextOf(cluster, choice, RULE_IDS);
  const found = lintFindings(context, { rules: RULES, config: NO_CONFIG, ...(rules !== undefined && { only: rules }) });
  const findings = found.findings.filter((finding) => isAtLeast(finding.severity, severity));
  const belowSeverity = found.findings.length - findings.length;
  return lintDocument({ findings, belowSeverity, accepted: found.accepted, old: 0, profile: choice.name, severity });
}

/**
 * The smallest edits that make a connection allowed, or with `deny` denied. `fix({ files }, { from: 'web/frontend', to: 'payments/svc/api:8080' })`
 * → `connections[0].fixes[0].patch`. `most`: of each connection, 5 where absent.
 */
export function fix(
  input: Input,
  { from, to, deny = false, most = 5 }: ConnectionQuestion & { readonly deny?: boolean; readonly most?: number },
): FixesDocument | NoAnswerDocument {
  const asked = ready(input);
  if (isNoAnswer(asked)) return asked;
  const { cluster, semantics, namespace } = asked;
  const answer = fixOf(cluster, semantics, { from, to, namespace }, { most, deny });
  return answer.kind === 'error' ? endErrors(answer.errors) : fixDocument(answer, semantics, { deny });
}

/**
 * Whether connections are as an intents file wants them. `intents({ files }, { file: 'intents.yaml', text })` → `held`, `failed` and each
 * check with its reason. The connections that must work and must not; docs/intents.md has the form.
 */
export function intents(input: Input, wanted: InputText): IntentsReportDocument | NoAnswerDocument {
  const asked = ready(input);
  if (isNoAnswer(asked)) return asked;
  const { cluster, semantics, namespace } = asked;
  const { documents, problems } = parseText(wanted.file, wanted.text);
  const broken = problems.filter(({ severity }) => severity === 'error');
  if (broken.length > 0) return noAnswer(...broken.map((problem) => questionError(problem.code, problem.facts, problemSentence(problem))));
  const read = documents.map(({ value, document }) => readIntents(value, { document, path: [] }));
  const faults = read.flatMap((each) => each.faults);
  if (faults.length > 0 || read.length === 0) {
    const errors = faults.map((fault) => {
      const advice = faultAdvice(fault);
      const words = { text: intentsFaultText(fault), hint: advice === '' ? undefined : advice };
      return questionError(fault.code, { file: wanted.file, line: locate(fault.origin).line, nearest: fault.nearest }, words);
    });
    return noAnswer(
      ...(errors.length > 0 ? errors : [questionError('no-intents', { file: wanted.file }, QUESTION_ERRORS.noIntents(wanted.file))]),
    );
  }
  const runs = read.map(({ file }) => runIntents(cluster, semantics, file, namespace));
  const results = [];
  for (const run of runs) {
    if ('tooMany' in run)
      return noAnswer(questionError('too-many-checks', { count: run.tooMany }, QUESTION_ERRORS.tooManyChecks(run.tooMany)));
    results.push(...run.results);
  }
  return intentsDocument({ results }, semantics, { asked: 'model' });
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

/**
 * A default-deny for namespaces, with rules for the connections that the manifests declare. `baseline({ files }, { namespaces: ['shop'] })` →
 * `policies: […]`. Without namespaces: all that have workloads and are not the system's.
 */
export function baseline(
  input: Input,
  { namespaces }: { readonly namespaces?: readonly string[] } = {},
): BaselineDocument | NoAnswerDocument {
  const choice = choiceOf(input.profile);
  if (isNoAnswer(choice)) return choice;
  const cluster = loadCluster(input.files, input.namespace === undefined ? {} : { namespace: input.namespace });
  const made = baselineOf(cluster, choice, { namespaces: namespaces ?? usualNamespaces(cluster), dns: 'auto', ...NOT_SAID });
  return baselineDocument(made, choice.name);
}
