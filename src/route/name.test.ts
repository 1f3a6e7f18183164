import { describe, expect, it } from 'vitest';
import { printIp } from '../net/ip.ts';
import { connectionString } from './connection-string.ts';
import { isError, type Name, parseName } from './name.ts';
import type { EndError } from './obstacle.ts';

/** A name as one line: `object payments/Service/api :8080 UDP`. */
function said(name: Name | EndError): string {
  if (isError(name)) return `error ${name.code}`;
  const part = `${name.port === undefined ? '' : ` :${name.port}`}${name.protocol === undefined ? '' : ` ${name.protocol}`}`;
  switch (name.kind) {
    case 'object':
      return `object ${name.namespace}/${name.objectKind ?? '-'}/${name.name}${part}${name.bare ? ' bare' : ''}`;
    case 'host':
      return `host ${name.host}${name.absolute ? '.' : ''}${part}${name.path === undefined ? '' : ` ${name.path}`}${name.written ? '' : ' guessed'}`;
    case 'address':
      return `address ${printIp(name.address)}${part}`;
    case 'range':
      return `range ${name.label}${part}`;
    case 'node':
      return `node ${name.name}${part}`;
    default:
      return `${name.kind}${part}`;
  }
}

const parse = (text: string) => said(parseName(text, { namespace: 'shop' }));

describe('a pasted name is read by its shape', () => {
  it.each([
    // objects
    ['cart', 'object shop/-/cart bare'],
    ['cart:grpc', 'object shop/-/cart :grpc bare'],
    ['web/frontend', 'object web/-/frontend'],
    ['web/frontend:80', 'object web/-/frontend :80'],
    ['deploy/cart', 'object shop/Deployment/cart'],
    ['Deployment/cart', 'object shop/Deployment/cart'],
    ['payments/svc/api:8080', 'object payments/Service/api :8080'],
    ['payments/service/api:http', 'object payments/Service/api :http'],
    ['payments/sts/db', 'object payments/StatefulSet/db'],
    ['statefulset.apps/db', 'object shop/StatefulSet/db'],
    ['ds/node-exporter', 'object shop/DaemonSet/node-exporter'],
    ['rs/cart-6d4cf56db6', 'object shop/ReplicaSet/cart-6d4cf56db6'],
    ['rc/old', 'object shop/ReplicationController/old'],
    ['job/report', 'object shop/Job/report'],
    ['cj/report', 'object shop/CronJob/report'],
    ['job.batch/report', 'object shop/Job/report'],
    ['po/cart-6d4', 'object shop/Pod/cart-6d4'],
    ['pods/cart-6d4', 'object shop/Pod/cart-6d4'],
    ['shop/cart[Deployment]', 'object shop/Deployment/cart'],
    ['shop/cart[Deployment]:7070', 'object shop/Deployment/cart :7070'],
    ['shop/pod/cart.v2', 'object shop/Pod/cart.v2'],
    ['  "web/frontend" ', 'object web/-/frontend'],
    // protocols
    ['kube-system/svc/kube-dns:53/udp', 'object kube-system/Service/kube-dns :53 UDP'],
    ['kube-dns:53/UDP', 'object shop/-/kube-dns :53 UDP bare'],
    ['svc/kube-dns/udp', 'object shop/Service/kube-dns UDP'],
    ['payments/svc/api/sctp', 'object payments/Service/api SCTP'],
    ['web/frontend/tcp', 'object web/-/frontend TCP'],
    ['svc/udp', 'object shop/Service/udp'],
    ['shop/svc/udp', 'object shop/Service/udp'],
    ['10.0.0.7:53/udp', 'address 10.0.0.7 :53 UDP'],
    // numbers
    ['10.0.0.7', 'address 10.0.0.7'],
    ['10.0.0.7:443', 'address 10.0.0.7 :443'],
    ['[2001:db8::1]:443', 'address 2001:db8::1 :443'],
    ['[2001:db8::1]', 'address 2001:db8::1'],
    ['2001:db8::1', 'address 2001:db8::1'],
    ['::1', 'address ::1'],
    ['::ffff:10.0.0.7', 'address 10.0.0.7'],
    ['203.0.113.0/24', 'range 203.0.113.0/24'],
    ['203.0.113.0/24:443', 'range 203.0.113.0/24 :443'],
    ['2001:db8::/64', 'range 2001:db8::/64'],
    ['2001:db8::/64:443', 'range 2001:db8::/64 :443'],
    ['[2001:db8::]/64:443', 'range 2001:db8::/64 :443'],
    ['10.0.0.0-10.0.0.9', 'range 10.0.0.0-10.0.0.9'],
    ['10.0.0.0-10.0.0.9:80', 'range 10.0.0.0-10.0.0.9 :80'],
    // words
    ['internet', 'internet'],
    ['internet:443', 'internet :443'],
    ['node/worker-1', 'node worker-1'],
    ['no/worker-1:10250', 'node worker-1 :10250'],
    ['node/ip-10-0-0-7.ec2.internal', 'node ip-10-0-0-7.ec2.internal'],
    ['{ingress-controller}', 'ingress-controller'],
    ['deploy/internet', 'object shop/Deployment/internet'],
    // host names
    ['api.payments', 'host api.payments guessed'],
    ['api.payments:8080', 'host api.payments :8080 guessed'],
    ['api.payments.svc.cluster.local.', 'host api.payments.svc.cluster.local.'],
    ['API.Payments', 'host api.payments guessed'],
    ['api.payments/health', 'host api.payments /health guessed'],
    ['api:8080/health', 'host api :8080 /health guessed'],
    ['kube-dns.kube-system:53/udp', 'host kube-dns.kube-system :53 UDP guessed'],
  ])('%s', (text, wanted) => {
    expect(parse(text)).toBe(wanted);
  });
});

describe('URLs and connection strings name a host and a port', () => {
  it.each([
    ['http://api.payments.svc.cluster.local:8080/health', 'host api.payments.svc.cluster.local :8080 TCP /health'],
    ['http://api', 'host api :80 TCP'],
    ['https://shop.example/cart?item=1', 'host shop.example :443 TCP /cart'],
    ['https://10.0.0.7/x', 'address 10.0.0.7 :443 TCP'],
    ['http://[2001:db8::1]:8080/', 'address 2001:db8::1 :8080 TCP'],
    ['postgres://user:s3cret@db.payments/orders', 'host db.payments :5432 TCP /orders'],
    ['postgresql+asyncpg://db/orders', 'host db :5432 TCP /orders'],
    ['jdbc:postgresql://db.payments:5433/x?user=a', 'host db.payments :5433 TCP /x'],
    ['jdbc:sqlserver://db:1433;databaseName=x', 'host db :1433 TCP'],
    ['jdbc:oracle:thin:@//db:1521/x', 'host db :1521 TCP /x'],
    ['mysql://db', 'host db :3306 TCP'],
    ['redis://:s3cret@cache.shop/0', 'host cache.shop :6379 TCP /0'],
    ['amqp://queue', 'host queue :5672 TCP'],
    ['mongodb://mongo/x', 'host mongo :27017 TCP /x'],
    ['kafka://broker', 'host broker :9092 TCP'],
    ['grpc://cart.shop', 'host cart.shop TCP'],
    ['dns:///cart.shop:7070', 'host cart.shop :7070 TCP'],
    ['udp://statsd:8125', 'host statsd :8125 UDP'],
    ['user:s3cret@db.payments:5432/orders', 'host db.payments :5432 /orders guessed'],
    ['user:s3cret@tcp(db.payments:3306)/orders', 'host db.payments :3306 /orders guessed'],
    ['host=db.payments port=5433 user=a password=s3cret dbname=orders', 'host db.payments :5433 TCP'],
    ['host=db.payments dbname=orders', 'host db.payments :5432 TCP'],
    ['Server=tcp:db.payments,1433;Database=orders', 'host db.payments :1433 guessed'],
  ])('%s', (text, wanted) => {
    expect(parse(text)).toBe(wanted);
  });

  it('keeps no password, not even in errors', () => {
    for (const text of ['postgres://user:s3cret@db:99999/x', 'user:s3cret@db_:x:y/z', 'postgres://u:s3cret@a,b/x', 'https://u:s3cret@/']) {
      const parsed = parseName(text, { namespace: 'shop' });
      expect(isError(parsed), text).toBe(true);
      expect(JSON.stringify(parsed), text).not.toContain('s3cret');
    }
    expect(JSON.stringify(connectionString('redis://:s3cret@cache?password=s3cret'))).not.toContain('s3cret');
  });

  it('a plain name is no connection string', () => {
    expect(connectionString('web/frontend:80')).toBeUndefined();
    expect(connectionString('10.0.0.7:443')).toBeUndefined();
  });
});

describe('what is no end of a connection says why', () => {
  it.each([
    ['', 'empty-name', {}],
    ['  ', 'empty-name', {}],
    ['x'.repeat(2001), 'too-long', { length: 2001 }],
    ['web/front end', 'bad-name', {}],
    ['web/front\u001b[31mend', 'bad-name', {}],
    ['web/', 'bad-name', {}],
    ['web/front_end', 'bad-name', { name: 'front_end' }],
    ['http://shop_!/x', 'bad-name', {}],
    ['web/frontend:0', 'bad-port', { reason: 'range', port: '0' }],
    ['web/frontend:65536', 'bad-port', { reason: 'range' }],
    ['web/frontend:', 'bad-port', { reason: 'empty' }],
    ['web/frontend:HTTP', 'bad-port', { reason: 'name' }],
    ['web/frontend:a-very-long-port-name', 'bad-port', { reason: 'name' }],
    ['web/frontend:8000-8010', 'bad-port', { reason: 'several' }],
    ['web/frontend:80,443', 'bad-port', { reason: 'several' }],
    ['10.0.0.7:http!', 'bad-port', { reason: 'name' }],
    ['10.0.0.300', 'bad-address', { address: '10.0.0.300' }],
    ['010.0.0.1', 'bad-address', {}],
    ['2001:db8::1::2', 'bad-address', {}],
    ['[2001:db8::x]:80', 'bad-address', {}],
    ['10.0.0.0/33', 'bad-range', { range: '10.0.0.0/33' }],
    ['10.0.0.9-10.0.0.0', 'bad-range', {}],
    ['web/depoy/frontend', 'unknown-kind', { kind: 'depoy', nearest: ['deploy'] }],
    ['web/frontend[Deploymint]', 'unknown-kind', { nearest: ['deployment', 'deployments'] }],
    ['a/b/c/d', 'too-many-parts', {}],
    ['kafka://a:9092,b:9092', 'several-hosts', { hosts: ['a:9092', 'b:9092'] }],
    ['unix:///var/run/x.sock', 'not-a-network-name', { scheme: 'unix' }],
  ])('%j: %s', (text, code, facts) => {
    const parsed = parseName(text, { namespace: 'shop' });
    expect(parsed).toMatchObject({ kind: 'error', code, facts });
  });

  it('the neighbours of a bad port are good', () => {
    expect(parse('web/frontend:1')).toBe('object web/-/frontend :1');
    expect(parse('web/frontend:65535')).toBe('object web/-/frontend :65535');
    expect(parse('web/frontend:fifteen-letters')).toBe('object web/-/frontend :fifteen-letters');
  });
});
