import { describe, expect, it } from 'vitest';
import { crc32c, sctpInit } from './sctp-init.ts';

describe('an SCTP packet with an INIT chunk', () => {
  it('has the checksum that the standard asks for: CRC-32C of "123456789" is 0xE3069283', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  });

  it('carries the checksum of the whole packet with a zero verification tag', () => {
    const payload = sctpInit(9899, 5000, 41);
    const packet = Buffer.concat([Buffer.alloc(8), payload]);
    packet.writeUInt16BE(9899, 0);
    packet.writeUInt16BE(5000, 2);
    const checksum = packet.readUInt32LE(8);
    packet.writeUInt32LE(0, 8);
    expect(crc32c(packet)).toBe(checksum);
    expect(payload).toHaveLength(24);
    expect(payload.readUInt8(4)).toBe(1); // INIT
    expect(payload.readUInt32BE(8)).toBe(42); // the initiate tag, which may not be 0
    expect(sctpInit(1, 1, 0).readUInt32BE(8)).toBe(1);
  });
});
