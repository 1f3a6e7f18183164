// The ingress controller as the source of rows, where the input does not say which pods it is.
import type { Pod } from '../model/cluster.ts';
import type { SourceDocument } from '../model/origin.ts';

/** How rows name the source. */
export const INGRESS_CONTROLLER = '{ingress-controller}';

/**
 * Where the input does not say which pods are the controller, it is a pod without labels in a namespace of its own without labels:
 * only rules that are open to every pod of every namespace let it in. It has no address, so blocks leave it open.
 */
export function imaginaryController(): Pod {
  const document: SourceDocument = { file: INGRESS_CONTROLLER, text: undefined, start: 0, end: 0, line: 0, format: 'yaml' };
  const origin = { document, path: [] };
  return {
    name: 'ingress-controller',
    namespace: 'ingress-controller-ns',
    ref: INGRESS_CONTROLLER,
    labels: new Map(),
    labelsPath: [],
    addresses: [],
    node: undefined,
    hostAddresses: [],
    hostNetwork: false,
    ports: [],
    phase: 'Running',
    ready: true,
    terminating: false,
    workload: INGRESS_CONTROLLER,
    template: false,
    dns: { policy: 'ClusterFirst', nameservers: [], searches: [], hostname: undefined, subdomain: undefined },
    origin,
    spec: undefined,
  };
}

/** Whether policies on the controller itself are not known. */
export function isImaginary({ ref }: Pod): boolean {
  return ref === INGRESS_CONTROLLER;
}
