// Random ClusterNetworkPolicies, AdminNetworkPolicies and BaselineAdminNetworkPolicies, right and wrong, shown to a real API server with the
// CRDs of the experimental channel and to our reading of manifests: the two agree on which they take, and where it lists reasons, in every word.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCluster } from '../../src/manifest/load.ts';
import { apiErrorText, strictErrorText } from '../../src/objects/validate-problem.ts';
import { mutated } from '../arbitraries/mutations.ts';
import { policyApiObjects } from '../arbitraries/policy-api-objects.ts';
import { type ApiServer, startApiServer, startTimeoutMs } from './apiserver.ts';
import { call, type KubeObject } from './load.ts';
import { installCrds } from './project-crds.ts';
import { describeWithCluster } from './suite.ts';

const RUNS = Number(process.env.FC_RUNS ?? 600);

const RESOURCES: Readonly<Record<string, string>> = {
  ClusterNetworkPolicy: 'clusternetworkpolicies',
  AdminNetworkPolicy: 'adminnetworkpolicies',
  BaselineAdminNetworkPolicy: 'baselineadminnetworkpolicies',
};

const oneObject = fc
  .tuple(policyApiObjects, fc.nat(), fc.constantFrom('default', 'default', 'another'))
  .filter(([objects]) => objects.length > 0)
  .map(([objects, at, name]) => ({ ...objects[at % objects.length], metadata: { name } }));

/** What labels may look like is no part of a CRD: the server takes it, and no implementation can make a selector of it. */
const OF_LABELS = /^[^:]*match(Labels|Expressions)[^:]*: (?!.* in body must be of type)(?!Required value$)/;

/** Said by a server whose schema refused something: rules between fields were not looked at then. */
const NOT_CHECKED = /some validation rules were not checked/;

function ours(object: object): { readonly errors: readonly string[]; readonly rules: readonly string[] } {
  const { problems } = loadCluster([{ file: 'policy.json', text: JSON.stringify(object) }]);
  const experimental = problems.flatMap(({ code, facts }) => {
    const said = code === 'warning' ? /^refused by the experimental channel of its CRD: (.*)$/.exec(String(facts.detail)) : null;
    return said === null ? [] : [`${facts.field}: Invalid value: ${said[1]}`];
  });
  const errors = problems.flatMap((problem) => {
    if (problem.severity !== 'error') return [];
    return problem.code === 'unknown-field' ? [strictErrorText(problem) ?? problem.code] : [apiErrorText(problem)];
  });
  return { errors: errors.filter((text) => !OF_LABELS.test(text)).sort(), rules: experimental };
}

describeWithCluster('a real API server with the CRDs of the network policy API, and our validation', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await startApiServer();
    await installCrds(server, { module: 'sigs.k8s.io/network-policy-api', version: 'v0.2.0', folder: 'config/crd/experimental' });
    await installCrds(server, { module: 'sigs.k8s.io/network-policy-api', version: 'v0.1.7', folder: 'config/crd/experimental' });
  }, startTimeoutMs());

  afterAll(async () => {
    await server?.stop();
  });

  test('agree on every object, and in every word', { timeout: 300_000 }, async () => {
    const seen = { taken: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(mutated(oneObject), async (drawn) => {
        const object = drawn as KubeObject;
        const collection = `/apis/${object.apiVersion}/${RESOURCES[object.kind]}?dryRun=All&fieldValidation=Strict`;
        const { status, body } = await call(server, 'POST', collection, object);
        const { errors, rules } = ours(object);
        if (status < 300) {
          seen.taken++;
          expect([...errors, ...rules]).toEqual([]);
          return;
        }
        seen.refused++;
        const { details, message } = body as { message: string; details?: { causes?: readonly { field: string; message: string }[] } };
        // What cannot be decoded is refused with the first reason, before anything is validated.
        if (details?.causes === undefined) {
          expect([...errors, ...rules], message).not.toEqual([]);
          return;
        }
        const causes = details.causes.map((cause) => `${cause.field}: ${cause.message}`);
        // Said once more of a number with a fraction, without its field.
        const said = causes.filter((cause) => !NOT_CHECKED.test(cause) && !/^<nil>: .*Checked value must be/.test(cause)).sort();
        const isPartial = causes.some((cause) => NOT_CHECKED.test(cause));
        if (rules.length === 0) expect(errors.filter((text) => !isPartial || !text.startsWith('<nil>: '))).toEqual(said);
        else expect(isPartial || said.length > errors.length, message).toBe(true);
      }),
      { numRuns: RUNS, seed: 20, endOnFailure: false },
    );
    console.log(`${seen.taken} objects taken, ${seen.refused} refused, by both`);
    expect(seen.taken).toBeGreaterThan(RUNS / 10);
    expect(seen.refused).toBeGreaterThan(RUNS / 10);
  });
});
