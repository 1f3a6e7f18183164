// An intent with `expect: never` or `always`: what its ends mean, and a check for each port.
import type { PodScope } from '../classes/pods-to-come.ts';
import type { Cluster } from '../model/cluster.ts';
import { ALL_PORTS, type PortSet, PROTOCOLS, type Protocol, portSet, subtractPorts } from '../net/port-set.ts';
import type { Semantics } from '../profile/profile.ts';
import type { EndError } from '../route/obstacle.ts';
import type { Intent, IntentsFile, WrittenEnd } from './intent.ts';
import { endsOf, type Unmatched } from './intents-ends.ts';
import { printEnd } from './intents-file.ts';
import { podsCalled } from './promise-ends.ts';
import { decidePromise, type PromiseAnswer, type PromiseSide } from './promises.ts';

/** How a promise fares on one port. `answer` undefined: an end could not be read as pods. */
export interface PromiseCheck {
  readonly from: string;
  readonly to: string;
  /** Those that it is about. */
  readonly ports: PortSet;
  readonly answer?: PromiseAnswer;
  readonly error?: EndError;
  readonly unmatched?: Unmatched;
  /** An end that is not pods, as written. */
  readonly noPods?: string;
}

interface Asked {
  readonly cluster: Cluster;
  readonly semantics: Semantics;
  readonly namespace: string;
  readonly groups: IntentsFile['groups'];
}

/** At least one. Never throws. */
export function promiseChecks(asking: Asked, intent: Intent, expect: 'never' | 'always'): readonly PromiseCheck[] {
  const { zonePair } = intent;
  const ends = zonePair ?? { from: intent.from.map(printEnd).join(', '), to: intent.to.map(printEnd).join(', ') };
  const base = { from: ends.from, to: ends.to };
  const asked: readonly PortSet[] =
    zonePair !== undefined
      ? [subtractPorts(ALL_PORTS, zonePair.allowed)]
      : intent.ports.length === 0
        ? [ALL_PORTS]
        : intent.ports.map(({ port, protocol = 'TCP' }) => (typeof port === 'number' ? portSet(protocol, port, port) : ALL_PORTS));
  const [from, to] = [sideOf(asking, intent.from), sideOf(asking, intent.to)];
  for (const side of [from, to]) if ('fault' in side) return [{ ...base, ports: ALL_PORTS, ...side.fault }];
  const question = { expect, from: from as PromiseSide, to: to as PromiseSide };
  return asked.map((ports) => ({ ...base, ports, answer: decidePromise(asking.cluster, asking.semantics, { ...question, ports }) }));
}

/** The only port of a set: `{ protocol: 'TCP', port: 8080 }`; undefined for several. */
export function onePort(ports: PortSet): { readonly protocol: Protocol; readonly port: number } | undefined {
  const ranges = PROTOCOLS.flatMap((protocol) => ports[protocol].map((range) => ({ protocol, ...range })));
  const [first] = ranges;
  return first === undefined || ranges.length > 1 || first.from !== first.to ? undefined : { protocol: first.protocol, port: first.from };
}

type Fault = Pick<PromiseCheck, 'error' | 'unmatched' | 'noPods'>;

function sideOf({ cluster, namespace, groups }: Asked, written: readonly WrittenEnd[]): PromiseSide | { readonly fault: Fault } {
  const scopes: PodScope[] = [];
  const pods = new Set<PromiseSide['pods'][number]>();
  for (const end of written.flatMap((each) => (each.kind === 'text' ? (groups.get(each.text) ?? [each]) : [each]))) {
    if (end.kind === 'text' && end.scope !== undefined) {
      scopes.push(end.scope);
      continue;
    }
    const meant = endsOf(cluster, [end], new Map());
    const [missing] = meant.unmatched;
    if (missing !== undefined) return { fault: { unmatched: missing } };
    for (const { text } of meant.ends) {
      const found = podsCalled(cluster, text, namespace);
      if (found === 'no-pods') return { fault: { noPods: text } };
      if ('kind' in found) return { fault: { error: found } };
      for (const pod of found) pods.add(pod);
    }
  }
  return { scopes, pods: [...pods] };
}
