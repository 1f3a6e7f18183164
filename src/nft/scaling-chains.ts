// The chains of the scaling form. They are the same for every cluster: what differs is in the maps.
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import { PEER, SUBJECT } from './elements.ts';
import { beforePolicies, DENIED, FAMILIES, type FrameOptions, stamp } from './frame.ts';
import { EVERY_PORT } from './ids.ts';
import type { Members } from './members.ts';
import { short } from './names.ts';
import { PORT_RANGES, PORTS } from './port-groups.ts';
import type { Chain, Rule, Statement } from './ruleset.ts';
import { beyondBlocks } from './shapes.ts';

/** Egress is asked first, as a packet meets it first on a real way. */
export function scalingChains(members: Members, options: FrameOptions): Chain[] {
  const start = (direction: Direction, otherwise: Rule): Rule[] => [
    ...FAMILIES.map(
      (family): Rule => [
        {
          kind: 'set-from-map',
          target: 'meta priority',
          fields: [SUBJECT[direction][family]],
          map: `${short(direction)}-subject${family}`,
        },
        { kind: 'goto', chain: `${short(direction)}-isolated` },
      ],
    ),
    otherwise,
  ];
  const after: Record<Direction, string> = { egress: 'in-start', ingress: 'allowed' };
  const sides = DIRECTIONS.flatMap((direction): Chain[] => {
    const name = short(direction);
    const levels = (['near', 'wide', 'block'] as const).flatMap((level) =>
      FAMILIES.map(
        (family): Rule => [
          ...(level === 'block' ? beyondBlocks(members, direction, family) : []),
          { kind: 'set-from-map', target: 'meta mark', fields: [PEER[direction][family]], map: `${name}-${level}${family}` },
          { kind: 'set-from-map', target: 'meta mark', fields: ['meta priority', 'meta mark'], map: `${name}-${level}-ports` },
          { kind: 'jump', chain: `${name}-check` },
        ],
      ),
    );
    const leave: Statement = { kind: 'goto', chain: after[direction] };
    const ports = ['meta mark', 'meta l4proto', 'th dport'] as const;
    return [
      {
        name: `${name}-check`,
        rules: [
          [{ kind: 'is', field: 'meta mark', values: [EVERY_PORT] }, leave],
          [{ kind: 'in-set', fields: ports, set: PORTS }, leave],
          [{ kind: 'in-set', fields: ports, set: PORT_RANGES }, leave],
        ],
      },
      {
        name: `${name}-isolated`,
        rules: [
          ...levels,
          [
            { kind: 'set-from-map', target: 'meta mark', fields: ['meta priority'], map: `${name}-anyone-ports` },
            { kind: 'jump', chain: `${name}-check` },
          ],
          [{ kind: 'goto', chain: DENIED[direction] }],
        ],
      },
    ];
  });
  return [
    // Mark and priority are only lent: the next table must find them as they were for a new packet.
    {
      name: 'allowed',
      rules: [
        [
          { kind: 'set', target: 'meta mark', value: 0 },
          { kind: 'set', target: 'meta priority', value: 0 },
          ...stamp(options),
          { kind: 'accept' },
        ],
      ],
    },
    { name: 'in-start', rules: start('ingress', [{ kind: 'goto', chain: 'allowed' }]) },
    ...sides,
    { name: 'base', hook: options.hook, rules: [...beforePolicies(options), ...start('egress', [{ kind: 'goto', chain: 'in-start' }])] },
  ];
}
