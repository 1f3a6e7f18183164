// The public door: pure, runs in Node and in a browser. Texts in, answers out. The only barrel in the repository.

export { lineAnswerer } from './answer/verdict-lines.ts';
export { type Explanation, explain } from './explain/cause.ts';
export type { CauseCode } from './explain/causes.ts';
export { type InputText, loadCluster } from './manifest/load.ts';
export { locate } from './manifest/locate.ts';
export type { Cluster, Namespace, Pod, Service, Workload } from './model/cluster.ts';
export type { Origin, Place } from './model/origin.ts';
export type { Direction, Policy, Rule } from './model/policy.ts';
export type { Problem } from './model/problem.ts';
export { decide } from './policy/decide.ts';
export { addressEnd, type Connection, type End, podEnd } from './policy/end.ts';
export type { DirectionVerdict, Doubt, Verdict } from './policy/verdict.ts';
export { chooseProfile, isUnknown, type ProfileChoice, semanticsOf } from './profile/choose.ts';
export type { Semantics } from './profile/profile.ts';
export { type Description, describePod, describePolicy } from './question/describe.ts';
export { type WhyAnswer, type WhyQuestion, why } from './question/why.ts';
export { type Reach, reachOf } from './reach/reach.ts';
export { fastVerdict } from './reach/verdict-of.ts';
export { causeSentence } from './words/en/cause.ts';
export { CAUSES } from './words/en/cause-titles.ts';
export { problemSentence } from './words/en/problem.ts';
