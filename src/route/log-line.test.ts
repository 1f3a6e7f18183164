import { describe, expect, it } from 'vitest';
import { logLine, seenIn } from './log-line.ts';

describe('a pasted log line', () => {
  it.each([
    ['dial tcp 10.0.0.7:8080: i/o timeout', '10.0.0.7:8080', 'timeout'],
    ['dial tcp [2001:db8::7]:8080: connect: connection refused', '[2001:db8::7]:8080', 'refused'],
    ['Get "http://cart.shop:7070/items": dial tcp 10.96.0.7:7070: i/o timeout', '10.96.0.7:7070', 'timeout'],
    [
      'rpc error: code = Unavailable desc = "transport: Error while dialing: dial tcp 10.0.0.7:7070: connect: connection refused"',
      '10.0.0.7:7070',
      'refused',
    ],
    [
      'Get "http://cart.shop:7070/items": dial tcp: lookup cart.shop on 10.96.0.10:53: no such host',
      'http://cart.shop:7070/items',
      'nxdomain',
    ],
    ['dial tcp: lookup cart on 10.96.0.10:53: read udp 10.0.0.1:4242->10.96.0.10:53: i/o timeout', 'cart', 'lookup-failed'],
    ['Error: connect ECONNREFUSED 10.1.2.3:5432', '10.1.2.3:5432', 'refused'],
    ['connect ETIMEDOUT 10.1.2.3:5432', '10.1.2.3:5432', 'timeout'],
    ['getaddrinfo EAI_AGAIN api', 'api', 'lookup-failed'],
    ['getaddrinfo ENOTFOUND cart.shop', 'cart.shop', 'nxdomain'],
    ['curl: (28) Failed to connect to cart.shop port 7070 after 5001 ms: Timeout was reached', 'cart.shop:7070', 'timeout'],
    ['curl: (6) Could not resolve host: cart.shop', 'cart.shop', 'nxdomain'],
    ['connection to server at "db" (10.0.0.9), port 5432 failed: timeout expired', 'db:5432', 'timeout'],
    ['Is the server running on host "db" (10.0.0.9) and accepting TCP/IP connections on port 5432?', 'db:5432', undefined],
    ["HTTPConnectionPool(host='cart', port=7070): Max retries exceeded (Connection refused)", 'cart:7070', 'refused'],
    ["ERROR 2003 (HY000): Can't connect to MySQL server on 'db.shop:3306' (110)", 'db.shop:3306', 'timeout'],
    ["Can't connect to MySQL server on '10.0.0.7:3306' (111)", '10.0.0.7:3306', 'refused'],
    ['java.net.ConnectException: Connection refused: cart/10.0.0.7:7070', 'cart:7070', 'refused'],
    [
      'upstream timed out (110: Connection timed out) while connecting to upstream, client: 203.0.113.7, upstream: "http://10.0.0.7:7070/"',
      '10.0.0.7:7070',
      'timeout',
    ],
    [
      'upstream connect error or disconnect/reset before headers. reset reason: connection timeout, remote address: 10.0.0.7:7070',
      '10.0.0.7:7070',
      'timeout',
    ],
    ['GET https://shop.example/cart 503', 'https://shop.example/cart', '5xx'],
  ])('%s', (text, destination, seen) => {
    expect(logLine(text)).toEqual({ destination, seen });
  });
  it.each(['shop/cart:7070', 'http://cart.shop/items', '', 'two words', 'the connection timed out'])('%j names no destination', (text) => {
    expect(logLine(text)).toBeUndefined();
  });
  it('says what was seen where no destination is named', () => {
    expect(seenIn('upstream connect error or disconnect/reset before headers. reset reason: connection timeout')).toBe('timeout');
  });
});
