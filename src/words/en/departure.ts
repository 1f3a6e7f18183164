// What kube-router does where it departs from the API: what happens, why, and the repair (semantics D.5).
import type { Shape } from '../../policy/kube-router.ts';
import type { Said } from './said.ts';

/** What was measured, and the versions whose source has the same code. */
export const DEPARTING_VERSIONS = 'kube-router 1.6–2.9 (also inside k3s and k0s)';

interface Words {
  readonly why: string;
  readonly repair: string;
}

const WORDS: Readonly<Record<Shape, Words>> = {
  leak: {
    why: 'one policy with both types selects both ends, and its rules for one direction also allow the other',
    repair: 'split the policy by direction: one with [Ingress], one with [Egress]',
  },
  unresolved: {
    why: 'the rule names only ports that no pod declares, and is enforced on every port of every protocol',
    repair: 'use a port name that a selected container declares, use the number, or delete the rule',
  },
  everyone: {
    why: 'the rule has a port name and no peer, and the numbers behind that name in the policy’s own namespace are allowed to every destination',
    repair: 'name the peers (`to: [{namespaceSelector: {}}]`), or use the number',
  },
  shared: {
    why: 'two pods share a port name and number, and one address list is then used for all port names of the first pod in it',
    repair: 'use the number instead of the name',
  },
  except: {
    why: 'several ipBlocks of one rule go into one set, and the `except` of one also cuts the others',
    repair: 'give each ipBlock that has an `except` a rule of its own',
  },
  blockname: {
    why: 'a port name beside an ipBlock is looked up only in pods that a selector of the rule matches',
    repair: 'use the number, or select the pods by labels',
  },
  v6any: {
    why: '`::/0` is enforced as 2000::/3 and fd00::/8',
    repair: 'nothing to do for global and unique local addresses',
  },
};

/** `shapeWords('leak|unresolved')`: each shape with its reason, and the repairs. */
export function shapeWords(shapes: string): { readonly why: string; readonly repair: string } {
  const all = [...new Set(shapes.split(/[|+]/))].filter((shape): shape is Shape => Object.hasOwn(WORDS, shape));
  const joint = shapes.includes('|') ? '; or ' : '; and ';
  return {
    why: all.map((shape) => `${shape}: ${WORDS[shape].why}`).join(joint),
    repair: all.map((shape) => WORDS[shape].repair).join('; '),
  };
}

/** `departureSentence('leak|unresolved', true, 'shop/both ingress[0]')`: the reasons in the text, the repairs as the hint. */
export function departureSentence(shapes: string, isOpen: boolean, rules: string): Said {
  const does = isOpen ? 'allows this although the policies deny it' : 'denies this although the policies allow it';
  const { why, repair } = shapeWords(shapes);
  return { text: `${DEPARTING_VERSIONS} ${does} (${rules}). ${why}`, hint: repair };
}
