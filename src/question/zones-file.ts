// `zones:` of an intents file: sets of pods, and what may connect between them. Everything else between two zones is promised never to.
import type { PodScope } from '../classes/pods-to-come.ts';
import { at, type Origin } from '../model/origin.ts';
import { NO_PORTS, type PortSet, portSet, unionPorts } from '../net/port-set.ts';
import { isObject } from '../objects/read.ts';
import type { Intent, IntentsWanted, WrittenEnd } from './intent.ts';
import { labelScope, namespaceScope } from './promise-ends.ts';
import { portOf } from './written-port.ts';

/** What is said wrong, by key; the reader makes a fault of it. */
export type ZoneFault = (wanted: IntentsWanted, what: string, origin: Origin) => void;

const ZONE_KEYS: readonly string[] = ['namespaces', 'pods'];
const ALLOW_KEYS: readonly string[] = ['from', 'to', 'ports'];

/** An intent for every two zones, in both directions, in the order of the zones; [] with a fault. */
export function zoneIntents(value: unknown, origin: Origin, fault: ZoneFault): readonly Intent[] {
  if (!isObject(value)) {
    fault('zones-mapping', 'zones', origin);
    return [];
  }
  const zones = Object.entries(value).flatMap(([name, zone]) =>
    name === 'allow' ? [] : [{ name, ends: endsOf(name, zone, at(origin, name), fault) }],
  );
  if (zones.length < 2) fault('zones-mapping', 'zones', origin);
  const names = new Set(zones.map(({ name }) => name));
  const allowed = allowedOf(value.allow, at(origin, 'allow'), names, fault);
  if (allowed === undefined || zones.some(({ ends }) => ends.length === 0)) return [];
  return zones.flatMap((from) =>
    zones.flatMap((to): Intent[] => {
      if (from === to) return [];
      const zonePair = { from: from.name, to: to.name, allowed: allowed.get(`${from.name} ${to.name}`) ?? NO_PORTS };
      const name = `zone ${from.name} → zone ${to.name}`;
      return [
        {
          name,
          from: from.ends,
          to: to.ends,
          ports: [],
          expect: 'denied',
          promise: 'never',
          control: undefined,
          origin: at(origin, from.name),
          zonePair,
        },
      ];
    }),
  );
}

function endsOf(name: string, zone: unknown, origin: Origin, fault: ZoneFault): readonly WrittenEnd[] {
  const wrong = () => {
    fault('zone', name, origin);
    return [];
  };
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(name) || !isObject(zone)) return wrong();
  const { namespaces, pods } = zone;
  const keys = Object.keys(zone);
  if (keys.length === 0 || keys.some((key) => !ZONE_KEYS.includes(key))) return wrong();
  const selected = pods === undefined ? {} : typeof pods === 'string' ? labelScope(pods, at(origin, 'pods')) : 'bad';
  if (selected === 'bad') return wrong();
  const places: readonly unknown[] = namespaces === undefined ? [undefined] : Array.isArray(namespaces) ? namespaces : [namespaces];
  const scopes = places.map((place): PodScope | 'bad' =>
    place === undefined ? {} : typeof place === 'string' ? namespaceScope(place, at(origin, 'namespaces')) : 'bad',
  );
  const ends = scopes.flatMap((scope): WrittenEnd[] =>
    scope === 'bad' ? [] : [{ kind: 'text', text: name, origin, scope: { ...scope, ...selected } }],
  );
  return ends.length === scopes.length && ends.length > 0 ? ends : wrong();
}

function allowedOf(value: unknown, origin: Origin, names: ReadonlySet<string>, fault: ZoneFault): ReadonlyMap<string, PortSet> | undefined {
  const allowed = new Map<string, PortSet>();
  if (value === undefined) return allowed;
  const items: readonly unknown[] = Array.isArray(value) ? value : [undefined];
  let isSound = true;
  items.forEach((item, i) => {
    const ports = isObject(item) && Object.keys(item).every((key) => ALLOW_KEYS.includes(key)) ? portsOf(item.ports) : undefined;
    const { from, to } = isObject(item) ? item : { from: undefined, to: undefined };
    const isPair = typeof from === 'string' && typeof to === 'string' && from !== to && names.has(from) && names.has(to);
    if (ports === undefined || !isPair) {
      fault('zone-allow', `allow[${i}]`, at(origin, i));
      isSound = false;
      return;
    }
    const key = `${from} ${to}`;
    allowed.set(key, unionPorts(allowed.get(key) ?? NO_PORTS, ports));
  });
  return isSound ? allowed : undefined;
}

/** `[8080, 53/udp]`, one of them, or `all`. undefined for what is neither. */
function portsOf(value: unknown): PortSet | undefined {
  if (value === 'all') return unionPorts(portSet('TCP'), unionPorts(portSet('UDP'), portSet('SCTP')));
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  let ports = NO_PORTS;
  for (const item of items) {
    const found = portOf(item);
    if (typeof found?.port !== 'number') return undefined;
    ports = unionPorts(ports, portSet(found.protocol ?? 'TCP', found.port, found.port));
  }
  return items.length === 0 ? undefined : ports;
}
