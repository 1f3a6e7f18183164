// The chains of the scaling form. They are the same for every cluster with the same stages: what differs is in the maps.
import type { Direction } from '../model/policy.ts';
import { PEER, SUBJECT } from './elements.ts';
import { beforePolicies, DENIED, FAMILIES, type FrameOptions, sparingOwnNode, stamp } from './frame.ts';
import { EVERY_PORT } from './ids.ts';
import type { Members } from './members.ts';
import { short } from './names.ts';
import { PORT_RANGES, PORTS } from './port-groups.ts';
import type { Chain, NftMap, Rule, Statement } from './ruleset.ts';
import { beyondBlocks } from './shapes.ts';

/** How a direction runs through its stages: the ordered ones before the union, the union, the ordered ones behind it. */
export interface Flow {
  /** The first chain. */
  readonly start: string;
  /** Where packets go that the union does not decide. */
  readonly after: string;
  /** Where they go when no stage is left. */
  readonly end: string;
  /** Nothing passes that isolates and is not allowed; else the stages behind may still open it. */
  readonly isolationEnds: boolean;
  /** Where this direction lets packets through to. */
  readonly through: string;
  readonly maps: readonly NftMap[];
  readonly chains: readonly Chain[];
}

/** Egress is asked first, as a packet meets it first on a real way. */
export function scalingChains(members: Members, options: FrameOptions, flows: Readonly<Record<Direction, Flow>>): Chain[] {
  const isolated = (direction: Direction, chain: string): Rule[] =>
    FAMILIES.map(
      (family): Rule => [
        {
          kind: 'set-from-map',
          target: 'meta priority',
          fields: [SUBJECT[direction][family]],
          map: `${short(direction)}-subject${family}`,
        },
        { kind: 'goto', chain },
      ],
    );
  const side = (direction: Direction): Chain[] => {
    const name = short(direction);
    const flow = flows[direction];
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
    const leave: Statement = { kind: 'goto', chain: flow.through };
    const spared = sparingOwnNode(members, direction, options, leave);
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
      ...(flow.isolationEnds
        ? []
        : [{ name: `${name}-end`, rules: [...spared, ...isolated(direction, DENIED[direction]), [leave]] } as const]),
      ...flow.chains,
      {
        name: `${name}-isolated`,
        rules: [
          ...levels,
          [
            { kind: 'set-from-map', target: 'meta mark', fields: ['meta priority'], map: `${name}-anyone-ports` },
            { kind: 'jump', chain: `${name}-check` },
          ],
          ...(flow.isolationEnds ? spared : []),
          [{ kind: 'goto', chain: flow.isolationEnds ? DENIED[direction] : flow.after }],
        ],
      },
      { name: `${name}-union`, rules: [...isolated(direction, `${name}-isolated`), [{ kind: 'goto', chain: flow.after }]] },
    ];
  };
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
    ...side('ingress'),
    { name: 'in-start', rules: [[{ kind: 'goto', chain: flows.ingress.start }]] },
    ...side('egress'),
    { name: 'base', hook: options.hook, rules: [...beforePolicies(options), [{ kind: 'goto', chain: flows.egress.start }]] },
  ];
}
