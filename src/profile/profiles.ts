// All CNI profiles that the program knows, by hand and sorted. The data of each is in profiles/, one file per maker.
// Names that stand for several profiles (calico, gke, kubernetes) are in families.ts.
import type { Profile } from './profile.ts';
import { antrea } from './profiles/antrea.ts';
import { awsVpcCniStandard, awsVpcCniStrict } from './profiles/aws-vpc-cni.ts';
import { azureNpm } from './profiles/azure-npm.ts';
import { calicoEbpf, calicoIptables, calicoNftables, canal } from './profiles/calico.ts';
import { azureCilium, ciliumKpr, ciliumKubeproxy, gkeDataplaneV2 } from './profiles/cilium.ts';
import { flannel } from './profiles/flannel.ts';
import { kindnet, kubeNetworkPolicies } from './profiles/kube-network-policies.ts';
import { kubeRouter } from './profiles/kube-router.ts';
import { ovnKubernetes } from './profiles/ovn-kubernetes.ts';
import { weave } from './profiles/weave.ts';

export const PROFILES: readonly Profile[] = [
  antrea,
  awsVpcCniStandard,
  awsVpcCniStrict,
  azureCilium,
  azureNpm,
  calicoEbpf,
  calicoIptables,
  calicoNftables,
  canal,
  ciliumKpr,
  ciliumKubeproxy,
  flannel,
  gkeDataplaneV2,
  kindnet,
  kubeNetworkPolicies,
  kubeRouter,
  ovnKubernetes,
  weave,
];
