// What `lab` says.
import { andMore, counted } from './lists.ts';

interface Counts {
  readonly pods: number;
  readonly nodes: number;
  readonly services: number;
  readonly policies: number;
}

export const LAB_UP = 'up';
export const LAB_TITLES = { pods: 'pods', services: 'Services', policies: 'policies', held: 'held connections' } as const;
export const LAB_LABELS = {
  kernel: 'kernel',
  address: 'address',
  answer: 'answer',
  denied: 'denied',
  engine: 'engine',
  held: 'held',
  try: 'try',
} as const;

export function labUpWords({ pods, nodes, services, policies }: Counts, cni: string, openConnections: string): string {
  return `${counted(pods, 'pod')}, ${counted(nodes, 'node')}, ${counted(services, 'Service')}, ${counted(policies, 'policy', 'policies')}; CNI ${cni}, open connections are ${openConnections}`;
}

export const ADDED_DNS = 'kube-system/coredns answers DNS; it was added, because the input has no DNS pods';

/** That manifests contain no addresses is no news: such codes have no words. */
const ASSUMPTIONS: Readonly<Record<string, string>> = {
  'address-shared': 'the same address twice; all but the first got another',
  'address-unusable': 'got another address, because no host can have theirs',
  'completed-left-out': 'have completed and were left out',
};

/** `shop/cart, shop/mail: have completed and were left out`; undefined for what need not be said. */
export function labAssumptionWords({ code, ends }: { readonly code: string; readonly ends: readonly string[] }): string | undefined {
  const words = ASSUMPTIONS[code];
  return words === undefined ? undefined : `${andMore(ends, 4)}: ${words}`;
}

export function assumedCellsWords(cni: string, cells: readonly string[]): string {
  const hint = cni === 'kubernetes' ? '; name your plugin with --cni' : '';
  return `what ${cni} leaves undecided (${andMore(cells, 2)}) works as in a plain packet filter${hint}`;
}

export const NODES_PASS = 'this profile polices connections from a node to its own pods; the lab does not';

export function notListeningWords(failed: {
  readonly pod: string;
  readonly protocol: string;
  readonly port: number;
  readonly code: string;
}): string {
  return `${failed.pod} could not listen on ${failed.port}/${failed.protocol} (${failed.code})`;
}

interface Example {
  readonly from: string | undefined;
  readonly service: { readonly name: string; readonly namespace: string; readonly port: number } | undefined;
}

/** Two commands to try. */
export function labExamples(lab: string, { from = 'NAMESPACE/POD', service }: Example): readonly [string, string] {
  const flag = lab === 'default' ? '' : ` --name ${lab}`;
  if (service === undefined) return [`netverdict lab probe${flag} ${from} NAMESPACE/POD:PORT`, `netverdict lab exec${flag} ${from} -- sh`];
  const url = `http://${service.name}.${service.namespace}:${service.port}`;
  return [`netverdict lab probe${flag} ${from} ${url}`, `netverdict lab exec${flag} ${from} -- curl -sS ${url}`];
}

const KERNEL = {
  answered: 'answered',
  refused: 'refused',
  unreachable: 'refused by the network (administratively prohibited, or no such host)',
  timeout: 'no answer',
  'name-not-found': 'no such name',
  'name-not-resolved': 'the name could not be resolved: no answer from DNS',
  error: 'failed',
} as const;

/** `refused (ECONNREFUSED), 3 ms`. */
export function labKernelWords(kernel: { readonly outcome: keyof typeof KERNEL; readonly code?: string; readonly ms: number }): string {
  return `${KERNEL[kernel.outcome]}${kernel.code === undefined ? '' : ` (${kernel.code})`}, ${kernel.ms} ms`;
}

interface Denial {
  readonly direction: string;
  readonly name?: string;
  readonly destination: string;
  readonly protocol: string;
  readonly port: number;
}

/** `egress, to shop/cart at 10.0.0.2 TCP 80`. */
export function labDenialWords({ direction, name, destination, protocol, port }: Denial): string {
  return `${direction}, to ${name === undefined ? '' : `${name} at `}${destination} ${protocol} ${port}`;
}

export const LAB_HELD = 'it stays open; netverdict lab status shows what becomes of it';

export const HELD_STATES = { open: 'open', cut: 'cut: it was reset', silent: 'silent: its packets are dropped' } as const;

export function labChangeWords(changes: number, policies: number): string {
  return `${counted(changes, 'change')} in the kernel; ${counted(policies, 'policy', 'policies')} in force`;
}

export function labStatusHead(name: string, cni: string, holder: number | undefined, others: readonly string[]): string {
  const kept = holder === undefined ? '' : `, holder ${holder}`;
  return `${name}, CNI ${cni}${kept}${others.length === 0 ? '' : `; also up: ${others.join(', ')}`}`;
}

export const HEADLESS = 'headless';

/** `80/TCP → shop/cart:8080`; without a backend nothing answers. */
export function labServicePortWords(
  port: number,
  protocol: string,
  backends: readonly { readonly pod: string; readonly port: number }[],
): string {
  const names = backends.map((each) => `${each.pod}:${each.port}`);
  return `${port}/${protocol} → ${names.length === 0 ? 'nothing' : andMore(names, 3)}`;
}

export function labListensWords(listens: readonly { readonly protocol: string; readonly port: number; readonly dns: boolean }[]): string {
  return listens.map(({ protocol, port, dns }) => `${port}/${protocol}${dns ? ' DNS' : ''}`).join(' ');
}

export function labNodeWords(node: string, hostNetwork: boolean): string {
  return `${node}${hostNetwork ? ' (host network)' : ''}`;
}
