// A recording as an intents file: YAML with a comment on top that says what it pins, and what it could not pin.
import type { RecordedFile } from '../answer/recording.ts';
import { harmless } from './paint.ts';

/** Texts are quoted as JSON, which is YAML, where they need it. */
export function recordingYaml({ intents, comments }: RecordedFile): string {
  const items = intents.flatMap(({ name, from, to, port, expect }) => [
    `  - name: ${scalar(name)}`,
    ...(from.length === 1 ? [`    from: ${scalar(from[0] ?? '')}`] : ['    from:', ...from.map((end) => `      - ${scalar(end)}`)]),
    `    to: ${scalar(to)}`,
    ...(port === undefined ? [] : [`    port: ${scalar(port)}`]),
    `    expect: ${expect}`,
  ]);
  return [
    ...comments.map((line) => `# ${harmless(line)}`),
    'apiVersion: netverdict.dev/v1',
    'kind: Intents',
    ...(items.length === 0 ? ['intents: []'] : ['intents:', ...items]),
    '',
  ].join('\n');
}

/** Plain where no YAML reader could take it for anything else than this text (a bare number is a port, which may be one). */
function scalar(text: string): string {
  return /^\d+$/.test(text) ||
    (/^[a-z][a-z0-9 _./-]*[a-z0-9]$/i.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text)) ||
    /^[a-z0-9./-]+\/(\*|udp|sctp)$/.test(text)
    ? text
    : JSON.stringify(text);
}
