// Adds up the JSON results that vitest wrote (NETVERDICT_RESULTS) and prints one line: `812 passed, 0 failed, 14 skipped`.
// A result file that is missing or a test file that could not be loaded counts as one failure: what was not run did not pass.
import { readFileSync } from 'node:fs';

let [passed, failed, skipped] = [0, 0, 0];
for (const file of process.argv.slice(2)) {
  const results = read(file);
  passed += results?.numPassedTests ?? 0;
  skipped += (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0);
  failed += results?.numFailedTests ?? 1;
  for (const { name, message, status, assertionResults } of results?.testResults ?? []) {
    if (status !== 'failed' || assertionResults.some((result) => result.status === 'failed')) continue;
    console.error(`${name} failed outside its tests: ${message}`);
    failed += 1;
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
if (failed > 0) process.exitCode = 1;

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(`no results in ${file}: ${error.message}`);
    return undefined;
  }
}
