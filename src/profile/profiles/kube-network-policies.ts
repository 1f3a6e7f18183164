// The reference implementation of the Kubernetes network SIG, and kindnet, which bundles it.
// kindnet before kind v0.24 enforces nothing; an override file can say so.
import { type Facts, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

const HOST_SOURCE = 'external/node IP (index excludes hostNetwork pods) [S: knp podinfo.go]';

const OBSERVABILITY =
  '--logging-format=json -v=2 packet + verdict lines; kube_network_policies_packet_count, ' +
  '_packet_process_duration_microseconds, _nfqueue_* [S]';

const KUBE_NETWORK_POLICIES: Facts = {
  enforces: untagged('yes', 'yes'),
  ipBlockMatchesPod: sourced('yes', 'yes [S]'),
  ipBlockMatchesNode: sourced('yes', HOST_SOURCE),
  ipBlockMatchesServiceAddress: sourced(
    'no',
    'no: POSTROUTING before SNAT (DNS at PREROUTING dstnat+5), both after DNAT [S: controller.go]',
  ),
  selectorsMatchHostNetwork: sourced('no', HOST_SOURCE),
  policesHostNetworkSubject: sourced('no', 'no [S: getLocalPodsForNetworkPolicy]'),
  localNodeToPod: sourced('always', "traffic from root-owned sockets on the local node accepted ('meta skuid 0') [S: controller.go]"),
  podToOwnNode: notEstablished('not established'),
  endPort: sourced('yes', 'yes [S: knp evaluatePorts]'),
  sctp: sourced('yes', 'yes [S: knp packet parser]'),
  namedPorts: sourced('yes', 'yes, spec.containers[] only (no init/sidecar) [S: pkg/api/helper.go]'),
  icmpWhenIsolated: sourced(
    'dropped',
    'dropped unless a port-less rule matches; ICMPv6 RS/RA/NS/NA/redirect always accepted [S: knp controller.go]',
  ),
  establishedCutOnDeny: sourced('cut', 'YES by default (--strict-mode=true, min 30 s interval) since PR 268 (2025-10); before: no [S]'),
  startup: sourced('open-window', 'small; NFQUEUE fail-open by default (--fail-open=true): controller down => traffic passes [S: cmd.go]'),
  denyResponse: sourced('drop', 'DROP [S]'),
  adminPolicies: sourced('both', 'separate flavours: npa-v1alpha1 (ANP/BANP), npa-v1alpha2 (CNP) [S]'),
};

export const kubeNetworkPolicies: Profile = {
  name: 'kube-network-policies',
  title: 'kube-network-policies',
  cells: KUBE_NETWORK_POLICIES,
  observability: OBSERVABILITY,
};

export const kindnet: Profile = {
  name: 'kindnet',
  title: 'kindnet (kind)',
  cells: {
    ...KUBE_NETWORK_POLICIES,
    enforces: sourced(
      'yes',
      'yes since kind v0.24 (bundled kube-network-policies); older kind: NO [S: kind v0.24 release notes, kind PR 3612]',
    ),
    adminPolicies: notEstablished('separate flavours: npa-v1alpha1 (ANP/BANP), npa-v1alpha2 (CNP) [S]'),
  },
  observability: OBSERVABILITY,
  notes: 'semantics of kube-network-policies at the bundled version',
};
