// The words of every built-in profile, sorted, by hand.
import { antrea } from './antrea.ts';
import { awsVpcCniStandard, awsVpcCniStrict } from './aws-vpc-cni.ts';
import { azureNpm } from './azure-npm.ts';
import { calicoEbpf, calicoIptables, calicoNftables, canal } from './calico.ts';
import { azureCilium, ciliumKpr, ciliumKubeproxy, gkeDataplaneV2 } from './cilium.ts';
import { flannel } from './flannel.ts';
import { kindnet, kubeNetworkPolicies } from './kube-network-policies.ts';
import { kubeRouter } from './kube-router.ts';
import { ovnKubernetes } from './ovn-kubernetes.ts';
import { weave } from './weave.ts';
import type { ProfileWords } from './words.ts';

const PROFILE_WORDS: Readonly<Record<string, ProfileWords>> = {
  antrea,
  'aws-vpc-cni-standard': awsVpcCniStandard,
  'aws-vpc-cni-strict': awsVpcCniStrict,
  'azure-cilium': azureCilium,
  'azure-npm': azureNpm,
  'calico-ebpf': calicoEbpf,
  'calico-iptables': calicoIptables,
  'calico-nftables': calicoNftables,
  canal,
  'cilium-kpr': ciliumKpr,
  'cilium-kubeproxy': ciliumKubeproxy,
  flannel,
  'gke-dataplane-v2': gkeDataplaneV2,
  kindnet,
  'kube-network-policies': kubeNetworkPolicies,
  'kube-router': kubeRouter,
  'ovn-kubernetes': ovnKubernetes,
  weave,
};

/** `wordsOfProfile('kindnet').title` → `kindnet (kind)`. Throws for a name that is not a built-in profile's. */
export function wordsOfProfile(name: string): ProfileWords {
  const words = Object.hasOwn(PROFILE_WORDS, name) ? PROFILE_WORDS[name] : undefined;
  if (words === undefined) throw new Error(`no words for profile ${name}`);
  return words;
}
