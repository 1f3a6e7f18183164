// The GitHub Action's work: finds what to compare with, runs `lint` and `diff`, and leaves annotations, a summary, a comment's text, SARIF
// and outputs. What it finds is told by the output `status`; it fails itself only when there is no answer.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { env } = process;
const input = (name) => (env[`INPUT_${name}`] ?? '').trim();
const lines = (text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const event = env.GITHUB_EVENT_PATH ? JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')) : {};
const folder = env.RUNNER_TEMP ?? tmpdir();
mkdirSync(folder, { recursive: true });
const output = mkdtempSync(join(folder, 'netverdict-'));
const paths = lines(input('PATHS') || '.');
const common = [
  ...(input('CNI') === '' ? [] : ['--cni', input('CNI')]),
  ...(input('NAMESPACE') === '' ? [] : ['--namespace', input('NAMESPACE')]),
];
let status = 0;

const base = baseRevision();
if (input('LINT') !== 'false' && input('RENDER') === '') lint();
if (base === undefined) console.log('::notice title=netverdict::this event has no revision to compare with, so only lint ran');
else diff();
tell('status', status);

function lint() {
  const files = paths.flatMap((path) => ['-f', path]);
  const since = base === undefined ? [] : ['--since', base];
  const severity = input('LINT_SEVERITY') === '' ? [] : ['--severity', input('LINT_SEVERITY')];
  const ran = netverdict('lint', ...files, ...since, ...severity, ...common, '-o', 'github');
  process.stdout.write(ran.stdout);
  if (ran.status !== 0) status = 1;
}

function diff() {
  const how = [
    ...['--git', base],
    ...(input('RENDER') === '' ? [] : ['--render', input('RENDER')]),
    ...lines(input('WITH')).flatMap((path) => ['-f', path]),
    ...common,
    ...paths,
  ];
  const failOn = input('FAIL_ON') === '' ? [] : ['--fail-on', input('FAIL_ON')];
  const json = netverdict('diff', '-o', 'json', ...failOn, ...how);
  if (json.status !== 0) status = 1;
  const { summary } = JSON.parse(json.stdout);
  const page = netverdict('diff', '-o', 'md', '--quiet', ...how).stdout;
  const file = (name, text) => {
    const path = join(output, name);
    writeFileSync(path, text);
    return path;
  };
  tell('json-file', file('diff.json', json.stdout));
  tell('comment-file', file('comment.md', page));
  tell('sarif-file', file('diff.sarif', netverdict('diff', '-o', 'sarif', '--quiet', ...how).stdout));
  for (const [name, count] of Object.entries(summary))
    tell(
      name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      count,
    );
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, `${page}\n`);
  if (input('ANNOTATE') !== 'false') process.stdout.write(netverdict('diff', '-o', 'github', '--quiet', ...how).stdout);
}

/** Exit codes 0 and 1 are answers; anything else ends the step with the program's own words. */
function netverdict(...args) {
  const ran = spawnSync(process.execPath, [input('PROGRAM'), ...args], { encoding: 'utf8', maxBuffer: 1 << 29 });
  if (ran.status === 0 || ran.status === 1) {
    if (!args.includes('--quiet')) process.stderr.write(ran.stderr);
    return ran;
  }
  // What the input was read from stands before the reason.
  const said = ran.stderr.slice(Math.max(0, ran.stderr.search(/^netverdict: /m)));
  const words = (ran.error?.message ?? said).trim();
  console.log(`::error title=netverdict::${words.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}`);
  process.exit(2);
}

function tell(name, value) {
  if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, `${name}=${value}\n`);
}

/** undefined where there is nothing before: the first push of an empty repository, a scheduled run. */
function baseRevision() {
  if (input('BASE') !== '') return input('BASE');
  if (event.pull_request !== undefined) {
    // What is checked out by default is the merge of both branches: its first parent is the target as it would be merged into.
    const [first, second] = [...git('cat-file', 'commit', 'HEAD').matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, commit]) => commit);
    if (first !== undefined && second !== undefined && second === event.pull_request.head?.sha) return fetched(first);
    const target = fetched(event.pull_request.base.sha);
    return spawnSync('git', ['merge-base', target, 'HEAD'], { encoding: 'utf8' }).stdout.trim() || target;
  }
  if (typeof event.before === 'string' && /[1-9a-f]/.test(event.before)) return fetched(event.before);
  const branch = event.repository?.default_branch;
  return event.before === undefined || branch === undefined || env.GITHUB_REF_NAME === branch ? undefined : fetched(branch);
}

/** The commit is fetched when the checkout is too shallow to have it. */
function fetched(name) {
  if (/^[0-9a-f]{40,64}$/.test(name) && spawnSync('git', ['cat-file', '-e', `${name}^{commit}`]).status === 0) return name;
  const ran = spawnSync('git', ['fetch', '--quiet', '--no-tags', '--depth=1', 'origin', name], { encoding: 'utf8' });
  if (ran.status !== 0) {
    console.log(`::error title=netverdict::cannot fetch ${name} to compare with: ${ran.stderr.trim().split('\n')[0]}`);
    process.exit(2);
  }
  return git('rev-parse', 'FETCH_HEAD').trim();
}

function git(...args) {
  return execFileSync('git', args, { encoding: 'utf8' });
}
