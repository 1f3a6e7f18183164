// The help of `serve`.
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description:
    'Serve a page with the picture of a path, the map and the findings, and an HTTP API that answers as -o json does. On this machine only, read-only.',
  port: 'port to listen on; 0: any that is free',
  host: 'address to listen on; the default can be reached from this machine only',
  noToken: 'let everybody in who reaches the port: no token in the address',
  demo: 'serve the bundled outage of `netverdict demo`',
  open: 'open the page in the browser',
  after: afterHelp({
    notes: `The API: GET /api/v1/why?from=web/frontend&to=payments/svc/api-server:80, /api/v1/fix (same ends), /api/v1/map, /api/v1/lint,
/api/v1/describe?policy=ns/name, with the token as \`Authorization: Bearer TOKEN\`. /api/v1/changes sends an event when a live cluster has changed.`,
    examples: [
      'netverdict serve -f k8s/',
      'netverdict serve -f k8s/ --port 8080 --open',
      'netverdict serve --demo',
      'netverdict serve --cluster --cni auto',
      'netverdict serve -f snapshot.yaml.gz --no-token',
    ],
    exitCodes: `0 stopped with Ctrl-C, ${CANNOT_ANSWER}.`,
  }),
} as const;
