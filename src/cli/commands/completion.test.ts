import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { registerCni } from './cni.ts';
import { registerCompletion } from './completion.ts';
import { registerProbe } from './probe.ts';
import { registerRbac } from './rbac.ts';
import { registerSnapshot } from './snapshot.ts';

async function program(): Promise<Command> {
  const all = new Command('netverdict').version('1', '-V, --version');
  for (const register of [registerCni, registerProbe, registerRbac, registerSnapshot]) register(all);
  registerCompletion(all, program);
  all
    .command('odd')
    .description("it's odd: [really]")
    .addOption(new Option('--word <word>', "a 'word'").choices(['one', 'two']))
    .action(() => {});
  all.command('secret', { hidden: true });
  return all;
}

async function scriptFor(shell: string): Promise<string> {
  let text = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await (await program()).parseAsync(['completion', shell], { from: 'user' });
  } finally {
    spy.mockRestore();
  }
  return text;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netverdict-completion-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const has = (tool: string): boolean => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;

const questions: readonly (readonly [what: string, typed: readonly string[], offered: readonly string[], not: readonly string[]])[] = [
  ['commands', [''], ['cni', 'probe', 'rbac', 'snapshot', 'completion', 'odd'], ['secret', '--yes']],
  ['commands that begin so', ['pro'], ['probe'], ['cni']],
  ['flags of a command', ['probe', '--'], ['--yes', '--dry-run', '--kubeconfig'], ['--user']],
  ['flags after its arguments', ['probe', 'web/frontend', 'payments/api', '--dr'], ['--dry-run'], ['--yes']],
  ['values of a flag', ['odd', '--word', ''], ['one', 'two'], ['--word']],
  ['CNI names', ['probe', '--cni', 'cal'], ['calico', 'calico-ebpf'], ['cilium']],
  ['formats', ['probe', '-o', ''], ['text', 'json'], ['--yes']],
  ['words of an argument', ['completion', ''], ['bash', 'zsh', 'fish', 'kubectl'], ['cni']],
];

describe.skipIf(!has('bash'))('completion in bash', () => {
  it.each(questions)('offers %s', async (_, typed, offered, not) => {
    const file = join(folder, 'completion.bash');
    writeFileSync(file, await scriptFor('bash'));
    const words = ['netverdict', ...typed].map((word) => `'${word}'`).join(' ');
    const ask = `source ${file}; COMP_WORDS=(${words}); COMP_CWORD=${typed.length}; _netverdict; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', ask], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual(expect.arrayContaining([...offered]));
    for (const word of not) expect(stdout.split('\n')).not.toContain(word);
  });
});

describe('completion for kubectl', () => {
  it.each(questions)('offers %s', async (_, typed, offered, not) => {
    const file = join(folder, 'kubectl_complete-netverdict');
    writeFileSync(file, await scriptFor('kubectl'));
    chmodSync(file, 0o755);
    const { stdout, stderr } = spawnSync(file, typed, { encoding: 'utf8' });
    expect(stderr).toBe('');
    const lines = stdout.trim().split('\n');
    expect(lines.at(-1)).toBe(':4');
    expect(lines).toEqual(expect.arrayContaining([...offered]));
    for (const word of not) expect(lines).not.toContain(word);
  });

  it('leaves paths to the shell', async () => {
    const file = join(folder, 'kubectl_complete-netverdict');
    writeFileSync(file, await scriptFor('kubectl'));
    expect(spawnSync('sh', [file, 'cni', '--kubeconfig', ''], { encoding: 'utf8' }).stdout.trim()).toBe(':0');
  });
});

describe.skipIf(!has('zsh'))('completion in zsh', () => {
  it('is a script that zsh takes', async () => {
    const file = join(folder, '_netverdict');
    writeFileSync(file, await scriptFor('zsh'));
    const { status, stderr } = spawnSync(
      'zsh',
      ['-f', '-c', `autoload -U compinit; compinit -u -d ${folder}/dump; source ${file}; whence _netverdict`],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe.skipIf(!has('fish'))('completion in fish', () => {
  it.each(questions.slice(0, 5))('offers %s', async (_, typed, offered) => {
    const file = join(folder, 'netverdict.fish');
    writeFileSync(file, await scriptFor('fish'));
    const { stdout } = spawnSync('fish', ['--no-config', '-c', `source ${file}; complete -C 'netverdict ${typed.join(' ')}'`], {
      encoding: 'utf8',
    });
    const words = stdout.split('\n').map((line) => line.split('\t')[0]);
    expect(words).toEqual(expect.arrayContaining([...offered]));
  });
});

describe('completion in zsh and fish, as text', () => {
  it('has every command and every flag, and quotes what must be quoted', async () => {
    const zsh = await scriptFor('zsh');
    expect(zsh).toContain(`'odd:it'\\''s odd: [really]'`);
    expect(zsh).toContain(`'*--word[a '\\''word'\\'']:value:(one two)'`);
    const fish = await scriptFor('fish');
    expect(fish).toContain(`complete -c netverdict -n '__fish_seen_subcommand_from odd' -l word -x -a 'one two' -d 'a '\\''word'\\'''`);
    for (const script of [zsh, fish]) for (const name of ['cni', 'probe', 'rbac', 'snapshot']) expect(script).toContain(name);
  });
});
