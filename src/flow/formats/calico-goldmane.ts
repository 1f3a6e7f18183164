// Calico's Goldmane: what its emitter posts (numbers for enums, zero values absent), and what Whisker's backend answers (names).
import { countOf, MISSING_FIELD, numberOf, objectOf, oneRecord, portOf, protocolOf, textOf } from '../json-value.ts';
import type { FlowRecord, Format, Json, LineRead } from '../record.ts';
import { parseTime } from '../time.ts';
import { calicoEnd, calicoVerdict, namesOfHits } from './calico-hits.ts';

export const calicoGoldmane: Format = {
  name: 'calico-goldmane',
  form: 'json',
  open: () => (value) => {
    const { Key } = value;
    if (typeof Key !== 'object' || Key === null) return undefined;
    return recordOf('calico-goldmane', objectOf(Key), value);
  },
};

export const calicoWhisker: Format = {
  name: 'calico-whisker',
  form: 'json',
  open: () => (value) => {
    const isOne = (value.reporter === 'Src' || value.reporter === 'Dst') && 'source_name' in value && 'action' in value;
    return isOne ? recordOf('calico-whisker', value, value) : undefined;
  },
};

const TYPES: Readonly<Record<string, 'wep' | 'hep' | 'ns' | 'net'>> = { '1': 'wep', '2': 'hep', '3': 'ns', '4': 'net' };

function recordOf(format: 'calico-goldmane' | 'calico-whisker', key: Json, outer: Json): LineRead {
  const [source, destination] = [textOf(key.source_name), textOf(key.dest_name)];
  if (source === undefined || destination === undefined) return MISSING_FIELD;
  const direction = DIRECTIONS[String(key.reporter)];
  const port = portOf(key.dest_port);
  const time = timeOf(outer.start_time);
  const until = timeOf(outer.end_time);
  const policies = objectOf(key.policies);
  const record: FlowRecord = {
    format,
    ...(time !== undefined && { time }),
    ...(until !== undefined && { until }),
    ...(direction !== undefined && { direction }),
    from: calicoEnd(typeOf(key.source_type, key.source_namespace, source), textOf(key.source_namespace), source),
    to: calicoEnd(typeOf(key.dest_type, key.dest_namespace, destination), textOf(key.dest_namespace), destination),
    protocol: protocolOf(key.proto ?? key.protocol),
    ...(port !== undefined && { port }),
    verdict: calicoVerdict(key.action),
    sort: 'decision',
    named: namesOfHits(policies.enforced_policies ?? policies.enforced),
    count: countOf(outer.num_connections_started ?? outer.packets_out ?? 1),
  };
  return oneRecord(record);
}

const DIRECTIONS: Readonly<Record<string, 'egress' | 'ingress'>> = { '1': 'egress', Src: 'egress', '2': 'ingress', Dst: 'ingress' };

/** Whisker does not say what an end is: pods have a namespace, and the two networks have names. */
function typeOf(type: unknown, namespace: unknown, name: string): 'wep' | 'hep' | 'ns' | 'net' {
  const known = TYPES[String(type)];
  if (known !== undefined) return known;
  if (name === 'pub' || name === 'pvt') return 'net';
  return textOf(namespace) === undefined ? 'hep' : 'wep';
}

/** Seconds since 1970, or RFC 3339. */
function timeOf(value: unknown): number | undefined {
  const seconds = numberOf(value);
  return seconds === undefined ? parseTime(value) : seconds * 1000;
}
