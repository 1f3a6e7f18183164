// A problem with the input in English. The one place for these words; where it happened is printed by the report.
import type { Problem } from '../model/problem.ts';
import { clipped } from '../objects/clip.ts';
import { readingWords } from './reading-words.ts';

export interface Sentence {
  /** Lower case, no full stop: `namespaces is not a field of NetworkPolicySpec`. */
  readonly text: string;
  /** What to do next; undefined when the text says it already. */
  readonly hint?: string;
}

/** Never throws; facts that are missing are left out. */
export function problemSentence(problem: Problem): Sentence {
  const fact = (name: string) => {
    const value = problem.facts[name];
    return value === undefined ? '' : clipped(Array.isArray(value) ? value.join(', ') : String(value));
  };
  const hint = fact('hint') === '' ? {} : { hint: readingWords(fact('hint')) };
  switch (problem.code) {
    case 'unreadable-file':
      return { text: `cannot be read: ${readingWords(fact('reason'))}`, ...hint };
    case 'file-too-large':
      return {
        text: `too large: ${fact('bytes')} bytes, the limit is ${fact('limit')}`,
        hint: 'split the file, or give the folder with the single manifests',
      };
    case 'not-text':
      return { text: `is not text: ${readingWords(fact('reason'))}`, ...hint };
    case 'not-yaml':
      return { text: `not YAML: ${readingWords(fact('reason'))}`, ...hint };
    case 'not-json':
      return { text: `not JSON: ${readingWords(fact('reason'))}`, ...hint };
    case 'alias-bomb':
      return {
        text: 'anchors and aliases unfold to far more than the document holds',
        hint: 'write the values out; no API server takes this either',
      };
    case 'nested-too-deep':
      return { text: `nested deeper than ${fact('limit')} levels` };
    case 'duplicate-key':
      return {
        text: `key \`${fact('key')}\` stands twice in one mapping; the last one wins and the first is lost`,
        hint: 'remove or join one of them; nobody else will tell you',
      };
    case 'duplicate-object':
      return {
        text: `${fact('kind')} \`${fact('name')}\` is defined twice${fact('first') === '' ? '' : ` (first at ${fact('first')})`}; the last one counts`,
      };
    case 'not-an-object':
      return { text: `no Kubernetes object: found ${fact('found')}` };
    case 'missing-kind':
      return { text: `no Kubernetes object: ${missingWords(fact('missing') || 'kind')}` };
    case 'merge-conflict-markers':
      return { text: 'holds merge conflict markers (<<<<<<<, =======, >>>>>>>)', hint: 'resolve the conflict first' };
    case 'unrendered-template':
      return { text: 'is a template that has not been rendered', hint: 'pipe it: helm template CHART | netverdict … -f -' };
    case 'wants-rendering':
      return {
        text: `${fact('folder')} is built with ${fact('tool')} and was read as it lies there: it has not been rendered, and what is applied may differ`,
        hint: `netverdict … ${fact('flag')}, or: ${fact('render')} | netverdict … -f -`,
      };
    case 'no-manifests':
      if (fact('path') === '-') return { text: 'nothing came from standard input' };
      return { text: `no manifests (.yaml, .yml, .json) in \`${fact('path')}\`` };
    case 'wrong-type':
      return { text: `${fact('field')}: must be ${fact('wanted')}, found ${fact('found')}`, ...hint };
    case 'unknown-field':
      return {
        text: `unknown field "${fact('field')}"`,
        ...(fact('nearest') !== '' ? { hint: `did you mean \`${fact('nearest')}\`?` } : hint),
      };
    case 'invalid': {
      const value = fact('value') === '' ? '' : ` ${fact('value')}`;
      const error = `${fact('error')}${problem.facts.value === undefined ? '' : `:${value}`}`;
      return {
        text: `The ${fact('kind')} "${fact('name')}" is invalid: ${fact('field')}: ${error}${fact('detail') === '' ? '' : `: ${fact('detail')}`}`,
        ...hint,
      };
    }
    case 'warning':
      return { text: `${fact('field') === '' ? '' : `${fact('field')}: `}${fact('detail')}`, ...hint };
    case 'deprecated-api':
      return { text: `${fact('apiVersion')} is no longer served`, hint: `use ${fact('use')}` };
    case 'owner-labels-differ':
      return { text: `the pods of ${fact('workload')} carry different labels (${fact('labels')}), and a policy sees the difference` };
    case 'ip-shared':
      return { text: `${fact('pods')} claim the same address ${fact('ip')}` };
    case 'unsupported-policy': {
      const what = `${fact('kind')} \`${fact('name')}\` (${fact('apiVersion')})`;
      if (fact('inertUnder') !== '') {
        const others = Number(problem.facts.more ?? 0);
        return {
          text: `${fact('kind')} \`${fact('name')}\`${others === 0 ? ' does' : ` and ${others} more do`} nothing here: ${fact('inertUnder')} enforces no policies of ${fact('decides')}`,
          hint:
            fact('setting') !== ''
              ? `Cilium reads them from 1.20 on, with ${fact('setting')}: "true" in ConfigMap kube-system/cilium-config`
              : `write NetworkPolicies, or say --cni cilium where ${fact('decides')} runs`,
        };
      }
      if (fact('layer') === 'mesh')
        return { text: `${what} is enforced by ${fact('decides')}: what the network lets through, the mesh decides further` };
      if (fact('cni') !== '')
        return {
          text: `${what} is in force where ${fact('decides')} enforces policies, and whether it does here is not known`,
          hint: `say which CNI it is: --cni ${fact('cni')}, or --cni auto to tell it from the objects`,
        };
      return { text: `${what} is not evaluated: ${fact('decides')} decides by it; verdicts it could touch are undecided` };
    }
    case 'not-served':
      return {
        text: `${fact('kind') === '' ? 'an object without a kind' : fact('kind')} \`${fact('name')}\` looks like a NetworkPolicy, but ${notServedWords(fact('apiVersion'), fact('kind'))}: it protects nothing`,
        hint: `write apiVersion: ${fact('use')} and kind: ${fact('useKind')}`,
      };
    case 'missing-backend':
      return { text: `Ingress \`${fact('ingress')}\` names Service \`${fact('service')}\`, which is not in the input` };
    case 'limit':
      return { text: fact('what'), ...hint };
  }
}

function notServedWords(apiVersion: string, kind: string): string {
  if (apiVersion === '') return 'its apiVersion is missing, so no API server takes it';
  return kind === '' ? 'its kind is missing, so no API server takes it' : `no API server serves kind ${kind} in ${apiVersion}`;
}

/** `apiVersion, kind` → `apiVersion and kind are missing`. */
function missingWords(list: string): string {
  const fields = list.split(', ').map((field) => `\`${field}\``);
  return `${fields.join(' and ')} ${fields.length === 1 ? 'is' : 'are'} missing`;
}
