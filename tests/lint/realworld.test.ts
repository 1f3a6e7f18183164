// Real applications as their makers publish them, read for false alarms: what lint says about them is pinned, each finding with the
// reason why an expert would want to be told. A finding that is not in the list is a defect of lint, or news worth writing down.

import { expect, it } from 'vitest';
import { NO_CONFIG } from '../../src/lint/config.ts';
import { contextOf } from '../../src/lint/context.ts';
import { type LintFinding, lint } from '../../src/lint/lint.ts';
import { RULE_IDS, RULES } from '../../src/lint/rules/index.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import { chooseProfile, isUnknown } from '../../src/profile/choose.ts';
import { findingWords } from '../../src/words/en/lint/finding.ts';
import { textsUnder } from '../conformance/corpus-case.ts';
import { describeWithShared, sharedPath } from '../shared.ts';

function findingsIn(bundle: string): readonly LintFinding[] {
  const texts = textsUnder(sharedPath('realworld', bundle, 'manifests'));
  expect(texts.length).toBeGreaterThan(0);
  const choice = chooseProfile('kubernetes');
  if (isUnknown(choice)) throw new Error('no profile');
  return lint(contextOf(loadCluster(texts), choice, RULE_IDS), { rules: RULES, config: NO_CONFIG }).findings;
}

/** What is shown without asking for notes: `rule object: fact`. */
const shown = (bundle: string) =>
  findingsIn(bundle)
    .filter(({ severity }) => severity !== 'note')
    .map(({ ruleId, object }) => `${ruleId} ${object ?? ''}`)
    .sort();

/** How many notes of each rule. */
function notes(bundle: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { ruleId, severity } of findingsIn(bundle)) if (severity === 'note') counts[ruleId] = (counts[ruleId] ?? 0) + 1;
  return counts;
}

describeWithShared('sock-shop, with policies that a program wrote from its manifests', () => {
  it('is told what would break or is open', () => {
    expect(shown('sock-shop')).toEqual([
      // Two ports, and one has no name: the API server refuses the Service. Its makers' manifest is really so.
      'api-refuses-it Service sock-shop/carts',
      // The DNS rules have UDP alone: an answer that is too long never arrives.
      'dns-udp-only NetworkPolicy sock-shop/carts-netpol',
      'dns-udp-only NetworkPolicy sock-shop/orders-netpol',
      'dns-udp-only NetworkPolicy sock-shop/user-netpol',
      // The front end's addresses are compiled into its image, so the program saw no egress and allowed none: the shop is down.
      'egress-denied-by-omission NetworkPolicy sock-shop/front-end-netpol',
      // Every pod of the cluster may read the metrics of carts, and call rabbitmq and user.
      'every-namespace NetworkPolicy sock-shop/carts-netpol',
      'every-namespace NetworkPolicy sock-shop/rabbitmq-netpol',
      'every-namespace NetworkPolicy sock-shop/user-netpol',
      // Their Services ask to be scraped on a port that their policies do not open.
      'metrics-shut-out NetworkPolicy sock-shop/rabbitmq-netpol',
      'metrics-shut-out NetworkPolicy sock-shop/user-netpol',
    ]);
  });

  it('has notes about what may well be meant', () => {
    expect(notes('sock-shop')).toEqual({
      // Databases and a queue that may send nothing, with Egress listed and no rule: probably right, worth an `egress: []`.
      'dns-denied': 1,
      'egress-denied-by-omission': 3,
      // Port 53 to every namespace: what the program writes, because it does not know where DNS is.
      'every-namespace': 3,
    });
  });
});

describeWithShared('bookinfo, with policies that a program wrote from its manifests', () => {
  it('is told what would break', () => {
    expect(shown('bookinfo')).toEqual([
      'dns-udp-only NetworkPolicy default/ratings-v2-mysql-netpol',
      'dns-udp-only NetworkPolicy default/ratings-v2-netpol',
      // The product page calls details and reviews by names in its code: with no egress it shows an empty page.
      'egress-denied-by-omission NetworkPolicy default/productpage-v1-netpol',
    ]);
  });

  it('has notes about what may well be meant', () => {
    expect(notes('bookinfo')).toEqual({
      'dns-denied': 1,
      'egress-denied-by-omission': 2,
      'every-namespace': 3,
      // The folder holds the application in one file and again in parts.
      'object-defined-twice': 7,
      // The page is open to every namespace, and in another rule to everybody on the same port.
      'rule-repeated': 1,
    });
  });
});

describeWithShared('policies that people wrote by hand', () => {
  it.each([
    // The kustomization of its folder leaves out the load generator and the policies, so a build is not what was read.
    ['online-boutique', { 'rule-admits-everything': 13, 'template-not-rendered': 1 }],
    // A component that only lists its files is read as it is built.
    ['online-boutique-release', { 'rule-admits-everything': 13 }],
  ])('%s is clean: a deny for all, one policy for each service, egress open on purpose', (bundle, expected) => {
    expect(shown(bundle)).toEqual([]);
    expect(notes(bundle)).toEqual(expected);
  });

  it.each([
    ['online-boutique-no-policies', ['namespace-without-default-deny', 'template-not-rendered']],
    ['minikube-cluster-dump', ['namespace-without-default-deny']],
    ['demo-app-routes-ingress', ['namespace-without-default-deny']],
  ])('%s has no policies, and is told so in notes only', (bundle, expected) => {
    expect(shown(bundle)).toEqual([]);
    expect(Object.keys(notes(bundle))).toEqual(expected);
  });
});

describeWithShared('a chart that was not rendered', () => {
  it('is one finding a file, and says how to render it', () => {
    const found = findingsIn('online-boutique-helm').filter(({ severity }) => severity !== 'note');
    expect(new Set(found.map(({ ruleId }) => ruleId))).toEqual(new Set(['template-not-rendered']));
    expect(found.length).toBe(new Set(found.map(({ at }) => at?.file)).size);
    expect(found.map((finding) => findingWords(finding).hint)[0]).toContain('helm template');
  });
});
