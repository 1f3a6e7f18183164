// Declares test suites that need the test cluster, and says why they are skipped where it cannot be started.
import { describe } from 'vitest';
import { clusterToolsMissing } from './apiserver.ts';

export function describeWithCluster(title: string, declareTests: () => void): void {
  const missing = clusterToolsMissing();
  if (missing === undefined) {
    describe(title, declareTests);
    return;
  }
  // The default reporter only counts skipped tests, so the title alone would not show the reason.
  console.warn(`skipped, ${title}: ${missing}`);
  describe.skip(`${title} (skipped: ${missing})`, declareTests);
}
