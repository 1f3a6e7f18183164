import { describe, expect, it } from 'vitest';
import { parseIp } from '../net/ip.ts';
import { countersIn, notedIn, recordKey } from './kernel-record.ts';

const ip = (text: string) => parseIp(text) ?? { family: 4, value: 0 };

describe('what the kernel noted', () => {
  it('is read from a listing of nft 1.0.6, marks with it', () => {
    const listing = `table inet netverdict {
	set denied4 {
		typeof ip saddr . ip daddr . meta l4proto . th dport . meta mark
		size 262144
		flags dynamic
		elements = { 10.0.0.2 . 10.0.0.3 . 6 . 7070 . 0x00000001,
			     203.0.113.7 . 10.0.0.3 . 132 . 80 . 0x00000002 }
	}
}`;
    expect(notedIn(listing)).toEqual([
      { key: '10.0.0.2 10.0.0.3 6 7070', mark: 1 },
      { key: '203.0.113.7 10.0.0.3 132 80', mark: 2 },
    ]);
  });

  it('is read from a set without marks, in IPv6, and under the key that we ask with', () => {
    const listing = 'elements = { fd00::2 . 2001:db8::1 . 132 . 5000 }';
    expect(notedIn(listing)).toEqual([{ key: recordKey(ip('fd00::2'), ip('2001:db8::1'), 132, 5000), mark: 0 }]);
  });

  it('is nothing for an empty set', () => {
    expect(notedIn('table inet t {\n\tset denied4 {\n\t\ttypeof ip saddr\n\t}\n}')).toEqual([]);
  });

  it('counts packets by counter, also for names with blanks before their braces and comments', () => {
    const listing = `table inet netverdict {
	counter shop/cart-ingress.in0 {
		comment "shop/cart-ingress ingress[0]"
		packets 3 bytes 180
	}
	counter in.shop/cart-ingress.denied {
		packets 0 bytes 0
	}
}`;
    expect([...countersIn(listing)]).toEqual([
      ['shop/cart-ingress.in0', 3],
      ['in.shop/cart-ingress.denied', 0],
    ]);
  });
});
