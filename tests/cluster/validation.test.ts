// Asks a real API server about every case of the table in tests/validation: what our validation says of it, the server must say,
// and what stands there as a good neighbour it must take. src/kinds/network-policy/validate.test.ts holds our side to the same table.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { policyCases } from '../validation/policy-cases.ts';
import { type ApiServer, startApiServer, startTimeoutMs } from './apiserver.ts';
import { type ApiResponse, call, messageOf } from './load.ts';
import { describeWithCluster } from './suite.ts';

const collection = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies?dryRun=All&fieldValidation=Strict';

describeWithCluster('a real API server and our validation', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await startApiServer();
    await call(server, 'POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  }, startTimeoutMs());

  afterAll(async () => {
    await server?.stop();
  });

  for (const { row, fault, policy, says, strictlySays, neighbour } of policyCases) {
    test(`row ${row}: ${fault}: the server says what we say, and takes the neighbour`, async () => {
      // The servers that the table speaks of have StrictIPCIDRValidation on, as all from 1.36 do unless told otherwise.
      expect(linesOf(await call(server, 'POST', collection, policy))).toEqual(says ?? strictlySays ?? []);
      expect(messageOf(await call(server, 'POST', collection, neighbour))).toBeUndefined();
    });
  }
});

/** The errors one by one: the causes of a 422, the decoder's part of a 400. [] when the object was taken. */
function linesOf(response: ApiResponse): string[] {
  const message = messageOf(response);
  if (message === undefined) return [];
  const { details } = response.body as { details?: { causes?: readonly { field: string; message: string }[] } };
  if (details?.causes !== undefined) return details.causes.map((cause) => `${cause.field}: ${cause.message}`);
  return [message.replace(/^.* cannot be handled as a \w+: (strict decoding error: )?/, '')];
}
