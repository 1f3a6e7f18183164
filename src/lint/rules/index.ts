// Every rule, by hand and sorted by id. rule.ts finds a fault, rule.test.ts holds it, src/words/en/lint says it, docs/rules explains it.
// `npm run new:rule ID` makes all four; a test keeps this list, the words and the pages the same.
import type { Rule } from '../rule.ts';
import { addressOfAService } from './address-of-a-service/rule.ts';
import { adminDenyShutsDns } from './admin-deny-shuts-dns/rule.ts';
import { adminNetworksCatchPods } from './admin-networks-catch-pods/rule.ts';
import { adminPassIntoNothing } from './admin-pass-into-nothing/rule.ts';
import { adminPolicyNotSupported } from './admin-policy-not-supported/rule.ts';
import { adminPolicyOutOfDate } from './admin-policy-out-of-date/rule.ts';
import { adminPortMatchesNothing } from './admin-port-matches-nothing/rule.ts';
import { adminRuleNeverReached } from './admin-rule-never-reached/rule.ts';
import { apiServerOutOfReach } from './api-server-out-of-reach/rule.ts';
import { apiServerShutOut } from './api-server-shut-out/rule.ts';
import { awsDoesNotPolicePod } from './aws-does-not-police-pod/rule.ts';
import { awsServiceNotOpened } from './aws-service-not-opened/rule.ts';
import { awsTooManyPorts } from './aws-too-many-ports/rule.ts';
import { azureNpmLimit } from './azure-npm-limit/rule.ts';
import { calicoDenyWithoutPass } from './calico-deny-without-pass/rule.ts';
import { calicoTypesLeftOut } from './calico-types-left-out/rule.ts';
import { ciliumDenyIsolates } from './cilium-deny-isolates/rule.ts';
import { ciliumLabelNotInIdentity } from './cilium-label-not-in-identity/rule.ts';
import { ciliumNamesWithoutDnsRule } from './cilium-names-without-dns-rule/rule.ts';
import { ciliumPortsForEveryone } from './cilium-ports-for-everyone/rule.ts';
import { clientAddressHidden } from './client-address-hidden/rule.ts';
import { cniAgentUnhealthy } from './cni-agent-unhealthy/rule.ts';
import { declaredConnectionDenied } from './declared-connection-denied/rule.ts';
import { dnsBeyondResolver } from './dns-beyond-resolver/rule.ts';
import { dnsDenied } from './dns-denied/rule.ts';
import { dnsNodeLocalMissed } from './dns-node-local-missed/rule.ts';
import { dnsPodsShut } from './dns-pods-shut/rule.ts';
import { dnsToAnywhere } from './dns-to-anywhere/rule.ts';
import { dnsUdpOnly } from './dns-udp-only/rule.ts';
import { egressDeniedByOmission } from './egress-denied-by-omission/rule.ts';
import { emptyListAdmitsEveryone } from './empty-list-admits-everyone/rule.ts';
import { emptyRuleDeniesOnCilium } from './empty-rule-denies-on-cilium/rule.ts';
import { endPortUnsupported } from './end-port-unsupported/rule.ts';
import { everyNamespace } from './every-namespace/rule.ts';
import { exceptOpenedAgain } from './except-opened-again/rule.ts';
import { familyLeftOut } from './family-left-out/rule.ts';
import { hookPodDenied } from './hook-pod-denied/rule.ts';
import { ignoreOutOfDate } from './ignore-out-of-date/rule.ts';
import { ignoreUnusable } from './ignore-unusable/rule.ts';
import { ingressControllerShutOut } from './ingress-controller-shut-out/rule.ts';
import { ingressDeniedByOmission } from './ingress-denied-by-omission/rule.ts';
import {
  apiNoLongerServed,
  apiRefusesIt,
  fieldUnknown,
  fileUnreadable,
  keyWrittenTwice,
  labelValueNotText,
  mergeConflictLeft,
  objectDefinedTwice,
  objectNotRecognised,
  policyKindNotEvaluated,
  replicasFareDifferently,
  templateNotRendered,
  yamlBroken,
} from './input-faults/reading.ts';
import {
  cidrAmbiguous,
  cidrIsBareAddress,
  endPortMisused,
  exceptOutsideBlock,
  ipblockBesideSelector,
  peerSaysNothing,
  portNumberQuoted,
  protocolUnknown,
} from './input-faults/refusals.ts';
import { ipblockForNodes } from './ipblock-for-nodes/rule.ts';
import { ipblockForPods } from './ipblock-for-pods/rule.ts';
import { ipblockIsEverything } from './ipblock-is-everything/rule.ts';
import { isolatedOneWayOnly } from './isolated-one-way-only/rule.ts';
import { kubeRouterExceptCutsOthers } from './kube-router-except-cuts-others/rule.ts';
import { kubeRouterOpensBothWays } from './kube-router-opens-both-ways/rule.ts';
import { kubeRouterOpensEveryPort } from './kube-router-opens-every-port/rule.ts';
import { kubeRouterOpensNameToEveryone } from './kube-router-opens-name-to-everyone/rule.ts';
import { selectsByRolloutLabel, selectsOneReplica } from './label-keys/table.ts';
import { labelOnOwnerNotOnPods } from './label-on-owner-not-on-pods/rule.ts';
import { manyPoliciesOnOnePod } from './many-policies-on-one-pod/rule.ts';
import { meshPortsShut } from './mesh-ports-shut/rule.ts';
import { metricsShutOut } from './metrics-shut-out/rule.ts';
import { nameAgainstConvention } from './name-against-convention/rule.ts';
import { namePromisesDenial } from './name-promises-denial/rule.ts';
import { namedPortForAddresses } from './named-port-for-addresses/rule.ts';
import { namedPortInSidecarOnly } from './named-port-in-sidecar-only/rule.ts';
import { namedPortOtherProtocol } from './named-port-other-protocol/rule.ts';
import { namespaceLabelByHand } from './namespace-label-by-hand/rule.ts';
import { namespaceNotWritten } from './namespace-not-written/rule.ts';
import { namespaceWithoutDefaultDeny } from './namespace-without-default-deny/rule.ts';
import { nobodyEnforces } from './nobody-enforces/rule.ts';
import { nodePortInsteadOfTargetPort } from './node-port-instead-of-target-port/rule.ts';
import { oneSideOnly } from './one-side-only/rule.ts';
import { outsideServiceOutOfReach } from './outside-service-out-of-reach/rule.ts';
import {
  namespaceSelectorMatchesNothing,
  peerIsHostNetwork,
  peerNeedsNamespaceSelector,
  peerSelectsNothing,
  peersBothNotEither,
} from './peer-misfits/table.ts';
import { peersEitherNotBoth } from './peers-either-not-both/rule.ts';
import { pingTellsNothing } from './ping-tells-nothing/rule.ts';
import { podOpen } from './pod-open/rule.ts';
import { policyInSystemNamespace } from './policy-in-system-namespace/rule.ts';
import { portNobodyListensOn } from './port-nobody-listens-on/rule.ts';
import { portRangeWide } from './port-range-wide/rule.ts';
import { priorityTakenTwice } from './priority-taken-twice/rule.ts';
import { protocolDefaultsToTcp } from './protocol-defaults-to-tcp/rule.ts';
import { purposeNotWritten } from './purpose-not-written/rule.ts';
import { restrictionWithoutEffect } from './restriction-without-effect/rule.ts';
import { routeBackendMissing } from './route-backend-missing/rule.ts';
import { ruleAdmitsEverything } from './rule-admits-everything/rule.ts';
import { ruleForKubeletNeedless } from './rule-for-kubelet-needless/rule.ts';
import { ruleRepeated } from './rule-repeated/rule.ts';
import { rulesNotInForce } from './rules-not-in-force/rule.ts';
import { sctpUnsupported } from './sctp-unsupported/rule.ts';
import { secondNetworkUnprotected } from './second-network-unprotected/rule.ts';
import { selectsAnotherRelease } from './selects-another-release/rule.ts';
import { selectsByForbiddenLabel } from './selects-by-forbidden-label/rule.ts';
import { selectsHostNetworkPods } from './selects-host-network-pods/rule.ts';
import { selectsNothing } from './selects-nothing/rule.ts';
import { servicePortInsteadOfTargetPort } from './service-port-instead-of-target-port/rule.ts';
import { serviceSelectsNothing } from './service-selects-nothing/rule.ts';
import { shutOffByDefaultDeny } from './shut-off-by-default-deny/rule.ts';
import { startsUnprotected } from './starts-unprotected/rule.ts';
import { statefulPeersApart } from './stateful-peers-apart/rule.ts';
import { targetPortMissing } from './target-port-missing/rule.ts';
import { typeListedTwice } from './type-listed-twice/rule.ts';
import { typesLeftToDefault } from './types-left-to-default/rule.ts';
import { unlabelledNamespacesMatch } from './unlabelled-namespaces-match/rule.ts';
import { wholeNamespaceAdmitted } from './whole-namespace-admitted/rule.ts';

export const RULES = [
  addressOfAService,
  adminDenyShutsDns,
  adminNetworksCatchPods,
  adminPassIntoNothing,
  adminPolicyNotSupported,
  adminPolicyOutOfDate,
  adminPortMatchesNothing,
  adminRuleNeverReached,
  apiNoLongerServed,
  apiRefusesIt,
  apiServerOutOfReach,
  apiServerShutOut,
  awsDoesNotPolicePod,
  awsServiceNotOpened,
  awsTooManyPorts,
  azureNpmLimit,
  calicoDenyWithoutPass,
  calicoTypesLeftOut,
  cidrAmbiguous,
  cidrIsBareAddress,
  ciliumDenyIsolates,
  ciliumLabelNotInIdentity,
  ciliumNamesWithoutDnsRule,
  ciliumPortsForEveryone,
  clientAddressHidden,
  cniAgentUnhealthy,
  declaredConnectionDenied,
  dnsBeyondResolver,
  dnsDenied,
  dnsNodeLocalMissed,
  dnsPodsShut,
  dnsToAnywhere,
  dnsUdpOnly,
  egressDeniedByOmission,
  emptyListAdmitsEveryone,
  emptyRuleDeniesOnCilium,
  endPortMisused,
  endPortUnsupported,
  everyNamespace,
  exceptOpenedAgain,
  exceptOutsideBlock,
  familyLeftOut,
  fieldUnknown,
  fileUnreadable,
  hookPodDenied,
  ignoreOutOfDate,
  ignoreUnusable,
  ingressControllerShutOut,
  ingressDeniedByOmission,
  ipblockBesideSelector,
  ipblockForNodes,
  ipblockForPods,
  ipblockIsEverything,
  isolatedOneWayOnly,
  keyWrittenTwice,
  kubeRouterExceptCutsOthers,
  kubeRouterOpensBothWays,
  kubeRouterOpensEveryPort,
  kubeRouterOpensNameToEveryone,
  labelOnOwnerNotOnPods,
  labelValueNotText,
  manyPoliciesOnOnePod,
  mergeConflictLeft,
  meshPortsShut,
  metricsShutOut,
  nameAgainstConvention,
  namePromisesDenial,
  namedPortForAddresses,
  namedPortInSidecarOnly,
  namedPortOtherProtocol,
  namespaceLabelByHand,
  namespaceNotWritten,
  namespaceSelectorMatchesNothing,
  namespaceWithoutDefaultDeny,
  nobodyEnforces,
  nodePortInsteadOfTargetPort,
  objectDefinedTwice,
  objectNotRecognised,
  oneSideOnly,
  outsideServiceOutOfReach,
  peerIsHostNetwork,
  peerNeedsNamespaceSelector,
  peerSaysNothing,
  peerSelectsNothing,
  peersBothNotEither,
  peersEitherNotBoth,
  pingTellsNothing,
  podOpen,
  policyInSystemNamespace,
  policyKindNotEvaluated,
  portNobodyListensOn,
  portNumberQuoted,
  portRangeWide,
  priorityTakenTwice,
  protocolDefaultsToTcp,
  protocolUnknown,
  purposeNotWritten,
  replicasFareDifferently,
  restrictionWithoutEffect,
  routeBackendMissing,
  ruleAdmitsEverything,
  ruleForKubeletNeedless,
  ruleRepeated,
  rulesNotInForce,
  sctpUnsupported,
  secondNetworkUnprotected,
  selectsAnotherRelease,
  selectsByForbiddenLabel,
  selectsByRolloutLabel,
  selectsHostNetworkPods,
  selectsNothing,
  selectsOneReplica,
  servicePortInsteadOfTargetPort,
  serviceSelectsNothing,
  shutOffByDefaultDeny,
  startsUnprotected,
  statefulPeersApart,
  targetPortMissing,
  templateNotRendered,
  typeListedTwice,
  typesLeftToDefault,
  unlabelledNamespacesMatch,
  wholeNamespaceAdmitted,
  yamlBroken,
] as const satisfies readonly Rule[];

/** The rules by their ids, with the messages of each: what words and documents are checked against. */
export type KnownRule = (typeof RULES)[number];

export const RULE_IDS: readonly string[] = RULES.map(({ id }) => id);
