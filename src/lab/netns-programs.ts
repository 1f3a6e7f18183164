// Where the programs are that run inside: files of their own beside the bundle, or TypeScript in a checkout.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** `[process.execPath, …, '/…/dist/lab/netns-pod.js']`: the words that start it. Throws an Error when the installation is broken. */
export function programWords(name: 'netns-holder' | 'netns-pod'): readonly string[] {
  const candidates = [`../lab/${name}.js`, `./lab/${name}.js`, `./${name}.js`, `./${name}.ts`].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const file = candidates.find((candidate) => existsSync(candidate));
  if (file === undefined) throw new Error(`a program of the lab is not at ${candidates.join(' or ')}`);
  // A pod is small: a heap that grows at once to what a server needs is only memory.
  const node = [process.execPath, '--max-semi-space-size=1'];
  return file.endsWith('.ts') ? [...node, '--import', createRequire(import.meta.url).resolve('tsx/esm'), file] : [...node, file];
}
