// Flow logs of Calico Enterprise and Cloud: JSON lines of Felix (felix/collector/flowlog).
import { countOf, listOf, MISSING_FIELD, numberOf, objectOf, oneRecord, portOf, protocolOf, textOf } from '../json-value.ts';
import type { FlowEnd, FlowRecord, Format, Json } from '../record.ts';
import { calicoEnd, calicoVerdict, namesOfStrings } from './calico-hits.ts';

export const calicoFelix: Format = {
  name: 'calico-felix',
  form: 'json',
  open: () => (value) => {
    if ((value.reporter !== 'src' && value.reporter !== 'dst') || !('source_type' in value)) return undefined;
    const [from, to] = [endOf(value, 'source'), endOf(value, 'dest')];
    if (from === undefined || to === undefined) return MISSING_FIELD;
    const [start, end, port, sourcePort] = [
      numberOf(value.start_time),
      numberOf(value.end_time),
      portOf(value.dest_port),
      portOf(value.source_port),
    ];
    const policies = objectOf(value.policies);
    const record: FlowRecord = {
      format: 'calico-felix',
      ...(start !== undefined && { time: start * 1000 }),
      ...(end !== undefined && { until: end * 1000 }),
      direction: value.reporter === 'src' ? 'egress' : 'ingress',
      from,
      to,
      protocol: protocolOf(value.proto),
      ...(port !== undefined && { port }),
      ...(sourcePort !== undefined && { sourcePort }),
      verdict: calicoVerdict(value.action),
      sort: 'decision',
      named: namesOfStrings(listOf(policies.enforced_policies ?? policies.all_policies)),
      count: countOf(value.num_flows_started),
    };
    return oneRecord(record);
  },
};

const TYPES = ['wep', 'hep', 'ns', 'net'] as const;

/** A name where flows are not aggregated, else the common part of the names; an address where the log has it. */
function endOf(value: Json, side: 'source' | 'dest'): FlowEnd | undefined {
  const type = TYPES.find((known) => known === value[`${side}_type`]);
  const name = textOf(value[`${side}_name`]) ?? textOf(value[`${side}_name_aggr`]);
  const address = textOf(value[`${side}_ip`]);
  if (type === undefined || name === undefined) return address === undefined ? undefined : { address };
  const end = calicoEnd(type, textOf(value[`${side}_namespace`]), name);
  return address === undefined ? end : { ...end, address };
}
