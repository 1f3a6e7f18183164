// A recording as an intents file: YAML with a comment on top that says what it pins, and what it could not pin.
import type { LeftOut, Recording } from '../question/intents-record.ts';
import { harmless } from './paint.ts';

const BECAUSE: Readonly<Record<LeftOut['why'], string>> = {
  'no-port': 'declares no port, so there is nothing to ask for',
  undecided: 'is undecided; a CNI profile may decide it (--cni)',
  partial: 'differs from pod to pod',
  broken: 'is broken: nothing can answer',
  'no-control': 'is denied, but nothing says that anything listens there',
};

/** `profile`: the CNI that was asked for. Texts are quoted as JSON, which is YAML, where they need it. */
export function recordingYaml({ intents, leftOut }: Recording, profile: string): string {
  const comments = [
    'Recorded by `netverdict test --record`: what could connect, and what could not, when this was written.',
    `CNI profile: ${profile}. Change the policies, then run \`netverdict test\` with this file.`,
    ...(leftOut.length === 0 ? [] : ['Not pinned:', ...leftOut.map(({ what, why }) => `  ${what} ${BECAUSE[why]}`)]),
  ];
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
