// `fix` as a document for programs: facts with stable names, rows of what else opens and closes, the files that would change.
import { placeFor } from '../explain/place.ts';
import type { Semantics } from '../profile/profile.ts';
import type { ConnectionFixes, FixAnswer, RankedFix } from '../question/fix.ts';
import type { Row } from '../repair/effect.ts';
import { kubectlCommands, objectChanges } from '../repair/kubectl.ts';
import { diffLength, type PlannedFile, plannedFiles, unifiedDiff } from '../repair/patch.ts';
import type { Fix } from '../repair/suggest.ts';
import type { FixProof } from './fix-proof.ts';
import { leverWords, restartWords } from './fix-words.ts';
import { portsDocument } from './ports.ts';
import { adviceDocument } from './why-json.ts';

type Proofs = ReadonlyMap<Fix, FixProof>;

/** `kind: Fixes`, schemas/fixes.schema.json. */
export function fixDocument(
  answer: Extract<FixAnswer, { kind: 'answer' }>,
  semantics: Semantics,
  deny: boolean,
  proofs: Proofs = new Map(),
): unknown {
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'Fixes',
    from: answer.from.notation,
    to: answer.to.notation,
    profile: semantics.name,
    wanted: deny ? 'denied' : 'allowed',
    connections: answer.connections.map((each) => connectionDocument(each, proofs)),
  };
}

function connectionDocument({ connection, fixes, unreadable, addressUnknown, dnsStaysDenied }: ConnectionFixes, proofs: Proofs): unknown {
  const { route, outcome } = connection;
  return {
    port: route.port,
    protocol: route.protocol,
    outcome,
    dnsStaysDenied,
    ...(unreadable.length === 0 ? {} : { unreadable: unreadable.map(({ ref }) => ref) }),
    ...(addressUnknown === undefined ? {} : { addressUnknown }),
    ...(connection.advice.length === 0 ? {} : { advice: connection.advice.map(adviceDocument) }),
    fixes: fixes.map((fix) => oneFix(fix, proofs.get(fix))),
  };
}

function oneFix(fix: RankedFix, proof: FixProof | undefined): unknown {
  const { levers, steps } = fix;
  const planned = plannedFiles(steps);
  const changes = objectChanges(levers, steps);
  const brief = briefFix(fix);
  return {
    ...brief,
    edits: brief.edits.map((edit, i) => ({ ...edit, objects: changes[i] ?? [] })),
    ...(planned.refused === undefined
      ? { files: planned.files.map(({ file }) => file), ...patchOf(planned.files) }
      : { files: [], notWritable: planned.refused.reason }),
    kubectl: kubectlCommands(steps),
    ...(proof === undefined ? {} : { proof }),
  };
}

/** Beyond this a unified diff repeats a whole file of one long line, twice for each fix; the `objects` of its edits say the same in little. */
const LONGEST_PATCH = 1 << 16;

function patchOf(files: readonly PlannedFile[]): { readonly patch: string } | { readonly patchLeftOut: 'long-lines' } {
  return diffLength(files) > LONGEST_PATCH ? { patchLeftOut: 'long-lines' } : { patch: unifiedDiff(files) };
}

/** Without the text of the edits: also beside the answers of `why`. */
export function briefFix({ number, levers, effect, size, shared, steps }: RankedFix) {
  const restarts = restartWords(steps);
  return {
    number,
    text: levers.map(leverWords).join(', and '),
    edits: levers.map((lever) => ({ code: lever.code, facts: lever.facts, text: leverWords(lever), ...placed(lever.at) })),
    opens: effect.opened.map(rowDocument),
    closes: effect.closed.map(rowDocument),
    services: effect.services,
    ...(shared.length === 0 ? {} : { shared }),
    ...(restarts === undefined ? {} : { restarts }),
    lines: size,
  };
}

function placed(at: Fix['levers'][number]['at']) {
  const place = placeFor(at);
  return place === undefined ? {} : { at: place };
}

function rowDocument({ from, to, fromPods, toPods, ports, certainty, isFuture }: Row): unknown {
  return { from, to, ...(fromPods && { fromPods }), ...(toPods && { toPods }), ports: portsDocument(ports), certainty, future: isFuture };
}
