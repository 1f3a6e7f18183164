// `demo`: a bundled outage from symptom to manifests that are fixed and proven. Only the story is written here: every answer that is printed is
// computed from the bundled manifests on the spot.

import type { Command } from 'commander';
import { whyDocument } from '../../answer/why.ts';
import { Failure } from '../../failure.ts';
import { loadCluster } from '../../manifest/load.ts';
import type { Cluster } from '../../model/cluster.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../profile/choose.ts';
import type { Semantics } from '../../profile/profile.ts';
import { why } from '../../question/why.ts';
import type { Paint } from '../../report/paint.ts';
import { whyText } from '../../report/why-text.ts';
import { HELP, PROVEN, SCENES, STORY } from '../../words/en/cli/demo.ts';
import { type Bundled, bundled } from '../bundled.ts';
import { type InputOptions, painter, withOutput } from '../input.ts';

/** What the people on call saw, and what they asked. */
interface Scene {
  readonly title: string;
  readonly symptom: string;
  readonly from: string;
  readonly to: string;
}

const QUESTIONS: readonly Scene[] = [
  { ...SCENES[0], from: 'payments/api-server', to: 'postgres://postgres-primary.payments:5432/pay' },
  { ...SCENES[1], from: 'web/frontend', to: 'http://api-server.payments:80/' },
  { ...SCENES[2], from: 'monitoring/prometheus', to: 'payments/deploy/api-server:9090' },
];

const CNI = 'calico';

export function registerDemo(program: Command): void {
  withOutput(program.command('demo'))
    .description(HELP.description)
    .addHelpText('after', HELP.after)
    .action(async (options: InputOptions) => {
      const paint = painter(options);
      const say = (text: string) => process.stdout.write(`${text}\n`);
      const [shop, friday, fixed] = (await Promise.all(['shop.yaml', 'policies-friday.yaml', 'policies-mended.yaml'].map(bundled))) as [
        Bundled,
        Bundled,
        Bundled,
      ];
      const choice = chooseProfile(CNI);
      if (isUnknown(choice)) throw new Error(`the demo's profile ${CNI} is gone`);
      const semantics = semanticsOf(choice);
      const ask = (cluster: ReturnType<typeof loadCluster>, scene: Scene) =>
        why(cluster, semantics, { from: scene.from, to: scene.to, namespace: 'default' });

      say(paint.bold(STORY.opening));
      say(`${paint.dim(STORY.manifests([shop.file, friday.file]))}\n`);
      // The folder has the fixed policies too, so a question names the two files of that Friday.
      const files = `'${shop.file.replace('shop.yaml', '{shop,policies-friday}.yaml')}'`;
      const broken = loadCluster([shop, friday]);
      for (const [i, scene] of QUESTIONS.entries()) {
        say(paint.bold(`${i + 1}. ${scene.title}`));
        say(`   ${paint.yellow(scene.symptom)}`);
        say(`   ${paint.cyan(`$ netverdict why --cni ${CNI} -f ${files} ${scene.from} ${scene.to}`)}\n`);
        const answer = ask(broken, scene);
        if (answer.kind === 'error') throw new Error(`the demo asks for something that is not there: ${JSON.stringify(answer.errors)}`);
        say(whyText(whyDocument(answer, semantics), { paint, mostMisses: 1 }));
      }

      say(paint.bold(STORY.fixed));
      say(`${paint.dim(`$ diff ${friday.file} ${fixed.file}`)}\n`);
      const cluster = loadCluster([shop, fixed]);
      for (const scene of [...QUESTIONS, INTRUDER]) {
        const answer = ask(cluster, scene);
        if (answer.kind === 'error') throw new Error(`the demo asks for something that is not there: ${JSON.stringify(answer.errors)}`);
        const word = answer.outcome === 'allowed' ? paint.green('✓ allowed') : paint.red(`✗ ${answer.outcome}`);
        const remark = scene === INTRUDER ? paint.dim(`   ${STORY.staysDenied}`) : '';
        say(`  ${word.padEnd(12)}  ${paint.plain(`${scene.from} → ${scene.to}`)}${remark}`);
      }
      say(`\n  ${await proven(cluster, semantics, paint, `${shop.file} ${fixed.file}`)}`);
      say(`\n${paint.dim(STORY.look)}\n${paint.dim(STORY.yourTurn)}`);
    });
}

/** The fixed cluster on this machine's kernel: what it did, or why it cannot be tried here. The exit code does not depend on it. */
async function proven(cluster: Cluster, semantics: Semantics, paint: Paint, files: string): Promise<string> {
  const { prove } = await import('../../lab/prove.ts');
  const options = { semantics, tier: 'flat', form: 'explaining', allPairs: false, faithful: false } as const;
  const command = paint.dim(`netverdict prove --cni ${CNI} ${files.replace(/^| /g, ' -f ').trimStart()}`);
  try {
    const { outcome, made, agreed } = await prove(cluster, options);
    if (outcome !== 'agree') return `${paint.red(`✗ ${PROVEN.differs}`)}   ${command}`;
    return `${paint.green(`✓ ${PROVEN.agrees}`)}   ${PROVEN.counts(made, agreed.allowed)}\n             ${command}`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { failureSentence } = await import('../../words/en/failures.ts');
    const { text, hint } = failureSentence(error);
    return `${paint.yellow(`○ ${PROVEN.notHere}`)}: ${text}\n             ${paint.dim(hint ?? '')}`;
  }
}

/** The control: the fix must not have opened the database to the frontend. */
const INTRUDER: Scene = { title: '', symptom: '', from: 'web/frontend', to: 'postgres://postgres-primary.payments:5432/pay' };
