// What our exposure says against the exposure rows of the corpus, both ways: no peer missing, none too many, the same ports.
import { printRequirement } from '../../src/model/selector.ts';
import { printPortSet } from '../../src/net/port-set.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { type ExposedPeer, exposuresOf } from '../../src/reach/exposure.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { NOWHERE } from '../../src/route/assumed.ts';
import { exposureRows } from './compare-exposure.ts';
import { type Comparison, tally } from './comparison.ts';
import { type CorpusCase, isFocusName } from './corpus-case.ts';
import type { CaseCluster } from './ends-of-case.ts';
import type { Exposure } from './expected.ts';
import { type Allowed, type CorpusRequirement, parseAllowed, type SelectorPeer } from './notation.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';

export function compareExposedPeers(
  { cluster, podsByCorpusName, renamed }: CaseCluster,
  expected: Exposure,
  options: CorpusCase['options'],
  semantics: Semantics,
): Comparison {
  const { cell, result } = tally();
  const wanted = new Map(
    exposureRows(expected).map(({ direction, workload, peer, allowed }) => [
      `${direction} ${renamed.get(workload) ?? workload} ${peerText(peer)}`,
      allowedText(parseAllowed(allowed)),
    ]),
  );
  const inFocus = new Set(
    [...podsByCorpusName].flatMap(([name, pods]) =>
      options.focusWorkloads === undefined || options.focusWorkloads.some((focus) => isFocusName(focus, name))
        ? pods.map((pod) => pod.workload)
        : [],
    ),
  );
  for (const { workload, direction, peers } of exposuresOf(reachOf(cluster, semantics), ({ ref }) => inFocus.has(ref))) {
    for (const peer of peers) {
      const where = `${direction} ${workload} ${ourPeerText(peer)}`;
      const named = peer.named.map((text) => ({ name: text.split('/')[0] ?? '', protocol: text.split('/')[1] ?? '' }));
      const got = allowedText({ ports: peer.allowed, names: named });
      const expected = wanted.get(where) ?? 'no row';
      wanted.delete(where);
      cell(expected === got ? undefined : { where, expected, got });
    }
  }
  for (const [where, expected] of wanted) cell({ where, expected, got: 'no row' });
  return result();
}

function allowedText({
  ports,
  names,
}: {
  readonly ports: Allowed['ports'];
  readonly names: readonly { readonly name: string; readonly protocol?: string }[];
}) {
  return [printPortSet(ports), ...names.map(({ name, protocol = 'any' }) => `${protocol} ${name}`).sort()].join(', ');
}

/** `namespace shop, pods app=cart`; a namespace that is selected by its name label alone is one by name. */
function peerText({ namespace, pods }: SelectorPeer): string {
  const name = 'name' in namespace ? namespace.name : nameIn(namespace);
  const where = name !== undefined ? `namespace ${name}` : `namespaces ${requirementsText('name' in namespace ? [] : namespace)}`;
  return `${where}, pods ${requirementsText(pods)}`;
}

function nameIn([first, ...others]: readonly CorpusRequirement[]): string | undefined {
  return first?.key === NAME_LABEL && first.operator === 'In' && first.values.length === 1 && others.length === 0
    ? first.values[0]
    : undefined;
}

function requirementsText(requirements: readonly CorpusRequirement[]): string {
  return requirements
    .map(({ key, operator, values }) => printRequirement({ key, operator, values: [...values].sort(), origin: NOWHERE }))
    .sort()
    .join(', ');
}

function ourPeerText({ namespace, namespaces, pods }: ExposedPeer): string {
  return `${namespace === undefined ? `namespaces ${inOrder(namespaces)}` : `namespace ${namespace}`}, pods ${inOrder(pods)}`;
}

/** A printed selector with its requirements, and their values, in alphabetical order: order means nothing. */
function inOrder(selector: string): string {
  return selector
    .split(/, (?![^(]*\))/)
    .map((requirement) => requirement.replace(/\((.*)\)$/, (_, values: string) => `(${values.split(', ').sort().join(', ')})`))
    .sort()
    .join(', ');
}
