// `why`: one connection, explained.
import { type Command, Option } from 'commander';
import { SYMPTOMS } from '../../explain/symptom.ts';
import { load, withInput } from '../input.ts';
import type { WhyOptions } from '../why-answer.ts';

export function registerWhy(program: Command): void {
  withInput(program.command('why <from> <to>'))
    .description('why is this connection denied, or allowed?')
    .addOption(new Option('-o, --output <format>', 'how to say it').choices(['text', 'json', 'mermaid']).default('text'))
    .addOption(new Option('--symptom <seen>', 'hold what was seen against the verdict').choices([...SYMPTOMS]))
    .option('-w, --watch', 'keep the answer about a live cluster on the screen, and draw it again when it changes')
    .addHelpText(
      'after',
      `
An end is [namespace/][kind/]name[:port][/udp], an address, a CIDR, internet, node/NAME, kubelet, or what the application dials
or logs: a URL, a connection string, "dial tcp 10.0.0.7:8080: i/o timeout". A pod that does not exist yet is named by its labels:
[namespace/]key=value[,key=value][:port].

Examples:
  $ netverdict why -f k8s/ web/frontend payments/svc/api-server:80
  $ netverdict why -f k8s/ web/frontend http://api-server.payments.svc.cluster.local/health
  $ netverdict why -f k8s/ --cni calico payments/api-server 203.0.113.7:443
  $ netverdict why -f k8s/ internet web/frontend:8080 -o json
  $ netverdict why -f k8s/ web/app=frontend,tier=edge payments/api-server:8080
  $ netverdict why -f k8s/ web/frontend api-server.payments:80 --symptom timeout
  $ netverdict why --context prod web/frontend payments/svc/api-server:80 --watch

Exit codes: 0 allowed · 1 denied, partial, broken, undecided · 2 could not answer.`,
    )
    .action(async (from: string, to: string, options: WhyOptions) => {
      if (options.watch === true) return (await import('../why-watch.ts')).watchWhy(from, to, options);
      // While a cluster is answering there is time to load what thinks about the answer.
      const [loaded, { answered, whyOutput }] = await Promise.all([load(options, [from, to]), import('../why-answer.ts')]);
      const answer = answered(loaded, from, to, options);
      process.exitCode = answer.outcome === 'allowed' ? 0 : 1;
      process.stdout.write(await whyOutput(loaded, answer, from, to, options));
    });
}
