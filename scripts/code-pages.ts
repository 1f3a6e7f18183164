// Pages that list what is in the code: every code with its sentence, every CNI profile with its evidence.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Facts, PROBLEM_CODES } from '../src/model/problem.ts';
import { cell, chooseProfile, isUnknown, whoSays } from '../src/profile/choose.ts';
import { FAMILIES, KUBERNETES, SPELLINGS, shortNames } from '../src/profile/families.ts';
import { CELL_NAMES, CELL_VALUES, type Profile } from '../src/profile/profile.ts';
import { PROFILES } from '../src/profile/profiles.ts';
import { END_ERROR_CODES, NOTE_CODES, OBSTACLE_CODES } from '../src/route/obstacle.ts';
import { cellQuestion } from '../src/words/en/cells.ts';
import { endErrorSentence } from '../src/words/en/end-error.ts';
import { noteSentence } from '../src/words/en/note.ts';
import { obstacleSentence } from '../src/words/en/obstacle.ts';
import { problemSentence } from '../src/words/en/problem.ts';
import { wordsOfProfile } from '../src/words/en/profiles/index.ts';
import type { Said } from '../src/words/en/said.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Facts that are not known here: each shows as its own name, `‹service›`. */
const BLANKS = new Proxy<Record<string, string>>({}, { get: (_, name) => (typeof name === 'string' ? `‹${name}›` : undefined) }) as Facts;

/** docs/obstacles.md. */
export function obstaclesPage(): string {
  return [
    '# Codes and what they say',
    '',
    'Every code that an answer or a problem can have, except for the [causes](causes/README.md), which have their own pages. Codes are',
    'stable. ‹name› stands for a fact; in JSON it is `facts.name`. The part after → is the hint. This page is generated from the code.',
    '',
    ...section(
      'On the path',
      'Something that is broken, unknown or odd before any policy is evaluated: `obstacles` of an `Explanation`. Severity `broken` makes the outcome\n`broken`, `open` makes it `undecided`, and `warning` changes nothing.',
      OBSTACLE_CODES.map((code) => [code, obstacleSentence({ code, facts: BLANKS })]),
    ),
    ...section(
      'Notes',
      'Worth knowing, but not in the way: `notes` of an `Explanation`.',
      NOTE_CODES.map((code) => [code, { text: noteSentence({ code, facts: BLANKS }) }]),
    ),
    ...section(
      'Names that cannot be resolved',
      'You get no answer, only this message and exit code 2.',
      END_ERROR_CODES.map((code) => [code, endErrorSentence({ code, facts: BLANKS })]),
    ),
    ...section(
      'Problems with the input',
      'Printed on stderr with file, line and column. The rest of the input is still analysed. With `--strict`, any of them ends with exit code 2.',
      PROBLEM_CODES.map((code) => [code, problemSentence({ code, facts: BLANKS })]),
    ),
  ].join('\n');
}

function section(title: string, intro: string, rows: readonly (readonly [string, Said])[]): string[] {
  const lines = rows.map(
    ([code, { text, hint }]) => `| \`${code}\` | ${tableCell(text)}${hint === undefined ? '' : ` → ${tableCell(hint)}`} |`,
  );
  return [`## ${title}`, '', intro, '', '| code | says |', '|---|---|', ...lines, ''];
}

function tableCell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\n/g, ' ');
}

/** What a cell changes where that is not the verdict itself. src/profile/cells-decide.test.ts has an input for each value of each cell. */
const DECIDES: Partial<Record<(typeof CELL_NAMES)[number], string>> = {
  establishedCutOnDeny: 'what `diff` says of open connections',
  startup: '`--symptom intermittent`, `timeout`, `works`; lint `starts-unprotected`',
  agentDown: '`--symptom works`; `cni`',
  denyResponse: 'whether a `--symptom` fits',
  departures: 'what is said beside the verdict',
};

/** docs/cni-profiles.md. */
export function profilesPage(): string {
  return [
    '# CNI profiles',
    '',
    'Kubernetes leaves much of NetworkPolicy to the CNI. A profile describes what one CNI does, cell by cell, with evidence for each cell.',
    '`--cni NAME` takes a profile or a family. Without it, the profile `kubernetes` promises only what the API does; where the other profiles',
    'differ, the verdict is `undecided` and names the cell. In the evidence, `[S: document]` is a source that was read, `[R: program]` a',
    'measurement on that program with real packets, and `[M]` engineering knowledge that was not checked against a source. Generated from',
    '`src/profile`.',
    '',
    '## Names',
    '',
    'A family gives an answer where all its members agree.',
    '',
    '| `--cni` | also called | stands for |',
    '|---|---|---|',
    ...FAMILIES.map(
      ({ name, aliases, members }) =>
        `| \`${name}\` | ${aliases.join(', ')} | ${name === KUBERNETES ? 'every profile that enforces' : members.join(', ')} |`,
    ),
    ...PROFILES.map(({ name }) => `| \`${name}\` | ${spellingsOf(name).join(', ')} | ${wordsOfProfile(name).title} |`),
    '',
    '## Cells',
    '',
    'The column `kubernetes` is the value without `--cni`: what the API promises, what all profiles agree on, or *open*. A cell that decides',
    'verdicts changes the answers of every command; the other cells change what the last column says.',
    '',
    '| cell | question | `kubernetes` | values | decides |',
    '|---|---|---|---|---|',
    ...CELL_NAMES.map(cellRow),
    '',
    '## Your own',
    '',
    '`--profiles FILE` adds profiles and overrides cells of the built-in ones. This is [examples/cni/my-profiles.yaml](../examples/cni/my-profiles.yaml):',
    '',
    '```yaml',
    readFileSync(`${root}/examples/cni/my-profiles.yaml`, 'utf8').trimEnd(),
    '```',
    '',
    'A policy in [examples/cni/shop.yaml](../examples/cni/shop.yaml) admits a range that contains a pod’s address. The answers under `kubernetes`, Cilium,',
    'and the profile above:',
    '',
    ...['', '--cni cilium', '--profiles examples/cni/my-profiles.yaml --cni shop-cni'].flatMap((flags) => [...example(flags), '']),
    `Values of the cells: ${CELL_NAMES.map((name) => `\`${name}\` ${CELL_VALUES[name].join('/')}`).join(', ')}; and \`unknown\` everywhere.`,
    '',
    '## Evidence',
    '',
    ...PROFILES.flatMap(evidence),
  ].join('\n');
}

function spellingsOf(name: string): string[] {
  return Object.keys(SPELLINGS).filter((spelling) => SPELLINGS[spelling] === name);
}

function cellRow(name: (typeof CELL_NAMES)[number]): string {
  const choice = chooseProfile(KUBERNETES);
  if (isUnknown(choice)) throw new Error('the default profile is gone');
  const answer = cell(choice, name);
  const says = whoSays({ ...choice, members: PROFILES }, name).map(
    ({ value, profiles }) => `**${value}**: ${shortNames(profiles).join(', ')}`,
  );
  return `| \`${name}\` | ${cellQuestion(name)} | ${answer.value === 'open' ? '*open*' : answer.value} | ${says.join('<br>')} | ${DECIDES[name] ?? 'verdicts'} |`;
}

function example(flags: string): string[] {
  const line = `netverdict why ${flags === '' ? '' : `${flags} `}-f examples/cni/shop.yaml shop/frontend shop/cart:7070`;
  const run = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...line.split(' ').slice(1)], {
    cwd: root,
    encoding: 'utf8',
  });
  const [head = ''] = run.stdout.split('\n');
  if (head === '') throw new Error(`${line} printed nothing: ${run.stderr}`);
  return ['```', `$ ${line}`, head, '```'];
}

function evidence({ name, cells }: Profile): string[] {
  const { title, evidence: texts, observability, notes } = wordsOfProfile(name);
  return [
    `### ${name}`,
    '',
    `${title}.`,
    '',
    '| cell | says | evidence |',
    '|---|---|---|',
    ...CELL_NAMES.map((each) => `| \`${each}\` | ${cells[each].value} | ${tableCell(texts[each])} |`),
    '',
    `Where it shows denied packets: ${observability}`,
    '',
    ...(notes === undefined ? [] : [`Besides: ${notes}`, '']),
  ];
}
