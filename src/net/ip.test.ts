import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_V4, MAX_V6, parseIp, printIp } from './ip.ts';

describe('addresses', () => {
  it.each(['10.0.0.7', '0.0.0.0', '255.255.255.255', '::', '::1', '2001:db8::1', 'fe80::1:0:0:1', '1:2:3:4:5:6:7:8', '0:1::'])(
    '%s prints as it was read',
    (text) => {
      const ip = parseIp(text);
      expect(ip && printIp(ip)).toBe(text);
    },
  );

  it.each([
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::ffff:10.0.0.7', '::ffff:a00:7'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ])('%s is printed in the form of RFC 5952', (text, printed) => {
    const ip = parseIp(text);
    expect(ip && printIp(ip)).toBe(printed);
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.',
    '.10.0.0.1',
    '10.0.0.1 ',
    '0x0a.0.0.1',
    '1:2:3',
    '1::2::3',
    ':::',
    ':1',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'g::',
    '10.0.0.1::',
    'fe80::1%eth0',
    '::10.0.0',
    '1:2:3:4:5:6:7::8',
  ])('%j is no address', (text) => {
    expect(parseIp(text)).toBeUndefined();
  }); // prettier-ignore

  it('whatever address there is, its printed form reads back as itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_V4 }), fc.bigInt({ min: 0n, max: MAX_V6 }), (v4, v6) => {
        expect(parseIp(printIp({ family: 4, value: v4 }))).toEqual({ family: 4, value: v4 });
        expect(parseIp(printIp({ family: 6, value: v6 }))).toEqual({ family: 6, value: v6 });
      }),
    );
  });
});
