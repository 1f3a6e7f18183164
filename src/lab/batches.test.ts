import { describe, expect, it } from 'vitest';
import type { Ip } from '../net/ip.ts';
import { batchesOf } from './batches.ts';

const ip = (value: number): Ip => ({ family: 4, value });
const shot = (source: number, destination: number, port: number, protocol = 'TCP') => ({
  source: ip(source),
  destination: ip(destination),
  protocol,
  port,
});

describe('many connections in lots', () => {
  it('take every connection once, whatever the limits', () => {
    const shots = Array.from({ length: 500 }, (_, i) => shot(i % 7, i % 11, i % 13, ['TCP', 'UDP', 'SCTP'][i % 3]));
    for (const limits of [
      { sockets: 1, connections: 1 },
      { sockets: 5, connections: 20 },
      { sockets: 10_000, connections: 10_000 },
    ]) {
      const places = batchesOf(shots, limits).flat();
      expect([...places].sort((a, b) => a - b)).toEqual(shots.map((_, i) => i));
    }
  });

  it('open no more servers and clients than there may be', () => {
    // Ten servers, and five sources that each need one UDP client.
    const shots = Array.from({ length: 50 }, (_, i) => shot(i % 5, 100, i % 10, 'UDP'));
    for (const batch of batchesOf(shots, { sockets: 8, connections: 1000 })) {
      const sockets = new Set(batch.flatMap((i) => [`server ${shots[i]?.port}`, `client ${shots[i]?.source.value}`]));
      expect(sockets.size).toBeLessThanOrEqual(8);
    }
    expect(batchesOf(shots, { sockets: 15, connections: 1000 })).toHaveLength(1);
  });

  it('keep the first ones first', () => {
    const shots = [shot(1, 5, 80), shot(1, 4, 80), shot(2, 5, 80)];
    expect(batchesOf(shots, { sockets: 100, connections: 100 })).toEqual([[0, 2, 1]]);
    expect(batchesOf([], { sockets: 1, connections: 1 })).toEqual([]);
  });
});
