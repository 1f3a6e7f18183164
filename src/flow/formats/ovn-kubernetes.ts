// OVN-Kubernetes: the ACL audit log of a node, and the text of ovnkube-observ (ovn-kubernetes observability-lib/model).
import type { Direction } from '../../model/policy.ts';
import { MISSING_FIELD, numberOf, oneRecord, portOf, protocolOf, skipped } from '../json-value.ts';
import type { FlowName, FlowRecord, Format } from '../record.ts';
import { parseTime } from '../time.ts';

const LINE = /^([^|]*)\|[^|]*\|acl_log\([^)]*\)\|[^|]*\|name="([^"]*)", verdict="?(\w+)"?, severity=\w+(?:, direction=([\w-]+))?: (.*)$/;

export const ovnKubernetes: Format = {
  name: 'ovn-kubernetes',
  form: 'text',
  open: () => (line) => {
    if (!line.includes('|acl_log(')) return undefined;
    const found = LINE.exec(line);
    if (found === null) return MISSING_FIELD;
    const [, stamp, name = '', verdict = '', port, flow = ''] = found;
    const [word = '', ...fields] = flow.split(',');
    if (word === 'arp') return skipped('ovn-kubernetes', 'other');
    const values = new Map(fields.map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]));
    const from = values.get('nw_src') ?? values.get('ipv6_src');
    const to = values.get('nw_dst') ?? values.get('ipv6_dst');
    if (from === undefined || to === undefined) return MISSING_FIELD;
    const acl = readName(name);
    const direction = port === 'from-lport' ? 'egress' : port === 'to-lport' ? 'ingress' : acl.direction;
    const time = parseTime(stamp);
    const [dst, src] = [portOf(values.get('tp_dst')), portOf(values.get('tp_src'))];
    const flags = values.get('tcp_flags');
    const icmp = numberOf(values.get('icmp_type'));
    const record: FlowRecord = {
      format: 'ovn-kubernetes',
      ...(time !== undefined && { time }),
      ...(direction !== undefined && { direction }),
      from: { address: from },
      to: { address: to },
      protocol: protocolOf(word),
      ...(dst !== undefined && { port: dst }),
      ...(src !== undefined && { sourcePort: src }),
      ...(icmp !== undefined && { icmp: [icmp, numberOf(values.get('icmp_code')) ?? 0] as const }),
      ...verdictOf(verdict, acl),
      // An ACL logs every packet that hits it; only a lone SYN begins a connection.
      ...(flags !== undefined && flags !== 'syn' && { established: true as const }),
      named: acl.named === undefined ? [] : [{ ...acl.named, role: verdict === 'allow' ? 'allowed-by' : 'denied-by' }],
      count: 1,
    };
    return oneRecord(record);
  },
};

function verdictOf(verdict: string, acl: Acl): Pick<FlowRecord, 'verdict' | 'sort' | 'reason'> {
  if (acl.isEgressFirewall)
    return verdict === 'allow'
      ? { verdict: 'forwarded', sort: 'trace', reason: 'egress-firewall' }
      : { verdict: 'dropped', sort: 'not-policy', reason: 'egress-firewall' };
  if (verdict === 'allow') return { verdict: 'allow', sort: 'decision' };
  if (verdict === 'drop' || verdict === 'reject') return { verdict: 'deny', sort: 'decision' };
  return { verdict: 'logged', sort: 'log-only', reason: verdict };
}

interface Acl {
  readonly direction?: Direction;
  readonly named?: Omit<FlowName, 'role'>;
  readonly isEgressFirewall?: true;
}

/**
 * `NP:shop:web-egress:Egress:0`, of 2023 `NP:shop:api-ingress:ingress:1:-1:-1`, a namespace's default deny `NP:shop:Ingress`, `ANP:name:Ingress:0`,
 * `EF:shop:3`, of 2021 `shop_deny-all`. OVN cuts names after 63 characters: what is missing is left out.
 */
function readName(name: string): Acl {
  const [first, ...parts] = name.split(':');
  const direction = (word: string | undefined): Pick<Acl, 'direction'> =>
    word !== undefined && /^(in|e)gress$/i.test(word) ? { direction: word.toLowerCase() as Direction } : {};
  const rule = (text: string | undefined) => (text !== undefined && /^\d+$/.test(text) ? { rule: Number(text) } : {});
  if (first === 'EF') return { isEgressFirewall: true, direction: 'egress' };
  if (first === 'NP') {
    const [namespace = '', policy, word, index] = parts;
    if (parts.length <= 2 && (policy === undefined || 'direction' in direction(policy))) return direction(policy);
    return { ...direction(word), named: { kind: 'NetworkPolicy', namespace, name: policy as string, ...rule(index) } };
  }
  if (first === 'ANP' || first === 'BANP') {
    const kind = first === 'ANP' ? 'AdminNetworkPolicy' : 'BaselineAdminNetworkPolicy';
    return { ...direction(parts[1]), named: { kind, name: parts[0] ?? '', ...rule(parts[2]) } };
  }
  const old = /^([a-z0-9-]+)_([A-Za-z0-9.-]+?)(?:_(\d+))?$/.exec(name);
  if (old === null) return {};
  const [, namespace = '', policy = '', index] = old;
  if (/^(ingress|egress)?defaultdeny$/i.test(policy)) return direction(policy.replace(/defaultdeny$/i, ''));
  return { named: { kind: 'NetworkPolicy', namespace, name: policy, ...rule(index) } };
}

const OBSERVED =
  /(Allowed|Dropped|Delegated to network policy|Action reject) by (.*?)(?:, direction (Ingress|Egress))?[\s,]+src=([0-9a-fA-F:.]+),\s*dst=([0-9a-fA-F:.]+)/;

export const ovnkubeObserv: Format = {
  name: 'ovnkube-observ',
  form: 'text',
  open: () => (line) => {
    if (!/\b(Allowed|Dropped|Delegated to network policy|Action reject) by /.test(line)) return undefined;
    const found = OBSERVED.exec(line);
    if (found === null) return skipped('ovnkube-observ', 'other');
    const [, verb, by = '', direction, from = '', to = ''] = found;
    const policy = /^network policy (\S+) in namespace (\S+)/.exec(by);
    const isFirewall = by.includes('egress firewall');
    const isDenied = verb === 'Dropped' || verb === 'Action reject';
    const record: FlowRecord = {
      format: 'ovnkube-observ',
      ...(direction !== undefined && { direction: direction.toLowerCase() as Direction }),
      from: { address: from },
      to: { address: to },
      protocol: '',
      ...(isFirewall && isDenied
        ? { verdict: 'dropped', sort: 'not-policy', reason: 'egress-firewall' }
        : isDenied
          ? { verdict: 'deny', sort: 'decision' }
          : verb === 'Allowed'
            ? { verdict: 'allow', sort: 'decision' }
            : { verdict: 'logged', sort: 'log-only', reason: 'pass' }),
      named:
        policy === null
          ? []
          : [
              {
                kind: 'NetworkPolicy',
                namespace: (policy[2] as string).replace(/,$/, ''),
                name: policy[1] as string,
                role: isDenied ? 'denied-by' : 'allowed-by',
              },
            ],
      count: 1,
    };
    return oneRecord(record);
  },
};
