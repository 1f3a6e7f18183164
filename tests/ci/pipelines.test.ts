// The hooks and the example pipelines: each command that they run is run, with the variables that their services set. The services
// themselves are not here.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtCli, root, runShell } from '../cli-process.ts';
import { CART_POLICY, type Repository, shopRepository, WORKLOADS } from '../diff/shop-repository.ts';
import { shell } from './run-action.ts';

let repository: Repository;
let bin: string;
let base: string;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };

/** What the pipelines install is the program of this tree; nothing is fetched. */
beforeEach(() => {
  repository = shopRepository();
  base = repository.git('rev-parse', 'HEAD');
  bin = mkdtempSync(join(tmpdir(), 'netverdict-bin-'));
  const program = `'${process.execPath}' '${builtCli()}'`;
  const write = (name: string, script: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  write('netverdict', `exec ${program} "$@"`);
  write('npx', `[ "$1 $2" = "--yes netverdict@${version}" ] || { echo "unexpected: $*" >&2; exit 9; }\nshift 2\nexec ${program} "$@"`);
  write('npm', `[ "$*" = "install --silent --global netverdict@${version}" ] || { echo "unexpected: $*" >&2; exit 9; }`);
});
afterEach(() => {
  repository.remove();
  rmSync(bin, { recursive: true, force: true });
});

const example = <T>(name: string) => load(readFileSync(join(root, name), 'utf8')) as T;
const run = (script: string, env: Readonly<Record<string, string>>) =>
  shell(script, repository.folder, { ...env, PATH: `${bin}:${process.env.PATH ?? ''}` });
const relabelled = () => repository.write('k8s/workloads.yaml', WORKLOADS.replace('        app: cart', '        app: kart'));
const handedOver = () =>
  repository.write('k8s/cart-policy.yaml', CART_POLICY.replace('              app: frontend', '              app: checkout'));

describe('pre-commit', () => {
  const hooks =
    example<readonly { readonly id: string; readonly entry: string; readonly args: readonly string[]; readonly language: string }[]>(
      '.pre-commit-hooks.yaml',
    );
  const runHook = (id: string) => {
    const hook = hooks.find((one) => one.id === id);
    return runShell([hook?.entry, ...(hook?.args ?? [])].join(' '), { cwd: repository.folder });
  };

  test('its hooks are installed with npm, and start the program of this package', () => {
    expect(hooks.map(({ id }) => id)).toEqual(['netverdict-lint', 'netverdict-diff']);
    for (const { language, entry } of hooks)
      expect({ language, program: entry.split(' ')[0] }).toEqual({ language: 'node', program: 'netverdict' });
  });

  test('lint refuses a policy whose rules are not in force, and takes the shop as it is', () => {
    expect(runHook('netverdict-lint').status).toBe(0);
    repository.write('k8s/cart-policy.yaml', CART_POLICY.replace('policyTypes: [Ingress]', 'policyTypes: [Egress]'));
    const refused = runHook('netverdict-lint');
    expect(refused).toMatchObject({ status: 1, stdout: expect.stringContaining('rules-not-in-force') });
  });

  test('diff refuses a commit that leaves a workload open, and takes one that moves an access', () => {
    handedOver();
    expect(runHook('netverdict-diff').status).toBe(0);
    relabelled();
    expect(runHook('netverdict-diff')).toMatchObject({ status: 1, stdout: expect.stringContaining('isolation lost') });
  });
});

describe('GitLab', () => {
  interface Job {
    readonly variables: Readonly<Record<string, string>>;
    readonly before_script: readonly string[];
    readonly script: readonly string[];
    readonly artifacts: { readonly paths: readonly string[]; readonly reports: { readonly junit: string } };
  }
  const { netverdict: job } = example<{ readonly netverdict: Job }>('examples/ci/gitlab-ci.yml');
  const runJob = (env: Readonly<Record<string, string>> = {}) =>
    run([...job.before_script, ...job.script].join('\n'), { ...job.variables, CI_MERGE_REQUEST_DIFF_BASE_SHA: base, ...env });

  test('the job passes what only moves an access, and leaves its artifacts', async () => {
    handedOver();
    repository.commit();
    const { status, log } = await runJob();
    expect(status, log).toBe(0);
    expect(readFileSync(join(repository.folder, job.artifacts.paths[0] ?? ''), 'utf8')).toContain('1 opened, 1 closed');
    expect(readFileSync(join(repository.folder, job.artifacts.reports.junit), 'utf8')).toContain('<testsuites');
  });

  test('the job fails for a workload that is left open', async () => {
    relabelled();
    repository.commit();
    const { status, log } = await runJob();
    expect({ status, log }).toMatchObject({ status: 1, log: expect.stringContaining('isolation lost on 1 workload') });
  });

  test.skipIf(spawnSync('curl', ['--version']).status !== 0)('with a token it writes a note, and the next time over it', async () => {
    handedOver();
    repository.commit();
    const requests: string[] = [];
    let notes: { readonly id: number; readonly body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
      request.on('end', () => {
        if (request.headers['private-token'] !== 'a-token') return response.writeHead(401).end();
        if (request.method !== 'GET') {
          requests.push(`${request.method} ${request.url}`);
          notes = [{ id: 31, body: new URLSearchParams(body).get('body') ?? '' }];
        }
        return response.end(JSON.stringify(notes));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { NETVERDICT_TOKEN: 'a-token', CI_API_V4_URL: url, CI_PROJECT_ID: '5', CI_MERGE_REQUEST_IID: '7' };
    try {
      for (let i = 0; i < 2; i++) {
        const { status, log } = await runJob(env);
        expect(status, log).toBe(0);
      }
      expect(requests).toEqual(['POST /projects/5/merge_requests/7/notes', 'PUT /projects/5/merge_requests/7/notes/31']);
      expect(notes[0]?.body).toContain('1 opened, 1 closed');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('Tekton', () => {
  interface Task {
    readonly spec: {
      readonly params: readonly { readonly name: string; readonly default: string }[];
      readonly steps: readonly {
        readonly name: string;
        readonly script: string;
        readonly env: readonly { readonly name: string; readonly value: string }[];
      }[];
    };
  }
  const { spec } = example<Task>('examples/ci/tekton-task.yaml');
  const runTask = async (params: Readonly<Record<string, string>>) => {
    const summary = join(bin, 'summary');
    const known = new Map([
      ...spec.params.map(({ name, default: usual }): [string, string] => [`params.${name}`, params[name] ?? usual]),
      ['results.summary.path', summary] as [string, string],
    ]);
    let log = '';
    for (const { script, env } of spec.steps) {
      const values = env.map(({ name, value }) => [name, value.replace(/\$\((.*?)\)/g, (_, key: string) => known.get(key) ?? `no ${key}`)]);
      const ran = await run(script, Object.fromEntries(values));
      log += ran.log;
      if (ran.status !== 0) return { status: ran.status, log };
    }
    return { status: 0, log, summary: readFileSync(summary, 'utf8') };
  };

  test('the task passes what only moves an access, with a line as its result', async () => {
    handedOver();
    expect(await runTask({ base })).toMatchObject({ status: 0, summary: 'netverdict diff: 1 opened, 1 closed\n' });
  });

  test('the task fails for a workload that is left open, and for a revision that is not there', async () => {
    relabelled();
    expect(await runTask({ base })).toMatchObject({ status: 1, log: expect.stringContaining('isolation lost') });
    expect((await runTask({ base: 'origin/main' })).status).toBe(2);
  });

  test('no value is put into a script', () => {
    for (const { script } of spec.steps) expect(script).not.toContain('$(');
  });
});

describe('Argo Workflows', () => {
  interface Workflow {
    readonly spec: {
      readonly arguments: { readonly parameters: readonly { readonly name: string; readonly value?: string }[] };
      readonly templates: readonly {
        readonly script: { readonly source: string; readonly env: readonly { readonly name: string; readonly value: string }[] };
      }[];
    };
  }
  const { spec } = example<Workflow>('examples/ci/argo-workflow.yaml');

  test('the template compares what the branch did since it parted', async () => {
    relabelled();
    repository.commit();
    const [template] = spec.templates;
    const known = new Map(spec.arguments.parameters.map(({ name, value }) => [name, value ?? '']));
    known.set('base', base);
    const env = (template?.script.env ?? []).map(({ name, value }) => [
      name,
      value.replace(/\{\{workflow\.parameters\.(.*?)\}\}/g, (_, key: string) => known.get(key) ?? `no ${key}`),
    ]);
    const ran = await run(template?.script.source ?? '', Object.fromEntries(env));
    expect(ran).toMatchObject({ status: 1, log: expect.stringContaining('isolation lost on 1 workload') });
    expect(template?.script.source).not.toContain('{{');
  });
});

test('the examples for GitHub name inputs that the action has', () => {
  const { inputs } = example<{ readonly inputs: object }>('action.yml');
  const { jobs } = example<{ readonly jobs: Readonly<Record<string, { readonly steps: readonly { uses: string; with?: object }[] }>> }>(
    'examples/ci/github.yml',
  );
  const given = Object.values(jobs).flatMap(({ steps }) =>
    steps.filter(({ uses }) => uses.includes('netverdict')).map((step) => step.with ?? {}),
  );
  expect(given.length).toBe(1);
  for (const name of given.flatMap(Object.keys)) expect(Object.keys(inputs)).toContain(name);
});
