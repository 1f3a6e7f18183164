// `map --posture`: the counts, in the format that was asked for, and the marks of netverdict.yaml.
import { readFile } from 'node:fs/promises';
import { dig, listOf } from '../objects/read.ts';
import { type InputOptions, type Loaded, painter } from './input.ts';
import { mistake } from './mistake.ts';
import { jsonAsCalled } from './program-name.ts';

interface PostureOptions extends InputOptions {
  readonly output: string;
  readonly focus?: readonly string[];
}

export async function printPosture(loaded: Loaded, options: PostureOptions): Promise<void> {
  const { output, focus = [] } = options;
  if (output === 'dot' || output === 'mermaid' || output === 'svg') {
    throw mistake('bad-format', { output });
  }
  const [{ postureOf }, { postureDocument }, report] = await Promise.all([
    import('../question/posture.ts'),
    import('../answer/posture.ts'),
    import('../report/posture.ts'),
  ]);
  const marked = [...new Set([...(await marks()), ...focus])];
  const document = postureDocument(postureOf(loaded.cluster, loaded.semantics, { marked, namespace: loaded.namespace }));
  const text =
    output === 'json'
      ? `${jsonAsCalled(document)}\n`
      : output === 'csv'
        ? report.postureCsv(document)
        : output === 'md'
          ? report.postureMarkdown(document)
          : report.postureText(document, painter(options));
  process.stdout.write(text);
}

/** `marked: [payments/db]` of the netverdict.yaml in this folder; the rest of that file is for `lint`. [] without such a file. */
async function marks(): Promise<readonly string[]> {
  for (const file of ['netverdict.yaml', 'netverdict.yml']) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const { parseDocument } = await import('yaml');
    const parsed = parseDocument(text);
    const [error] = parsed.errors;
    if (error !== undefined) throw mistake('config-invalid', { file, error: error.message.split('\n')[0] });
    const marked = listOf(dig(parsed.toJS({ maxAliasCount: 100 }), 'marked'));
    const wrong = marked.find((mark) => typeof mark !== 'string' || mark === '');
    if (wrong !== undefined) throw mistake('config-invalid', { file, error: undefined });
    return marked as readonly string[];
  }
  return [];
}
