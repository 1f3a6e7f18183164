// Fifty thousand pods in one list: the reader keeps what it needs of each and lets go of the rest while the answer arrives.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toCluster } from '../../src/manifest/to-cluster.ts';
import { readCluster } from '../../src/source/live.ts';
import { writeKubeconfig } from '../fake-apiserver.ts';

const COUNT = 50_000;

describe('a very large cluster', () => {
  let server: ChildProcess;
  let folder: string;
  let kubeconfig: string;

  beforeAll(async () => {
    server = spawn(process.execPath, [fileURLToPath(new URL('many-pods-server.mjs', import.meta.url)), String(COUNT)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = (await once(server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    folder = mkdtempSync(join(tmpdir(), 'netverdict-many-'));
    kubeconfig = writeKubeconfig(join(folder, 'config'), line.toString().trim());
  });

  afterAll(() => {
    server?.stdin?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is read in less than 1.5 GB', { timeout: 120_000 }, async () => {
    const before = process.resourceUsage().maxRSS / 1024;
    const { objects } = await readCluster({ kubeconfig });
    const cluster = toCluster(objects, [], 'default');
    expect(cluster.pods.length).toBe(COUNT);
    expect(cluster.podByRef.get('shop/cart-0049999')).toMatchObject({ ready: true, ports: [{ name: 'grpc' }] });
    // The whole process, test runner included; the list alone is a quarter of a gigabyte of text.
    const peak = process.resourceUsage().maxRSS / 1024;
    console.log(`${COUNT} pods in one list: ${Math.round(peak)} MB at the most, ${Math.round(before)} MB before`);
    expect(peak).toBeLessThan(1500);
  });
});
