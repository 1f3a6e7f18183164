// The questions of the product, asked of a cluster that is read: plain options in, documents out. What cannot be answered gives a `NoAnswer`
// document; nothing throws at what a user wrote. Whose texts it was read from is for library.ts and open-world.ts.

import { NO_CONFIG } from '../lint/config.ts';
import { contextOf } from '../lint/context.ts';
import { isAtLeast, lint as lintFindings } from '../lint/lint.ts';
import { RULE_IDS, RULES } from '../lint/rules/index.ts';
import type { InputText } from '../manifest/load.ts';
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
import { evidenceOfEach } from '../question/evidence.ts';
import { fixesFor, fix as fixOf } from '../question/fix.ts';
import { runIntents } from '../question/intents.ts';
import { readIntents } from '../question/intents-file.ts';
import { mapOptions } from '../question/map.ts';
import { why as whyOf } from '../question/why.ts';
import { departingRows } from '../reach/departing.ts';
import { type Reach, reachOf } from '../reach/reach.ts';
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
import type { BaselineDocument } from './documents/baseline.ts';
import type { Facts } from './documents/common.ts';
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

/** A cluster that questions can be asked of. */
export interface Asked {
  /** As it was read, whatever the profile makes of it. */
  readonly read: Cluster;
  /** As the profile reads it. */
  readonly cluster: Cluster;
  readonly choice: ProfileChoice;
  readonly semantics: Semantics;
  readonly namespace: string;
  /** Made when the first question needs it. */
  readonly reach: () => Reach;
}

/** `askedOf(cluster, choice, 'default')`. */
export function askedOf(read: Cluster, choice: ProfileChoice, namespace: string): Asked {
  const semantics = semanticsOf(choice);
  const cluster = asReadBy(read, semantics);
  let reach: Reach | undefined;
  const made = () => {
    reach ??= reachOf(cluster, semantics);
    return reach;
  };
  return { read, cluster, choice, semantics, namespace, reach: made };
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

export function choiceOf(name = 'kubernetes'): ProfileChoice | NoAnswerDocument {
  const choice = chooseProfile(name);
  if (!isUnknown(choice)) return choice;
  const facts = { profile: name, nearest: choice.nearest };
  return noAnswer(questionError('unknown-profile', facts, unknownProfile(name, choice.nearest, KNOWN_NAMES)));
}

export function isNoAnswer(value: object): value is NoAnswerDocument {
  return 'errors' in value;
}

export interface ConnectionQuestion {
  /** `web/frontend`, `internet`, `node/worker-1`, an address. */
  readonly from: string;
  /** `payments/svc/api:8080`, `http://api.payments/`, `203.0.113.7:443`. */
  readonly to: string;
}

export interface WhyWish extends ConnectionQuestion {
  readonly symptom?: SymptomDocument['symptom'];
  /** How many edits that would allow it are listed; absent: none. */
  readonly fixes?: number;
}

export interface FixWish extends ConnectionQuestion {
  /** The connection is to be closed instead. */
  readonly deny?: boolean;
  /** Of each connection, 5 where absent. */
  readonly most?: number;
}

export interface LintWish {
  /** `warning` where absent. */
  readonly severity?: Severity;
  /** Only these; absent: all. */
  readonly rules?: readonly string[];
}

export function askWhy(asked: Asked, { from, to, symptom, fixes = 0 }: WhyWish): ExplanationDocument | NoAnswerDocument {
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

export function askDescribe(asked: Asked, { name }: { readonly name: string }): DescriptionDocument | NoAnswerDocument {
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

export function askMap(asked: Asked, wish: MapWish = {}): ConnectivityMap | NoAnswerDocument {
  return mapped(asked, wish, false);
}

export function askExposure(asked: Asked, wish: MapWish = {}): ConnectivityMap | NoAnswerDocument {
  return mapped(asked, wish, true);
}

function mapped(asked: Asked, wish: MapWish, withExposure: boolean): ConnectivityMap | NoAnswerDocument {
  const { cluster, choice, semantics, namespace } = asked;
  const options = mapOptions(cluster, { ...wish, namespace });
  if ('code' in options) {
    const { code, text, known } = options;
    const near = nearest(text, known);
    const words = code === 'bad-port' ? QUESTION_ERRORS.badPort(text) : QUESTION_ERRORS.noSuchEnd(text, near);
    return noAnswer(questionError(code, { name: text, nearest: near }, words));
  }
  const reach = asked.reach();
  return mapDocument({
    reach,
    options,
    profile: choice.name,
    departing: () => (departs(semantics) ? departingRows(reach, options) : { rows: [], isComplete: true }),
    exposures: withExposure ? (isAsked) => exposureDocuments(reach, isAsked) : undefined,
  });
}

export function askVerdicts(asked: Asked, questions: readonly VerdictQuestion[]): readonly VerdictAnswer[] {
  const answer = lineAnswerer(asked.reach());
  // A line that is not empty has an answer.
  return questions.map((question) => JSON.parse(answer(JSON.stringify(question)) as string) as VerdictAnswer);
}

export function askLint(asked: Asked, { severity = 'warning', rules }: LintWish = {}): LintReportDocument | NoAnswerDocument {
  const unknown = (rules ?? []).filter((id) => !RULE_IDS.includes(id));
  if (unknown.length > 0) {
    const errors = unknown.map((id) => {
      const near = nearest(id, RULE_IDS);
      return questionError('unknown-rule', { rule: id, nearest: near }, QUESTION_ERRORS.unknownRule(id, near));
    });
    return noAnswer(...errors);
  }
  const { read, choice } = asked;
  const context = contextOf(read, choice, RULE_IDS);
  const found = lintFindings(context, { rules: RULES, config: NO_CONFIG, ...(rules !== undefined && { only: rules }) });
  const findings = found.findings.filter((finding) => isAtLeast(finding.severity, severity));
  const belowSeverity = found.findings.length - findings.length;
  return lintDocument({ findings, belowSeverity, accepted: found.accepted, old: 0, profile: choice.name, severity });
}

export function askFix(asked: Asked, { from, to, deny = false, most = 5 }: FixWish): FixesDocument | NoAnswerDocument {
  const { cluster, semantics, namespace } = asked;
  const answer = fixOf(cluster, semantics, { from, to, namespace }, { most, deny });
  return answer.kind === 'error' ? endErrors(answer.errors) : fixDocument(answer, semantics, { deny });
}

export function askIntents(asked: Asked, wanted: InputText): IntentsReportDocument | NoAnswerDocument {
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

export function askBaseline(
  asked: Asked,
  { namespaces }: { readonly namespaces?: readonly string[] } = {},
): BaselineDocument | NoAnswerDocument {
  const { read, choice } = asked;
  const made = baselineOf(read, choice, { namespaces: namespaces ?? usualNamespaces(read), dns: 'auto', ...NOT_SAID });
  return baselineDocument(made, choice.name);
}
