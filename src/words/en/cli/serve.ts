// The help of `serve`.
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description:
    'Serve a web page with the path of a connection, the map and lint findings, and an HTTP API with the same JSON as -o json. Read-only; listens on this machine only.',
  port: 'port to listen on; 0 takes any free port',
  host: 'address to listen on; the default is reachable from this machine only',
  noToken: 'do not require a token',
  demo: 'serve the sample outage of `netverdict demo`',
  open: 'open the page in a browser',
  after: afterHelp({
    notes: `The API: GET /api/v1/why?from=web/frontend&to=payments/svc/api-server:80, /api/v1/fix (same ends), /api/v1/map, /api/v1/lint,
/api/v1/describe?policy=ns/name, with the token as \`Authorization: Bearer TOKEN\`. /api/v1/changes sends an event whenever the input changes.`,
    examples: [
      'netverdict serve -f k8s/',
      'netverdict serve -f k8s/ --port 8080 --open',
      'netverdict serve --demo',
      'netverdict serve --cluster --cni auto',
      'netverdict serve -f snapshot.yaml.gz --no-token',
    ],
    exitCodes: `0 stopped, ${CANNOT_ANSWER}.`,
  }),
} as const;
