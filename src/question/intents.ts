// `test`: do the connections that somebody wants, and those that nobody may have, fare so? Every intent becomes checks, one for each pair and
// port; every check is an answer of `why`. A denial counts only beside a control which shows that the destination would have answered.
import type { Cluster } from '../model/cluster.ts';
import type { Connection } from '../policy/end.ts';
import { nearest } from '../profile/nearest.ts';
import type { Semantics } from '../profile/profile.ts';
import { isError, parseName } from '../route/name.ts';
import type { EndError } from '../route/obstacle.ts';
import type { Expect, Intent, IntentsFile, WrittenEnd } from './intent.ts';
import { type ControlFinder, controlFinder, type Shown } from './intents-control.ts';
import { endsOf, type MeantEnd, type Unmatched } from './intents-ends.ts';
import { onePort, type PromiseCheck, promiseChecks } from './intents-promise.ts';
import type { PromiseAnswer } from './promises.ts';
import { type ConnectionAnswer, type Outcome, type WhyAnswer, why } from './why.ts';
import { printPort } from './written-port.ts';

/** Why a check holds or not. Stable, kebab-case, for programs. */
export const CHECK_CODES = [
  'as-expected',
  'not-allowed', // expected allowed; a policy stops it, at least for some pods
  'not-denied', // expected denied; it is allowed, at least for some pods
  'only-lookup-denied', // expected denied; DNS alone is denied, and the address is open
  'broken', // nothing is there that could be reached, whatever policies say
  'undecided', // the input or the CNI leaves it open
  'no-control', // denied as expected, but nothing shows that the destination would have answered
  'control-fails', // the control that the intent names is not allowed itself
  'matches-nothing', // an end means nobody
  'not-answerable', // an end is not understood, or several things, or has no port
  'port-said-twice', // in `to` and in `port`
  'kernel-differs', // the kernel did something else than the model says
  'cluster-differs', // the live cluster did something else than the model says
  'not-measured', // it could not be tried
  'status-unknown', // an HTTP status is expected, and no request was made: only a live cluster can tell
  'status-differs', // the request was answered with another status
  'no-pods', // an end of a promise is not pods
] as const;
export type CheckCode = (typeof CHECK_CODES)[number];

export type Answered = Extract<WhyAnswer, { readonly kind: 'answer' }>;

/** What a kernel or a cluster did. `control`: whether the destination answered somebody; undefined where it was not asked. */
export interface Measured {
  readonly by: 'kernel' | 'cluster';
  readonly outcome: 'allowed' | 'denied' | 'partial' | 'unknown';
  readonly control: 'answers' | 'silent' | undefined;
  /** Of the answer to a request, where one was made. */
  readonly status?: number;
  /** What was seen, for people: `2 of 2 connections came through`. */
  readonly text: string;
}

/** One pair and port. */
export interface Check {
  /** `shop/frontend`, `shop/svc/cart:7070`: for people. */
  readonly from: string;
  readonly to: string;
  readonly protocol: Connection['protocol'] | undefined;
  readonly expect: Expect;
  /** The HTTP status that is expected, and the request that would show it. */
  readonly http?: { readonly status: number; readonly path: string; readonly tls: boolean };
  readonly code: CheckCode;
  readonly holds: boolean;
  /** undefined where there is no answer. */
  readonly outcome: Outcome | undefined;
  /** With just this connection. */
  readonly answer: Answered | undefined;
  readonly control: Shown | undefined;
  /** It holds, and yet a program would fail: DNS is denied to the source. */
  readonly notByName: boolean;
  readonly error: EndError | undefined;
  readonly unmatched: Unmatched | undefined;
  readonly measured: Measured | undefined;
  /** Of an intent with `expect: never` or `always`. */
  readonly promise?: PromiseCheck;
}

export interface IntentResult {
  readonly intent: Intent;
  readonly holds: boolean;
  readonly checks: readonly Check[];
}

export interface IntentsRun {
  readonly results: readonly IntentResult[];
}

/** More are a mistake in a pattern, or a map: about half a minute. */
export const MOST_CHECKS = 50_000;

/** `{ tooMany: 1200000 }`: the file asks for more than MOST_CHECKS pairs. */
export type TooMany = { readonly tooMany: number };

/** Asks the model. Never throws; an intent whose ends mean nobody fails. */
export function runIntents(cluster: Cluster, semantics: Semantics, file: IntentsFile, namespace: string): IntentsRun | TooMany {
  const meant = file.intents.map((intent) => ({
    intent,
    // Ends of a promise are not asked one by one.
    from: endsOf(cluster, intent.promise === undefined ? intent.from : [], file.groups),
    to: endsOf(cluster, intent.promise === undefined ? intent.to : [], file.groups),
  }));
  const pairs = meant.reduce((sum, { from, to, intent }) => sum + from.ends.length * to.ends.length * Math.max(1, intent.ports.length), 0);
  if (pairs > MOST_CHECKS) return { tooMany: pairs };
  const asking: Asking = {
    cluster,
    semantics,
    namespace,
    controls: controlFinder(cluster, semantics),
    groups: file.groups,
    groupNames: file.groupNames ?? [...file.groups.keys()],
  };
  return {
    results: meant.map(({ intent, from, to }) => {
      if (intent.promise !== undefined) return promised(asking, intent, intent.promise);
      const nobody = [...from.unmatched, ...to.unmatched].map((unmatched) => matchesNothing(intent, unmatched));
      const asked = from.ends.flatMap((source) => to.ends.flatMap((target) => pairChecks(asking, intent, source, target)));
      const checks = [...nobody, ...asked];
      // `web/*` to itself where web has one workload: nothing was asked, and that is no success.
      const all = checks.length > 0 ? checks : [matchesNothing(intent, { written: intent.to[0] as WrittenEnd, nearest: [] })];
      return { intent, checks: all, holds: all.every(({ holds }) => holds) };
    }),
  };
}

interface Asking {
  readonly cluster: Cluster;
  readonly semantics: Semantics;
  readonly namespace: string;
  readonly controls: ControlFinder;
  readonly groups: IntentsFile['groups'];
  readonly groupNames: readonly string[];
}

const CODES: Readonly<Record<PromiseAnswer['kind'], (expect: Expect) => CheckCode>> = {
  holds: () => 'as-expected',
  broken: (expect) => (expect === 'denied' ? 'not-denied' : 'not-allowed'),
  undecided: () => 'undecided',
  nothing: () => 'matches-nothing',
};

function promised(asking: Asking, intent: Intent, expect: 'never' | 'always'): IntentResult {
  const checks = promiseChecks(asking, intent, expect).map((promise): Check => {
    const { answer, error, unmatched, noPods, ports } = promise;
    const base = { ...blank(intent, promise.from, promise.to), promise, error, unmatched, protocol: onePort(ports)?.protocol };
    if (answer !== undefined) return { ...base, code: CODES[answer.kind](intent.expect), holds: answer.kind === 'holds' };
    return { ...base, code: noPods !== undefined ? 'no-pods' : unmatched !== undefined ? 'matches-nothing' : codeOfError(error) };
  });
  return { intent, checks, holds: checks.every(({ holds }) => holds) };
}

function codeOfError(error: EndError | undefined): CheckCode {
  return error !== undefined && NOBODY.has(error.code) ? 'matches-nothing' : 'not-answerable';
}

function matchesNothing(intent: Intent, unmatched: Unmatched): Check {
  const [from, to] = [intent.from, intent.to].map((ends) => ends.map((end) => (end.kind === 'text' ? end.text : 'labels')).join(', '));
  return { ...blank(intent, from ?? '', to ?? ''), code: 'matches-nothing', unmatched };
}

function blank({ expect }: Intent, from: string, to: string): Check {
  return {
    from,
    to,
    protocol: undefined,
    expect,
    code: 'not-answerable',
    holds: false,
    outcome: undefined,
    answer: undefined,
    control: undefined,
    notByName: false,
    error: undefined,
    unmatched: undefined,
    measured: undefined,
  };
}

function pairChecks(asking: Asking, intent: Intent, source: MeantEnd, target: MeantEnd): readonly Check[] {
  if (source.text === target.text && (source.isPattern || target.isPattern)) return [];
  const targets = withPorts(target.text, intent, asking.namespace);
  if (targets === 'twice') return [{ ...blank(intent, source.text, target.text), code: 'port-said-twice' }];
  return targets.flatMap((to): readonly Check[] => {
    const answer = why(asking.cluster, asking.semantics, { from: source.text, to, namespace: asking.namespace });
    if (answer.kind === 'error') return answer.errors.map((error) => unanswered(asking, intent, source.text, to, error));
    return answer.connections.map((connection) => judged(asking, intent, { ...answer, connections: [connection] }, connection, to));
  });
}

const NOBODY: ReadonlySet<EndError['code']> = new Set(['unknown-name', 'unknown-namespace', 'unknown-node']);

function unanswered({ groupNames }: Asking, intent: Intent, from: string, to: string, error: EndError): Check {
  const base = { ...blank(intent, from, to), error };
  if (!NOBODY.has(error.code)) return base;
  // A bare word that names nobody was perhaps to be a group.
  const written = [...intent.from, ...intent.to].find((end) => end.kind === 'text' && end.text === error.facts.name);
  const near = written?.kind === 'text' ? nearest(written.text, groupNames) : [];
  const unmatched = written === undefined || near.length === 0 ? undefined : { written, nearest: near };
  return { ...base, code: 'matches-nothing', unmatched };
}

/** `['shop/cart:7070']`; the text alone when no port was said. An IPv6 address gets its brackets. */
function withPorts(text: string, { ports }: Intent, namespace: string): readonly string[] | 'twice' {
  if (ports.length === 0) return [text];
  const name = parseName(text, { namespace });
  if (!isError(name) && name.port !== undefined && !text.includes('://')) return 'twice';
  const bare = /^[0-9a-f]*:[0-9a-f:.]*$/i.test(text) ? `[${text}]` : text;
  return ports.map((port) => `${bare}:${printPort(port)}`);
}

function judged(asking: Asking, intent: Intent, answer: Answered, connection: ConnectionAnswer, to: string): Check {
  const base: Check = {
    ...blank(intent, answer.from.text, connection.route.to),
    protocol: connection.route.protocol,
    outcome: connection.outcome,
    answer,
    ...(intent.status !== undefined && { http: { status: intent.status, ...requestOf(to, asking.namespace) } }),
  };
  const { outcome, dns } = connection;
  if (intent.expect === 'allowed') {
    const notByName = outcome === 'allowed' && (dns?.outcome === 'denied' || dns?.outcome === 'broken');
    if (outcome === 'allowed' && base.http !== undefined) return { ...base, code: 'status-unknown', notByName };
    if (outcome === 'allowed') return { ...base, code: 'as-expected', holds: true, notByName };
    return { ...base, code: outcome === 'broken' ? 'broken' : outcome === 'undecided' ? 'undecided' : 'not-allowed' };
  }
  // What is denied by name only is open to everybody who knows the address.
  const legs = policyOutcome(connection);
  if (legs === 'allowed' && outcome === 'denied') return { ...base, code: 'only-lookup-denied' };
  if (outcome === 'broken') return { ...base, code: 'broken' };
  // A kernel or a cluster may settle it, and needs the control then.
  if (legs === 'undecided' || (legs === 'denied' && outcome === 'undecided'))
    return { ...base, code: 'undecided', control: asking.controls(connection) };
  if (legs !== 'denied') return { ...base, code: legs === undefined ? 'broken' : 'not-denied' };
  return withControl(asking, intent, base, connection, to);
}

/** What a URL asks for; of any other name the root, without TLS. */
function requestOf(to: string, namespace: string): { readonly path: string; readonly tls: boolean } {
  const name = parseName(to, { namespace });
  const url = isError(name) ? undefined : name.kind === 'host' ? name : name.kind === 'address' ? name.url : undefined;
  return { path: url?.path ?? '/', tls: url?.scheme === 'https' };
}

function policyOutcome({ legs }: ConnectionAnswer): 'allowed' | 'denied' | 'partial' | 'undecided' | undefined {
  const outcomes = new Set(legs.map(({ outcome }) => outcome));
  if (outcomes.has('undecided')) return 'undecided';
  const [only] = outcomes;
  return outcomes.size > 1 ? 'partial' : only;
}

function withControl(asking: Asking, intent: Intent, base: Check, connection: ConnectionAnswer, to: string): Check {
  if (intent.control === undefined) {
    const control = asking.controls(connection);
    return control === undefined ? { ...base, code: 'no-control' } : { ...base, code: 'as-expected', holds: true, control };
  }
  const { ends, unmatched } = endsOf(asking.cluster, intent.control, asking.groups);
  const [missing] = unmatched;
  if (missing !== undefined) return { ...base, code: 'matches-nothing', unmatched: missing };
  for (const { text } of ends) {
    const answer = why(asking.cluster, asking.semantics, { from: text, to, namespace: asking.namespace });
    if (answer.kind === 'error') return { ...base, code: 'control-fails', error: answer.errors[0] };
    const [found] = answer.connections;
    if (found?.outcome !== 'allowed')
      return { ...base, code: 'control-fails', control: { by: 'named', from: answer.from.text, outcome: found?.outcome ?? 'broken' } };
  }
  return {
    ...base,
    code: 'as-expected',
    holds: true,
    control: { by: 'named', from: ends.map(({ text }) => text).join(', '), outcome: 'allowed' },
  };
}

/** The check, judged by what was measured instead of by what the model says. What has no answer stays as it is. */
export function withMeasured(check: Check, measured: Measured): Check {
  const { expect, outcome } = check;
  if (check.answer === undefined) return check;
  const judge = (code: CheckCode): Check => ({ ...check, measured, code, holds: code === 'as-expected' });
  if (measured.outcome === 'unknown') return judge('not-measured');
  const isDecided = outcome === 'allowed' || outcome === 'denied' || outcome === 'partial';
  const differs = measured.by === 'kernel' ? 'kernel-differs' : 'cluster-differs';
  if (measured.outcome !== expect) {
    const saidSo = isDecided && outcome === measured.outcome;
    if (!saidSo && isDecided) return judge(differs);
    return judge(expect === 'allowed' ? 'not-allowed' : 'not-denied');
  }
  if (isDecided && outcome !== measured.outcome) return judge(differs);
  if (check.http !== undefined && measured.status !== check.http.status)
    return judge(measured.status === undefined ? 'status-unknown' : 'status-differs');
  if (expect === 'denied' && measured.control !== 'answers') return judge('no-control');
  return judge('as-expected');
}

/** The run with checks replaced: `update(check)` for each. */
export function withChecks(run: IntentsRun, update: (check: Check) => Check): IntentsRun {
  return {
    results: run.results.map(({ intent, checks }) => {
      const updated = checks.map(update);
      return { intent, checks: updated, holds: updated.every(({ holds }) => holds) };
    }),
  };
}
