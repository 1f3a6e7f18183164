// Cases of the corpus that are not met, each with the reason. Only peculiarities that the corpus documents of the tool that made it
// may stand here; a test checks that every case still differs, and in no other way than its entry says.

export interface KnownDifference {
  /** The number in the corpus' README, "Peculiarities an implementer must know". */
  readonly peculiarity: number;
  readonly reason: string;
  /** `host-network`: only pairs with a workload in its node's network may differ, and everything else in the case is held. */
  readonly only?: 'host-network';
}

const HOST_NETWORK: KnownDifference = {
  peculiarity: 11,
  reason: 'netpol-analyzer holds host-network pods to policies; here they are their node, as Kubernetes documents of nearly all plugins',
  only: 'host-network',
};

export const KNOWN_DIFFERENCES: Readonly<Record<string, KnownDifference>> = {
  'npg-exposure/exposure_test_with_anp_13': {
    peculiarity: 10,
    reason: 'netpol-analyzer never holds `networks` against pods; here a pod that nobody has seen may have an address in them',
  },
  'npg-exposure/exposure_test_with_anp_11_with_named_port': {
    peculiarity: 9,
    reason: 'a name of any protocol is said once by netpol-analyzer and for each protocol here',
  },
  'npg-connlist/anp_and_banp_using_networks_and_nodes_test': {
    peculiarity: 23,
    reason: 'netpol-analyzer leaves `nodes` peers out; here they are addresses that nobody knows, because the input has no Node objects',
  },
  'npg-explain/anp_and_banp_using_networks_and_nodes_test': {
    peculiarity: 23,
    reason: 'netpol-analyzer leaves `nodes` peers out; here they are addresses that nobody knows, because the input has no Node objects',
  },
  'npg-error/warn-input_admin_policy_contains_nodes_egress_peer_should_get_warning': {
    peculiarity: 23,
    reason: 'netpol-analyzer leaves `nodes` peers out and warns; here they are evaluated',
  },
  'npg-connlist/anp_and_banp_using_networks_test': {
    peculiarity: 10,
    reason: 'netpol-analyzer never holds `networks` against pods; here a pod without a known address may be in them',
  },
  'npg-connlist/ipblockstest_2': HOST_NETWORK,
  'npg-connlist/multiple_topology_resources_1': HOST_NETWORK,
  'npg-connlist/semanticDiff-same-topologies-new1': HOST_NETWORK,
  'npg-connlist/semanticDiff-same-topologies-new2': HOST_NETWORK,
  'npg-connlist/semanticDiff-same-topologies-old2': HOST_NETWORK,
  'npg-connlist/semanticDiff-same-topologies-old3': HOST_NETWORK,
  'npg-error/Input_dir_has_netpol_with_named_port_on_ipblock_peer_should_return_fatal_named_port_error': {
    peculiarity: 5,
    reason: 'Kubernetes takes a named port beside an ipBlock, and the rule matches nothing there; netpol-analyzer refuses the whole input',
  },
  'npg-error/irrelevant_JSON_file_unable_to_decode': {
    peculiarity: 21,
    reason:
      'a file of a folder that holds no Kubernetes object is counted in the first line of every answer, and is not a problem with the input',
  },
};
