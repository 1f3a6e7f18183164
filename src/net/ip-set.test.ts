import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cidr, cidrContains, cidrHas, hasHostBits, parseCidr, printCidr } from './cidr.ts';
import { type Ip, parseIp } from './ip.ts';
import {
  ALL_IPS,
  atomsOf,
  cidrsOfRange,
  type EMPTY_IPS,
  firstOf,
  intersectIps,
  ipSetHas,
  ipSetOfCidrs,
  isEmptyIps,
  lastOf,
  printIpSet,
  rangesOf,
  subtractIps,
  unionIps,
} from './ip-set.ts';

const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
const ip = (text: string): Ip => parseIp(text) as Ip;
const set = (...texts: string[]) => ipSetOfCidrs(texts.map(cidr));

describe('prefixes', () => {
  it.each(['10.0.0.0/8', '0.0.0.0/0', '10.0.0.7/32', '2001:db8::/32', '::/0'])('%s prints as it was read', (text) => {
    expect(printCidr(cidr(text))).toBe(text);
  });
  it.each(['10.0.0.7', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/', '10.0.0/8', '::/129', '10.0.0.0/-1', '10.0.0.0/8/8'])(
    '%s is no CIDR',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );
  it('host bits are masked away and can be asked for', () => {
    expect(printCidr(cidr('10.1.2.3/8'))).toBe('10.0.0.0/8');
    expect(hasHostBits('10.1.2.3/8')).toBe(true);
    expect(hasHostBits('10.0.0.0/8')).toBe(false);
  });
  it('a prefix contains narrower ones of its family and nothing else', () => {
    expect(cidrContains(cidr('10.0.0.0/8'), cidr('10.1.0.0/16'))).toBe(true);
    expect(cidrContains(cidr('10.1.0.0/16'), cidr('10.0.0.0/8'))).toBe(false);
    expect(cidrContains(cidr('0.0.0.0/0'), cidr('::/0'))).toBe(false);
    expect(cidrHas(cidr('10.0.0.0/8'), ip('10.255.255.255'))).toBe(true);
    expect(cidrHas(cidr('10.0.0.0/8'), ip('11.0.0.0'))).toBe(false);
  });
});

describe('sets of addresses', () => {
  it('an except leaves the rest of its block', () => {
    expect(printIpSet(subtractIps(set('10.0.0.0/8'), set('10.128.0.0/9')))).toBe('10.0.0.0/9');
    expect(printIpSet(subtractIps(set('2001:db8::/32'), set('2001:db8:8000::/33')))).toBe('2001:db8::/33');
  });

  const someCidr = fc.oneof(
    fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 12 })).map(([n, bits]) => cidr(`${n}.0.0.0/${bits}`)),
    fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 16 })).map(([n, bits]) => cidr(`${n.toString(16)}00::/${bits}`)),
  );
  const someSet = fc.array(someCidr, { maxLength: 6 }).map((cidrs) => ipSetOfCidrs(cidrs));
  const edges = (a: typeof EMPTY_IPS) => rangesOf(a).flatMap((range) => [firstOf(range), lastOf(range)]);

  it('union, intersection and difference mean what they say at every border', () => {
    fc.assert(
      fc.property(someSet, someSet, (a, b) => {
        for (const address of [...edges(a), ...edges(b), ip('1.2.3.4'), ip('::5')]) {
          const [inA, inB] = [ipSetHas(a, address), ipSetHas(b, address)];
          expect(ipSetHas(unionIps(a, b), address)).toBe(inA || inB);
          expect(ipSetHas(intersectIps(a, b), address)).toBe(inA && inB);
          expect(ipSetHas(subtractIps(a, b), address)).toBe(inA && !inB);
        }
      }),
    );
  });

  it('what is taken out and put back makes the whole again', () => {
    fc.assert(
      fc.property(someSet, (a) => {
        expect(unionIps(subtractIps(ALL_IPS, a), a)).toEqual(ALL_IPS);
      }),
    );
    expect(isEmptyIps(subtractIps(ALL_IPS, ALL_IPS))).toBe(true);
  });

  it('the CIDRs of a range make up the range', () => {
    fc.assert(
      fc.property(someSet, (a) => {
        expect(ipSetOfCidrs(rangesOf(a).flatMap(cidrsOfRange))).toEqual(a);
      }),
    );
  });

  it('no set can tell two addresses of one atom apart, and the atoms cover everything once', () => {
    fc.assert(
      fc.property(fc.array(someSet, { maxLength: 4 }), (sets) => {
        const atoms = atomsOf(sets);
        for (const atom of atoms) for (const each of sets) expect(ipSetHas(each, firstOf(atom))).toBe(ipSetHas(each, lastOf(atom)));
        const size = atoms.reduce((sum, atom) => sum + BigInt(atom.to) - BigInt(atom.from) + 1n, 0n);
        expect(size).toBe(2n ** 32n + 2n ** 128n);
      }),
    );
  });
});
