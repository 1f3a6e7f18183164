// Moments in which an enforcer does not do what the policies say: the first seconds of a pod, and the death of a node's agent. Each is a
// thing to look at, made of what the profile says about it; [] where it says that there is no such moment.
import type { Semantics } from '../profile/profile.ts';
import type { Look } from './symptom-codes.ts';

interface Enforcer {
  readonly startup: Semantics['startup'];
  /** Does a policy isolate an end of the connection? */
  readonly isIsolated: boolean;
}

const FIRST_SECONDS: Readonly<Record<Semantics['startup'], readonly Look[]>> = {
  'open-window': ['new-pod-is-open'],
  'closed-window': ['new-pod-is-shut'],
  none: [],
  open: ['new-pod-is-unknown'],
};

/** For what comes and goes: `['new-pod-is-open']`. */
export function firstSeconds(startup: Semantics['startup']): readonly Look[] {
  return FIRST_SECONDS[startup];
}

/** For what fails although policies allow it. */
export function shutAtFirst({ startup, isIsolated }: Enforcer): readonly Look[] {
  return startup === 'closed-window' && isIsolated ? firstSeconds(startup) : [];
}

/** For what works although policies deny it. */
export function openAtFirst({ startup }: Pick<Enforcer, 'startup'>): readonly Look[] {
  return startup === 'open-window' ? firstSeconds(startup) : [];
}

const AGENT_DOWN: Readonly<Record<Semantics['agentDown'], readonly Look[]>> = {
  'pods-open': ['dead-agent-opens'],
  'rules-stay': ['dead-agent-keeps-rules'],
  open: [],
};

/** For what works although policies deny it: what a dead agent leaves. */
export function deadAgent(agentDown: Semantics['agentDown']): readonly Look[] {
  return AGENT_DOWN[agentDown];
}
