// Labels as a person types them to name a pod: `web/app=frontend,tier=edge`.
import type { Labels } from '../model/selector.ts';
import { labelKeyFaults, labelValueFaults } from '../objects/validate-names.ts';

/** `{ namespace: 'web', labels: 'app=frontend' }`, `web` being what was written or the default namespace. */
export interface LabelList {
  readonly namespace: string;
  readonly labels: Labels;
}

/**
 * `web/app=frontend,tier=edge` → its labels; `app.kubernetes.io/name=api` has no namespace, because a namespace has no dot and a label's
 * prefix nearly always one. A key or value that no label can have comes back as `{ bad }`.
 */
export function labelList(text: string, defaultNamespace: string): LabelList | { readonly bad: string } {
  const [, namespace, list = ''] = /^(?:([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\/)?(.*)$/s.exec(text) ?? [];
  const labels = new Map<string, string>();
  for (const pair of list.split(',')) {
    const [, key = '', value] = /^([^=]*?)==?(.*)$/s.exec(pair) ?? [];
    if (value === undefined || labels.has(key) || labelKeyFaults(key).length + labelValueFaults(value).length > 0) return { bad: pair };
    labels.set(key, value);
  }
  return { namespace: namespace ?? defaultNamespace, labels };
}
