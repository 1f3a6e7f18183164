// The lower half of `why` for a terminal: the rules that came nearest, and what it means.
import type { Cause } from '../explain/causes.ts';
import type { NearMiss } from '../explain/near-miss.ts';
import { peerName, ruleName } from '../model/policy.ts';
import type { ConnectionAnswer, LegAnswer } from '../question/why.ts';
import { causeSentence } from '../words/en/cause.ts';
import { differenceSentence } from '../words/en/difference.ts';
import { type Pen, placeTail, row } from './why-rows.ts';

/** As many for each direction as were asked for. */
export function shownMisses({ explanation: { egress, ingress } }: LegAnswer, { mostMisses }: Pen): NearMiss[] {
  return [egress, ingress].flatMap(({ misses }) => misses.slice(0, mostMisses));
}

export function missLines(miss: NearMiss, { paint, place }: Pen): string[] {
  const { policy, direction, rule } = miss.ref;
  const peer = miss.peer === undefined ? '' : `.${peerName(miss.ref, miss.peer)}`;
  const name = `${policy.name} ${ruleName({ direction, rule })}${peer}`;
  // A kind that has names of its own for its rules has them for its peers: `fromEndpoints`.
  const selector = rule.label === undefined || peer === '' ? 'podSelector' : peer.slice(1).replace(/\[.*/, '');
  const labels = miss.checks.map((check) => `${check.part === 'podSelector' ? selector : check.part} ${wanted(check)}`);
  const width = Math.min(60, Math.max(...labels.map((label) => label.length)));
  return [
    row('nearest', `${paint.bold(name)}${placeTail(place(miss.at, 'path'), paint)}`),
    ...miss.checks.map((check, i) => {
      const label = (labels[i] ?? '').padEnd(width);
      const [difference] = check.differences;
      if (difference === undefined) return row('', `  ${paint.plain(label)}  ${paint.green('✓')}`);
      const at = 'hasAt' in difference ? place(difference.hasAt, 'object') : '';
      return row('', `  ${paint.plain(label)}  ${paint.red(`✗ ${differenceSentence(difference)}`)}${placeTail(at, paint)}`);
    }),
  ];
}

/** An empty selector as it is written, with what it means. */
function wanted({ part, wants }: NearMiss['checks'][number]): string {
  if (wants !== 'everything') return wants;
  return part === 'namespaceSelector' ? '{} (every namespace)' : '{} (every pod)';
}

/** Causes that say more than the near miss they were read from. */
const SAYS_MORE: ReadonlySet<string> = new Set([
  'and-or',
  'service-port-instead-of-target-port',
  'node-port-instead-of-target-port',
  'ipblock-for-a-service-address',
  'ipblock-for-a-pod',
]);
/** Causes that say why a policy has no rule, after which nobody needs to hear that it has none. */
const SAYS_WHY: ReadonlySet<string> = new Set(['egress-types-without-rules', 'policy-types-defaulted']);

/** Up to four, first blocker first. `shown`: the near misses that stand above. */
export function causeLines({ codes, causes }: ConnectionAnswer, shown: readonly NearMiss[], pen: Pen): string[] {
  const isSaid = ({ code, direction }: Cause) =>
    code === 'isolated-with-no-rules' && causes.some((other) => SAYS_WHY.has(other.code) && other.direction === direction);
  // What the enforcer really does is said however many causes there are.
  const told = causes
    .filter((cause) => !isSaid(cause))
    .filter((cause, i) => i < 4 || cause.code === 'enforcer-departs' || cause.code === 'pod-not-policed');
  const distinct = told.filter((cause, i) => told.findIndex((other) => other.code === cause.code) === i);
  if (distinct.length === 0) return codes[0] === undefined ? [] : ['', row('cause', pen.paint.bold(codes[0]))];
  return ['', ...distinct.flatMap((cause, i) => causeLine(cause, i === 0 ? 'cause' : 'also', shown, pen))];
}

/** The code alone where the near miss above has said it all. */
function causeLine(cause: Cause, label: string, shown: readonly NearMiss[], { paint, place }: Pen): string[] {
  const { text, hint } = causeSentence(cause);
  const isShown = cause.miss !== undefined && shown.includes(cause.miss) && !SAYS_MORE.has(cause.code);
  const rest = isShown ? '' : `  ${paint.plain(text)}${placeTail(place(cause.at, 'object'), paint)}`;
  const lines = [row(label, `${paint.bold(cause.code)}${rest}`)];
  if (hint !== undefined) lines.push(row('', paint.cyan(`→ ${hint}`)));
  return lines;
}
