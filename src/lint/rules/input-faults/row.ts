// What reading and validating the input already found, passed on as findings: one row a fault, with which message it is and what `--fix` does.
import type { Problem } from '../../../model/problem.ts';
import type { LintContext } from '../../context.ts';
import type { Facts } from '../../facts.ts';
import { factsOf, type InputFault, inputFaults } from '../../input-faults.ts';
import { defineRule, type Fix, type Rule, type Severity } from '../../rule.ts';

/** How one problem is passed on: `{ message: 'twice' }`. */
export interface Passed<MessageId extends string> {
  readonly message: MessageId;
  /** Beside the facts of the problem. */
  readonly facts?: Facts;
  /** Lower than the row's. */
  readonly severity?: Severity;
  readonly fix?: Fix;
  /** Of problems that say the same here, the first is passed on. */
  readonly once?: string;
}

/** A row of the table. `say` gives undefined for a problem that is not passed on. */
export function inputFault<const Id extends InputFault, const MessageId extends string>(row: {
  readonly id: Id;
  readonly catalogue: readonly string[];
  readonly severity: Severity;
  readonly fixable?: boolean;
  readonly needs?: Rule['needs'];
  readonly messages: readonly MessageId[];
  say(problem: Problem, context: LintContext): Passed<NoInfer<MessageId>> | undefined;
}): Rule<Id, MessageId> {
  const { id, catalogue, severity, fixable = false, needs = ['policies'], messages, say } = row;
  return defineRule({
    id,
    catalogue,
    severity,
    needs,
    fixable,
    since: '0.1.0',
    messages,
    check(context, report) {
      const passedOn = new Set<string>();
      for (const problem of inputFaults(context, id)) {
        const passed = say(problem, context);
        if (passed === undefined || (passed.once !== undefined && passedOn.has(passed.once))) continue;
        if (passed.once !== undefined) passedOn.add(passed.once);
        report(passed.message, { ...factsOf(problem), ...passed.facts }, problem.origin, {
          problem,
          ...(problem.place === undefined ? {} : { place: problem.place }),
          ...(passed.severity === undefined ? {} : { severity: passed.severity }),
          ...(passed.fix === undefined ? {} : { fix: passed.fix }),
        });
      }
    },
  });
}
