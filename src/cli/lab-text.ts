// What `lab` says, in words.
import type { Assumption } from '../lab/complete.ts';
import type { BuiltLab } from '../lab/netns-up.ts';
import { printIp } from '../net/ip.ts';
import { KUBERNETES } from '../profile/families.ts';
import type { CellName } from '../profile/profile.ts';
import { columns, few } from '../report/columns.ts';
import type { Paint } from '../report/paint.ts';
import { type HeldConnection, hostPort, type LabProbe } from './lab-probe.ts';
import type { LabData, ObjectChange, Session } from './lab-session.ts';

/** After `up`: what stands, what was assumed, what to do next. */
export function upLines(session: Session & Pick<BuiltLab<LabData>, 'failed'>, assumed: readonly CellName[], paint: Paint): string {
  const { content, cluster, state, failed, assumptions, addedDns } = session;
  const { pods, nodes } = content.plan;
  const lines = [
    `${paint.green('up')}  ${counted(pods.length, 'pod')}, ${counted(nodes.length, 'node')}, ${counted(content.services.length, 'Service')}, ${counted(cluster.policies.length, 'policy', 'policies')}; CNI ${paint.plain(state.data.cni)}, open connections are ${state.data.semantics.establishedCutOnDeny}`,
    ...(addedDns ? [paint.dim('    kube-system/coredns answers DNS; it was added, because the input has no DNS pods')] : []),
    ...assumptions.flatMap((assumption) => assumptionLines(assumption, paint)),
    ...(assumed.length > 0
      ? [
          paint.dim(
            `    what ${state.data.cni} leaves open (${few(assumed, 2)}) is done as a plain packet filter does it${state.data.cni === KUBERNETES ? '; name your plugin with --cni' : ''}`,
          ),
        ]
      : []),
    ...(state.data.semantics.localNodeToPod === 'always'
      ? []
      : [paint.yellow('    this profile polices a node on the way to its own pods; the laboratory does not')]),
    ...failed.map(({ ref, listener, code }) =>
      paint.yellow(`    ${ref} could not listen on ${listener.port}/${listener.protocol} (${code})`),
    ),
    '',
    ...['try', ''].map((word, i) => paint.dim(`    ${word.padEnd(4)} ${examples(session)[i] ?? ''}`)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function assumptionLines({ code, ends }: Assumption, paint: Paint): string[] {
  // That manifests know no addresses is no news.
  if (code === 'address-assigned' || code === 'node-unknown') return [];
  const words: Record<typeof code, string> = {
    'address-shared': 'two claim one address; all but the first got another',
    'address-unusable': 'addresses that no host can have were replaced',
    'completed-left-out': 'have run to their end and were left out',
  };
  return [paint.dim(`    ${few(ends, 4)}: ${words[code]}`)];
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Two commands with names that are there. A Service can be asked by its name, so a pod that is not behind it asks. */
function examples({ content, state }: Session): readonly string[] {
  const pods = content.plan.pods.filter(({ listeners }) => listeners.every(({ role }) => role !== 'dns'));
  const served = content.services.flatMap(({ name, namespace, ports }) =>
    ports.flatMap(({ protocol, port, backends }) =>
      protocol === 'TCP' && backends.length > 0 ? [{ name, namespace, port, backends }] : [],
    ),
  );
  const [target] = served.filter(({ namespace }) => pods.some((pod) => pod.ref.startsWith(`${namespace}/`)));
  const others = pods.filter(({ ref }) => target?.backends.every((backend) => backend.ref !== ref));
  // Whoever serves nobody is a client.
  const from = others.find(({ listeners }) => listeners.length === 0) ?? others[0] ?? pods[0];
  const flag = nameFlag(state.name);
  const who = from?.ref ?? 'NAMESPACE/POD';
  if (target === undefined) return [`netverdict lab probe${flag} ${who} NAMESPACE/POD:PORT`, `netverdict lab exec${flag} ${who} -- sh`];
  return [
    `netverdict lab probe${flag} ${who} http://${target.name}.${target.namespace}:${target.port}`,
    `netverdict lab exec${flag} ${who} -- curl -sS http://${target.name}.${target.namespace}:${target.port}`,
  ];
}

function nameFlag(name: string): string {
  return name === 'default' ? '' : ` --name ${name}`;
}

const KERNEL: Readonly<Record<LabProbe['kernel']['outcome'], string>> = {
  answered: 'answered',
  refused: 'refused',
  unreachable: 'refused by the network (administratively prohibited, or no such host)',
  timeout: 'no answer',
  'name-not-found': 'no such name',
  'name-not-resolved': 'the name could not be resolved: no answer from DNS',
  error: 'failed',
};

export function probeLines({ from, host, port, protocol, kernel, denials, engine, held }: LabProbe, paint: Paint): string {
  const isAnswered = kernel.outcome === 'answered';
  const mark = isAnswered ? paint.green('✓ answered') : paint.red(`✗ ${kernel.outcome}`);
  const code = kernel.code === undefined ? '' : ` (${kernel.code})`;
  const said = (kernel.answer ?? '').split(/\r?\n/);
  const body = said.slice(said.indexOf('') + 1).find((line) => line !== '');
  const rows = [
    ['kernel', `${KERNEL[kernel.outcome]}${code}, ${kernel.ms} ms`],
    ...(kernel.address !== undefined && kernel.address !== host ? [['address', kernel.address]] : []),
    ...(body === undefined ? [] : [['answer', `${said[0] ?? ''}: ${body}`]]),
    ...denials.map(({ direction, name, destination, protocol: number, port: to }) => [
      'denied',
      `${direction}, to ${name === undefined ? '' : `${name} at `}${destination} ${number} ${to}`,
    ]),
    ['engine', engine],
    ...(held ? [['held', 'it stays open; netverdict lab status says what becomes of it']] : []),
  ];
  return `${mark}  ${paint.plain(`${from} → ${hostPort({ host, port })} (${protocol})`)}\n\n${columns(rows)
    .map((line) => `  ${paint.plain(line)}\n`)
    .join('')}`;
}

const HELD: Readonly<Record<HeldConnection['state'], string>> = {
  open: 'open',
  cut: 'cut: it was reset',
  silent: 'silent: its packets vanish',
};

/** After `apply` and `delete`, in kubectl's words. */
export function changeLines(objects: readonly ObjectChange[], changes: number, policies: number, paint: Paint): string {
  return [
    ...objects.map(({ object, change }) => paint.plain(`${object} ${change}`)),
    paint.dim(`${counted(changes, 'change')} in the kernel; ${counted(policies, 'policy', 'policies')} in force`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

export function statusLines(
  { state, cluster, content }: Session,
  held: readonly HeldConnection[],
  names: readonly string[],
  paint: Paint,
): string {
  const nodeOf = new Map(content.plan.nodes.map(({ id, name }) => [id, name]));
  const pods = content.plan.pods.map(({ ref, addresses, node, hostNetwork, listeners }) => [
    ref,
    addresses.join(' '),
    `${nodeOf.get(node) ?? ''}${hostNetwork ? ' (its network)' : ''}`,
    listeners.map(({ protocol, port, role }) => `${port}/${protocol}${role === 'dns' ? ' DNS' : ''}`).join(' '),
  ]);
  const services = content.services.map(({ ref, addresses, ports, headless, externalName }) => [
    ref,
    externalName ?? (headless ? 'headless' : addresses.map(printIp).join(' ')),
    ports
      .map(
        ({ port, protocol, backends }) =>
          `${port}/${protocol} → ${
            backends.length === 0
              ? 'nobody'
              : few(
                  backends.map((each) => `${each.ref}:${each.port}`),
                  3,
                )
          }`,
      )
      .join(', '),
  ]);
  const table = (title: string, rows: readonly (readonly string[])[]) =>
    rows.length === 0 ? [] : [paint.bold(title), ...columns(rows).map((line) => `  ${paint.plain(line)}`), ''];
  return [
    `${paint.green('up')}  ${state.name}, CNI ${paint.plain(state.data.cni)}, holder ${state.holder}${names.length > 1 ? `; also up: ${names.filter((name) => name !== state.name).join(', ')}` : ''}`,
    '',
    ...table('pods', pods),
    ...table('Services', services),
    ...table(
      'policies',
      cluster.policies.map(({ kind, ref }) => [kind, ref]),
    ),
    ...table(
      'held connections',
      held.map(({ name, state: now }) => [name, HELD[now]]),
    ),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
