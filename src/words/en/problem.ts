// A problem with the input. Where it happened is printed beside it.
import type { Facts, Problem, ProblemCode } from '../../model/problem.ts';
import { deciderName } from './deciders.ts';
import { RBAC_HINT } from './obstacle.ts';
import { readingWords } from './reading.ts';
import { type Fact, factsOf, type Said, said } from './said.ts';

/** Never throws; facts that are missing are left out. */
export function problemSentence({ code, facts }: Pick<Problem, 'code' | 'facts'>): Said {
  return WORDS[code](factsOf(facts), facts);
}

const hintOf = (fact: Fact) => readingWords(fact('hint'));
const reasonOf = (facts: Facts) => readingWords(factsOf(facts)('reason'), facts);

const WORDS: Readonly<Record<ProblemCode, (fact: Fact, facts: Facts) => Said>> = {
  'unreadable-file': (fact, facts) => said(`cannot be read: ${reasonOf(facts)}`, hintOf(fact)),
  'file-too-large': (fact) =>
    said(
      `too large: ${fact('bytes')} bytes, the limit is ${fact('limit')}`,
      'split the file, or name the folder with the individual manifests',
    ),
  'not-text': (fact, facts) => said(`not a text file: ${reasonOf(facts)}`, hintOf(fact)),
  'not-yaml': (fact, facts) => said(`not valid YAML: ${reasonOf(facts)}`, withPreview(hintOf(fact), facts)),
  'lost-indentation': (_fact, facts) =>
    said('no line of this NetworkPolicy is indented, so its metadata and spec are empty', withPreview(undefined, facts)),
  'not-json': (fact, facts) => said(`not valid JSON: ${reasonOf(facts)}`, hintOf(fact)),
  'alias-bomb': () =>
    said('anchors and aliases expand to far more than the document contains', 'write the values out; no API server accepts this either'),
  'nested-too-deep': (fact) => said(`nested deeper than ${fact('limit')} levels`),
  'duplicate-key': (fact) =>
    said(
      `key \`${fact('key')}\` appears twice in one mapping; the last one wins and the first one is lost`,
      'remove one or merge them, because nothing else will warn you',
    ),
  'duplicate-object': (fact) =>
    said(
      `${fact('kind')} \`${fact('name')}\` is defined twice${fact('first') === '' ? '' : ` (first at ${fact('first')})`}; the last one counts`,
    ),
  'not-an-object': (fact) => said(`not a Kubernetes object: found ${fact('found')}`),
  'missing-kind': (fact) => said(`not a Kubernetes object: ${missingFields(fact('missing') || 'kind')}`),
  'merge-conflict-markers': () => said('contains merge conflict markers (<<<<<<<, =======, >>>>>>>)', 'resolve the conflict first'),
  'unrendered-template': () =>
    said('this is a template that has not been rendered', 'pipe the rendered output: helm template CHART | netverdict … -f -'),
  'wants-rendering': (fact) =>
    said(
      `${fact('folder')} is built with ${fact('tool')}, but its files were read without rendering, so what is really applied may differ`,
      `netverdict … ${fact('flag')}, or: ${fact('render')} | netverdict … -f -`,
    ),
  'no-manifests': (fact) =>
    said(fact('path') === '-' ? 'standard input was empty' : `no manifests (.yaml, .yml, .json) in \`${fact('path')}\``),
  'wrong-type': (fact) => said(`${fact('field')}: must be ${fact('wanted')}, found ${fact('found')}`, hintOf(fact)),
  'unknown-field': (fact) =>
    said(`unknown field "${fact('field')}"`, fact('nearest') === '' ? hintOf(fact) : `did you mean \`${fact('nearest')}\`?`),
  // The API server's own words, from the validation of the kind.
  invalid: (fact, { value }) => {
    const error = value === undefined ? fact('error') : `${fact('error')}:${fact('value') === '' ? '' : ` ${fact('value')}`}`;
    const detail = fact('detail') === '' ? '' : `: ${fact('detail')}`;
    return said(`The ${fact('kind')} "${fact('name')}" is invalid: ${fact('field')}: ${error}${detail}`, hintOf(fact));
  },
  warning: (fact) => said(`${fact('field') === '' ? '' : `${fact('field')}: `}${fact('detail')}`, hintOf(fact)),
  'deprecated-api': (fact) => said(`${fact('apiVersion')} is no longer served`, `use ${fact('use')}`),
  'owner-labels-differ': (fact) =>
    said(`pods of ${fact('workload')} have different labels (${fact('labels')}), and a policy tells them apart`),
  'ip-shared': (fact) => said(`${fact('pods')} have the same address ${fact('ip')}`),
  'unsupported-policy': unsupportedPolicy,
  'not-served': (fact) =>
    said(
      `${fact('kind') === '' ? 'an object without a kind' : fact('kind')} \`${fact('name')}\` looks like a NetworkPolicy, but ${whyNotServed(fact)}, so it protects nothing`,
      `use apiVersion: ${fact('use')} and kind: ${fact('useKind')}`,
    ),
  'missing-backend': (fact) => said(`Ingress \`${fact('ingress')}\` sends to Service \`${fact('service')}\`, which is not in the input`),
  limit: (fact, facts) => (fact('what') === 'not-read' ? notRead(fact, facts) : said(LIMITS[fact('what')] ?? fact('what'))),
};

/** The whole text, as it was probably meant, under the hint. */
function withPreview(hint: string | undefined, { preview, isUnique }: Facts): string | undefined {
  if (typeof preview !== 'string') return hint;
  const meant =
    isUnique === true
      ? 'it was probably meant as follows; copy it if that is right'
      : 'it may have been meant as follows, but some lines fit in more than one place, so check each of them';
  return `${hint === undefined || hint === '' ? '' : `${hint}; `}${meant}:\n${preview}`;
}

function unsupportedPolicy(fact: Fact, facts: Facts): Said {
  const decides = deciderName(fact('decides'));
  const what = `${fact('kind')} \`${fact('name')}\` (${fact('apiVersion')})`;
  if (fact('inertUnder') !== '') {
    const others = Number(facts.more ?? 0);
    return said(
      `${fact('kind')} \`${fact('name')}\`${others === 0 ? ' has' : ` and ${others} more have`} no effect here, because ${fact('inertUnder')} does not enforce policies of ${decides}`,
      fact('setting') === ''
        ? `use NetworkPolicies, or pass --cni cilium if ${decides} runs here`
        : `Cilium supports them since 1.20 with ${fact('setting')}: "true" in ConfigMap kube-system/cilium-config`,
    );
  }
  if (fact('layer') === 'mesh') return said(`${what} is enforced by ${decides}, which decides again about what the network allows`);
  if (fact('cni') !== '')
    return said(
      `${what} takes effect only where ${decides} enforces policies, and the input does not say whether it does here`,
      `name the CNI with --cni ${fact('cni')}, or use --cni auto to detect it from the objects`,
    );
  return said(`${what} is enforced by ${decides} and not evaluated here, so verdicts that it may change are undecided`);
}

function whyNotServed(fact: Fact): string {
  const [apiVersion, kind] = [fact('apiVersion'), fact('kind')];
  if (apiVersion === '') return 'it has no apiVersion, so no API server accepts it';
  return kind === '' ? 'it has no kind, so no API server accepts it' : `no API server serves kind ${kind} in ${apiVersion}`;
}

/** `apiVersion, kind` → `` `apiVersion` and `kind` are missing ``. */
function missingFields(list: string): string {
  const fields = list.split(', ').map((field) => `\`${field}\``);
  return `${fields.join(' and ')} ${fields.length === 1 ? 'is' : 'are'} missing`;
}

const LIMITS: Readonly<Record<string, string>> = {
  'too-many-documents': 'too many documents',
  'too-many-values': 'too many values',
  'too-many-problems': 'too many problems',
};

/** A list of a live cluster that could not be read. */
function notRead(fact: Fact, { readIn = [] }: Facts): Said {
  const outside =
    Array.isArray(readIn) && readIn.length > 0 ? ` outside ${readIn.length === 1 ? 'namespace' : 'namespaces'} ${fact('readIn')}` : '';
  const what = fact('kind') === '*' ? 'which kinds of policies the cluster has' : `${fact('resource')}${outside}`;
  const { why, hint } = UNREAD[fact('reason')] ?? { why: fact('reason'), hint: '' };
  return said(`could not read ${what} (${why}); ${CONSEQUENCE[fact('weight')] ?? ''}`, hint);
}

const UNREAD: Readonly<Record<string, { readonly why: string; readonly hint: string }>> = {
  forbidden: { why: 'you are not allowed to list them', hint: RBAC_HINT },
  'unknown-version': { why: 'the cluster serves no version that netverdict knows', hint: 'a newer netverdict may support it' },
  unavailable: {
    why: 'the API server could not get them',
    hint: 'kubectl get --raw /apis and kubectl get apiservices show what is down',
  },
  'not-collected': {
    why: 'the bundle does not contain them',
    hint: 'collect them as well and pass them with a second -f, e.g. kubectl get networkpolicies -A -o yaml',
  },
};
const CONSEQUENCE: Readonly<Record<string, string>> = {
  policy: 'verdicts that they may change are undecided',
  object: 'the answer may be incomplete',
  sign: 'the CNI may not be detected',
};

/** Under a list of problems that was cut short. */
export const moreProblems = (count: number) => `… and ${count} more; --verbose shows them`;
