// Writes a file in place again and again, two texts in turn, until somebody kills it. Called by command.test.ts: rewrite-forever.ts FILE SIZE.
import { readFileSync } from 'node:fs';
import { writeChanges } from '../../src/source/write.ts';

const [file = '', size = '0'] = process.argv.slice(2);
const texts = ['a', 'b'].map((letter) => `${letter.repeat(Number(size))}\n`);
process.stdout.write('ready\n');
for (;;) {
  const before = readFileSync(file, 'utf8');
  await writeChanges([{ file, before, after: texts.find((text) => text !== before) ?? '' }]);
}
