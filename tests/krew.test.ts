// The krew manifest must fit the package that it installs: version, program, and what krew's own rules ask for.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pack = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  files: string[];
  bin: Record<string, string>;
};
const plugin = load(readFileSync(join(root, 'deploy/krew.yaml'), 'utf8')) as {
  kind: string;
  metadata: { name: string };
  spec: {
    version: string;
    shortDescription: string;
    description: string;
    platforms: { uri: string; sha256: string; bin: string; files: { from: string; to: string }[] }[];
  };
};

describe('the krew manifest', () => {
  test('is of this version of this package', () => {
    expect(plugin).toMatchObject({ kind: 'Plugin', metadata: { name: 'netverdict' }, spec: { version: `v${pack.version}` } });
    for (const { uri, sha256 } of plugin.spec.platforms) {
      expect(uri).toMatch(new RegExp(`/netverdict-${pack.version.replaceAll('.', '\\.')}\\.tgz$`));
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test('names the program that the package has under the name of a kubectl plugin', () => {
    for (const { bin, files } of plugin.spec.platforms) {
      expect(bin).toBe(pack.bin['kubectl-netverdict']);
      const folder = files.find(({ to }) => bin.startsWith(`${to}/`));
      expect(folder?.from).toBe('package/dist');
      expect(pack.files).toContain('dist');
    }
  });

  // Krew: docs/developer-guide/develop/best-practices: up to 50 characters, no full stop; lines up to 80.
  test('describes itself as krew wants it', () => {
    expect(plugin.spec.shortDescription.length).toBeLessThanOrEqual(50);
    expect(plugin.spec.shortDescription).not.toMatch(/\.$/);
    for (const line of plugin.spec.description.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

const program = join(root, 'dist/cli/main.js');
const missing = [
  existsSync(program) ? undefined : 'dist/ is not built',
  spawnSync('kubectl', ['version', '--client']).status === 0 ? undefined : 'no kubectl',
].find((reason) => reason !== undefined);

describe.skipIf(missing !== undefined)(`the plugin${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('is found by kubectl', () => {
    const folder = mkdtempSync(join(tmpdir(), 'netverdict-plugin-'));
    try {
      symlinkSync(program, join(folder, 'kubectl-netverdict'));
      const { stdout, stderr } = spawnSync('kubectl', ['netverdict', '--version'], {
        encoding: 'utf8',
        env: { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) },
      });
      expect([stdout.trim(), stderr]).toEqual([pack.version, '']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
