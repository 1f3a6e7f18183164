// The clusters of the claims book on a real kernel: every connection that their policies can tell apart, and it ends as the engine says.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFlat } from '../../src/lab/flat.ts';
import { prove } from '../../src/lab/prove.ts';
import { findTools } from '../../src/lab/tools.ts';
import { CLAIMS, clusterOf, isForKernel } from '../claims/run.ts';
import { disagreements, semantics } from './agreement.ts';
import { describeWithKernel } from './needs.ts';

describeWithKernel('the claims on a kernel', () => {
  let stage: Awaited<ReturnType<typeof openFlat>>;
  beforeAll(async () => {
    stage = await openFlat(findTools());
  });
  afterAll(() => stage.close());

  it.each(CLAIMS.filter(isForKernel).map((claim) => [claim.id, claim] as const))('%s', async (_, claim) => {
    const report = await prove(clusterOf(claim), { semantics: semantics('calico'), stage, families: [4] });
    expect(disagreements(report)).toEqual([]);
    expect(report.outcome).toBe('agree');
    expect(report.made).toBeGreaterThan(10);
  });
});
