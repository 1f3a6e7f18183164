// What the tests of this folder need: nft, ip, and the right to make a network namespace. Tried once, not guessed.
// Where something is missing they skip, with the reason; with NETVERDICT_REQUIRE=kernel they fail instead.
import { describe } from 'vitest';
import { Failure } from '../../src/failure.ts';
import { type FlatLab, openFlat } from '../../src/lab/flat.ts';
import { findTools } from '../../src/lab/tools.ts';
import { failureSentence } from '../../src/words/en/failures.ts';
import { describeUnless } from '../shared.ts';

const isRequired = (process.env.NETVERDICT_REQUIRE ?? '').split(',').includes('kernel');

/** undefined when a lab could be opened and closed; else what stood in the way. */
async function missing(): Promise<string | undefined> {
  try {
    await (await openFlat(await findTools())).close();
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { text, hint } = failureSentence(error);
    return [text, hint].filter(Boolean).join('; ');
  }
}

const reason = await missing();

/** A `describe` of tests that load rules into this machine's kernel. */
export function describeWithKernel(title: string, body: () => void): void {
  if (reason !== undefined && isRequired) {
    describe(title, () => {
      throw new Error(`NETVERDICT_REQUIRE asks for the kernel tests, and they cannot run: ${reason}`);
    });
    return;
  }
  describeUnless(reason, title, body);
}

export async function openLab(): Promise<FlatLab> {
  return openFlat(await findTools());
}
