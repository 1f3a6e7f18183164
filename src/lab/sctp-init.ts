// One SCTP packet with an INIT chunk, as the payload of a UDP datagram whose eight header bytes become the first eight of the SCTP header.
// RFC 9260, sections 3.1 and 3.3.2. The kernel's conntrack takes only an INIT with a zero tag and a right checksum as a new connection.

const INIT = 1;
const INIT_BYTES = 20;

/** What follows the two ports and the (zero) verification tag: checksum and INIT chunk, 24 bytes. `tag`: any number; 0 is not allowed. */
export function sctpInit(sourcePort: number, destinationPort: number, tag: number): Buffer {
  const packet = Buffer.alloc(12 + INIT_BYTES);
  packet.writeUInt16BE(sourcePort, 0);
  packet.writeUInt16BE(destinationPort, 2);
  packet.writeUInt8(INIT, 12);
  packet.writeUInt16BE(INIT_BYTES, 14);
  packet.writeUInt32BE((tag % 0xfffffffe) + 1, 16); // initiate tag
  packet.writeUInt32BE(65_536, 20); // receiver window
  packet.writeUInt16BE(1, 24); // outbound streams
  packet.writeUInt16BE(1, 26); // inbound streams
  packet.writeUInt32BE(1, 28); // initial TSN
  packet.writeUInt32LE(crc32c(packet), 8);
  return packet.subarray(8);
}

/** CRC-32C (Castagnoli), RFC 9260 appendix A: the checksum field itself counts as zero. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0x82f63b78 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});
