// A move to another CNI as the document of `diff`: the two CNIs are its two states, and the causes are their answers.

import type { LintFinding } from '../lint/lint.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import { printRuleRef } from '../model/policy.ts';
import { countRows } from '../question/diff.ts';
import type { MoveAnswer, MoveDecider, MoveRow } from '../question/move.ts';
import type { Switch } from '../question/move-sides.ts';
import { cellQuestion } from '../words/en/cells.ts';
import { findingWords } from '../words/en/lint/finding.ts';
import { insteadWords, settingsWords } from '../words/en/move.ts';
import { changeDocument } from './diff.ts';
import type { ConnectivityDiff, DiffCauseDocument, DiffMove, DiffMoveAdvice } from './documents/connectivity-diff.ts';
import { namespaceSizes } from './map.ts';
import { placed } from './place.ts';

export interface MoveQuestion {
  readonly cluster: Cluster;
  readonly answer: MoveAnswer;
  /** What lint finds under the new CNI and not under the old one. */
  readonly findings: readonly LintFinding[];
}

/** `kind: ConnectivityDiff` with `move`. */
export function moveDocument({ cluster, answer, findings }: MoveQuestion): ConnectivityDiff {
  const { from, to, isolation, rows } = answer;
  const causes = causesIn(answer);
  const sizes = namespaceSizes(cluster.workloads.values());
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'ConnectivityDiff',
    base: from,
    head: to,
    profile: `${from}..${to}`,
    move: {
      from,
      to,
      cells: cellsOf(answer),
      instead: adviceOf(answer),
      findings: findings.map((finding) => ({ rule: finding.ruleId, ...findingWords(finding), ...(finding.at && { at: finding.at }) })),
    },
    edits: [],
    workloads: { added: [], removed: [] },
    namespaces: { base: sizes, head: sizes },
    isolation: isolation.map(({ workload, direction, change, pods, switches, by }) => ({
      workload,
      direction,
      change,
      ...(pods && { pods }),
      because: switches.map((each) => causes(each, by && { policy: by, direction })),
    })),
    inert: [],
    unseen: [],
    establishedConnections: { denied: answer.establishedCutOnDeny },
    changes: rows.map((row) => ({
      ...changeDocument(row),
      because: row.switches.flatMap((each) =>
        row.deciders.length === 0 ? [causes(each)] : row.deciders.map((decider) => causes(each, decider)),
      ),
    })),
    summary: countRows(rows, isolation),
  };
}

function cellsOf({ cells, rows }: MoveAnswer): DiffMove['cells'] {
  return cells.map(({ cell, before, after }) => ({
    cell,
    question: cellQuestion(cell),
    before,
    after,
    connections: rows.filter(({ switches }) => switches.includes(cell)).length,
  }));
}

/** What to write instead, once for each answer and each way, with the rules that it is about. */
function adviceOf({ rows, to, cells }: MoveAnswer): readonly DiffMoveAdvice[] {
  const found = new Map<string, { readonly advice: Omit<DiffMoveAdvice, 'rules'>; readonly rules: Set<string> }>();
  for (const row of rows) {
    for (const each of row.switches) {
      const way = wayOf(row);
      const kinds = row.deciders.map(({ policy }) => policy.kind);
      const cell = cells.find((one) => one.cell === each);
      const text = insteadWords({ cell: each, way, to, kinds, ...(cell && { now: cell.after }) });
      if (text === undefined) continue;
      const one = found.get(text) ?? { advice: { cell: each, change: way, text }, rules: new Set<string>() };
      found.set(text, one);
      for (const decider of row.deciders) one.rules.add(nameOf(decider));
    }
  }
  return [...found.values()].map(({ advice, rules }) => ({ ...advice, rules: [...rules].sort() }));
}

function wayOf({ change, opened, closed }: MoveRow): 'opened' | 'closed' | 'undecided' {
  if (change !== 'changed') return change;
  return opened.TCP.length + opened.UDP.length + opened.SCTP.length > 0 && closed.TCP.length === 0 ? 'opened' : 'closed';
}

function causesIn({ cells }: MoveAnswer): (each: Switch, decider?: MoveDecider) => DiffCauseDocument {
  const known = new Map<string, DiffCauseDocument>();
  return (each, decider) => {
    const key = `${each} ${decider === undefined ? '' : `${decider.policy.kind} ${nameOf(decider)}`}`;
    const cell = cells.find((one) => one.cell === each);
    const made: DiffCauseDocument = known.get(key) ?? {
      kind: 'CNI',
      name: each,
      change: 'changed',
      of: 'cni',
      ...(decider && { part: `${decider.policy.kind} ${nameOf(decider)}`, ...placed(placeOfDecider(decider)) }),
      ...(cell ? { was: cell.before, now: cell.after } : { now: settingsWords }),
    };
    known.set(key, made);
    return made;
  };
}

function nameOf({ policy, direction, rule }: MoveDecider): string {
  return rule === undefined ? policy.ref : printRuleRef({ policy, direction, rule });
}

function placeOfDecider({ policy, rule }: MoveDecider): Origin {
  return rule?.origin ?? policy.origin;
}
