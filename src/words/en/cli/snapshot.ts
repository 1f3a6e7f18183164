// The help of `snapshot`.
import { counted } from '../said.ts';
import { afterHelp } from './help.ts';

export const HELP = {
  description: 'Save what netverdict reads from a cluster to one file, without Secrets, environment variables, arguments and annotations.',
  file: 'read files instead of a cluster; repeatable',
  namespace: 'also read this namespace if listing the whole cluster is not allowed',
  output: 'file to write, or - for standard output',
  after: afterHelp({
    notes:
      "The file holds names, labels, addresses, ports, selectors, policies, readiness, images, and the few settings that reveal a CNI's mode.",
    examples: ['netverdict snapshot --context prod -o prod.json', 'netverdict why -f prod.json web/frontend payments/svc/api-server:8080'],
    exitCodes: '0 written, 2 not written.',
  }),
} as const;

export const snapshotWritten = (objects: number, file: string) => `${counted(objects, 'object')} written to ${file}`;
