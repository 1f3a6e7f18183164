// `describe` as a document for programs.
import { placeFor } from '../explain/place.ts';
import type { Description } from '../question/describe.ts';
import type { NamespacePosture } from '../question/posture.ts';
import { trapWords } from './describe-text.ts';

/** `kind: Description`, schemas/description.schema.json. `namespace`: of a whole namespace, its pods in numbers. */
export function descriptionDocument(descriptions: readonly Description[], namespace?: NamespacePosture): unknown {
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'Description',
    ...(namespace === undefined ? {} : { namespace }),
    descriptions: descriptions.map((description) => ({
      of: description.of,
      ...(description.of === 'policy' && description.kind !== 'NetworkPolicy' ? { kind: description.kind } : {}),
      ...(description.standing === undefined ? {} : { standing: description.standing }),
      ...(description.namespaces === undefined ? {} : { namespaces: description.namespaces }),
      name: description.name,
      at: placeFor(description.at),
      selector: description.selector,
      selects: description.selects,
      ...(description.pods === undefined ? {} : { pods: description.pods }),
      ...(description.onNode ? { onNode: true } : {}),
      ingress: sideDocument(description.ingress),
      egress: sideDocument(description.egress),
      traps: description.traps.map((trap) => ({
        code: trap.code,
        policy: trap.policy,
        direction: trap.direction,
        text: trapWords(trap),
        at: placeFor(trap.at),
      })),
    })),
  };
}

function sideDocument(side: Description['ingress']): unknown {
  return {
    isolated: side.isolated,
    by: side.by,
    ...(side.also.length === 0 ? {} : { also: side.also }),
    rules: side.rules.map(({ action, tier, ...rule }) => ({
      ...rule,
      ...(tier === 'namespaced' ? {} : { action, tier }),
      at: placeFor(rule.at),
    })),
  };
}
