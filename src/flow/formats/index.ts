// Every log that can be read. One file a format; a line is offered to the format of the line before it first, then to all in this order.
import type { Format } from '../record.ts';
import { antrea } from './antrea.ts';
import { aws, awsCloudwatch } from './aws.ts';
import { calicoFelix } from './calico-felix.ts';
import { calicoGoldmane, calicoWhisker } from './calico-goldmane.ts';
import { gke } from './gke.ts';
import { hubble } from './hubble.ts';
import { ciliumMonitor, hubbleCompact } from './hubble-text.ts';
import { kernel } from './kernel.ts';
import { kubeNetworkPolicies } from './kube-network-policies.ts';
import { kubernetesEvent } from './kubernetes-event.ts';
import { ciliumCt, conntrack, ss } from './open-connections.ts';
import { ovnKubernetes, ovnkubeObserv } from './ovn-kubernetes.ts';

export const FORMATS: readonly Format[] = [
  hubble,
  calicoGoldmane,
  calicoFelix,
  calicoWhisker,
  gke,
  kubeNetworkPolicies,
  aws,
  kubernetesEvent,
  ovnKubernetes,
  awsCloudwatch,
  antrea,
  kernel,
  ciliumMonitor,
  ciliumCt,
  conntrack,
  ss,
  hubbleCompact,
  ovnkubeObserv,
];
