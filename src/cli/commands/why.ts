// `why`: one connection, explained.
import { type Command, Option } from 'commander';
import { endErrorSentence } from '../../explain/obstacle-sentence.ts';
import { SYMPTOMS, type Symptom } from '../../explain/symptom.ts';
import { Failure } from '../../failure.ts';
import { type WhyAnswer, why } from '../../question/why.ts';
import { jsonText } from '../../report/paint.ts';
import { whyText } from '../../report/why-text.ts';
import { type InputOptions, load, painter, withInput } from '../input.ts';

interface WhyOptions extends InputOptions {
  readonly output: 'text' | 'json' | 'mermaid';
  readonly symptom?: Symptom;
}

export function registerWhy(program: Command): void {
  withInput(program.command('why <from> <to>'))
    .description('why is this connection denied, or allowed?')
    .addOption(new Option('-o, --output <format>', 'how to say it').choices(['text', 'json', 'mermaid']).default('text'))
    .addOption(new Option('--symptom <seen>', 'hold what was seen against the verdict').choices([...SYMPTOMS]))
    .addHelpText(
      'after',
      `
An end is [namespace/][kind/]name[:port][/udp], an address, a CIDR, internet, node/NAME, or what the application dials.

Examples:
  $ netverdict why -f k8s/ web/frontend payments/svc/api-server:80
  $ netverdict why -f k8s/ web/frontend http://api-server.payments.svc.cluster.local/health
  $ netverdict why -f k8s/ --cni calico payments/api-server 203.0.113.7:443
  $ netverdict why -f k8s/ internet web/frontend:8080 -o json
  $ netverdict why -f k8s/ web/frontend api-server.payments:80 --symptom timeout

Exit codes: 0 allowed · 1 denied, partial, broken, undecided · 2 could not answer.`,
    )
    .action(async (from: string, to: string, options: WhyOptions) => {
      const { cluster, semantics, namespace } = await load(options);
      const answer = why(cluster, semantics, {
        from,
        to,
        namespace,
        ...(options.symptom === undefined ? {} : { symptom: options.symptom }),
      });
      if (answer.kind === 'error') {
        const [first] = answer.errors.map(endErrorSentence);
        throw new Failure(answer.errors[0]?.code ?? 'bad-end', first?.text ?? 'an end could not be read', { hint: first?.hint });
      }
      process.exitCode = answer.outcome === 'allowed' ? 0 : 1;
      // What finds edits is only loaded where something stands in the way.
      const mending = needsMending(answer)
        ? (await import('../why-fixes.ts')).fixesBeside({ cluster, semantics, namespace }, { from, to }, options, answer)
        : undefined;
      if (options.output === 'json') {
        const { whyDocument } = await import('../../report/why-json.ts');
        process.stdout.write(`${jsonText(whyDocument(answer, semantics, mending?.documents))}\n`);
      } else if (options.output === 'mermaid') {
        const { whyMermaid } = await import('../../report/mermaid.ts');
        process.stdout.write(whyMermaid(answer));
      } else {
        process.stdout.write(
          whyText(answer, {
            paint: painter(options),
            semantics,
            mostMisses: options.verbose === true ? 10 : 1,
            ...(mending && { fixes: mending.rows }),
          }),
        );
      }
    });
}

function needsMending({ outcome, connections }: Extract<WhyAnswer, { kind: 'answer' }>): boolean {
  return outcome !== 'allowed' || connections.some(({ dns }) => dns?.outcome === 'denied');
}
