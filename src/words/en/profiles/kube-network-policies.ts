// The reference implementation of the Kubernetes network SIG, and kindnet, which bundles it.
// kindnet before kind v0.24 enforces nothing, and both let every pod reach its own node before kube-network-policies v1.1.0;
// an override file can say so.
import type { CellWords, ProfileWords } from './words.ts';

const OBSERVABILITY =
  '--logging-format=json -v=2 packet + verdict lines; kube_network_policies_packet_count, ' +
  '_packet_process_duration_microseconds, _nfqueue_* [S]';

/** `ran`: what was measured, `knp 5f81cc3`. */
function kubeNetworkPoliciesAs(ran: string): CellWords {
  const hostSource = `external/node IP (index excludes hostNetwork pods) [S: knp podinfo.go; R: ${ran}]`;
  return {
    enforces: 'yes',
    ipBlockMatchesPod: `yes [S; R: ${ran}]`,
    ipBlockMatchesNode: hostSource,
    ipBlockMatchesServiceAddress: `no: POSTROUTING before SNAT (DNS at PREROUTING dstnat+5), both after DNAT [S: controller.go; R: ${ran}]`,
    selectorsMatchHostNetwork: hostSource,
    policesHostNetworkSubject: `no [S: getLocalPodsForNetworkPolicy; R: ${ran}]`,
    localNodeToPod:
      `local node: traffic from root-owned sockets accepted ('meta skuid 0') [S: controller.go; R: ${ran}]; **not ` +
      `from other users**: uid 65534 times out under deny ingress [R: ${ran}]. kubelet is root; a host-network pod ` +
      'with runAsNonRoot or runAsUser != 0 is not, although the API promises it',
    podToOwnNode:
      `policed since v1.1.0: denied TCP, UDP, SCTP, ping and NodePorts of the own node are dropped [R: ${ran}]; ` +
      'always before v1.1.0 [S: knp commit b3e8382, 2026-04]',
    endPort: `yes [S: knp evaluatePorts; R: ${ran}]`,
    sctp: `yes [S: knp packet parser; R: ${ran}]`,
    namedPorts: `yes, spec.containers[] only (no init/sidecar) [S: pkg/api/helper.go; R: ${ran}]`,
    namedPortsOfInitContainers: `no [S: pkg/api/helper.go; R: ${ran}]`,
    icmpWhenIsolated: `dropped unless a port-less rule matches; ICMPv6 RS/RA/NS/NA/redirect always accepted [S: knp controller.go; R: ${ran}, ping]`,
    establishedCutOnDeny:
      'YES by default (--strict-mode=true, min 30 s interval) since PR 268 (2025-10); before: no [S]; cut after 15 and ' +
      `27 s in two runs [R: ${ran}]`,
    startup: `small; NFQUEUE fail-open by default (--fail-open=true): controller down => traffic passes [S: cmd.go; R: ${ran}]`,
    agentDown:
      'open: with the agent dead everything passes (--fail-open=true, the default, and queue bypass) [S: cmd.go; R: ' +
      `${ran}]; with --fail-open=false: unknown`,
    denyResponse: `DROP [S; R: ${ran}]`,
    adminPolicies: 'separate flavours: npa-v1alpha1 (ANP/BANP), npa-v1alpha2 (CNP) [S]',
    ownPolicies: 'reads neither kind',
    departures: `none in the worlds of semantics.md D [R: ${ran}]`,
    nodePortSource: 'node, as with every kube-proxy: what is sent on to another node is masqueraded [S: semantics A.4]',
    baselineAfterNetworkPolicy: `any [S: knp EvaluatePolicyDirection; R: ${ran} npa-v1alpha2]`,
  };
}

export const kubeNetworkPolicies: ProfileWords = {
  title: 'kube-network-policies',
  evidence: kubeNetworkPoliciesAs('knp 5f81cc3'),
  observability: OBSERVABILITY,
  notes: 'agent dead => everything open [R: knp 5f81cc3]',
};

export const kindnet: ProfileWords = {
  title: 'kindnet (kind)',
  evidence: {
    ...kubeNetworkPoliciesAs('knp 5f81cc3, not kindnet itself'),
    enforces: 'yes since kind v0.24 (bundled kube-network-policies); older kind: NO [S: kind v0.24 release notes, kind PR 3612]',
    // Which of the flavours kindnet carries is not said.
    adminPolicies: 'separate flavours: npa-v1alpha1 (ANP/BANP), npa-v1alpha2 (CNP) [S]',
    baselineAfterNetworkPolicy:
      'any [S: knp EvaluatePolicyDirection; R: knp 5f81cc3 npa-v1alpha2, not kindnet itself]; only where kindnet ' +
      'carries the kinds: not established',
  },
  observability: OBSERVABILITY,
  notes:
    'semantics of kube-network-policies at the bundled version; so podToOwnNode is policed only where v1.1.0 or newer ' +
    'is bundled, and agent dead => everything open [R: knp 5f81cc3, not kindnet itself]',
};
