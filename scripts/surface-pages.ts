// Pages made from the program itself: every command's help, the demo's second scene, the list of causes.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { COMMANDS, everyCommand } from '../src/cli/commands.ts';
import { CAUSES } from '../src/words/en/cause-titles.ts';
import { SUMMARIES } from '../src/words/en/cli/commands.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** docs/cli.md: the commands in the order of the table, with the help that `--help` prints. */
export async function cliPage(): Promise<string> {
  const program = await everyCommand();
  const parts = ['# Commands', '', 'Made from the program: `netverdict COMMAND --help` prints the same.', ''];
  for (const { name } of COMMANDS) {
    const command = program.commands.find((candidate) => candidate.name() === name);
    if (command === undefined) throw new Error(`command ${name} is in the table and registers nothing`);
    let text = '';
    command.configureOutput({ writeOut: (out) => (text += out), getOutHelpWidth: () => 100 });
    command.outputHelp();
    parts.push(`## ${name}`, '', `${capital(SUMMARIES[name])}.`, '', '```', text.trimEnd(), '```', '');
  }
  return parts.join('\n');
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** docs/causes/README.md. */
export function causesPage(): string {
  const rows = Object.entries(CAUSES).map(([code, summary]) => `| [${code}](${code}.md) | ${summary} |`);
  return [
    '# Causes',
    '',
    'What `why` can name, each with a bad and a good example that tests run.',
    '',
    '| code | meaning |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** The second scene of the demo, as the README shows it. */
export function demoScene(): string {
  const out = printed(['demo'], 0);
  const from = out.indexOf('\n2. ');
  const to = out.indexOf('\n3. ', from);
  if (from < 0 || to < 0) throw new Error('the demo has no second scene');
  return `\`\`\`\n${out.slice(from + 1, to).trimEnd()}\n\`\`\``;
}

/** docs/pictures/path.svg: the question of the demo's second scene as a picture, which the README shows first. */
export function pathPicture(): string {
  const files = 'examples/outage/{shop,policies-friday}.yaml';
  return printed(['why', '--cni', 'calico', '-f', files, 'web/frontend', 'http://api-server.payments:80/', '-o', 'svg'], 1);
}

function printed(args: readonly string[], exit: number): string {
  const run = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '110' },
  });
  if (run.status !== exit) throw new Error(`netverdict ${args.join(' ')} ended with ${run.status}: ${run.stderr}`);
  return run.stdout;
}
