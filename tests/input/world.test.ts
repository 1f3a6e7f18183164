// Which world an answer is about: the cluster for a plugin of kubectl, what was rendered on request, and no file that only lies there.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtCli, runCli, runShell } from '../cli-process.ts';

const pod = (name: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { containers: [{ name: main, image: example/${name} }] }\n`;
const SHOP = `${pod('frontend')}---\n${pod('cart')}`;
const DENY =
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: shut, namespace: shop }\nspec: { podSelector: { matchLabels: { app: cart } } }\n';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netverdict-world-'));
  mkdirSync(join(folder, 'k8s'));
  writeFileSync(join(folder, 'k8s/shop.yaml'), SHOP);
});
afterEach(() => rmSync(folder, { recursive: true }));

const why = (...input: string[]) => runCli(['why', ...input, 'shop/frontend', 'shop/cart:7070'], { cwd: folder });

/** A program of this name that prints its arguments as a comment, and then manifests. */
function program(name: string, manifests: string): void {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'out.yaml'), manifests);
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\nprintf '# %s\\n' "$*"\ncat '${join(folder, 'out.yaml')}'\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
}

describe('the first line of every command', () => {
  it('counts the files, and those that are no manifests', () => {
    writeFileSync(join(folder, 'k8s/values.yaml'), 'replicas: 2\n');
    const { status, stderr } = why('-f', 'k8s/');
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'based on 2 files under k8s/ (1 has no Kubernetes objects)\n' });
  });

  it('is left out with --quiet', () => {
    expect(why('-q', '-f', 'k8s/').stderr).toBe('');
  });
});

it('the workloads of netverdict.yaml count in every command', () => {
  const widget =
    'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: cart, namespace: shop }\nspec: { run: { metadata: { labels: { app: cart } } } }\n';
  writeFileSync(join(folder, 'k8s/shop.yaml'), `${pod('frontend')}---\n${widget}---\n${DENY}`);
  expect(why('-f', 'k8s/').status).toBe(2);
  writeFileSync(join(folder, 'netverdict.yaml'), 'workloads:\n  - { kind: Widget, template: spec.run }\n');
  expect(why('-f', 'k8s/')).toMatchObject({ status: 1, stderr: 'based on 1 file under k8s/\n' });
  writeFileSync(join(folder, 'netverdict.yaml'), 'workloads:\n  - { kind: Widget }\n');
  expect(why('-f', 'k8s/').stderr).toContain('netverdict.yaml: each entry of `workloads`');
});

describe('as a plugin of kubectl', () => {
  it('the cluster is asked, whatever manifests lie in this folder', () => {
    symlinkSync(builtCli(), join(folder, 'kubectl-netverdict'));
    const line = (input: string) => `node ./kubectl-netverdict why ${input} --kubeconfig none.yaml shop/frontend shop/cart:7070 2>&1`;
    const asked = runShell(line(''), { cwd: join(folder) });
    expect(asked.status).toBe(2);
    expect(asked.stdout).toContain('none.yaml');
    const files = runShell('node ./kubectl-netverdict why -f k8s/ shop/frontend shop/cart:7070 2>&1', { cwd: folder });
    expect(files.status).toBe(0);
    const lint = runShell('cd k8s && KUBECONFIG=none.yaml node ../kubectl-netverdict lint 2>&1', { cwd: folder });
    expect({ status: lint.status, named: lint.stdout.includes('none.yaml') }).toEqual({ status: 2, named: true });
  });
});

describe('what is rendered on request', () => {
  const rendered = (input: string) =>
    runShell(`PATH="${join(folder, 'bin')}:$PATH" node ${builtCli()} why ${input} shop/frontend shop/cart:7070 2>&1`, { cwd: folder });

  it('is what kubectl kustomize prints', () => {
    program('kubectl', `${SHOP}---\n${DENY}`);
    const { status, stdout } = rendered('-k k8s');
    expect({ status, world: stdout.split('\n')[0] }).toEqual({ status: 1, world: 'based on <kubectl kustomize k8s>' });
  });

  it('is what helm template prints, and no shell reads the names', () => {
    program('helm', SHOP);
    const { status, stdout } = rendered("--helm './chart; touch broken' --values a.yaml");
    expect({ status, world: stdout.split('\n')[0] }).toEqual({
      status: 0,
      world: 'based on <helm template --values a.yaml -- ./chart; touch broken>',
    });
    expect(runShell('ls broken', { cwd: folder }).status).not.toBe(0);
  });

  it('ends with 2 where the program fails', () => {
    program('helm', '');
    writeFileSync(join(folder, 'bin/helm'), '#!/bin/sh\necho "chart not found" >&2\nexit 1\n');
    const { status, stdout } = rendered('--helm chart');
    expect(status).toBe(2);
    expect(stdout).toContain('chart not found');
  });
});
