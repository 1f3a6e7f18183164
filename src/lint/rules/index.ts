// Every rule, by hand and sorted by id. A rule is a folder: rule.ts finds it, doc.md explains it, rule.test.ts holds it.
// `npm run new:rule ID` makes one; a test keeps this list, the folders and the pages the same.
import type { Rule } from '../rule.ts';
import { apiNoLongerServed } from './api-no-longer-served/rule.ts';
import { apiRefusesIt } from './api-refuses-it/rule.ts';
import { cidrAmbiguous } from './cidr-ambiguous/rule.ts';
import { cidrIsBareAddress } from './cidr-is-bare-address/rule.ts';
import { egressDeniedByOmission } from './egress-denied-by-omission/rule.ts';
import { emptyListAdmitsEveryone } from './empty-list-admits-everyone/rule.ts';
import { endPortMisused } from './end-port-misused/rule.ts';
import { everyNamespace } from './every-namespace/rule.ts';
import { exceptOpenedAgain } from './except-opened-again/rule.ts';
import { exceptOutsideBlock } from './except-outside-block/rule.ts';
import { fieldUnknown } from './field-unknown/rule.ts';
import { fileUnreadable } from './file-unreadable/rule.ts';
import { ingressDeniedByOmission } from './ingress-denied-by-omission/rule.ts';
import { ipblockBesideSelector } from './ipblock-beside-selector/rule.ts';
import { keyWrittenTwice } from './key-written-twice/rule.ts';
import { labelValueNotText } from './label-value-not-text/rule.ts';
import { mergeConflictLeft } from './merge-conflict-left/rule.ts';
import { namePromisesDenial } from './name-promises-denial/rule.ts';
import { namespaceLabelByHand } from './namespace-label-by-hand/rule.ts';
import { namespaceNotWritten } from './namespace-not-written/rule.ts';
import { namespaceSelectorMatchesNothing } from './namespace-selector-matches-nothing/rule.ts';
import { objectDefinedTwice } from './object-defined-twice/rule.ts';
import { objectNotRecognised } from './object-not-recognised/rule.ts';
import { peerNeedsNamespaceSelector } from './peer-needs-namespace-selector/rule.ts';
import { peerSaysNothing } from './peer-says-nothing/rule.ts';
import { peerSelectsNothing } from './peer-selects-nothing/rule.ts';
import { peersBothNotEither } from './peers-both-not-either/rule.ts';
import { peersEitherNotBoth } from './peers-either-not-both/rule.ts';
import { policyKindNotEvaluated } from './policy-kind-not-evaluated/rule.ts';
import { portNumberQuoted } from './port-number-quoted/rule.ts';
import { protocolUnknown } from './protocol-unknown/rule.ts';
import { replicasFareDifferently } from './replicas-fare-differently/rule.ts';
import { restrictionWithoutEffect } from './restriction-without-effect/rule.ts';
import { ruleAdmitsEverything } from './rule-admits-everything/rule.ts';
import { ruleRepeated } from './rule-repeated/rule.ts';
import { rulesNotInForce } from './rules-not-in-force/rule.ts';
import { selectsByRolloutLabel } from './selects-by-rollout-label/rule.ts';
import { selectsNothing } from './selects-nothing/rule.ts';
import { selectsOneReplica } from './selects-one-replica/rule.ts';
import { templateNotRendered } from './template-not-rendered/rule.ts';
import { typeListedTwice } from './type-listed-twice/rule.ts';
import { typesLeftToDefault } from './types-left-to-default/rule.ts';
import { unlabelledNamespacesMatch } from './unlabelled-namespaces-match/rule.ts';
import { yamlBroken } from './yaml-broken/rule.ts';

export const RULES: readonly Rule[] = [
  apiNoLongerServed,
  apiRefusesIt,
  cidrAmbiguous,
  cidrIsBareAddress,
  egressDeniedByOmission,
  emptyListAdmitsEveryone,
  endPortMisused,
  everyNamespace,
  exceptOpenedAgain,
  exceptOutsideBlock,
  fieldUnknown,
  fileUnreadable,
  ingressDeniedByOmission,
  ipblockBesideSelector,
  keyWrittenTwice,
  labelValueNotText,
  mergeConflictLeft,
  namePromisesDenial,
  namespaceLabelByHand,
  namespaceNotWritten,
  namespaceSelectorMatchesNothing,
  objectDefinedTwice,
  objectNotRecognised,
  peerNeedsNamespaceSelector,
  peerSaysNothing,
  peerSelectsNothing,
  peersBothNotEither,
  peersEitherNotBoth,
  policyKindNotEvaluated,
  portNumberQuoted,
  protocolUnknown,
  replicasFareDifferently,
  restrictionWithoutEffect,
  ruleAdmitsEverything,
  ruleRepeated,
  rulesNotInForce,
  selectsByRolloutLabel,
  selectsNothing,
  selectsOneReplica,
  templateNotRendered,
  typeListedTwice,
  typesLeftToDefault,
  unlabelledNamespacesMatch,
  yamlBroken,
];

export const RULE_IDS: readonly string[] = RULES.map(({ id }) => id);
