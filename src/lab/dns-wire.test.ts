// Messages as a resolver sends them, byte by byte; whole conversations with real resolvers are in tests/kernel/lab.test.ts.
import { describe, expect, it } from 'vitest';
import { respond } from './dns-wire.ts';
import type { Zone } from './dns-zone.ts';

const CART = 'cart.shop.svc.cluster.local';
const ZONE: Zone = {
  [CART]: { addresses: ['10.96.0.11', 'fd00:10:96::11'] },
  [`_grpc._tcp.${CART}`]: { services: [{ port: 80, target: CART }] },
  'mail.shop.svc.cluster.local': { alias: CART },
  'many.shop.svc.cluster.local': { addresses: Array.from({ length: 60 }, (_, i) => `10.244.0.${i + 1}`) },
};
const TYPE = { A: 1, AAAA: 28, SRV: 33 };

function query(name: string, type: number, { opt }: { readonly opt?: number } = {}): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  const head = Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, opt === undefined ? 0 : 1]);
  const tail = Buffer.from([0, 0, type, 0, 1]);
  const record = opt === undefined ? Buffer.alloc(0) : Buffer.from([0, 0, 41, opt >> 8, opt & 255, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, ...labels, tail, record]);
}

function answer(name: string, type: number, over: 'udp' | 'tcp' = 'udp', options: { readonly opt?: number } = {}) {
  const message = respond(query(name, type, options), ZONE, over) ?? Buffer.alloc(12);
  const flags = message.readUInt16BE(2);
  return { id: message.readUInt16BE(0), code: flags & 15, truncated: (flags & 0x200) !== 0, answers: message.readUInt16BE(6), message };
}

describe('an answer of the DNS', () => {
  it('has the address of the asked family, whatever the capitals', () => {
    const found = answer('CART.shop.svc.Cluster.local', TYPE.A);
    expect(found).toMatchObject({ id: 0x1234, code: 0, answers: 1 });
    expect([...found.message.subarray(-4)]).toEqual([10, 96, 0, 11]);
    expect(found.message.toString('latin1')).toContain('CART');
    expect(answer(CART, TYPE.AAAA).message.subarray(-16).toString('hex')).toBe('fd000010009600000000000000000011');
  });

  it('has the port of a Service, and follows an alias', () => {
    expect(answer(`_grpc._tcp.${CART}`, TYPE.SRV)).toMatchObject({ code: 0, answers: 1 });
    expect(answer('mail.shop.svc.cluster.local', TYPE.A)).toMatchObject({ code: 0, answers: 2 });
  });

  it('tells a name that is not there from one without such a record', () => {
    expect(answer('kart.shop.svc.cluster.local', TYPE.A)).toMatchObject({ code: 3, answers: 0 });
    expect(answer(CART, TYPE.SRV)).toMatchObject({ code: 0, answers: 0 });
    // Names between are there: shop.svc.cluster.local has children.
    expect(answer('shop.svc.cluster.local', TYPE.A)).toMatchObject({ code: 0, answers: 0 });
    expect(answer('__proto__', TYPE.A)).toMatchObject({ code: 3 });
  });

  it('that does not fit into a datagram is truncated, and whole over TCP or where the asker takes more', () => {
    expect(answer('many.shop.svc.cluster.local', TYPE.A)).toMatchObject({ truncated: true, answers: 0 });
    expect(answer('many.shop.svc.cluster.local', TYPE.A, 'tcp')).toMatchObject({ truncated: false, answers: 60 });
    expect(answer('many.shop.svc.cluster.local', TYPE.A, 'udp', { opt: 4096 })).toMatchObject({ truncated: false, answers: 60 });
  });

  it('to what is no question is an error or nothing, never a crash', () => {
    const whole = query(CART, TYPE.A);
    for (let length = 0; length < whole.length; length++) {
      const said = respond(whole.subarray(0, length), ZONE, 'udp');
      if (length < 12) expect(said).toBeUndefined();
      else expect((said?.readUInt16BE(2) ?? 0) & 15).toBe(1);
    }
    // An answer is not answered: two servers would talk for ever.
    const reply = Buffer.from(whole);
    reply[2] = 0x80;
    expect(respond(reply, ZONE, 'udp')).toBeUndefined();
  });
});
