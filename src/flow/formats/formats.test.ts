import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineReader } from '../read.ts';
import { type FlowRecord, FORMAT_NAMES, type LineRead } from '../record.ts';
import { FORMATS } from './index.ts';

const reader = () => lineReader({ year: 2026, offsetMinutes: 0 });

function read(...lines: readonly string[]): readonly FlowRecord[] {
  const { line } = reader();
  return lines.flatMap((text) => {
    const found = line(text);
    return found?.kind === 'records' ? found.records : [];
  });
}

function only(line: string): LineRead | undefined {
  return reader().line(line);
}

const hubble = (flow: object, outer: object = {}) => JSON.stringify({ flow: { ...HUBBLE, ...flow }, node_name: 'prod/n1', ...outer });
const HUBBLE = {
  time: '2026-03-01T10:00:00.5Z',
  verdict: 'DROPPED',
  IP: { source: '10.0.0.1', destination: '10.0.0.2' },
  l4: { TCP: { source_port: 40000, destination_port: 7070 } },
  source: { namespace: 'shop', pod_name: 'frontend-1', identity: 20000 },
  destination: { namespace: 'shop', pod_name: 'cart-1', identity: 20001 },
  event_type: { type: 5 },
  traffic_direction: 'INGRESS',
  drop_reason_desc: 'POLICY_DENIED',
};

describe('formats of flow logs', () => {
  it('are registered under the names that records carry', () => {
    expect(FORMATS.map(({ name }) => name).sort()).toEqual([...FORMAT_NAMES]);
  });

  it('reads a Hubble policy verdict', () => {
    expect(read(hubble({}))).toEqual([
      {
        format: 'hubble',
        time: 1772359200500,
        node: 'n1',
        direction: 'ingress',
        from: { pod: 'shop/frontend-1', address: '10.0.0.1' },
        to: { pod: 'shop/cart-1', address: '10.0.0.2' },
        protocol: 'TCP',
        port: 7070,
        sourcePort: 40000,
        verdict: 'deny',
        sort: 'decision',
        named: [],
        count: 1,
      },
    ]);
  });

  it.each([
    [{ verdict: 'FORWARDED' }, 'decision', 'allow'],
    [{ verdict: 'REDIRECTED' }, 'decision', 'allow'],
    [{ verdict: 'AUDIT' }, 'decision', 'audit'],
    [{ event_type: { type: 1 } }, 'repeat', 'deny'],
    [{ event_type: { type: 1 }, drop_reason_desc: 'CT_MAP_INSERTION_FAILED' }, 'not-policy', 'dropped'],
    [{ event_type: { type: 1 }, drop_reason_desc: undefined, drop_reason: 181 }, 'repeat', 'deny'],
    [{ event_type: { type: 4 }, verdict: 'FORWARDED' }, 'trace', 'forwarded'],
    [{ event_type: { type: 129 }, Type: 'L7', verdict: 'DROPPED', l7: { http: { code: 403 } } }, 'l7', 'deny'],
  ])('tells kinds of Hubble records apart: %j', (flow, sort, verdict) => {
    expect(read(hubble(flow))[0]).toMatchObject({ sort, verdict });
  });

  it('turns a Hubble reply into the connection that it answers', () => {
    const [record] = read(hubble({ is_reply: true, event_type: { type: 4 }, verdict: 'FORWARDED' }));
    expect(record).toMatchObject({
      from: { pod: 'shop/cart-1' },
      to: { pod: 'shop/frontend-1' },
      port: 40000,
      sourcePort: 7070,
      isReply: true,
    });
  });

  it('keeps what a DNS answer of Hubble says', () => {
    const l7 = { dns: { query: 'smtp.example.net.', ips: ['198.51.100.9'] } };
    expect(read(hubble({ event_type: { type: 129 }, Type: 'L7', l7 }))[0]?.dns).toEqual({
      name: 'smtp.example.net',
      addresses: ['198.51.100.9'],
    });
  });

  it('counts what a Hubble exporter lost, and what it aggregated', () => {
    expect(only('{"lost_events":{"num_events_lost":"42"},"node_name":"n1"}')).toMatchObject({ because: 'lost-events', lost: 42 });
    expect(only('{"node_status":{}}')).toMatchObject({ because: 'node-status' });
    expect(read(hubble({}, { aggregate: { ingress_flow_count: 7 } }))[0]?.count).toBe(7);
  });

  it('reads Goldmane: the deciding policy, the trigger of a default deny, no trigger as a name', () => {
    const key = {
      source_name: 'frontend-5c-*',
      source_namespace: 'shop',
      source_type: 1,
      dest_name: 'pub',
      dest_namespace: '-',
      dest_type: 4,
    };
    const line = (more: object) =>
      JSON.stringify({ Key: { ...key, dest_port: 443, proto: 'tcp', ...more }, start_time: 100, end_time: 115 });
    const hit = { kind: 6, namespace: 'shop', name: 'egress', tier: 'default' };
    const [allowed] = read(line({ reporter: 1, action: 1, policies: { enforced_policies: [{ ...hit, action: 1, rule_index: 2 }] } }));
    expect(allowed).toMatchObject({
      time: 100_000,
      until: 115_000,
      direction: 'egress',
      from: { pods: 'shop/frontend-5c-*' },
      to: { other: 'pub' },
      verdict: 'allow',
      named: [{ kind: 'NetworkPolicy', namespace: 'shop', name: 'egress', rule: 2, role: 'allowed-by' }],
    });
    const end = { kind: 10, tier: 'default', action: 2, rule_index: -1, trigger: hit };
    const [denied] = read(line({ reporter: 1, action: 2, policies: { enforced_policies: [end] } }));
    expect(denied?.named).toEqual([{ kind: 'EndOfTier', namespace: 'shop', name: 'egress', tier: 'default', role: 'trigger' }]);
  });

  it('reads what Whisker answers', () => {
    const line = JSON.stringify({
      reporter: 'Dst',
      action: 'Deny',
      source_name: 'frontend-*',
      source_namespace: 'shop',
      dest_name: 'cart-*',
      dest_namespace: 'shop',
      dest_port: 7070,
      protocol: 'tcp',
      start_time: '2026-03-01T10:00:00Z',
    });
    expect(read(line)[0]).toMatchObject({ format: 'calico-whisker', direction: 'ingress', to: { pods: 'shop/cart-*' }, verdict: 'deny' });
  });

  it.each([
    ['0|default|knp:shop/egress|allow|0', { kind: 'NetworkPolicy', namespace: 'shop', name: 'egress', rule: 0, role: 'allowed-by' }],
    ['0|default|shop/knp.default.egress|deny|-1', { kind: 'EndOfTier', namespace: 'shop', name: 'egress', role: 'trigger' }],
    ['0|__PROFILE__|__PROFILE__.kns.shop|allow|0', { kind: 'Profile', name: 'kns.shop' }],
    ['1|security|gnp:security.deny-smtp|deny|3', { kind: 'GlobalNetworkPolicy', name: 'deny-smtp', rule: 3, role: 'denied-by' }],
  ])('reads the policy string %s of Felix', (text, name) => {
    const line = JSON.stringify({
      reporter: 'src',
      source_type: 'wep',
      source_namespace: 'shop',
      source_name: '-',
      source_name_aggr: 'frontend-*',
      dest_type: 'hep',
      dest_name_aggr: 'n1',
      dest_namespace: '-',
      action: 'deny',
      proto: 'udp',
      policies: { all_policies: [text] },
    });
    expect(read(line)[0]).toMatchObject({ to: { node: 'n1' }, protocol: 'UDP', named: [name] });
  });

  it('reads all three spellings of the AWS agent, and skips what else it logs', () => {
    const line = (msg: string, more: object = {}) =>
      JSON.stringify({ level: 'info', ts: '2026-03-01T10:00:00Z', caller: 'e.go:1', msg, ...more });
    const four = line(
      'Flow Info: Src IP: 10.0.0.1 Src Port: 1 Dest IP: 10.0.0.2 Dest Port: 80 Proto TCP Verdict DENY Direction egress, Tier ADMIN',
    );
    const six = line(
      'Flow Info: Src IP: fd00::1 Src Port: 1 Dest IP: fd00::2 Dest Port: 80 Proto: TCP Verdict: ACCEPT Direction: ingress Tier: DEFAULT',
    );
    const keys = line('Flow Info:  ', {
      'Src IP': '10.0.0.1',
      'Src Port': 1,
      'Dest IP': '10.0.0.2',
      'Dest Port': 80,
      Proto: 'TCP',
      Verdict: 'DENY',
    });
    expect(read(four, six, keys).map(({ direction, verdict, port }) => [direction, verdict, port])).toEqual([
      ['egress', 'deny', 80],
      ['ingress', 'allow', 80],
      [undefined, 'deny', 80],
    ]);
    expect(only(line('Log level set to debug'))).toMatchObject({ kind: 'skip', because: 'other' });
    expect(only(line('Flow Info: Src IP: ten'))).toEqual({ kind: 'broken', because: 'missing-field' });
  });

  it('reads CloudWatch lines of AWS, with the time that `aws logs tail` prints, and an entry that expired as no decision', () => {
    const line = 'Node: ip-1;SIP: 10.0.0.1;SPORT: 1;DIP: 10.0.0.2;DPORT: 53;PROTOCOL: UDP;PolicyVerdict: ';
    expect(read(`2026-03-01T10:00:00.000Z ${line}DENY;Tier: NETWORK_POLICY`)[0]).toMatchObject({
      time: 1772359200000,
      node: 'ip-1',
      verdict: 'deny',
      sort: 'decision',
    });
    expect(read(`${line}EXPIRED/DELETED;Tier: NETWORK_POLICY`)[0]).toMatchObject({ sort: 'not-policy', verdict: 'unknown' });
  });

  it('reads GKE, bare and from Cloud Logging, and takes the direction from the ends where the word is wrong', () => {
    const pod = { pod_name: 'cart-1', pod_namespace: 'shop' };
    const line = {
      connection: { src_ip: '10.0.0.2', dest_ip: '192.168.0.1', src_port: 1, dest_port: 10250, protocol: 'tcp', direction: 'ingress' },
      disposition: 'allow',
      src: pod,
      dest: { node_name: 'n1', workload_kind: 'Node' },
      timestamp: '2026-03-01T10:00:00.123456789Z',
    };
    expect(read(JSON.stringify(line))[0]).toMatchObject({
      direction: 'egress',
      from: { pod: 'shop/cart-1' },
      to: { address: '192.168.0.1' },
    });
    expect(read(JSON.stringify({ jsonPayload: line, timestamp: 'x' }))[0]).toMatchObject({ format: 'gke', verdict: 'allow' });
  });

  it.each([
    [
      'NP:shop:cart:Ingress:1',
      'to-lport',
      'ingress',
      [{ kind: 'NetworkPolicy', namespace: 'shop', name: 'cart', rule: 1, role: 'denied-by' }],
    ],
    ['NP:shop:cart:egress:1:-1:-1', 'from-lport', 'egress', [{ namespace: 'shop', name: 'cart', rule: 1 }]],
    ['NP:shop:Egress', 'from-lport', 'egress', []],
    [
      'NP:shop:a-name-that-ovn-cut-after-sixty-three-chara',
      'to-lport',
      'ingress',
      [{ name: 'a-name-that-ovn-cut-after-sixty-three-chara' }],
    ],
    ['ANP:tenants:Ingress:0', 'to-lport', 'ingress', [{ kind: 'AdminNetworkPolicy', name: 'tenants', rule: 0 }]],
    ['<unnamed>', 'to-lport', 'ingress', []],
  ])('reads the ACL name %s of OVN-Kubernetes', (name, port, direction, named) => {
    const line = `2026-03-01T10:00:00.000Z|00001|acl_log(ovn_pinctrl0)|INFO|name="${name}", verdict=drop, severity=alert, direction=${port}: tcp6,vlan_tci=0x0,ipv6_src=fd00::1,ipv6_dst=fd00::2,tp_src=1,tp_dst=80,tcp_flags=syn`;
    const [record] = read(line);
    expect(record).toMatchObject({ direction, verdict: 'deny', protocol: 'TCP', port: 80, to: { address: 'fd00::2' } });
    expect(record?.named).toHaveLength(named.length);
    expect(record?.named).toMatchObject(named);
  });

  it('takes the direction of an old OVN-Kubernetes line from its name, and an egress firewall for no policy', () => {
    const line = (name: string) =>
      `2021-06-13T19:33:11.590Z|00005|acl_log(ovn_pinctrl0)|INFO|name="${name}", verdict=drop, severity=alert: icmp,nw_src=10.0.0.1,nw_dst=10.0.0.2,icmp_type=8,icmp_code=0`;
    expect(read(line('shop_IngressDefaultDeny'))[0]).toMatchObject({ direction: 'ingress', icmp: [8, 0], named: [] });
    expect(read(line('EF:shop:3'))[0]).toMatchObject({ sort: 'not-policy', reason: 'egress-firewall' });
  });

  it('knows a later packet of a connection in an ACL log', () => {
    const line =
      '2026-03-01T10:00:00Z|1|acl_log(ovn_pinctrl0)|INFO|name="NP:shop:cart:Ingress:0", verdict=allow, severity=info, direction=to-lport: tcp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_src=1,tp_dst=80,tcp_flags=psh|ack';
    expect(read(line)[0]).toMatchObject({ established: true, verdict: 'allow' });
  });

  it('reads the text of ovnkube-observ', () => {
    const [allowed, denied] = read(
      'Allowed by network policy cart in namespace shop, direction Ingress, src=10.0.0.1, dst=10.0.0.2',
      'Dropped by default deny from namespace shop, direction Egress, src=10.0.0.1, dst=10.0.0.2',
    );
    expect(allowed).toMatchObject({ verdict: 'allow', direction: 'ingress', named: [{ namespace: 'shop', name: 'cart' }] });
    expect(denied).toMatchObject({ verdict: 'deny', direction: 'egress', named: [] });
  });

  it('reads Antrea: isolation without a name, merged packets, SCTP without ports', () => {
    const [denied, allowed] = read(
      '2026/03/01 10:00:00.000000 IngressDefaultRule K8sNetworkPolicy <nil> Ingress Drop <nil> shop/cart-1 10.0.0.1 <nil> 10.0.0.2 <nil> SCTP 68 <nil> [3 packets in 1.0s]',
      '2026/03/01 10:00:00.000000 EgressRule K8sNetworkPolicy:shop/egress <nil> Egress Allow 190 shop/frontend-1 10.0.0.1 40000 10.0.0.2 7070 TCP 60 <nil>',
    );
    expect(denied).toMatchObject({ direction: 'ingress', to: { pod: 'shop/cart-1' }, protocol: 'SCTP', named: [], count: 3 });
    expect(denied?.port).toBeUndefined();
    expect(allowed).toMatchObject({
      from: { pod: 'shop/frontend-1' },
      port: 7070,
      named: [{ kind: 'NetworkPolicy', namespace: 'shop', name: 'egress' }],
    });
  });

  it('takes only known prefixes of the kernel log, and no packet out of the brackets of an error', () => {
    const tail = 'IN=a OUT=b MAC= SRC=10.0.0.1 DST=10.0.0.2 LEN=60 PROTO=TCP SPT=40000 DPT=7070 WINDOW=1 RES=0x00 SYN URGP=0';
    expect(read(`Mar  1 10:00:00 n1 kernel: [ 1.0] npv D I shop/cart: ${tail}`)[0]).toMatchObject({
      time: 1772359200000,
      node: 'n1',
      direction: 'ingress',
      verdict: 'deny',
    });
    expect(read(`Mar  1 10:00:00 n1 kernel: [ 1.0] calico-packet: ${tail}`)[0]).toMatchObject({ sort: 'log-only', verdict: 'logged' });
    expect(only(`Mar  1 10:00:00 n1 kernel: [ 1.0] [UFW BLOCK] ${tail}`)).toMatchObject({ because: 'not-a-policy-prefix' });
    const error = 'IN=a OUT=b MAC= SRC=10.0.0.1 DST=10.0.0.2 PROTO=ICMP TYPE=3 CODE=3 [SRC=10.0.0.2 DST=10.0.0.1 PROTO=TCP SPT=1 DPT=2 ]';
    expect(only(`Mar  1 10:00:00 n1 kernel: npv D I shop/cart: ${error}`)).toMatchObject({ because: 'icmp-error' });
  });

  it('joins the lines of kube-network-policies by their id', () => {
    const packet = { SrcIP: '10.0.0.1', DstIP: '10.0.0.2', Proto: 'TCP', SrcPort: 40000, DstPort: 7070 };
    const asked = (direction: string) =>
      JSON.stringify({
        ts: 5.5,
        caller: 'l.go:1',
        msg: 'Evaluating packet',
        id: 9,
        direction,
        srcPod: 'shop/frontend-1',
        dstPod: 'external',
        packet,
      });
    const said = (msg: string) => JSON.stringify({ ts: 5.7, caller: 'e.go:1', msg, v: 2, id: 9 });
    expect(read(asked('Egress'), asked('Ingress'), said('Packet denied by ingress policy')).map((r) => [r.direction, r.verdict])).toEqual([
      ['egress', 'allow'],
      ['ingress', 'deny'],
    ]);
    expect(only(said('Packet accepted by policy'))).toEqual({ kind: 'broken', because: 'verdict-without-packet' });
  });

  it('reads Events of drops that Cilium writes', () => {
    const event = (message: string) =>
      JSON.stringify({
        kind: 'Event',
        reason: 'PacketDrop',
        message,
        count: 4,
        involvedObject: { kind: 'Pod', namespace: 'shop', name: 'cart-1' },
      });
    expect(read(event('Incoming packet dropped (policy_denied) from shop/frontend-1 (10.0.0.1) TCP/7070.'))[0]).toMatchObject({
      direction: 'ingress',
      from: { pod: 'shop/frontend-1', address: '10.0.0.1' },
      to: { pod: 'shop/cart-1' },
      port: 7070,
      verdict: 'deny',
      count: 4,
    });
    expect(read(event('Outgoing packet dropped (policy_denied) to unknown (198.51.100.9) UDP/53'))[0]).toMatchObject({
      direction: 'egress',
      to: { address: '198.51.100.9' },
      protocol: 'UDP',
    });
  });

  it('reads the text of hubble and of cilium-dbg monitor', () => {
    const [compact, monitor] = read(
      'Mar  1 10:00:00.000: shop/frontend-1:40000 (ID:1) <> shop/cart-1:7070 (ID:2) policy-verdict:none INGRESS DENIED (TCP Flags: SYN)',
      'Policy verdict log: flow 0x1 local EP ID 9, remote ID 2, proto 17, egress, action allow, auth: disabled, match L3-L4, 10.0.0.1:40000 -> 10.0.0.2:53 udp',
    );
    expect(compact).toMatchObject({
      format: 'hubble-compact',
      direction: 'ingress',
      to: { pod: 'shop/cart-1' },
      port: 7070,
      verdict: 'deny',
    });
    expect(monitor).toMatchObject({ format: 'cilium-monitor', direction: 'egress', protocol: 'UDP', port: 53, verdict: 'allow' });
  });

  it('reads what is open now: behind the Service that was dialled, and with the client first', () => {
    const [tracked, table, socket] = read(
      'tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.96.0.1 sport=40000 dport=80 src=10.0.0.2 dst=10.0.0.1 sport=7070 dport=40000 [ASSURED] mark=0 use=1',
      'TCP OUT 10.0.0.1:40000 -> 10.0.0.2:7070 expires=1 RxPackets=1',
      'ESTAB 0 0 [::ffff:10.0.0.2]:7070 10.0.0.1:40000',
    );
    for (const record of [tracked, table, socket])
      expect(record).toMatchObject({
        sort: 'open',
        from: { address: '10.0.0.1' },
        to: { address: '10.0.0.2' },
        port: 7070,
        sourcePort: 40000,
      });
    expect(only('tcp 6 5 TIME_WAIT src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1')).toMatchObject({
      kind: 'skip',
    });
  });

  it('names a line that nobody can read, and goes on', () => {
    expect(only('{"flow":{"ver')).toEqual({ kind: 'broken', because: 'bad-json' });
    expect(only('the quick brown fox')).toEqual({ kind: 'broken', because: 'not-recognized' });
    expect(only('{}')).toEqual({ kind: 'broken', because: 'not-recognized' });
    expect(only(hubble({ IP: {}, source: {}, destination: {} }))).toEqual({ kind: 'broken', because: 'missing-field' });
    expect(only('   ')).toBeUndefined();
  });

  it('never throws: any text, any JSON, and lines of every format with something missing', () => {
    const { line } = reader();
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (text) => {
        line(text);
      }),
    );
    const one = hubble({});
    fc.assert(
      fc.property(fc.nat(one.length), fc.nat(one.length), fc.string({ maxLength: 5 }), (from, to, put) => {
        line(one.slice(0, from) + put + one.slice(to));
      }),
    );
  });
});
