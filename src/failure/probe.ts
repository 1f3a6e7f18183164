// What can go wrong when a real connection is tried from a pod of a live cluster.
import type { Deed } from './cluster.ts';

/** A pod as `shop/cart-6d4`; an end as it was typed. */
export interface ProbeFailures {
  readonly 'nothing-to-probe': { readonly to: string };
  /** `ports`: one of which it could be; empty when none is known. */
  readonly 'which-port': { readonly to: string; readonly ports: readonly string[] };
  readonly 'icmp-is-not-probed': { readonly to: string };
  readonly 'no-running-pod': { readonly from: string };
  readonly 'source-is-no-pod': { readonly from: string };
  readonly 'nothing-to-dial': { readonly to: string };
  readonly 'no-such-pod': { readonly pod: string };
  readonly 'pod-gone': { readonly pod: string };
  readonly 'pod-not-running': { readonly pod: string; readonly phase: string | undefined };
  readonly 'probe-left-behind': { readonly namespace: string; readonly name: string; readonly said: string };
  readonly 'probe-exec-failed': {
    readonly pod: string;
    readonly why: 'no-shell' | 'ended';
    readonly said: string;
    readonly exitCode: number | undefined;
  };
  readonly 'probe-no-tool': { readonly pod: string; readonly said: string };
  /** `by`: the debug container, or the pod that was made. */
  readonly 'probe-broke': {
    readonly by: Prober;
    readonly image: string;
    readonly why: 'no-shell' | 'no-tool' | 'ended';
    readonly said: string;
    readonly exitCode: number;
  };
  /** `reason`: the kubelet's, as `ImagePullBackOff`; undefined when no kubelet has reported anything. */
  readonly 'probe-not-started': { readonly by: Prober; readonly image: string; readonly reason: string | undefined; readonly said: string };
  readonly 'probe-refused': { readonly deed: Deed; readonly status: number; readonly said: string };
  readonly interrupted: { readonly during: 'probe' | 'probes' | 'lab-up' };
}

/** `{ kind: 'debug-container', name: 'netverdict-probe-1a2b' }`, `{ kind: 'pod', name: 'shop/netverdict-probe-1a2b' }`. */
export interface Prober {
  readonly kind: 'debug-container' | 'pod';
  readonly name: string;
}
