// Rows whose source is `{ingress-controller}` (corpus README, peculiarity 16): what Ingresses lead to, as far as policies let an
// unknown controller in. In maps and in explanations.
import {
  ALL_PORTS,
  intersectPorts,
  isNoPorts,
  NO_PORTS,
  type PortSet,
  printPortSet,
  samePorts,
  unionPorts,
} from '../../src/net/port-set.ts';
import { podEnd } from '../../src/policy/end.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { connectionsOf } from '../../src/reach/connections.ts';
import { INGRESS_CONTROLLER, imaginaryController } from '../../src/reach/ingress-controller.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { atomIn, portAtoms } from './atoms.ts';
import { compareReasons } from './compare-explain.ts';
import { type Comparison, tally } from './comparison.ts';
import type { CorpusCase } from './corpus-case.ts';
import type { CaseCluster } from './ends-of-case.ts';
import type { Ask } from './evaluators.ts';
import type { ConnectionRow, Explain } from './expected.ts';
import { readReasons } from './explain-reasons.ts';
import { parseAllowed, parseConns } from './notation.ts';
import { isInFocus, type Party, partiesOf } from './workload-pairs.ts';

const CONTROLLER: Party = { name: INGRESS_CONTROLLER, ends: [podEnd(imaginaryController())], hostNetwork: false };

/** The rows of a map, those that are not there included. */
export function compareControllerRows(
  setting: CaseCluster,
  connections: readonly ConnectionRow[],
  options: CorpusCase['options'],
  semantics: Semantics,
): Comparison {
  const { cell, result } = tally();
  const rows = controllerRows(setting, semantics);
  const expected = new Map(
    connections.filter(({ src }) => src === INGRESS_CONTROLLER).map(({ dst, allowed }) => [dst, parseAllowed(allowed).ports]),
  );
  for (const party of partiesOf(setting, 'workload').filter((party) => isInFocus(options, CONTROLLER, party))) {
    const wanted = expected.get(party.name) ?? NO_PORTS;
    expected.delete(party.name);
    const got = rows(party.name);
    const where = `${INGRESS_CONTROLLER} -> ${party.name}`;
    cell(samePorts(wanted, got) ? undefined : { where, expected: printPortSet(wanted), got: printPortSet(got) });
  }
  for (const [name, ports] of expected)
    cell({ where: `${INGRESS_CONTROLLER} -> ${name}`, expected: printPortSet(ports), got: 'no such workload' });
  return result();
}

/** Pairs of an explanation: what is allowed in all, and section by section the policies and rules that are named. */
export function compareControllerPairs(setting: CaseCluster, expected: Explain, ask: Ask, semantics: Semantics): Comparison {
  const { cell, result } = tally();
  const rows = controllerRows(setting, semantics);
  for (const { dst, sections } of expected.pairs.filter(({ src }) => src === INGRESS_CONTROLLER)) {
    const where = `${INGRESS_CONTROLLER} -> ${dst}`;
    const sets = sections.map(({ verdict, conns }) => ({ verdict, ports: parseConns(conns) }));
    const wanted = sets.filter(({ verdict }) => verdict === 'allowed').reduce((sum, { ports }) => unionPorts(sum, ports), NO_PORTS);
    const got = rows(dst);
    cell(samePorts(wanted, got) ? undefined : { where, expected: printPortSet(wanted), got: printPortSet(got) });
    const denied = sets.filter(({ verdict }) => verdict === 'denied').reduce((sum, { ports }) => unionPorts(sum, ports), NO_PORTS);
    cell(
      isNoPorts(intersectPorts(wanted, denied)) && samePorts(unionPorts(wanted, denied), ALL_PORTS)
        ? undefined
        : { where, expected: 'sections that share all ports among them', got: printPortSet(denied) },
    );
    for (const section of sections) {
      const said = readReasons(section.reasons).ingress;
      if (said === undefined || said.policies.length === 0) continue;
      for (const atom of portAtoms(setting.cluster, [wanted]).filter((atom) => atomIn(parseConns(section.conns), atom))) {
        for (const pod of setting.podsByCorpusName.get(dst) ?? []) {
          const connection = { source: podEnd(imaginaryController()), destination: podEnd(pod), protocol: atom.protocol, port: atom.from };
          const verdict = ask(connection).ingress;
          cell(compareReasons(setting, semantics, 'ingress', said, verdict, connection, `${where} ${atom.protocol} ${atom.from}`));
        }
      }
    }
  }
  return result();
}

/** What our map has for a workload as the corpus calls it; of pods that differ, what any of them lets in. */
function controllerRows({ cluster, podsByCorpusName }: CaseCluster, semantics: Semantics): (name: string) => PortSet {
  const { connections } = connectionsOf(reachOf(cluster, semantics));
  const rows = new Map(connections.filter(({ from }) => from === INGRESS_CONTROLLER).map(({ to, allowed }) => [to, allowed]));
  return (name) => {
    const pods = podsByCorpusName.get(name) ?? [];
    return pods.map((pod) => rows.get(pod.workload) ?? rows.get(pod.ref) ?? NO_PORTS).reduce(unionPorts, NO_PORTS);
  };
}
