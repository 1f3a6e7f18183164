// The GitHub Action, run against a repository made on the spot: a pull request as the runner checks it out, a push, a fork.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../cli-process.ts';
import { CART_POLICY, type Repository, shopRepository, WORKLOADS } from '../diff/shop-repository.ts';
import { type Comment, type GitHub, startGitHub } from './github-comments.ts';
import { action, runAction } from './run-action.ts';

let origin: Repository;
let clone: string;
const closing: (() => Promise<void>)[] = [];

/** The shop on GitHub, with a branch `feature`, and main went on meanwhile. */
beforeEach(() => {
  origin = shopRepository();
  clone = mkdtempSync(join(tmpdir(), 'netverdict-clone-'));
  origin.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  origin.git('checkout', '-q', '-b', 'feature');
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  origin.remove();
  rmSync(clone, { recursive: true, force: true });
});

const relabelled = () => origin.write('k8s/workloads.yaml', WORKLOADS.replace('        app: cart', '        app: kart'));
const handedOver = () =>
  origin.write('k8s/cart-policy.yaml', CART_POLICY.replace('              app: frontend', '              app: checkout'));

/** As actions/checkout does it: one commit deep, the merge of the branch into main. The event of the pull request. */
function pullRequest(): object {
  const head = origin.commit('what the branch does');
  origin.git('checkout', '-q', 'main');
  const base = origin.git('rev-parse', 'main');
  origin.write('k8s/more.yaml', CART_POLICY.replace('name: cart', 'name: frontend').replaceAll('app: cart', 'app: frontend'));
  origin.commit('main goes on');
  origin.git('checkout', '-q', '-b', 'merge');
  origin.git('merge', '-q', '--no-ff', '-m', 'merge', 'feature');
  checkout('merge');
  return { pull_request: { number: 7, base: { sha: base }, head: { sha: head } }, repository: { default_branch: 'main' } };
}

function checkout(branch: string): void {
  execFileSync('git', ['clone', '-q', '--depth', '1', '--branch', branch, pathToFileURL(origin.folder).href, clone]);
}

async function github(comments: readonly Comment[] = [], readOnly = false): Promise<GitHub> {
  const started = await startGitHub(comments, readOnly);
  closing.push(started.close);
  return started;
}

const runner = (server: GitHub) => ({ GITHUB_API_URL: server.url, GITHUB_REPOSITORY: 'shop/shop' });

describe('a pull request', () => {
  test('that leaves a workload open fails, with an annotation, a summary, a comment and SARIF', async () => {
    relabelled();
    const event = pullRequest();
    const server = await github();
    const run = await runAction(clone, event, { paths: 'k8s', cni: 'calico', 'upload-sarif': 'true' }, runner(server));
    expect(run.status, run.log).toBe(1);
    expect(run.log).toMatch(/^::error file=k8s\/workloads\.yaml,line=20,col=9,endLine=20,endColumn=\d+,title=relabelling-leaves-open::/m);
    expect(run.summary).toContain('isolation lost on 1 workload');
    expect(run.outputs).toMatchObject({ 'isolation-lost': '1', opened: '2' });
    expect(server.comments().map(({ body }) => body.split('\n')[0])).toEqual(['<!-- netverdict diff -->']);
    expect(run.uses).toEqual([
      { action: 'github/codeql-action/upload-sarif@v3', with: { sarif_file: run.outputs['sarif-file'], category: 'netverdict' } },
    ]);
    // What came to main since the branch parted is not what the pull request does.
    expect(run.outputs).toMatchObject({ closed: '0', 'isolation-gained': '0' });
  });

  test('that only moves an access passes, and the comment is written over at the next push', async () => {
    handedOver();
    const event = pullRequest();
    const old: Comment[] = [
      { id: 1, user: { type: 'User' }, body: '<!-- netverdict diff -->\nquoted by a person' },
      ...Array.from({ length: 120 }, (_, i): Comment => ({ id: 10 + i, user: { type: 'User' }, body: 'talk' })),
      { id: 500, user: { type: 'Bot' }, body: '<!-- netverdict diff -->\nof yesterday' },
    ];
    const server = await github(old);
    const run = await runAction(clone, event, { paths: 'k8s' }, runner(server));
    expect(run.status, run.log).toBe(0);
    expect(server.writes()).toEqual(['PATCH /repos/shop/shop/issues/comments/500']);
    expect(server.comments().find(({ id }) => id === 500)?.body).toContain('1 opened, 1 closed');
    expect(server.comments().find(({ id }) => id === 1)?.body).toContain('quoted by a person');
    const strict = await runAction(clone, event, { paths: 'k8s', 'fail-on': 'opened', comment: 'false' }, runner(server));
    expect(strict.status).toBe(1);
    expect(strict.steps).not.toContain('Comment on the pull request');
  });

  test('that changes no connection gets no comment', async () => {
    origin.write('k8s/readme.yaml', '# nothing\n');
    const server = await github();
    const run = await runAction(clone, pullRequest(), { paths: 'k8s' }, runner(server));
    expect(run.status, run.log).toBe(0);
    expect(server.writes()).toEqual([]);
    expect(run.steps).toContain('Comment on the pull request');
  });

  test('of a fork, which may not write, is told so, and judged all the same', async () => {
    handedOver();
    const server = await github([], true);
    const run = await runAction(clone, pullRequest(), { paths: 'k8s' }, runner(server));
    expect(run.status, run.log).toBe(0);
    expect(run.log).toMatch(/::warning title=netverdict::no comment was written.*pull-requests: write/);
    expect(run.summary).toContain('1 opened, 1 closed');
  });

  test('two jobs have a comment each', async () => {
    handedOver();
    const event = pullRequest();
    const server = await github();
    for (const key of ['staging', 'production', 'staging'])
      await runAction(clone, event, { paths: 'k8s', lint: 'false', annotate: 'false', 'comment-key': key }, runner(server));
    expect(server.comments().map(({ body }) => body.split('\n')[0])).toEqual([
      '<!-- netverdict diff staging -->',
      '<!-- netverdict diff production -->',
    ]);
  });

  test('with rendered manifests compares what the command prints', async () => {
    handedOver();
    const server = await github();
    const run = await runAction(clone, pullRequest(), { render: 'cat k8s/*.yaml | sed "s/^apiVersion/---\\n&/"' }, runner(server));
    expect(run.status, run.log).toBe(0);
    expect(run.outputs).toMatchObject({ opened: '1', closed: '1' });
  });
});

describe('other events', () => {
  test('a push is compared with what was there before', async () => {
    const before = origin.git('rev-parse', 'HEAD');
    relabelled();
    origin.commit();
    checkout('feature');
    const run = await runAction(clone, { before, repository: { default_branch: 'main' } }, { paths: 'k8s' });
    expect(run.status, run.log).toBe(1);
    expect(run.outputs).toMatchObject({ 'isolation-lost': '1' });
    expect(run.log).toContain('netverdict: no pull request, so no comment');
  });

  test('the first push of a branch is compared with the default branch', async () => {
    handedOver();
    origin.commit();
    checkout('feature');
    const run = await runAction(
      clone,
      { before: '0'.repeat(40), repository: { default_branch: 'main' } },
      { paths: 'k8s' },
      {
        GITHUB_REF_NAME: 'feature',
      },
    );
    expect(run.outputs, run.log).toMatchObject({ opened: '1', closed: '1' });
  });

  test('a scheduled run has nothing to compare with: it lints, and says so', async () => {
    origin.write('k8s/typo.yaml', CART_POLICY.replace('name: cart', 'name: typo').replace('      app: cart', '      app: carts'));
    origin.commit();
    checkout('feature');
    const run = await runAction(clone, {}, { paths: 'k8s', 'lint-severity': 'warning' });
    expect(run.status, run.log).toBe(1);
    expect(run.log).toMatch(/::(warning|error) file=k8s\/typo\.yaml,line=\d+,col=\d+,endLine=\d+,endColumn=\d+,title=selects-nothing::/);
    expect(run.log).toContain('no revision to compare with');
    expect(run.outputs.opened).toBe('');
  });

  test('what cannot be answered ends the job with the reason', async () => {
    checkout('main');
    const run = await runAction(clone, {}, { paths: 'k8s', base: 'mian' });
    expect(run.status).toBe(2);
    expect(run.log).toMatch(/^::error title=netverdict::netverdict: git does not know the revision `mian`/m);
    const gone = await runAction(clone, { before: '1'.repeat(40) }, { paths: 'k8s' });
    expect(gone.status).toBe(2);
    expect(gone.log).toMatch(/cannot fetch 1{40} to compare with/);
  });
});

describe('action.yml', () => {
  test('puts no input into a script: a branch or a path may be called anything', () => {
    for (const { run, name } of action.runs.steps) expect(run ?? '', name).not.toContain('${{');
  });

  test('has a program of its own to run, and files that are there', () => {
    for (const { run = '' } of action.runs.steps) {
      for (const [, path = ''] of run.matchAll(/\$GITHUB_ACTION_PATH\/([\w./-]+\.mjs)/g))
        expect(existsSync(join(root, path)), path).toBe(true);
    }
  });

  test('every input is used, and described', () => {
    const steps = JSON.stringify(action.runs.steps);
    for (const [name, { description }] of Object.entries(action.inputs)) {
      expect(steps, name).toContain(`inputs.${name}`);
      expect(description.length).toBeGreaterThan(5);
    }
  });
});
