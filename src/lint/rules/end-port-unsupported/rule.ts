// A range of ports on a CNI that opens the first of them alone.
import type { Edit } from '../../../model/edit.ts';
import { at, type Origin } from '../../../model/origin.ts';
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';

export const endPortUnsupported = defineRule({
  id: 'end-port-unsupported',
  catalogue: ['NP065'],
  severity: 'error',
  needs: ['profile'],
  fixable: true,
  since: '0.1.0',
  messages: ['firstOnly'],
  check(context, report) {
    const { endPort, name: cni } = context.semantics;
    if (endPort !== 'no') return;
    for (const { rule } of rulesInForce(context)) {
      if (rule.ports === 'every-port') continue;
      for (const port of rule.ports) {
        if (port.kind !== 'range' || port.from === port.to) continue;
        const fix = port.to - port.from < LONG ? { fix: { edits: onePerPort(at(rule.origin, 'ports'), port), keepsMeaning: false } } : {};
        report('firstOnly', { cni, from: port.from, to: port.to }, at(port.origin, 'endPort'), fix);
      }
    }
  },
});

/** A longer list of single entries is not readable. */
const LONG = 16;

function onePerPort(
  list: Origin,
  port: { readonly from: number; readonly to: number; readonly protocol: string; readonly origin: Origin },
): Edit[] {
  const others = Array.from({ length: port.to - port.from }, (_, i) => port.from + 1 + i);
  return [
    { kind: 'remove', at: at(port.origin, 'endPort') },
    ...others.map((number): Edit => ({ kind: 'add-item', at: list, value: { protocol: port.protocol, port: number } })),
  ];
}
