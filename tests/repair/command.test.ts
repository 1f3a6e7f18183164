// `netverdict fix` as people run it: what it writes, prints as a patch or as commands, and what it refuses.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtCli, type Ran, runCli } from '../cli-process.ts';
import { checkerOf } from '../schemas/documents.ts';
import { describeUnless } from '../shared.ts';
import { PAYMENTS, WEB } from '../shop-manifests.ts';

const POLICY = `# Who may call the API. Ask #payments before you change it.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api-rules   # one for all
  namespace: payments
spec:
  podSelector:
    matchLabels: { app: api }
  policyTypes: [Ingress]
  ingress:
    # the shop front
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: web
          podSelector:
            matchLabels:
              app: front-end  # sic
      ports:
        - port: 8080
`;

let folder = '';
beforeAll(() => void builtCli(), 60_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netverdict-fix-'));
  put('shop.yaml', `${WEB}---${PAYMENTS}`);
  put('api.yaml', POLICY);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => undefined);

function put(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function read(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

function run(...args: readonly string[]): Ran {
  return runCli(args, { cwd: folder });
}

const QUESTION = ['-f', '.', 'web/frontend', 'payments/svc/api:80'];

/** The number of the fix that puts the typo right, one line: it closes what the typo may have been written for, so it is not the first. */
const TYPO = '4';

describe('netverdict fix', () => {
  test('shows what each fix opens and closes, and ends with 0', () => {
    const { status, stdout } = run('fix', ...QUESTION);
    expect(status).toBe(0);
    expect(stdout).toContain('fix 1      add web/app=frontend to the rule (api.yaml:14)');
    expect(stdout).toContain(`fix ${TYPO}      make the rule select app=frontend instead of app=front-end (api.yaml:19)`);
    expect(stdout).toContain('opens   this, nothing else');
    expect(stdout).toContain('netverdict fix -f . web/frontend payments/svc/api:80 --write 1');
  });

  test('ends with 1 where there is none, and with 2 for a name that means nothing', () => {
    expect(run('fix', '-f', '.', 'web/frontend', 'payments/svc/api:81')).toMatchObject({ status: 1 });
    expect(run('fix', '-f', '.', 'web/frontent', 'payments/svc/api:80')).toMatchObject({ status: 2, stdout: '' });
    expect(run('fix', ...QUESTION, '--write', '99')).toMatchObject({ status: 2, stdout: '' });
    expect(run('fix', ...QUESTION, '--write', '0')).toMatchObject({ status: 2, stdout: '' });
  });

  test('says so where nothing is to be done', () => {
    run('fix', ...QUESTION, '--write', '1');
    expect(run('fix', ...QUESTION)).toMatchObject({ status: 0, stdout: expect.stringContaining('none needed: it is allowed') });
    expect(run('fix', ...QUESTION, '--write', '1')).toMatchObject({ status: 0, stdout: expect.stringContaining('nothing to write') });
  });

  test('prints a document that fits its schema', () => {
    const { stdout } = run('fix', ...QUESTION, '-o', 'json');
    expect(checkerOf('fixes')(JSON.parse(stdout))).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'Fixes',
      connections: [{ outcome: 'denied', fixes: [{ number: 1, closes: [] }, {}, {}, { closes: [{ future: true }] }, {}] }],
    });
  });

  test('stands in the answer of why, which does not look for one where all is well', () => {
    const denied = run('why', ...QUESTION);
    expect(denied.stdout).toContain('  fix 1      add web/app=frontend to the rule (api.yaml:14)');
    // The smallest stands last, with the number that it has in the whole list.
    expect(denied.stdout).toContain(`  fix ${TYPO}      make the rule select app=frontend instead of app=front-end (api.yaml:19)`);
    expect(denied.stdout).toContain('netverdict fix -f . web/frontend payments/svc/api:80 --write 1');
    run('fix', ...QUESTION, '--write', '1');
    expect(run('why', ...QUESTION)).toMatchObject({ status: 0, stdout: expect.not.stringContaining('fix 1') });
  });
});

describe('--write', () => {
  test('changes the characters that the fix means and no others', () => {
    expect(run('fix', ...QUESTION, '--write', TYPO)).toMatchObject({ status: 0 });
    expect(read('api.yaml')).toBe(POLICY.replace('app: front-end  #', 'app: frontend  #'));
    expect(read('shop.yaml')).toBe(`${WEB}---${PAYMENTS}`);
    expect(run('why', ...QUESTION)).toMatchObject({ status: 0 });
    expect(readdirSync(folder).sort()).toEqual(['api.yaml', 'shop.yaml']);
  });

  test('adds a new policy to the file of the others', () => {
    const { stdout } = run('fix', ...QUESTION, '-o', 'json');
    const { fixes } = JSON.parse(stdout).connections[0] as { fixes: { number: number; edits: { code: string }[] }[] };
    const number = fixes.find(({ edits }) => edits[0]?.code === 'new-policy')?.number;
    expect(run('fix', ...QUESTION, '--write', String(number))).toMatchObject({ status: 0 });
    expect(read('api.yaml').startsWith(`${POLICY}---\napiVersion: networking.k8s.io/v1\n`)).toBe(true);
  });

  test('leaves files alone that an anchor makes unsafe, and says why', () => {
    const shared = POLICY.replace('matchLabels:\n              app: front-end', 'matchLabels: &who\n              app: front-end').replace(
      '      ports:',
      '        - podSelector:\n            matchLabels: *who\n      ports:',
    );
    put('api.yaml', shared);
    const shown = run('fix', ...QUESTION);
    expect(shown.stdout).toContain('not written in place: an anchor or alias shares this part');
    const { fixes } = JSON.parse(run('fix', ...QUESTION, '--all', '-o', 'json').stdout).connections[0] as {
      fixes: { number: number; notWritable?: string }[];
    };
    const number = fixes.find(({ notWritable }) => notWritable === 'shared')?.number;
    const refused = run('fix', ...QUESTION, '--write', String(number));
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain('anchor');
    expect(read('api.yaml')).toBe(shared);
  });

  test('edits one of several documents, and an item of a list', () => {
    put('api.yaml', `a: 1 # not ours\n---\n${POLICY}---\n# the end\n`);
    run('fix', ...QUESTION, '--write', TYPO);
    expect(read('api.yaml')).toBe(`a: 1 # not ours\n---\n${POLICY.replace('front-end  #', 'frontend  #')}---\n# the end\n`);
    const list = `apiVersion: v1\nkind: List\nitems:\n${POLICY.trim()
      .split('\n')
      .map((line, i) => (i === 1 ? `- ${line}` : `  ${line}`))
      .join('\n')}\n`;
    put('api.yaml', list);
    run('fix', ...QUESTION, '--write', TYPO);
    expect(read('api.yaml')).toBe(list.replace('front-end  #', 'frontend  #'));
  });

  test('edits JSON in its own layout; a new policy goes into a file beside one that can hold no more', () => {
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'deny-all', namespace: 'payments' },
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    };
    rmSync(join(folder, 'api.yaml'));
    put('deny.json', `${JSON.stringify(policy, null, 2)}\n`);
    expect(run('fix', ...QUESTION, '--write', '1')).toMatchObject({ status: 0 });
    expect(readdirSync(folder).sort()).toEqual(['allow-frontend-to-api-8080.yaml', 'deny.json', 'shop.yaml']);
    expect(run('why', ...QUESTION)).toMatchObject({ status: 0 });
    rmSync(join(folder, 'allow-frontend-to-api-8080.yaml'));
    put('deny.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [policy] }));
    expect(run('fix', ...QUESTION, '--write', '1')).toMatchObject({ status: 0 });
    expect(read('deny.json')).toMatch(
      /^\{"apiVersion":"v1","kind":"List","items":\[\{.*\},\{"apiVersion":"networking.k8s.io\/v1".*\}\]\}$/,
    );
  });

  test('cannot write what came from standard input, and says what can be done', () => {
    const input = `${WEB}---${PAYMENTS}---\n${POLICY}`;
    const piped = runCli(['fix', '-f', '-', 'web/frontend', 'payments/svc/api:80', '--write', '1'], { cwd: folder, input });
    expect(piped).toMatchObject({ status: 2, stdout: '' });
    expect(piped.stderr).toContain('-o kubectl');
    expect(runCli(['fix', '-f', '-', 'web/frontend', 'payments/svc/api:80', '-o', 'kubectl'], { cwd: folder, input })).toMatchObject({
      status: 0,
    });
  });

  test('asks which port where several need a fix', () => {
    const both = run('fix', '-f', '.', 'web/frontend', 'payments/svc/api', '--write', '1');
    expect(both.status).toBe(2);
    expect(both.stderr).toContain('--write 1');
    expect(read('api.yaml')).toBe(POLICY);
  });
});

describe('-o patch', () => {
  test('is taken by git apply, and gives what --write gives', () => {
    for (const number of ['1', '2', '3', '4']) {
      put('api.yaml', POLICY);
      const patch = run('fix', ...QUESTION, '-o', 'patch', '--pick', number);
      expect(patch.status).toBe(0);
      execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: patch.stdout });
      const patched = read('api.yaml');
      expect(patched).not.toBe(POLICY);
      put('api.yaml', POLICY);
      run('fix', ...QUESTION, '--write', number);
      expect(read('api.yaml')).toBe(patched);
    }
  });
});

const kubectl = spawnSync('kubectl', ['version', '--client']).status === 0 ? undefined : 'kubectl is not installed';

describeUnless(kubectl, '-o kubectl', () => {
  /** What the commands do to the objects of a file, without a cluster. */
  const locally = (commands: string): string =>
    execFileSync(
      'sh',
      ['-c', commands.replace(/kubectl (patch|label) (\S+ \S+)(?: -n \S+)?/g, 'kubectl $1 --local -o yaml -f target.yaml')],
      { cwd: folder, encoding: 'utf8' },
    );

  test('changes the policy as the text would be', () => {
    put('target.yaml', POLICY);
    const fixed = locally(run('fix', '-f', 'api.yaml', '-f', 'shop.yaml', 'web/frontend', 'payments/svc/api:80', '-o', 'kubectl').stdout);
    put('api.yaml', fixed);
    expect(run('why', '-f', 'api.yaml', '-f', 'shop.yaml', 'web/frontend', 'payments/svc/api:80')).toMatchObject({ status: 0 });
  });

  test('refuses an object that has changed meanwhile', () => {
    put('target.yaml', POLICY.replace('app: front-end', 'app: other'));
    const asked = ['-f', 'api.yaml', '-f', 'shop.yaml', 'web/frontend', 'payments/svc/api:80'];
    const commands = run('fix', ...asked, '-o', 'kubectl', '--pick', TYPO).stdout;
    expect(() => locally(commands)).toThrow();
  });
});
