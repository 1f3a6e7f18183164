import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALL_PORTS,
  hasPort,
  intersectPorts,
  isAllPorts,
  isNoPorts,
  NO_PORTS,
  type PortSet,
  PROTOCOLS,
  portSet,
  printPortSet,
  printPorts,
  samePorts,
  subtractPorts,
  unionPorts,
} from './port-set.ts';

const someSet: fc.Arbitrary<PortSet> = fc
  .array(fc.tuple(fc.constantFrom(...PROTOCOLS), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 10 })), { maxLength: 5 })
  .map((list) => list.reduce((set, [protocol, from, more]) => unionPorts(set, portSet(protocol, from, from + more)), NO_PORTS));

describe('sets of ports', () => {
  it('are printed as answers have them', () => {
    expect(printPorts(unionPorts(portSet('TCP', 80, 80), unionPorts(portSet('TCP', 443, 443), portSet('TCP', 8000, 8010))).TCP)).toBe(
      '80,443,8000-8010',
    );
    expect(printPortSet(ALL_PORTS)).toBe('all');
    expect(printPortSet(NO_PORTS)).toBe('none');
    expect(printPortSet(unionPorts(portSet('UDP', 53, 53), portSet('TCP', 80, 80)))).toBe('TCP 80 UDP 53');
  });

  it('ranges that touch become one', () => {
    expect(printPorts(unionPorts(portSet('TCP', 1, 79), portSet('TCP', 80, 65535)).TCP)).toBe('1-65535');
    expect(isAllPorts(unionPorts(unionPorts(portSet('TCP'), portSet('UDP')), portSet('SCTP')))).toBe(true);
  });

  it('union, intersection and difference mean what they say for every port', () => {
    fc.assert(
      fc.property(someSet, someSet, (a, b) => {
        for (const protocol of PROTOCOLS) {
          for (let port = 1; port <= 52; port++) {
            const [inA, inB] = [hasPort(a, protocol, port), hasPort(b, protocol, port)];
            expect(hasPort(unionPorts(a, b), protocol, port)).toBe(inA || inB);
            expect(hasPort(intersectPorts(a, b), protocol, port)).toBe(inA && inB);
            expect(hasPort(subtractPorts(a, b), protocol, port)).toBe(inA && !inB);
          }
        }
      }),
    );
  });

  it('nothing and everything are what they are called', () => {
    fc.assert(
      fc.property(someSet, (a) => {
        expect(samePorts(unionPorts(a, NO_PORTS), a)).toBe(true);
        expect(samePorts(intersectPorts(a, ALL_PORTS), a)).toBe(true);
        expect(isNoPorts(subtractPorts(a, a))).toBe(true);
        expect(isAllPorts(unionPorts(subtractPorts(ALL_PORTS, a), a))).toBe(true);
      }),
    );
  });
});
