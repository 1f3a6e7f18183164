// Writes the comparison as a comment on the pull request, or over the comment that it wrote before. Needs `pull-requests: write`; without
// it (a fork) the comparison still stands in the job's summary, and this only says so.
import { readFileSync } from 'node:fs';

const {
  GITHUB_API_URL = 'https://api.github.com',
  GITHUB_REPOSITORY,
  GITHUB_EVENT_PATH,
  GITHUB_TOKEN,
  COMMENT_FILE,
  COMMENT_KEY = '',
} = process.env;
const number = JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8')).pull_request?.number;
const [first, ...rest] = readFileSync(COMMENT_FILE, 'utf8').split('\n');
// A repository that compares several clusters has a comment for each.
const key = COMMENT_KEY.replace(/[^\w.-]/g, '');
const marker = key === '' ? first : first.replace(' -->', ` ${key} -->`);
const body = [marker, ...rest].join('\n');
const isEmpty = /^### netverdict diff: no connection changes$/m.test(body) && !body.includes('⚠️');

if (number === undefined) console.log('netverdict: no pull request, so no comment');
else await write();

async function write() {
  const comments = `/repos/${GITHUB_REPOSITORY}/issues/${number}/comments`;
  const old = await find(comments);
  if (old === undefined) return;
  // Silence where nothing changes, and never was anything said.
  if (old === null) return isEmpty ? undefined : call('POST', comments, { body });
  if (old.body !== body) await call('PATCH', `/repos/${GITHUB_REPOSITORY}/issues/comments/${old.id}`, { body });
}

/** null where there is none; undefined when GitHub did not answer. */
async function find(comments) {
  for (let page = 1; page <= 50; page++) {
    const list = await call('GET', `${comments}?per_page=100&page=${page}`);
    if (list === undefined) return undefined;
    // Somebody may have quoted the marker; a person's comment is never written over.
    const own = list.find(({ user, body: text }) => user?.type === 'Bot' && text?.startsWith(marker));
    if (own !== undefined) return own;
    if (list.length < 100) return null;
  }
  return null;
}

async function call(method, path, value) {
  const response = await fetch(`${GITHUB_API_URL}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${GITHUB_TOKEN}`,
      'content-type': 'application/json',
      'x-github-api-version': '2022-11-28',
    },
    ...(value === undefined ? {} : { body: JSON.stringify(value) }),
  }).catch((cause) => ({ ok: false, status: 0, text: () => Promise.resolve(`${cause.cause?.message ?? cause.message}`) }));
  if (response.ok) return response.json();
  const words = (await response.text()).split('\n')[0].slice(0, 200);
  const hint = response.status === 403 || response.status === 404 ? '; the job needs `permissions: pull-requests: write`' : '';
  console.log(`::warning title=netverdict::no comment was written (${method} ${response.status}: ${words})${hint}`);
  return undefined;
}
