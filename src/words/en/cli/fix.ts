// The help of `fix`, and what --write says.
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description: 'Propose the smallest edits that allow a connection. Each is verified, and listed with what else it opens and closes.',
  deny: 'propose edits that deny the connection instead',
  write: 'apply fix <n> to the files; comments, order and indentation are kept',
  pick: 'show only fix <n> (-o patch and -o kubectl print fix 1 by default)',
  all: (most: number) => `show all fixes instead of the best ${most}`,
  prove: 'make the connection on a real kernel, before the change and with each fix shown',
  after: afterHelp({
    notes: `Fixes are ranked by what else they open, then by what they close, then by whether they edit a policy that other pods share, then by the
number of changed lines. A fix keeps its number when the list is shorter; the last one may be a much smaller fix from further down.
Each fix was applied to a copy of the input, and the whole cluster was evaluated again, including pods that do not exist yet.`,
    examples: [
      'netverdict fix -f k8s/ web/frontend payments/svc/api-server:8080',
      'netverdict fix -f k8s/ web/frontend http://api-server.payments:80/ --write 1',
      'netverdict fix -f k8s/ web/frontend payments/svc/api-server:8080 -o patch | git apply',
      'kubectl get all,netpol,ns -A -o yaml | netverdict fix -f - web/frontend payments/svc/api-server:8080 -o kubectl',
      'netverdict fix -f k8s/ --deny internet payments/api-server:9090',
      'netverdict fix -f k8s/ web/frontend payments/svc/api-server:8080 --pick 1 --prove',
    ],
    exitCodes: `0 fixes shown or written, 1 no fix found, ${CANNOT_ANSWER}.`,
  }),
  number: 'must be the number of a fix: 1, 2, 3, …',
} as const;

/** What `--write` says. */
export const WRITTEN = {
  nothingToDo: (deny: boolean) => `nothing to write, because it is already ${deny ? 'denied' : 'allowed'}`,
  created: 'created',
  edited: 'wrote',
  holds: (from: string, to: string, deny: boolean) => `${from} → ${to} is now ${deny ? 'denied' : 'allowed'}`,
} as const;
