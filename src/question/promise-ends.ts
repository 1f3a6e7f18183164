// Ends of promises: `any pod app=frontend in namespaces team=web` as it is written, and the pods that a promise's end means.
import type { PodScope } from '../classes/pods-to-come.ts';
import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { Requirement, Selector } from '../model/selector.ts';
import { labelKeyFaults, labelValueFaults } from '../objects/validate-names.ts';
import { findObject } from '../route/find.ts';
import { isError, parseName } from '../route/name.ts';
import type { EndError } from '../route/obstacle.ts';

/** `any pod`, `any pod app=cart in namespace shop`; undefined for an end of another kind, `bad` for one that begins like it and goes wrong. */
export function anyPodScope(text: string, origin: Origin): PodScope | 'bad' | undefined {
  const [, rest] = /^any pods?(?:\s+(.*))?$/s.exec(text) ?? [];
  if (rest === undefined) return /^any pods?$/.test(text) ? {} : undefined;
  const [, list = '', word, where = ''] = /^(\S*?)\s*(?:\bin (namespaces?)\s+(\S+))?$/s.exec(rest) ?? [];
  if (list === '' && word === undefined) return 'bad';
  const pods = list === '' ? undefined : selectorOfText(list, origin);
  const namespaces = word === undefined ? undefined : word === 'namespace' ? nameMatch(where) : labelMatch(where, origin);
  if (pods === 'bad' || namespaces === 'bad') return 'bad';
  return { ...(pods && { pods }), ...(namespaces && { namespaces }) };
}

function nameMatch(name: string): PodScope['namespaces'] | 'bad' {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name) ? { by: 'name', name } : 'bad';
}

function labelMatch(text: string, origin: Origin): PodScope['namespaces'] | 'bad' {
  const selector = selectorOfText(text, origin);
  return selector === 'bad' ? 'bad' : { by: 'labels', selector };
}

/** `team=web` by labels, `shop` by name. */
export function namespaceScope(text: string, origin: Origin): PodScope | 'bad' {
  const namespaces = /[=!]/.test(text) ? labelMatch(text, origin) : nameMatch(text);
  return namespaces === 'bad' || namespaces === undefined ? 'bad' : { namespaces };
}

/** Pods with these labels: `app=cart`. */
export function labelScope(text: string, origin: Origin): PodScope | 'bad' {
  const pods = selectorOfText(text, origin);
  return pods === 'bad' ? 'bad' : { pods };
}

/** `app=cart,tier!=a,team,!legacy`, as kubectl's `-l` has it, without its sets. */
function selectorOfText(text: string, origin: Origin): Selector | 'bad' {
  const requirements: Requirement[] = [];
  for (const part of text.split(',')) {
    const [, not = '', key = '', sign = '', value = ''] = /^(!?)([^!=]+)(?:(!=|==?)(.*))?$/.exec(part) ?? [];
    const isWrong = (not !== '' && sign !== '') || labelKeyFaults(key).length > 0 || labelValueFaults(value).length > 0;
    if (isWrong) return 'bad';
    if (sign === '') requirements.push({ key, operator: not === '' ? 'Exists' : 'DoesNotExist', values: [], origin });
    else requirements.push({ key, operator: sign === '!=' ? 'NotIn' : 'In', values: [value], origin });
  }
  return { requirements, origin };
}

/** The pods of a name, as `why` takes it: of a workload, or one pod. A name that is something else is an error, or `no-pods`. */
export function podsCalled(cluster: Cluster, text: string, namespace: string): readonly Pod[] | EndError | 'no-pods' {
  const name = parseName(text, { namespace });
  if (isError(name)) return name;
  if (name.kind !== 'object' || name.port !== undefined) return 'no-pods';
  const found = findObject(cluster, name);
  if (found.kind === 'error') return found;
  if (found.kind === 'service') return 'no-pods';
  return found.kind === 'pod' ? [found.pod] : found.workload.pods.filter(isLive);
}
