import { describe, expect, test } from 'vitest';
import { printCidr } from '../net/cidr.ts';
import { isStrictSubset, readCidr, type WrittenCidr } from './validate-cidr.ts';

const read = (text: string): WrittenCidr => {
  const cidr = readCidr(text);
  if (cidr === undefined) throw new Error(`${text} was not read`);
  return cidr;
};

describe('a CIDR is read as Go always has', () => {
  test.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['255.255.255.255/32', '255.255.255.255/32'],
    ['::/0', '::/0'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['2001:DB8:0:0::/32', '2001:db8::/32'],
  ])('%s', (text, network) => {
    expect(printCidr(read(text).network)).toBe(network);
  });

  test.each([
    ['host bits are masked', '10.0.0.5/24', '10.0.0.0/24'],
    ['host bits are masked in IPv6', '2001:db8::1/64', '2001:db8::/64'],
    ['leading zeros are decimal, not octal', '010.010.0.0/16', '10.10.0.0/16'],
    ['leading zeros of the length', '10.0.0.0/0024', '10.0.0.0/24'],
    ['more digits than a group of IPv6 has', '2001:00000db8::/32', '2001:db8::/32'],
    ['leading zeros of a dotted tail', '64:ff9b::010.0.0.0/104', '64:ff9b::a00:0/104'],
    ['IPv4 in IPv6 is IPv4', '::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['all of IPv4 in IPv6', '::ffff:0:0/96', '0.0.0.0/0'],
    ['a prefix that cuts into the IPv4-in-IPv6 mark is IPv6', '::ffff:1.2.3.4/90', '::ffc0:0:0/90'],
  ])('%s: %s', (_, text, network) => {
    expect(printCidr(read(text).network)).toBe(network);
  });

  test.each([
    ...['', '/', '/8', '10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/ 8', '10.0.0.0/8 ', '10.0.0.0/+8', '10.0.0.0/-1', '10.0.0.0/8/8'],
    ...[
      '10.0.0.0/8\n',
      '10.0.0/24',
      '10.0.0.256/32',
      '0x0a.0.0.0/8',
      '1e1.0.0.0/8',
      '::/129',
      '::1',
      '1::2::3/64',
      ':1::/16',
      'fe80::%eth0/64',
    ],
    ...['10.0.0.0/99999999999999999999', `10.0.0.0/${'9'.repeat(400)}`, '２0.0.0.0/8', 'localhost/8'],
  ])('`%s` is none', (text) => {
    expect(readCidr(text)).toBeUndefined();
  });
});

describe('an except must be inside and smaller', () => {
  test.each([
    ['10.1.0.0/16', '10.0.0.0/8', true],
    ['10.0.0.0/9', '10.0.0.0/8', true],
    ['10.0.0.5/24', '10.0.0.0/8', true],
    ['10.0.0.0/8', '10.0.0.0/8', false],
    ['10.0.0.0/7', '10.0.0.0/8', false],
    ['11.0.0.0/16', '10.0.0.0/8', false],
    ['2001:db8::/32', '::/0', true],
    ['::/1', '0.0.0.0/0', false],
    ['10.0.0.0/8', '::/0', false],
    // Go takes IPv4 in IPv6 for IPv4 when it asks "inside?", but compares the lengths as they are written.
    ['::ffff:10.1.0.0/112', '10.0.0.0/8', true],
    ['10.1.0.0/16', '::ffff:10.0.0.0/104', false],
    ['::ffff:10.0.0.0/104', '::/0', false],
  ])('%s in %s: %s', (inner, outer, is) => {
    expect(isStrictSubset(read(inner), read(outer))).toBe(is);
  });
});

describe('what is odd about a CIDR', () => {
  const stricts = (text: string) => read(text).oddities.map(({ strict }) => strict);

  test('is nothing for one in canonical form', () => {
    expect(['10.0.0.0/8', '10.0.0.5/32', '::/0', '2001:db8::/32', '2001:db8::1/128', '1:2:3:4:5:6:7:0/112'].flatMap(stricts)).toEqual([]);
  });

  test('is refused by strict servers for one reason only: zeros before mapped before host bits', () => {
    expect(stricts('010.0.0.5/24')).toEqual([undefined, 'must not have leading 0s in IP or prefix length']);
    expect(stricts('::ffff:010.0.0.5/120')).toEqual([undefined, 'must not have leading 0s in IP or prefix length']);
    expect(stricts('::ffff:10.0.0.5/120')).toEqual([undefined, 'must not have an IPv4-mapped IPv6 address']);
    expect(stricts('10.0.0.5/24')).toEqual(['must not have bits set beyond the prefix length']);
  });

  test('is only said, never refused, where the text is not canonical', () => {
    expect(read('2001:DB8::/32').oddities).toEqual([
      { warning: 'IPv6 CIDR value "2001:DB8::/32" should be in RFC 5952 canonical format ("2001:db8::/32")' },
    ]);
  });
});
