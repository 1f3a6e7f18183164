// Faults of files and objects: what could not be read, or is not what a cluster takes.
import { at } from '../../../model/origin.ts';
import { apiErrorText } from '../../../objects/validate-problem.ts';
import { firstNames } from '../../facts.ts';
import { mend, parentOf } from '../../input-faults.ts';
import { policyValueAt } from '../../written.ts';
import { inputFault } from './row.ts';

export const apiNoLongerServed = inputFault({
  id: 'api-no-longer-served',
  catalogue: ['NP013'],
  severity: 'error',
  fixable: true,
  messages: ['removed', 'neverServed'],
  say({ code, origin, facts }) {
    if (origin === undefined) return undefined;
    if (code === 'not-served') return { message: 'neverServed' };
    const root = origin.path.at(-1) === 'apiVersion' ? origin : at(origin, 'apiVersion');
    return { message: 'removed', ...mend({ kind: 'set-value', at: root, value: String(facts.use) }) };
  },
});

/** Everything that the API server would refuse or warn of and that has no rule of its own. */
export const apiRefusesIt = inputFault({
  id: 'api-refuses-it',
  catalogue: ['NP001'],
  severity: 'error',
  messages: ['refused', 'doubtful'],
  say: (problem) =>
    problem.severity === 'error' && apiErrorText(problem) !== ''
      ? { message: 'refused' }
      : { message: 'doubtful', severity: problem.severity },
});

/** A typing slip, or a field one level too high or too low. */
export const fieldUnknown = inputFault({
  id: 'field-unknown',
  catalogue: ['NP004'],
  severity: 'error',
  fixable: true,
  messages: ['misspelt', 'misplaced', 'unknown'],
  say({ origin, facts }, context) {
    if (origin === undefined) return undefined;
    const key = String(origin.path.at(-1));
    // `port: [...]` in a rule is the list `ports`; a lone `port: 80` belongs in an item of it.
    if (key === 'port' && Array.isArray(policyValueAt(context, origin)))
      return { message: 'misspelt', facts: { nearest: 'ports' }, ...mend({ kind: 'rename-key', at: origin, key: 'ports' }) };
    if (facts.hint === 'under-match-labels' || facts.hint === 'under-pod-selector') {
      const under = facts.hint === 'under-match-labels' ? 'matchLabels' : 'podSelector';
      return { message: 'misplaced', ...mend({ kind: 'move-under', at: parentOf(origin), keys: [key], under }) };
    }
    if (MISPLACED.has(String(facts.hint))) return { message: 'misplaced' };
    if (typeof facts.nearest !== 'string') return { message: 'unknown' };
    return { message: 'misspelt', ...mend({ kind: 'rename-key', at: origin, key: facts.nearest }) };
  },
});

/** Fields that belong somewhere else (objects/validate-unknown-field.ts says where). */
const MISPLACED: ReadonlySet<string> = new Set([
  'under-match-expressions',
  'under-ip-block',
  'under-peers',
  'under-ports',
  'in-rule',
  'in-spec',
  'in-metadata',
]);

export const fileUnreadable = inputFault({
  id: 'file-unreadable',
  catalogue: ['NP005'],
  severity: 'error',
  messages: ['unreadable'],
  say: ({ severity }) => ({ message: 'unreadable', severity }),
});

export const keyWrittenTwice = inputFault({
  id: 'key-written-twice',
  catalogue: ['NP004'],
  severity: 'error',
  messages: ['twice'],
  say: () => ({ message: 'twice' }),
});

export const labelValueNotText = inputFault({
  id: 'label-value-not-text',
  catalogue: ['NP014'],
  severity: 'error',
  fixable: true,
  messages: ['unquoted'],
  say: ({ origin, facts }) =>
    origin === undefined ? undefined : { message: 'unquoted', ...mend({ kind: 'set-value', at: origin, value: String(facts.value) }) },
});

export const mergeConflictLeft = inputFault({
  id: 'merge-conflict-left',
  catalogue: ['NP005'],
  severity: 'error',
  messages: ['markers'],
  say: () => ({ message: 'markers' }),
});

export const objectDefinedTwice = inputFault({
  id: 'object-defined-twice',
  catalogue: ['NP130'],
  severity: 'warning',
  messages: ['twice'],
  // Of other kinds folders often hold variants; a policy that is replaced takes its allowances with it.
  say: ({ facts }) => ({ message: 'twice', ...(facts.kind === 'NetworkPolicy' ? {} : { severity: 'note' }) }),
});

export const objectNotRecognised = inputFault({
  id: 'object-not-recognised',
  catalogue: ['NP005'],
  severity: 'error',
  messages: ['halfAnObject', 'noObject'],
  say({ code, severity, origin }) {
    // A values.yaml or Chart.yaml beside the manifests is not a fault of theirs.
    const isOther = severity !== 'error' || /(^|\/)Chart\.ya?ml$/.test(origin?.document.file ?? '');
    if (isOther) return { message: 'noObject', severity: 'note' };
    return { message: code === 'missing-kind' ? 'halfAnObject' : 'noObject' };
  },
});

export const policyKindNotEvaluated = inputFault({
  id: 'policy-kind-not-evaluated',
  catalogue: ['NP125'],
  severity: 'note',
  messages: ['notEvaluated'],
  say: () => ({ message: 'notEvaluated' }),
});

/** Labels that are meant to differ between the pods of one workload; `selects-one-replica` speaks about them. */
const PER_REPLICA: ReadonlySet<string> = new Set(['apps.kubernetes.io/pod-index', 'statefulset.kubernetes.io/pod-name']);

export const replicasFareDifferently = inputFault({
  id: 'replicas-fare-differently',
  catalogue: ['NP046'],
  severity: 'warning',
  needs: ['cluster'],
  messages: ['differ'],
  say({ facts }) {
    const labels = Array.isArray(facts.labels) ? (facts.labels as readonly string[]) : [];
    const telling = labels.filter((label) => !PER_REPLICA.has(label));
    return telling.length === 0 ? undefined : { message: 'differ', facts: { labels: firstNames(telling, 8) } };
  },
});

export const templateNotRendered = inputFault({
  id: 'template-not-rendered',
  catalogue: ['NP005'],
  severity: 'error',
  messages: ['template', 'tree'],
  say({ code, place, origin }) {
    if (code === 'wants-rendering') return { message: 'tree', severity: 'note' };
    // A template is cut into documents at its `---`; one finding for the file is enough.
    return { message: 'template', once: place?.file ?? origin?.document.file ?? '' };
  },
});

export const yamlBroken = inputFault({
  id: 'yaml-broken',
  catalogue: ['NP005'],
  severity: 'error',
  fixable: true,
  messages: ['broken'],
  say({ place, facts }) {
    const fault = facts.hint;
    const isMendable = fault === 'tab-character' || fault === 'slash-comment' || fault === 'smart-quotes';
    return { message: 'broken', ...(isMendable && place !== undefined ? mend({ kind: 'mend-syntax', place, fault }) : {}) };
  },
});
