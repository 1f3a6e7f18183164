import { describe, expect, it } from 'vitest';
import { type Ip, ipKey, parseIp, printIp } from '../net/ip.ts';
import { firstOf, type IpRange } from '../net/ip-set.ts';
import { addressGiver, edgesOf, isUsable } from './usable.ts';

const ip = (text: string): Ip => {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(`${text} is no address`);
  return parsed;
};
const range = (from: string, to: string): IpRange => ({ family: ip(from).family, from: ip(from).value, to: ip(to).value }) as IpRange;
const nobody = () => false;

describe('addresses that a lab can stand in for', () => {
  it.each([
    ['10.0.0.1', true],
    ['169.254.169.254', true],
    ['240.0.0.1', true],
    ['fd00::1', true],
    ['0.0.0.0', false],
    ['127.0.0.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::1', false],
    ['::ffff:10.0.0.1', false],
    ['fe80::1', false],
    ['ff02::1', false],
  ])('%s: %s', (text, usable) => {
    expect(isUsable(ip(text))).toBe(usable);
  });

  it('are taken from both ends of a range, past special ones and past those of the cluster', () => {
    expect(edgesOf(range('0.0.0.0', '9.255.255.255'), nobody).map(printIp)).toEqual(['1.0.0.0', '9.255.255.255']);
    expect(edgesOf(range('126.0.0.0', '128.0.0.5'), nobody).map(printIp)).toEqual(['126.0.0.0', '128.0.0.5']);
    const taken = new Set(['10.0.0.0', '10.0.0.3'].map((text) => ipKey(ip(text))));
    expect(edgesOf(range('10.0.0.0', '10.0.0.3'), (one) => taken.has(ipKey(one))).map(printIp)).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(edgesOf(range('10.0.0.7', '10.0.0.7'), nobody).map(printIp)).toEqual(['10.0.0.7']);
    expect(edgesOf(range('127.0.0.0', '127.255.255.255'), nobody)).toEqual([]);
    expect(edgesOf(range('10.0.0.3', '10.0.0.3'), (one) => taken.has(ipKey(one)))).toEqual([]);
    expect(printIp(firstOf(range('fd00::', 'fd00::ff')))).toBe('fd00::');
  });

  it('are given out one after the other, never one that is taken', () => {
    const give = addressGiver(new Set([ipKey(ip('10.244.0.2'))]), { 4: '10.244.0.1', 6: 'fd00::1' });
    expect([give(4), give(4), give(6), give(4)].map(printIp)).toEqual(['10.244.0.1', '10.244.0.3', 'fd00::1', '10.244.0.4']);
  });
});
