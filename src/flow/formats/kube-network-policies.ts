// kube-network-policies and kindnet: JSON of klog with -v=2. A packet is named in lines before its verdict, joined by an id that wraps.
import type { Direction } from '../../model/policy.ts';
import { numberOf, objectOf, portOf, protocolOf, skipped, textOf } from '../json-value.ts';
import type { FlowEnd, FlowRecord, Format, Json } from '../record.ts';

/** Packets that wait for their verdict. */
const MOST_WAITING = 10_000;

export const kubeNetworkPolicies: Format = {
  name: 'kube-network-policies',
  form: 'json',
  open: () => {
    const waiting = new Map<unknown, { readonly packet: Json; readonly ends: Json; readonly directions: readonly Direction[] }>();
    return (value) => {
      const { msg, id, ts } = value;
      if (typeof msg !== 'string' || id === undefined || value.caller === undefined) return undefined;
      if (msg === 'Evaluating packet') {
        const before = waiting.get(id);
        const direction: Direction = value.direction === 'Egress' ? 'egress' : 'ingress';
        const packet = objectOf(value.packet);
        const isSame = before !== undefined && before.packet.SrcIP === packet.SrcIP && before.packet.SrcPort === packet.SrcPort;
        waiting.delete(id);
        if (waiting.size >= MOST_WAITING) waiting.delete(waiting.keys().next().value);
        waiting.set(id, { packet, ends: value, directions: isSame ? [...before.directions, direction] : [direction] });
        return skipped('kube-network-policies', 'waits');
      }
      const said = /^Packet (denied|accepted) by (?:(egress|ingress) )?policy/.exec(msg);
      if (said === null) return skipped('kube-network-policies', 'other');
      const found = waiting.get(id);
      if (found === undefined) return { kind: 'broken', because: 'verdict-without-packet' };
      waiting.delete(id);
      const { packet, ends } = found;
      const [from, to] = [endOf(ends.srcPod, packet.SrcIP), endOf(ends.dstPod, packet.DstIP)];
      if (from === undefined || to === undefined) return { kind: 'broken', because: 'missing-field' };
      const [time, port, sourcePort] = [numberOf(ts), portOf(packet.DstPort), portOf(packet.SrcPort)];
      const of = (direction: Direction, verdict: 'allow' | 'deny'): FlowRecord => ({
        format: 'kube-network-policies',
        ...(time !== undefined && { time: Math.floor(time) }),
        direction,
        from,
        to,
        protocol: protocolOf(packet.Proto),
        ...(port !== undefined && { port }),
        ...(sourcePort !== undefined && { sourcePort }),
        verdict,
        sort: 'decision',
        named: [],
        count: 1,
      });
      // Egress is asked first: a packet that ingress denied had passed it.
      const denied = said[2] as Direction | undefined;
      const passed = found.directions.filter((direction) => direction !== denied && (denied === undefined || direction === 'egress'));
      return { kind: 'records', records: [...passed.map((direction) => of(direction, 'allow')), ...(denied ? [of(denied, 'deny')] : [])] };
    };
  },
};

function endOf(pod: unknown, ip: unknown): FlowEnd | undefined {
  const [ref, address] = [textOf(pod), textOf(ip)];
  const isPod = ref?.includes('/') === true;
  if (!isPod && address === undefined) return undefined;
  return { ...(isPod && { pod: ref }), ...(address !== undefined && { address }) };
}
