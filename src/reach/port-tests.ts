// The ports of a rule as spans of numbers, named ports looked up in the destination. Port lists that say the same are one test.
import type { NamedPortRule, PortRule, Rule } from '../model/policy.ts';
import type { PortRange, Protocol } from '../net/port-set.ts';
import { PROTOCOLS } from '../net/port-set.ts';
import type { Semantics } from '../profile/profile.ts';
import type { NamedPort } from './cells.ts';
import { END_PORT_DIFFERS, NAMED_IN_INIT_CONTAINER, NAMED_PORTS_DIFFER, NO, YES } from './match-code.ts';
import { interning } from './numbering.ts';

interface PortSpan extends PortRange {
  /** YES, or the doubt about this span. */
  readonly code: number;
  /** The named port that the span comes from; '' for numbers. */
  readonly name: string;
}

/** Spans per protocol, numbered as PROTOCOLS; as flat numbers from, to, code for speed. In the order of the rule's list. */
interface Resolved {
  readonly spans: readonly (readonly PortSpan[])[];
  readonly numbers: readonly Int32Array[];
}

export interface PortTest {
  /** Port lists that say the same have the same number. */
  readonly id: number;
  readonly everyPort: boolean;
  /** By number of the destination's list of named ports; a test without names has only the first. */
  readonly resolved: (Resolved | undefined)[];
  readonly hasNames: boolean;
  /** It leaves no port in doubt, whatever the destination's named ports. */
  readonly isClear: boolean;
  readonly ports: Rule['ports'];
}

export interface PortTests {
  readonly testOf: (ports: Rule['ports']) => PortTest;
  /** Does the test mean this port of a destination with this list of named ports? */
  readonly codeOf: (test: PortTest, portList: number, protocol: number, port: number) => number;
  /** The name behind the first doubt of a test about this port. */
  readonly nameBehind: (test: PortTest, portList: number, protocol: number, port: number) => string;
  /** All spans of a test for a protocol, doubtful ones among them. */
  readonly spansOf: (test: PortTest, portList: number, protocol: number) => readonly PortRange[];
}

const EVERY_PORT: PortTest = { id: 0, everyPort: true, resolved: [], hasNames: false, isClear: true, ports: 'every-port' };
const WHOLE: readonly PortRange[] = [{ from: 1, to: 65535 }];

export function protocolNumber(protocol: Protocol): number {
  return protocol === 'TCP' ? 0 : protocol === 'UDP' ? 1 : 2;
}

export function portTests(portLists: readonly (readonly NamedPort[])[], semantics: Semantics): PortTests {
  const tests = interning<PortTest>();
  const ofInit = semantics.namedPortsOfInitContainers === 'open' ? portLists.flat().filter(({ isMain }) => !isMain) : [];
  const namesInDoubt = new Set(ofInit.map(({ name }) => name));
  const isClear = (port: PortRule): boolean => {
    const isClearName = (name: string) => semantics.namedPorts === 'no' || (semantics.namedPorts === 'yes' && !namesInDoubt.has(name));
    if (port.kind === 'named') return isClearName(port.name);
    if (port.kind === 'range' && port.exceptNames !== undefined) return port.exceptNames.every(isClearName);
    return port.kind === 'protocol' || semantics.endPort !== 'open' || port.to <= port.from;
  };
  const resolve = (test: PortTest, portList: number): Resolved => {
    const at = test.hasNames ? portList : 0;
    let found = test.resolved[at];
    if (found === undefined) {
      found = resolvedPorts(test.ports, portLists[at] as readonly NamedPort[], semantics);
      test.resolved[at] = found;
    }
    return found;
  };
  return {
    testOf(ports) {
      if (ports === 'every-port') return EVERY_PORT;
      const key = ports.map((port) =>
        port.kind === 'range'
          ? `${port.protocol} ${port.from}-${port.to} ${JSON.stringify(port.exceptNames ?? [])}`
          : port.kind === 'named'
            ? `${port.protocol} ${JSON.stringify(port.name)}${port.to === undefined ? '' : `-${port.to}`}`
            : port.protocol,
      );
      return tests.of(key.join(), (number) => ({
        id: number + 1,
        everyPort: false,
        resolved: [],
        hasNames: ports.some((port) => port.kind === 'named' || (port.kind === 'range' && port.exceptNames !== undefined)),
        isClear: ports.every(isClear),
        ports,
      }));
    },
    codeOf(test, portList, protocol, port) {
      if (test.everyPort) return YES;
      const numbers = (test.resolved[test.hasNames ? portList : 0] ?? resolve(test, portList)).numbers[protocol] as Int32Array;
      let doubt = NO;
      for (let i = 0; i < numbers.length; i += 3) {
        if (port < (numbers[i] as number) || port > (numbers[i + 1] as number)) continue;
        const code = numbers[i + 2] as number;
        if (code === YES) return YES;
        if (doubt === NO) doubt = code;
      }
      return doubt;
    },
    nameBehind(test, portList, protocol, port) {
      const spans = resolve(test, portList).spans[protocol] as readonly PortSpan[];
      return spans.find(({ from, to, code }) => code !== YES && from <= port && port <= to)?.name ?? '';
    },
    spansOf(test, portList, protocol) {
      return test.everyPort ? WHOLE : (resolve(test, portList).spans[protocol] as readonly PortSpan[]);
    },
  };
}

function resolvedPorts(ports: Rule['ports'], declared: readonly NamedPort[], semantics: Semantics): Resolved {
  const spans = PROTOCOLS.map((protocol): PortSpan[] => {
    const found: PortSpan[] = [];
    if (ports === 'every-port') return found;
    for (const rule of ports) {
      if (rule.protocol !== protocol) continue;
      if (rule.kind === 'protocol') found.push({ from: 1, to: 65535, code: YES, name: '' });
      else if (rule.kind === 'range' && rule.exceptNames !== undefined)
        found.push(...spansBesideNames(rule, protocol, declared, semantics));
      else if (rule.kind === 'range') found.push(...rangeSpans(rule.from, rule.to, semantics));
      else found.push(...namedSpans(rule, protocol, declared, semantics));
    }
    return found;
  });
  return {
    spans,
    numbers: spans.map((list) => Int32Array.from(list.flatMap(({ from, to, code }) => [from, to, code]))),
  };
}

/** A CNI without endPort applies the policy to the first port alone (semantics A.3). */
function rangeSpans(first: number, last: number, { endPort }: Semantics): PortSpan[] {
  const span = (from: number, to: number, code: number): PortSpan[] => {
    const clipped = { from: Math.max(from, 1), to: Math.min(to, 65535), code, name: '' };
    return clipped.from <= clipped.to ? [clipped] : [];
  };
  if (last < first) return [];
  if (endPort === 'yes') return span(first, last, YES);
  return [...span(first, first, YES), ...(endPort === 'open' ? span(first + 1, last, END_PORT_DIFFERS) : [])];
}

/** A range but for what names mean at the destination; where that is in doubt, so is what is left. */
function spansBesideNames(
  { from, to, exceptNames = [] }: PortRule & { readonly kind: 'range' },
  protocol: Protocol,
  declared: readonly NamedPort[],
  semantics: Semantics,
): PortSpan[] {
  const named = exceptNames
    .flatMap((name) => namedSpans({ name }, protocol, declared, semantics))
    .sort((a, b) => a.from - b.from || (a.code === YES ? -1 : 1));
  const spans: PortSpan[] = [];
  let next = Math.max(from, 1);
  for (const { from: port, code, name } of named) {
    if (port < next || port > to) continue;
    if (next < port) spans.push({ from: next, to: port - 1, code: YES, name: '' });
    if (code !== YES) spans.push({ from: port, to: port, code, name });
    next = port + 1;
  }
  if (next <= Math.min(to, 65535)) spans.push({ from: next, to: Math.min(to, 65535), code: YES, name: '' });
  return spans;
}

function namedSpans(
  { name, to = 0 }: Pick<NamedPortRule, 'name' | 'to'>,
  protocol: Protocol,
  declared: readonly NamedPort[],
  semantics: Semantics,
): PortSpan[] {
  const { namedPorts, namedPortsOfInitContainers: ofInit } = semantics;
  if (namedPorts === 'no') return [];
  const meant = declared.filter((port) => port.name === name && port.protocol === protocol);
  const counting = namedPorts === 'yes' && ofInit === 'no' ? meant.filter(({ isMain }) => isMain) : meant;
  return [...new Set(counting.map(({ port }) => port))].map((port) => {
    const isMain = counting.some((other) => other.port === port && other.isMain);
    const code = namedPorts === 'open' ? NAMED_PORTS_DIFFER : isMain || ofInit === 'yes' ? YES : NAMED_IN_INIT_CONTAINER;
    return { from: port, to: Math.max(port, to), code, name };
  });
}
