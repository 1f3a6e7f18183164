// The public door: pure, runs in Node and in a browser. Texts of files in, documents out. The only barrel in the repository.
// One function for each question; below them the parts of the engine that they are made of, for whoever needs a cluster more than once.

export type { ConnectionQuestion, FixWish, LintWish, MapWish, WhyWish } from './answer/asked.ts';
export type * from './answer/documents/baseline.ts';
export type * from './answer/documents/common.ts';
export type * from './answer/documents/connectivity-diff.ts';
export type * from './answer/documents/connectivity-map.ts';
export type { DescribedObject, DescriptionDocument, RuleDocument, SideDocument, TrapDocument } from './answer/documents/description.ts';
export type * from './answer/documents/ends.ts';
export type * from './answer/documents/explanation.ts';
export type { FixDocument, FixesDocument, FixRow } from './answer/documents/fixes.ts';
export type { IntentsReportDocument } from './answer/documents/intents-report.ts';
export type { FindingDocument, LintReportDocument } from './answer/documents/lint-report.ts';
export type * from './answer/documents/no-answer.ts';
export type { VerdictAnswer, VerdictQuestion } from './answer/documents/verdicts.ts';
export {
  baseline,
  describe,
  diff,
  exposure,
  fix,
  type Input,
  intents,
  lint,
  map,
  type State,
  verdicts,
  why,
} from './answer/library.ts';
export { type OpenWorld, openWorld, type QuestionName, type TextChange } from './answer/open-world.ts';
export { lineAnswerer } from './answer/verdict-lines.ts';
export { type Explanation, explain } from './explain/cause.ts';
export type { CauseCode } from './explain/causes.ts';
export { type LineReader, lineReader } from './flow/read.ts';
export type { FlowEnd, FlowName, FlowRecord, LineRead } from './flow/record.ts';
export { type InputText, loadCluster } from './manifest/load.ts';
export { locate } from './manifest/locate.ts';
export type { Cluster, Namespace, Pod, Service, Workload } from './model/cluster.ts';
export type { Origin } from './model/origin.ts';
export type { Policy, Rule } from './model/policy.ts';
export type { Problem } from './model/problem.ts';
export { decide } from './policy/decide.ts';
export { addressEnd, type Connection, type End, podEnd } from './policy/end.ts';
export type { DirectionVerdict, Verdict } from './policy/verdict.ts';
export { chooseProfile, isUnknown, type ProfileChoice, semanticsOf } from './profile/choose.ts';
export type { Semantics } from './profile/profile.ts';
export { type Reach, reachOf } from './reach/reach.ts';
export { fastVerdict } from './reach/verdict-of.ts';
export { causeSentence } from './words/en/cause.ts';
export { CAUSES } from './words/en/cause-titles.ts';
export { problemSentence } from './words/en/problem.ts';
