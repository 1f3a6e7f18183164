// The pages of the causes are executed: the bad example has that cause, the good one has not. A cause without a page fails here.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCluster } from '../../src/manifest/load.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import { why } from '../../src/question/why.ts';
import { CAUSES } from '../../src/words/en/cause-titles.ts';

const folder = new URL('../../docs/causes/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const pages = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');

describe('the pages of the causes', () => {
  it('there is one for every cause, and none for anything else', () => {
    expect(pages.map((name) => name.replace('.md', '')).sort()).toEqual(Object.keys(CAUSES).sort());
  });

  it.each(pages)('%s has its four headings', (name) => {
    expect(read(name).match(/^#+ .*$/gm)).toEqual([
      `# ${name.replace('.md', '')}`,
      '## Bad',
      '## Good',
      '## Why it matters',
      '## When not to care',
    ]);
  });

  it.each(pages)('the bad example of %s has the cause, the good one has not', (name) => {
    const text = read(name);
    const code = name.replace('.md', '');
    const said = (key: string) => new RegExp(`<!-- ${key}: (.*) -->`).exec(text)?.[1];
    const [bad, good] = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
    const [from, to] = (said('ask') ?? '').split(' ');
    const codesOf = (yaml: string, cni: string | undefined) => {
      const choice = chooseProfile(cni ?? 'kubernetes');
      if (isUnknown(choice)) throw new Error(`unknown profile ${cni}`);
      const cluster = loadCluster([
        { file: 'shop.yaml', text: read('shop.yaml') },
        { file: 'example.yaml', text: yaml },
      ]);
      const answer = why(cluster, semanticsOf(choice), { from: from ?? '', to: to ?? '', namespace: 'shop' });
      if (answer.kind === 'error') throw new Error(JSON.stringify(answer.errors));
      return { outcome: answer.outcome, codes: answer.connections.flatMap((connection) => connection.codes) };
    };
    expect(codesOf(bad ?? '', said('cni')).codes).toContain(code);
    const mended = codesOf(good ?? '', said('good-cni') ?? said('cni'));
    expect(mended.codes).not.toContain(code);
    expect(mended.outcome).toBe('allowed');
  });
});
