import { Command } from 'commander';
import { registerFix } from '../src/cli/commands/fix.ts';
import { registerWhy } from '../src/cli/commands/why.ts';

const p = new Command('netverdict');
registerFix(p);
registerWhy(p);
p.parseAsync(process.argv.slice(2), { from: 'user' }).catch((e: any) => {
  console.error('FAIL', e.code, e.message, '|', e.hint, e.code === undefined ? e.stack : '');
  process.exitCode = 2;
});
