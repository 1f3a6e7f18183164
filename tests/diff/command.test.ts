// `netverdict diff` as people and pipelines call it: folders, git revisions, rendered output, every format, every exit code.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Ran, runCli } from '../cli-process.ts';
import { checkerOf } from '../schemas/documents.ts';
import { CART_POLICY, emptyRepository, type Repository, shopRepository, WORKLOADS } from './shop-repository.ts';

let repository: Repository;
beforeEach(() => {
  repository = shopRepository();
});
afterEach(() => repository.remove());

const run = (...args: readonly string[]): Ran => runCli(['diff', ...args], { cwd: repository.folder });
const openToAll = () =>
  repository.write('k8s/cart-policy.yaml', CART_POLICY.replace('              app: frontend', '              app: checkout'));
const holds = checkerOf('connectivity-diff');

interface Document {
  readonly changes: readonly {
    readonly change: string;
    readonly from: string;
    readonly to: string;
    readonly because: readonly { readonly at?: { readonly file: string; readonly line: number } }[];
  }[];
  readonly summary: Readonly<Record<string, number>>;
  readonly base: string;
  readonly head: string;
}

function documentOf({ stdout, stderr, status }: Ran): Document {
  expect(status, stderr).toBeLessThan(2);
  const document = JSON.parse(stdout) as Document;
  expect(holds(document)).toEqual([]);
  return document;
}

describe('against a git revision', () => {
  test('the working tree is the new state, and every change has its line', () => {
    openToAll();
    const document = documentOf(run('--git', 'main', '-o', 'json', 'k8s'));
    expect(document.changes.map(({ change, from, to }) => `${change} ${from} ${to}`)).toEqual([
      'opened shop/checkout[Deployment] shop/cart[Deployment]',
      'closed shop/frontend[Deployment] shop/cart[Deployment]',
    ]);
    expect(document.changes[0]?.because[0]?.at).toMatchObject({ file: 'k8s/cart-policy.yaml', line: 15, column: 15, endLine: 15 });
    expect(document).toMatchObject({ base: 'main', head: 'working tree' });
  });

  test('without paths it is this folder, and nothing that is not committed counts as base', () => {
    expect(documentOf(run('--git', 'main', '-o', 'json')).changes).toEqual([]);
    repository.write('k8s/cart-policy.yaml', undefined);
    expect(documentOf(run('--git', 'HEAD', '-o', 'json')).summary).toMatchObject({ isolationLost: 1, opened: 2 });
  });

  test('two revisions, and what a branch did since it parted', () => {
    repository.git('checkout', '-q', '-b', 'feature');
    openToAll();
    repository.commit();
    repository.git('checkout', '-q', 'main');
    repository.write('k8s/more.yaml', CART_POLICY.replace('name: cart', 'name: more'));
    repository.commit();
    expect(documentOf(run('--git', 'main..feature', '-o', 'json', 'k8s')).base).toBe('main');
    const since = documentOf(run('--git', 'main...feature', '-o', 'json', 'k8s'));
    // `more` came to main meanwhile; the branch did not take it away.
    expect(since.changes.map(({ change, from }) => `${change} ${from}`)).toEqual([
      'opened shop/checkout[Deployment]',
      'closed shop/frontend[Deployment]',
    ]);
  });

  test('a folder that is new, and one that is gone', () => {
    repository.write('new/workloads.yaml', WORKLOADS);
    expect(documentOf(run('--git', 'main', '-o', 'json', 'new')).summary.opened).toBeGreaterThan(0);
    repository.write('k8s/workloads.yaml', undefined);
    repository.write('k8s/cart-policy.yaml', undefined);
    expect(documentOf(run('--git', 'main', '-o', 'json', 'k8s')).summary.closed).toBeGreaterThan(0);
  });

  test.each([
    ['a revision that does not exist', ['--git', 'mian', 'k8s'], /does not know the revision `mian`\n {2}did you mean `main`\?/],
    ['standard input', ['--git', 'main', '-'], /standard input has no git history/],
    ['a path of elsewhere', ['--git', 'main', tmpdir()], /is not in a git repository|is outside the repository/],
    ['an unknown CNI', ['--git', 'main', '--cni', 'calcio', 'k8s'], /no CNI profile is called `calcio`/],
    ['an unknown kind of failure', ['--git', 'main', '--fail-on', 'opend', 'k8s'], /`opend` is not one of .*did you mean `opened`/],
  ])('%s is exit code 2 with a way out', (_, args, message) => {
    const { status, stderr, stdout } = run(...args);
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test('a repository without commits, and no repository', () => {
    const empty = emptyRepository();
    try {
      empty.write('k8s/workloads.yaml', WORKLOADS);
      const { status, stderr } = runCli(['diff', '--git', 'HEAD', 'k8s'], { cwd: empty.folder });
      expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('no commits yet') });
    } finally {
      empty.remove();
    }
    const nowhere = mkdtempSync(join(tmpdir(), 'netverdict-nowhere-'));
    try {
      const { status, stderr } = runCli(['diff', '--git', 'HEAD'], { cwd: nowhere });
      expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('not in a git repository') });
    } finally {
      rmSync(nowhere, { recursive: true });
    }
  });
});

describe('two paths', () => {
  test('folders, files and standard input', () => {
    repository.write('new.yaml', `${WORKLOADS}---\n${CART_POLICY.replace('7070', '9090')}`);
    const expected = [{ change: 'changed', from: 'shop/frontend[Deployment]', to: 'shop/cart[Deployment]' }];
    expect(documentOf(run('k8s', 'new.yaml', '-o', 'json')).changes).toMatchObject(expected);
    const piped = runCli(['diff', 'k8s', '-', '-o', 'json'], {
      cwd: repository.folder,
      input: `${WORKLOADS}---\n${CART_POLICY.replace('7070', '9090')}`,
    });
    expect(documentOf(piped).changes).toMatchObject(expected);
  });

  test('objects of both states come with -f, and a state that has one of them too is no fault', () => {
    repository.write('dump.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [] }));
    repository.write('old.yaml', CART_POLICY);
    repository.write('new.yaml', CART_POLICY.replace('7070', '9090'));
    const ran = run('old.yaml', 'new.yaml', '-f', 'k8s', '-o', 'json');
    expect(documentOf(ran).summary).toMatchObject({ changed: 1 });
    expect(ran.stderr).toBe('based on old.yaml (1 file) and new.yaml (1 file), with 2 files in both\n');
  });

  test.each([
    ['none', [], /nothing to compare/],
    ['one', ['k8s'], /compares two states, and 1 was named/],
    ['three', ['k8s', 'k8s', 'k8s'], /compares two states, and 3 were named/],
    ['two of which none holds an object', ['empty', 'empty'], /contains a Kubernetes object/],
    ['one that is not there', ['k8s', 'k9s'], /no such file or folder: `k9s`\n {2}did you mean `k8s`/],
    ['standard input twice', ['-', '-'], /only one of the states/],
  ])('%s is exit code 2', (_, args, message) => {
    repository.write('empty/readme.yaml', '# nothing\n');
    const { status, stderr } = run(...args);
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
  });

  test('a state without an object is compared, and told', () => {
    repository.write('empty/readme.yaml', '# nothing\n');
    expect(run('empty', 'k8s')).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('`empty` has no Kubernetes objects, so everything counts as new'),
    });
    expect(run('k8s', 'empty').stderr).toContain('everything counts as gone');
  });

  test('a document that is no YAML is told with its line, and the rest is compared', () => {
    repository.write('new/workloads.yaml', WORKLOADS);
    repository.write('new/broken.yaml', 'apiVersion: v1\nkind: Service\nmetadata: [\n');
    const ran = run('k8s', 'new', '-o', 'json');
    expect(ran.stderr).toContain('new/broken.yaml');
    expect(documentOf(ran).summary).toMatchObject({ isolationLost: 1 });
    expect(run('k8s', 'new', '--strict').status).toBe(2);
  });
});

describe('a state that cannot be read whole', () => {
  test.each([
    [
      'merge conflict markers',
      CART_POLICY.replace('  policyTypes: [Ingress]', '<<<<<<< HEAD\n  policyTypes: [Ingress]\n=======\n>>>>>>> other'),
    ],
    ['a template that has not been rendered', CART_POLICY.replace('name: cart', 'name: {{ .Release.Name }}-cart')],
    ['a broken quote', CART_POLICY.replace('name: cart', 'name: "cart')],
  ])('%s: every format says that what stands there only seems to be gone', (_, text) => {
    repository.write('k8s/cart-policy.yaml', text);
    const found = (format: string) => run('--git', 'main', 'k8s', '-o', format);
    expect(found('text').stdout.replace(/\s+/g, ' ')).toMatch(/ ! k8s\/cart-policy\.yaml:\d+.* count as missing in working tree/);
    expect(found('md').stdout).toMatch(/^- ⚠️ k8s\/cart-policy.yaml:\d+.* count as missing in working tree$/m);
    expect(documentOf(found('json'))).toMatchObject({ unread: [{ state: 'head' }] });
    expect(found('github').stdout).toMatch(
      /^::error file=k8s\/cart-policy.yaml,line=\d+,col=\d+(,endLine=\d+,endColumn=\d+)?,title=state-unreadable::/m,
    );
    expect(run('--git', 'main', 'k8s', '--strict')).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('rendered manifests', () => {
  const render = (text: string) => repository.write('render.sh', `#!/bin/sh\n${text}\n`);

  test('the command runs in each state, and its output is what is compared', () => {
    render('for file in k8s/*.yaml; do echo ---; sed "s/- port: 7070/- port: $(cat port)/" "$file"; done');
    repository.write('port', '7070');
    repository.commit();
    repository.write('port', '9090');
    const document = documentOf(run('--git', 'HEAD', '--render', 'sh render.sh', '-o', 'json'));
    expect(document.changes).toMatchObject([
      { change: 'changed', to: 'shop/cart[Deployment]', because: [{ at: { file: '.: sh render.sh' } }] },
    ]);
    expect(repository.git('status', '--short').split('\n')).toEqual(['M port']);
  });

  test('of two folders', () => {
    repository.write('a/x.yaml', WORKLOADS);
    repository.write('b/x.yaml', `${WORKLOADS}---\n${CART_POLICY}`);
    expect(documentOf(run('a', 'b', '--render', 'cat *.yaml', '-o', 'json')).summary).toMatchObject({ isolationGained: 1 });
  });

  test('a command that fails, prints nothing or does not exist is exit code 2 with its own words', () => {
    repository.write('a/x.yaml', WORKLOADS);
    expect(run('a', 'a', '--render', 'echo no such chart >&2; exit 3')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/exit code 3[\s\S]*no such chart/),
    });
    expect(run('a', 'a', '--render', 'true')).toMatchObject({ status: 2, stderr: expect.stringContaining('printed nothing') });
    expect(run('a', 'a', '--render', 'no-such-program-here')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('exit code 127'),
    });
  });

  test('no command runs that was not asked for', () => {
    repository.write('k8s/kustomization.yaml', 'resources: [workloads.yaml]\n');
    expect(run('--git', 'main', 'k8s').status).toBe(0);
  });
});

describe('--fail-on', () => {
  test.each([
    ['opened', 1],
    ['closed', 1],
    ['isolation-lost', 0],
    ['undecided', 0],
    ['closed,isolation-lost', 1],
  ])('%s of an access that moved from one to another is exit code %i', (kinds, status) => {
    openToAll();
    expect(run('--git', 'main', '--fail-on', kinds, 'k8s').status).toBe(status);
  });

  test('without it, and without a change, the exit code is 0', () => {
    expect(run('--git', 'main', '--fail-on', 'opened,closed,isolation-lost,undecided', 'k8s').status).toBe(0);
    openToAll();
    expect(run('--git', 'main', 'k8s').status).toBe(0);
  });

  test('holds in every format', () => {
    openToAll();
    for (const format of ['text', 'json', 'sarif', 'md', 'github'])
      expect(run('--git', 'main', '--fail-on', 'opened', '-o', format, 'k8s').status, format).toBe(1);
  });
});

describe('reports', () => {
  test('the text says what, because of what, and where', () => {
    repository.write('k8s/workloads.yaml', WORKLOADS.replace('        app: cart', '        app: kart'));
    const { stdout } = run('--git', 'main', '--cni', 'calico', 'k8s');
    expect(stdout).toContain('✗ isolation lost');
    expect(stdout).toContain('because Deployment shop/cart: label app=cart became app=kart   k8s/workloads.yaml:20');
    expect(stdout).toContain('NetworkPolicy shop/cart no longer selects any pod');
  });

  test('names of strangers reach neither the terminal nor the page unchanged', () => {
    const odd = (text: string) =>
      text.replaceAll('name: checkout', "name: 'check\\x1b[2Jout|<b>@all'").replaceAll("'check", '"check').replaceAll("@all'", '@all"');
    repository.write('k8s/odd.yaml', odd(WORKLOADS.split('---\n')[2] ?? ''));
    const text = run('--git', 'main', 'k8s').stdout;
    const page = run('--git', 'main', '-o', 'md', 'k8s').stdout;
    expect(text).toContain('\\x1b[2Jout');
    expect(`${text}${page}`).not.toContain('\x1b');
    // In the picture it is code, where nobody is called.
    expect(page.replace(/```mermaid[\s\S]*?```/, '')).not.toMatch(/<b>|@all/);
    expect(page).not.toContain('<b>');
  });

  test('the page has a headline, a table, a picture and the rest folded away', () => {
    openToAll();
    const { stdout } = run('--git', 'main', '-o', 'md', '--cni', 'calico', 'k8s');
    expect(stdout).toMatch(/^<!-- netverdict diff -->\n### netverdict diff: 1 opened, 1 closed\n/);
    expect(stdout).toContain('| 🟢 opened | shop/checkout | shop/cart | TCP 7070 | `k8s/cart-policy.yaml:15` |');
    expect(stdout).toContain('```mermaid\nflowchart LR\n');
    expect(stdout).toMatch(/- 1 connection opened: NetworkPolicy shop\/cart: .*app=frontend became app=checkout/);
    expect(stdout).toContain('<details><summary>When it is applied</summary>');
    expect(stdout).toContain('calico does not cut open connections');
  });

  test('a page stays below the length of a comment', () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      (WORKLOADS.split('---\n')[0] ?? '').replaceAll('frontend', `frontend-with-quite-a-long-name-${i}`),
    );
    repository.write('k8s/many.yaml', many.join('---\n'));
    const { stdout } = run('--git', 'main', '-o', 'md', 'k8s');
    expect(stdout.length).toBeLessThan(65_536);
    expect(stdout).toContain('more');
  });

  test('annotations are one line each, whatever the objects are called', () => {
    repository.write('k8s/workloads.yaml', WORKLOADS.replace('        app: cart', '        app: "kart\\n::error::x"'));
    const lines = run('--git', 'main', '-o', 'github', 'k8s').stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(
      /^::error file=k8s\/workloads.yaml,line=20,col=9,endLine=20,endColumn=\d+,title=relabelling-leaves-open::shop\/cart: ingress: no policy/,
    );
    expect(lines.at(-1)).toMatch(/^netverdict diff: isolation lost on 1 workload/);
    expect(
      lines
        .slice(0, -1)
        .every((line) => /^::(error|warning|notice) (file=[^,]+,line=\d+,col=\d+,)(endLine=\d+,endColumn=\d+,)?title=[a-z-]+::/.test(line)),
    ).toBe(true);
  });

  test('a new peer of whom nobody is in the input is told as what cannot be seen', () => {
    const monitoring = '        - namespaceSelector: { matchLabels: { team: monitoring } }\n      ports:';
    repository.write('k8s/cart-policy.yaml', CART_POLICY.replace('      ports:', monitoring));
    expect(run('--git', 'main', 'k8s').stdout).toMatch(/^unseen {3}pods in namespaces team=monitoring are not in this input/m);
    expect(run('--git', 'main', '-o', 'md', 'k8s').stdout).toMatch(
      /What this input cannot show<\/summary>\n\n- pods in namespaces team=monitoring .*k8s\/cart-policy.yaml:16/,
    );
    expect(documentOf(run('--git', 'main', '-o', 'json', 'k8s'))).toMatchObject({ unseen: [{ policy: 'shop/cart' }], changes: [] });
  });

  test('many reasons of one kind are told as one', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const texts = (replace: (text: string, name: string) => string, text: string) => names.map((name) => replace(text, name)).join('---\n');
    const workloads = texts((text, name) => text.replaceAll('frontend', name), WORKLOADS.split('---\n')[0] ?? '');
    const policies = texts((text, name) => text.replace('name: cart', `name: ${name}`).replace('app: cart', `app: ${name}`), CART_POLICY);
    repository.write('many/workloads.yaml', workloads);
    repository.write('many/policies.yaml', policies);
    repository.commit();
    repository.write('many/policies.yaml', undefined);
    const { stdout } = run('--git', 'main', 'many');
    expect(stdout).toContain('isolation lost on 8 workloads');
    // Eight workloads that lose isolation, and open; each with its own policy.
    expect(stdout.match(/because/g)?.length).toBeLessThan(11);
    expect(stdout).toMatch(/one or another of \d edits: NetworkPolicy shop\/\w is gone/);
  });

  test('SARIF is valid, speaks of lines of the new state, and of the old file of what is gone', () => {
    // The official schema is of draft 4; ajv takes it as draft 7 without its own name.
    const { id: _, $schema: __, ...schema } = sarifSchema;
    const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
    addFormats.default(ajv);
    const validate = ajv.compile(schema);
    openToAll();
    repository.write('k8s/gone.yaml', CART_POLICY.replace('name: cart', 'name: checkout').replaceAll('app: cart', 'app: checkout'));
    repository.commit();
    repository.write('k8s/gone.yaml', undefined);
    repository.write('k8s/cart-policy.yaml', CART_POLICY);
    const document = JSON.parse(run('--git', 'HEAD', '-o', 'sarif', 'k8s').stdout);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    const results = document.runs[0].results as {
      ruleId: string;
      level: string;
      locations: { physicalLocation: { artifactLocation: { uri: string }; region?: { startLine: number } } }[];
    }[];
    const found = results.map(
      ({ ruleId, locations: [at] }) =>
        `${ruleId} ${at?.physicalLocation.artifactLocation.uri}:${at?.physicalLocation.region?.startLine ?? '-'}`,
    );
    expect(found).toEqual(
      expect.arrayContaining([
        'policy-change-leaves-open k8s/gone.yaml:-',
        'access-widened k8s/gone.yaml:-',
        'access-widened k8s/cart-policy.yaml:15',
        'access-lost k8s/cart-policy.yaml:15',
      ]),
    );
  });

  test('an empty comparison is valid in every format', () => {
    expect(run('--git', 'main', 'k8s').stdout).toContain('no connection changes');
    expect(run('--git', 'main', '-o', 'md', 'k8s').stdout).toContain('no connection changes');
    expect(documentOf(run('--git', 'main', '-o', 'json', 'k8s')).changes).toEqual([]);
    expect(JSON.parse(run('--git', 'main', '-o', 'sarif', 'k8s').stdout).runs[0].results).toEqual([]);
  });
});
