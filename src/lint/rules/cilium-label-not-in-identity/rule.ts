// Labels outside Cilium's identity filter: no selector sees them.
import { isIdentityLabel, readKey } from '../../../kinds/cilium/labels.ts';
import { at, type Origin } from '../../../model/origin.ts';
import { get, isObject, listOf, textOf } from '../../../objects/read.ts';
import { ciliumEntries, ciliumSpecs } from '../../cilium.ts';
import { defineRule } from '../../rule.ts';

export const ciliumLabelNotInIdentity = defineRule({
  id: 'cilium-label-not-in-identity',
  catalogue: [],
  severity: 'error',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['unseen'],
  check(context, report) {
    for (const found of ciliumSpecs(context)) {
      const { policy, spec, origin } = found;
      const selectors: { readonly selector: unknown; readonly place: Origin }[] = ['endpointSelector', 'nodeSelector'].map((key) => ({
        selector: get(spec, key),
        place: at(origin, key),
      }));
      for (const { entry, origin: place } of ciliumEntries(found)) {
        for (const field of ['fromEndpoints', 'toEndpoints', 'fromNodes', 'toNodes'])
          for (const [i, selector] of listOf(get(entry, field)).entries()) selectors.push({ selector, place: at(place, field, i) });
      }
      for (const { selector, place } of selectors)
        for (const { key, where } of keysIn(selector, place)) if (isUnseen(key)) report('unseen', { policy: policy.ref, key }, where);
    }
  },
});

function isUnseen(text: string): boolean {
  const { source, key } = readKey(text);
  return (source === 'any' || source === 'k8s') && !key.startsWith('io.cilium.k8s') && !isIdentityLabel(key);
}

function keysIn(selector: unknown, place: Origin): readonly { readonly key: string; readonly where: Origin }[] {
  const labels = get(selector, 'matchLabels');
  return [
    ...(isObject(labels) ? Object.keys(labels).map((key) => ({ key, where: at(place, 'matchLabels', key) })) : []),
    ...listOf(get(selector, 'matchExpressions')).flatMap((one, i) => {
      const key = textOf(get(one, 'key'));
      return key === undefined ? [] : [{ key, where: at(place, 'matchExpressions', i) }];
    }),
  ];
}
