// An intents file as its author wrote it: groups, and who must or must not reach whom. Shape only; what the names mean in a cluster
// is intents-ends.ts. Every fault is named with its place, and what is near.

import { at, type Origin } from '../model/origin.ts';
import { isObject } from '../objects/read.ts';
import { nearest } from '../profile/nearest.ts';
import type { Expect, Intent, IntentsFault, IntentsFile, IntentsPart, IntentsWanted, WrittenEnd } from './intent.ts';
import { anyPodScope } from './promise-ends.ts';
import { portOf, printPort, type WrittenPort } from './written-port.ts';
import { zoneIntents } from './zones-file.ts';

function isHttpStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599;
}

const TOP_KEYS: readonly string[] = ['apiVersion', 'kind', 'groups', 'zones', 'intents'];
const INTENT_KEYS: readonly string[] = ['name', 'from', 'to', 'port', 'expect', 'control'];
const END_KEYS: readonly string[] = ['namespace', 'labels', 'hypothetical'];

/**
 * Reads one parsed document: `{ intents: [{ from: 'shop/frontend', to: 'shop/cart', port: 7070, expect: 'allowed' }] }`.
 * With faults, what is sound is kept, but an intent that has one is left out. Never throws.
 */
export function readIntents(value: unknown, origin: Origin): { readonly file: IntentsFile; readonly faults: readonly IntentsFault[] } {
  const reader = new Reader(origin);
  const file = reader.file(value);
  return { file, faults: reader.faults };
}

class Reader {
  readonly faults: IntentsFault[] = [];
  readonly #origin: Origin;
  #groupEnds: IntentsFile['groups'] = new Map();

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  file(value: unknown): IntentsFile {
    const nothing: IntentsFile = { groups: new Map(), intents: [] };
    if (!isObject(value)) {
      this.#fault('wrong-value', { part: 'file' }, 'intents-mapping', this.#origin);
      return nothing;
    }
    if (value.kind !== undefined && value.kind !== 'Intents') {
      this.#fault('other-kind', { part: 'kind', name: String(value.kind) }, 'kind-intents', at(this.#origin, 'kind'));
      return nothing;
    }
    this.#known(value, TOP_KEYS, this.#origin);
    const groups = this.#groups(value.groups);
    this.#groupEnds = groups;
    const origin = at(this.#origin, 'intents');
    const zones =
      value.zones === undefined
        ? []
        : zoneIntents(value.zones, at(this.#origin, 'zones'), (wanted, key, place) =>
            this.#fault('wrong-value', { part: 'key', key }, wanted, place),
          );
    if (value.zones !== undefined && value.intents === undefined) return { groups, intents: zones };
    if (!Array.isArray(value.intents) || value.intents.length === 0) {
      if (this.faults.length === 0)
        this.#fault('no-intents', { part: 'key', key: 'intents' }, 'list-of-intents', value.intents === undefined ? this.#origin : origin);
      return { groups, intents: [] };
    }
    const intents = value.intents.flatMap((item: unknown, i) => this.#intent(item, at(origin, i)));
    this.#distinct(intents, value.intents);
    return { groups, intents: [...zones, ...intents] };
  }

  #groups(value: unknown): ReadonlyMap<string, readonly WrittenEnd[]> {
    const origin = at(this.#origin, 'groups');
    const groups = new Map<string, readonly WrittenEnd[]>();
    if (value === undefined || value === null) return groups;
    if (!isObject(value)) {
      this.#fault('wrong-value', { part: 'key', key: 'groups' }, 'groups-mapping', origin);
      return groups;
    }
    for (const [name, ends] of Object.entries(value)) {
      const here = at(origin, name);
      if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(name)) this.#fault('wrong-value', { part: 'group', group: name }, 'group-name', here);
      const members = this.#ends(ends, here, { part: 'group', group: name });
      for (const member of members ?? [])
        if (member.kind === 'text' && Object.hasOwn(value, member.text))
          this.#fault('group-in-group', { part: 'group', group: member.text, inside: name }, 'ends-not-groups', member.origin);
      if (members !== undefined) groups.set(name, members);
    }
    return groups;
  }

  #intent(item: unknown, origin: Origin): Intent[] {
    if (!isObject(item)) {
      this.#fault('wrong-value', { part: 'intent' }, 'intent-mapping', origin, { keys: INTENT_KEYS });
      return [];
    }
    const before = this.faults.length;
    this.#known(item, INTENT_KEYS, origin);
    const from = this.#ends(item.from, at(origin, 'from'), { part: 'key', key: 'from' }, origin);
    const to = this.#ends(item.to, at(origin, 'to'), { part: 'key', key: 'to' }, origin);
    const control =
      item.control === undefined ? undefined : this.#ends(item.control, at(origin, 'control'), { part: 'key', key: 'control' }, origin);
    const ports = this.#ports(item.port, at(origin, 'port'));
    const status = isHttpStatus(item.expect) ? item.expect : undefined;
    const promise = (['never', 'always'] as const).find((word) => word === item.expect);
    const expect = status !== undefined || promise === 'always' ? 'allowed' : promise === 'never' ? 'denied' : item.expect;
    if (expect === undefined) this.#fault('missing', { part: 'key', key: 'expect' }, 'expectation', origin);
    else if (expect !== 'allowed' && expect !== 'denied')
      this.#fault('wrong-value', { part: 'value', key: 'expect', written: String(expect) }, 'expectation', at(origin, 'expect'), {
        near: nearest(String(expect), ['allowed', 'denied', 'never', 'always']),
      });
    if (promise === undefined) this.#noAnyPod([...(from ?? []), ...(to ?? [])], item.expect, at(origin, 'expect'));
    else if (ports?.some(({ port }) => typeof port !== 'number') === true)
      this.#fault('wrong-value', { part: 'value', key: 'port', written: JSON.stringify(item.port) }, 'port-number', at(origin, 'port'));
    if (control !== undefined && (expect === 'allowed' || promise !== undefined))
      this.#fault('wrong-value', { part: 'key', key: 'control' }, 'no-control', at(origin, 'control'));
    if (item.name !== undefined && (typeof item.name !== 'string' || item.name.trim() === ''))
      this.#fault('wrong-value', { part: 'key', key: 'name' }, 'text', at(origin, 'name'));
    if (this.faults.length > before || from === undefined || to === undefined || ports === undefined) return [];
    const name = typeof item.name === 'string' ? item.name.trim() : nameOf(from, to, ports, status ?? promise ?? (expect as Expect));
    const how: Pick<Intent, 'status' | 'promise'> = { ...(status !== undefined && { status }), ...(promise !== undefined && { promise }) };
    return [{ name, from, to, ports, expect: expect as Expect, ...how, control, origin }];
  }

  /** Pods to come are for promises: nobody can send a packet from one. */
  #noAnyPod(ends: readonly WrittenEnd[], expect: unknown, origin: Origin): void {
    const all = ends.flatMap((end) => (end.kind === 'text' ? (this.#groupEnds.get(end.text) ?? [end]) : [end]));
    if (all.some((end) => end.kind === 'text' && end.scope !== undefined))
      this.#fault('wrong-value', { part: 'value', key: 'expect', written: String(expect) }, 'never-or-always', origin);
  }

  /** A text, a mapping of labels, or a list of them. undefined with a fault. */
  #ends(value: unknown, origin: Origin, what: IntentsPart, parent = origin): readonly WrittenEnd[] | undefined {
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) {
      this.#fault('missing', what, 'ends', value === undefined ? parent : origin);
      return undefined;
    }
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    const ends = items.map((item, i) => this.#end(item, Array.isArray(value) ? at(origin, i) : origin, what));
    return ends.every((end) => end !== undefined) ? ends : undefined;
  }

  #end(item: unknown, origin: Origin, what: IntentsPart): WrittenEnd | undefined {
    if (typeof item === 'string' && item.trim() !== '') return this.#text(item.trim(), origin);
    if (!isObject(item)) {
      this.#fault('wrong-value', what, 'end', origin);
      return undefined;
    }
    this.#known(item, END_KEYS, origin);
    const { namespace = '*', labels, hypothetical = false } = item;
    const isMap = isObject(labels) && Object.keys(labels).length > 0 && Object.values(labels).every((label) => typeof label === 'string');
    if (typeof namespace !== 'string' || !isMap) {
      this.#fault('wrong-value', what, 'labels', origin);
      return undefined;
    }
    const pairs = Object.entries(labels as Record<string, string>);
    if (typeof hypothetical !== 'boolean' || (hypothetical && namespace.includes('*'))) {
      this.#fault('wrong-value', what, 'one-hypothetical', origin);
      return undefined;
    }
    if (hypothetical) return { kind: 'text', text: `${namespace}/${pairs.map((pair) => pair.join('=')).join(',')}`, origin, isOne: true };
    return { kind: 'labels', of: { namespace, labels: pairs }, origin };
  }

  #text(text: string, origin: Origin): WrittenEnd | undefined {
    const scope = anyPodScope(text, origin);
    if (scope === undefined) return { kind: 'text', text, origin };
    if (scope !== 'bad') return { kind: 'text', text, origin, scope };
    this.#fault('wrong-value', { part: 'name', name: text }, 'any-pod', origin);
    return undefined;
  }

  #ports(value: unknown, origin: Origin): readonly WrittenPort[] | undefined {
    if (value === undefined) return [];
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    const ports = items.map((item) => portOf(item));
    if (items.length > 0 && ports.every((port) => port !== undefined)) return ports;
    this.#fault('wrong-value', { part: 'value', key: 'port', written: JSON.stringify(value) }, 'ports', origin);
    return undefined;
  }

  #known(of: Readonly<Record<string, unknown>>, keys: readonly string[], origin: Origin): void {
    for (const key of Object.keys(of)) {
      if (!keys.includes(key))
        this.#fault('unknown-key', { part: 'key', key }, 'known-keys', at(origin, key), { near: nearest(key, keys), keys });
    }
  }

  /** Only names that somebody wrote: those that we make may well repeat. */
  #distinct(intents: readonly Intent[], items: readonly unknown[]): void {
    const seen = new Map<string, Origin>();
    items.forEach((item, i) => {
      if (!isObject(item) || typeof item.name !== 'string') return;
      const name = item.name.trim();
      const origin = at(this.#origin, 'intents', i, 'name');
      const first = seen.get(name);
      if (first === undefined) seen.set(name, origin);
      else if (intents.length > 0)
        this.faults.push({ code: 'duplicate-name', what: { part: 'name', name }, wanted: 'own-name', nearest: [], origin, first });
    });
  }

  #fault(
    code: IntentsFault['code'],
    what: IntentsPart,
    wanted: IntentsWanted,
    origin: Origin,
    { near = [], keys }: { readonly near?: readonly string[]; readonly keys?: readonly string[] } = {},
  ): void {
    this.faults.push({ code, what, wanted, ...(keys !== undefined && { keys }), nearest: near, origin });
  }
}

function nameOf(from: readonly WrittenEnd[], to: readonly WrittenEnd[], ports: readonly WrittenPort[], expect: string | number): string {
  const port = ports.length === 0 ? '' : `:${ports.map(printPort).join(',')}`;
  return `${fewEnds(from)} → ${fewEnds(to)}${port} ${expect}`;
}

function fewEnds(ends: readonly WrittenEnd[]): string {
  const texts = ends.slice(0, 2).map(printEnd);
  return ends.length > 2 ? `${texts.join(', ')}, +${ends.length - 2}` : texts.join(', ');
}

/** `shop/cart`, `shop/app=cart,tier=back`. */
export function printEnd(end: WrittenEnd): string {
  return end.kind === 'text' ? end.text : `${end.of.namespace}/${end.of.labels.map(([key, value]) => `${key}=${value}`).join(',')}`;
}
