// A program that serves one list of very many pods in one piece, as an API server does that knows no paging. Prints its address.
// A program of its own, so that what it takes itself is not counted as the reader's memory.
import { createServer } from 'node:http';

const count = Number(process.argv[2]);
const env = Array.from({ length: 30 }, (_, i) => ({ name: `SETTING_${i}`, value: `value "${i}" of a setting, as applications have them` }));
const pod = JSON.stringify({
  metadata: {
    name: 'cart-NUMBER',
    namespace: 'shop',
    uid: '0b7c8f0e-0000-4000-8000-00000NUMBER',
    labels: { app: 'cart', 'pod-template-hash': '6d4cf56db6' },
    managedFields: [{ manager: 'kubelet', operation: 'Update', fieldsV1: { 'f:status': 'x'.repeat(1500) } }],
  },
  spec: {
    nodeName: 'node-1',
    containers: [{ name: 'main', image: 'example.test/cart:v1', env, ports: [{ name: 'grpc', containerPort: 7070 }] }],
  },
  status: { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
});

const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  if (!request.url?.startsWith('/api/v1/pods')) {
    response.end('{"kind":"AnyList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[],"groups":[]}');
    return;
  }
  response.write('{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[');
  let next = 0;
  const go = () => {
    for (;;) {
      if (next === count) return response.end(']}');
      let chunk = '';
      for (let i = 0; i < 100 && next < count; i++, next++)
        chunk += (next === 0 ? '' : ',') + pod.replaceAll('NUMBER', String(next).padStart(7, '0'));
      if (!response.write(chunk)) return response.once('drain', go);
    }
  };
  go();
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
// Ends with the test run, however that ends.
process.stdin.resume().once('end', () => process.exit());
