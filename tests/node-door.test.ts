// What a program that reads files gets from the second door when a file is not there.
import { expect, it } from 'vitest';
import { failureSentence, isFailure, readInputs } from '../src/node.ts';

it('a path that does not exist is a code with facts, and a sentence for a person', async () => {
  const failure = await readInputs(['no-such-folder/cart.yaml']).catch((error: unknown) => error);
  if (!isFailure(failure, 'input-not-found')) throw failure;
  expect(failureSentence(failure).text).toContain('`no-such-folder/cart.yaml`');
});
