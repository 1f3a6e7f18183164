import { describe, expect, it } from 'vitest';
import { print, printElement, printEntry, printRule } from './print.ts';
import type { NftMap, Ruleset } from './ruleset.ts';

/** cart takes TCP 7070 from 10.0.0.2, and ports 8000 to 8010 from a block with a hole. */
const ruleset: Ruleset = {
  table: 'netverdict',
  comment: 'shop',
  counters: [{ name: 'shop/cart.in0', comment: 'shop/cart ingress[0]' }],
  sets: [
    { name: 'denied4', fields: ['ip saddr', 'ip daddr'], interval: false, recorded: { size: 100 }, elements: [] },
    { name: 'shop/cart.in0.pods4', fields: ['ip saddr', 'meta l4proto', 'th dport'], interval: false, elements: [[0x0a000002, 6, 7070]] },
    {
      name: 'shop/cart.in1.blocks4',
      fields: ['ip saddr', 'meta l4proto', 'th dport'],
      interval: true,
      elements: [[{ from: 0xcb007100, to: 0xcb00717f }, 132, { from: 8000, to: 8010 }]],
    },
  ],
  maps: [
    {
      name: 'in4',
      fields: ['ip daddr'],
      interval: false,
      to: 'verdict',
      entries: [{ key: [0x0a000003], value: { kind: 'jump', chain: 'in.shop/cart' } }],
    },
  ],
  chains: [
    {
      name: 'in.shop/cart',
      comment: 'shop/cart',
      rules: [
        [
          { kind: 'in-set', fields: ['ip saddr', 'meta l4proto', 'th dport'], set: 'shop/cart.in0.pods4' },
          { kind: 'count', counter: 'shop/cart.in0' },
          { kind: 'return' },
        ],
        [{ kind: 'record', fields: ['ip saddr', 'ip daddr'], set: 'denied4' }],
        [{ kind: 'reject', with: 'tcp reset' }],
      ],
    },
    { name: 'base', hook: 'input', rules: [[{ kind: 'vmap', fields: ['ip daddr'], map: 'in4' }]] },
  ],
  legend: new Map(),
};

describe('a ruleset as text', () => {
  it('is what nft loads in one transaction, in place of a table of that name', () => {
    expect(print(ruleset)).toBe(`add table inet netverdict
delete table inet netverdict
table inet netverdict {
	comment "shop"
	counter shop/cart.in0 {
		comment "shop/cart ingress[0]"
	}
	set denied4 {
		typeof ip saddr . ip daddr
		flags dynamic
		size 100
	}
	set shop/cart.in0.pods4 {
		typeof ip saddr . meta l4proto . th dport
		elements = { 10.0.0.2 . tcp . 7070 }
	}
	set shop/cart.in1.blocks4 {
		typeof ip saddr . meta l4proto . th dport
		flags interval
		elements = { 203.0.113.0-203.0.113.127 . sctp . 8000-8010 }
	}
	map in4 {
		type ipv4_addr : verdict
		elements = { 10.0.0.3 : jump in.shop/cart }
	}
	chain in.shop/cart {
		comment "shop/cart"
		ip saddr . meta l4proto . th dport @shop/cart.in0.pods4 counter name "shop/cart.in0" return
		add @denied4 { ip saddr . ip daddr }
		reject with tcp reset
	}
	chain base {
		type filter hook input priority filter; policy accept;
		ip daddr vmap @in4
	}
}
`);
  });

  it('prints every kind of statement as nft spells it', () => {
    const rows: readonly (readonly [Parameters<typeof printRule>[0], string])[] = [
      [[{ kind: 'in-set', fields: ['ip6 saddr'], set: 'a', not: true }, { kind: 'accept' }], 'ip6 saddr != @a accept'],
      [[{ kind: 'is', field: 'meta l4proto', values: [1, 58] }, { kind: 'drop' }], 'meta l4proto { icmp, ipv6-icmp } drop'],
      [
        [
          { kind: 'is', field: 'meta mark', values: [1] },
          { kind: 'goto', chain: 'c' },
        ],
        'meta mark 1 goto c',
      ],
      [[{ kind: 'ct-established', reply: true }, { kind: 'accept' }], 'ct direction reply ct state established,related accept'],
      [[{ kind: 'ct-established' }, { kind: 'ct-mark-is', value: 7 }, { kind: 'accept' }], 'ct state established,related ct mark 7 accept'],
      [[{ kind: 'set-ct-mark', value: 7 }], 'ct mark set 7'],
      [[{ kind: 'set', target: 'meta priority', value: 31 }], 'meta priority set 0:1f'],
      [
        [
          { kind: 'set-from-map', target: 'meta mark', fields: ['meta priority', 'meta mark'], map: 'm' },
          { kind: 'jump', chain: 'c' },
        ],
        'meta mark set meta priority . meta mark map @m jump c',
      ],
      [[{ kind: 'reject', with: 'admin-prohibited' }], 'reject with icmpx type admin-prohibited'],
    ];
    for (const [rule, text] of rows) expect(printRule(rule)).toBe(text);
  });

  it('prints numbers of classes as nft wants them: a priority as two hexadecimal halves', () => {
    const map: NftMap = { name: 'm', fields: ['meta priority', 'meta mark'], interval: false, to: 'meta mark', entries: [] };
    expect(printEntry(map, { key: [65_537, 12], value: 3 })).toBe('1:1 . 12 : 3');
    expect(printElement(['ip6 daddr', 'meta l4proto'], [0xfd00n << 112n, 17])).toBe('fd00:: . udp');
  });
});
