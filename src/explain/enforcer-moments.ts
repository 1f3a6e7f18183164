// Moments in which an enforcer does not do what the policies say: the first seconds of a pod, and the death of a node's agent. Each is a line
// of "where to look", made of what the profile says about it; [] where it says that there is no such moment.
import type { Semantics } from '../profile/profile.ts';

interface Enforcer {
  /** The profile's name: `k3s`. */
  readonly profile: string;
  readonly startup: Semantics['startup'];
  readonly agentDown: Semantics['agentDown'];
  /** Does a policy isolate an end of the connection? */
  readonly isIsolated: boolean;
}

/** For what comes and goes: `['is a pod new? On k3s it is open until its policies are in place']`. */
export function firstSeconds({ startup, profile }: Enforcer): readonly string[] {
  switch (startup) {
    case 'open-window':
      return [`is a pod new? On ${profile} it is open until its policies are in place`];
    case 'closed-window':
      return [`is a pod new? On ${profile} it is shut until its policies are in place`];
    case 'none':
      return [];
    case 'open':
      return ['pods that just started: some CNIs open or close for seconds until their policies are in place'];
  }
}

/** For what fails although policies allow it. */
export function shutAtFirst(enforcer: Enforcer): readonly string[] {
  return enforcer.startup === 'closed-window' && enforcer.isIsolated ? firstSeconds(enforcer) : [];
}

/** For what works although policies deny it. */
export function openAtFirst(enforcer: Enforcer): readonly string[] {
  return enforcer.startup === 'open-window' ? firstSeconds(enforcer) : [];
}

/** For what works although policies deny it: what a dead agent leaves. */
export function deadAgent({ agentDown, profile }: Enforcer): readonly string[] {
  switch (agentDown) {
    case 'pods-open':
      return [`on ${profile} everything passes on a node whose agent is dead`];
    case 'rules-stay':
      return [`on ${profile} a node whose agent is dead keeps the rules that it had: is the policy newer than that?`];
    case 'open':
      return [];
  }
}
