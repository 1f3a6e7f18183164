// Makes skipped tests loud: lists them with their titles, which carry the reason, and fails the run when a test file of a suite
// that NETVERDICT_REQUIRE names (`kernel`, `cluster`, or both with a comma) ran nothing.
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';

export class SkipReporter implements Reporter {
  #chosenByName = false;

  onInit(vitest: Vitest): void {
    this.#chosenByName = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    // With `-t` everything else counts as skipped: nobody wants to read that.
    if (this.#chosenByName) return;
    for (const module of modules) for (const line of skippedIn(module)) console.log(`skipped  ${module.relativeModuleId} > ${line}`);

    for (const suite of (process.env.NETVERDICT_REQUIRE ?? '').split(',').filter(Boolean)) {
      const idle = modules.filter((module) => module.relativeModuleId.startsWith(`tests/${suite}/`) && !ranAnything(module));
      for (const module of idle) console.error(`${module.relativeModuleId} ran nothing, and NETVERDICT_REQUIRE asks for ${suite}`);
      if (idle.length > 0) process.exitCode = 1;
    }
  }
}

const isSkipped = (test: TestCase): boolean => test.result().state === 'skipped';
const ranAnything = (module: TestModule): boolean => [...module.children.allTests()].some((test) => !isSkipped(test));

/** The outermost titles under which everything was skipped: `['prove agrees (skipped: nft is missing) (12 tests)']`. */
function skippedIn(parent: TestModule | TestSuite): string[] {
  return [...parent.children].flatMap((child) => {
    if (child.type === 'test') return isSkipped(child) ? [child.name] : [];
    const tests = [...child.children.allTests()];
    if (tests.length > 0 && tests.every(isSkipped)) return [`${child.name} (${tests.length} tests)`];
    return skippedIn(child).map((line) => `${child.name} > ${line}`);
  });
}
