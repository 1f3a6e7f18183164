// The `workloads:` lines of ./netverdict.yaml, for every command: where kinds of your own keep their pod template. They travel as an object of
// our own kind beside the manifests, so that whatever is read again later reads them too.
import type { InputText } from '../manifest/load.ts';
import { get, isObject } from '../objects/read.ts';
import { badWorkloads } from '../words/en/input-failures.ts';
import type { FilesPort } from './ports.ts';
import { saidFailure } from './said-failure.ts';

/** How the text is called that carries them; it is no file that was named. */
export const WORKLOADS_TEXT = '<netverdict.yaml>';
const NAMES = ['netverdict.yaml', 'netverdict.yml'];

/** undefined without such a file or such lines. Failure `config-invalid` for a line that says no kind or no template. */
export async function configuredWorkloads(files: FilesPort): Promise<InputText | undefined> {
  for (const name of NAMES) {
    const read = await files.one(name);
    if (read.kind !== 'text') continue;
    const { text } = read;
    if (!/^workloads[ \t]*:/m.test(text)) return undefined;
    const { parseDocument } = await import('yaml');
    const value: unknown = parseDocument(text).toJS({ maxAliasCount: 100 });
    const workloads = get(value, 'workloads');
    if (workloads === undefined) return undefined;
    if (!Array.isArray(workloads) || !workloads.every(isLine)) {
      throw saidFailure('config-invalid', badWorkloads(name));
    }
    return { file: WORKLOADS_TEXT, text: JSON.stringify({ apiVersion: 'netverdict.dev/v1', kind: 'Config', workloads }) };
  }
  return undefined;
}

function isLine(line: unknown): boolean {
  return isObject(line) && typeof line.kind === 'string' && typeof line.template === 'string';
}
