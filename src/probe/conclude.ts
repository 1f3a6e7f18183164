// What a real connection says about the model's verdict: they agree, they contradict each other and why that may be, or the
// connection settles what the model left open. Facts; the words are in words/en/probe.ts.
import type { ProbeResult } from './script.ts';

export type ModelOutcome = 'allowed' | 'denied' | 'partial' | 'broken' | 'undecided';

/** Does the destination answer at all, when no policy can be in the way? */
export interface Control {
  /** `itself`: the destination pod dialled its own port, which no policy can stop. `kubelet`: its readiness probe of that port passes. */
  readonly by: 'itself' | 'kubelet';
  readonly result: ProbeResult;
  readonly text: string;
}

export interface Measured {
  readonly result: ProbeResult;
  /** undefined: there is no pod that could be asked, or it could not be asked. */
  readonly control: Control | undefined;
  readonly model: ModelOutcome | undefined;
  /** What the client of a denied connection sees on this CNI. */
  readonly denySymptom: 'timeout' | 'refused' | 'nothing' | 'open';
}

export type Agreement = 'agrees' | 'contradicts' | 'settles' | 'no-word';

/** Each has its sentence, and what to look at next. */
export type Meaning =
  | 'allowed-and-answered'
  | 'denied-as-said'
  | 'broken-as-said'
  | 'denied-but-answered' // the policy is not in force there
  | 'allowed-but-stopped' // something else is in the way: the control answers
  | 'nobody-answers' // not even the control: no question of policies
  | 'closed-port' // refused, and the control too
  | 'refused-although-silent-cni' // refused, where this CNI drops silently, and the control answers
  | 'silent-although-answering-cni' // silence, where this CNI refuses
  | 'no-name'
  | 'cut-off' // taken and reset: something above policies
  | 'not-proven' // no control: silence may have any cause
  | 'broken-but-answered'
  | 'open-settled'
  | 'unclear';

export interface Conclusion {
  readonly agreement: Agreement;
  readonly meaning: Meaning;
}

/** Is this an answer, as far as a network is concerned? A reset came from the other side too, after it had taken the connection. */
export function isConnected(result: ProbeResult): boolean {
  return result === 'answered' || result === 'reset';
}

/** Silence of any sort. */
function isSilent(result: ProbeResult): boolean {
  return result === 'timed-out' || result === 'no-answer' || result === 'unreachable';
}

export function conclude(measured: Measured): Conclusion {
  const { result, model } = measured;
  if (result === 'unclear' || result === 'no-tool') return { agreement: 'no-word', meaning: 'unclear' };
  if (result === 'name-not-resolved')
    return { agreement: ifModel(model, { broken: 'agrees', denied: 'agrees', allowed: 'contradicts' }), meaning: 'no-name' };
  if (result === 'reset')
    return { agreement: ifModel(model, { allowed: 'agrees', denied: 'contradicts', broken: 'contradicts' }), meaning: 'cut-off' };
  if (result === 'answered') {
    const meanings: Readonly<Record<ModelOutcome, Meaning>> = {
      allowed: 'allowed-and-answered',
      denied: 'denied-but-answered',
      broken: 'broken-but-answered',
      partial: 'open-settled',
      undecided: 'open-settled',
    };
    return {
      agreement: ifModel(model, { allowed: 'agrees', denied: 'contradicts', broken: 'contradicts' }),
      meaning: model === undefined ? 'allowed-and-answered' : meanings[model],
    };
  }
  return stopped(measured);
}

/** Refused, or silent. */
function stopped({ result, control, model, denySymptom }: Measured): Conclusion {
  if (model === 'broken') return { agreement: 'agrees', meaning: 'broken-as-said' };
  if (control !== undefined && !isConnected(control.result)) {
    // Whatever policies say, nobody is there: the model is neither confirmed nor refuted.
    return { agreement: 'no-word', meaning: result === 'refused' && control.result === 'refused' ? 'closed-port' : 'nobody-answers' };
  }
  if (model === 'allowed')
    return control === undefined
      ? { agreement: 'no-word', meaning: 'not-proven' }
      : { agreement: 'contradicts', meaning: 'allowed-but-stopped' };
  if (control === undefined) return { agreement: 'no-word', meaning: 'not-proven' };
  if (model === 'denied') {
    if (result === 'refused' && denySymptom === 'timeout') return { agreement: 'contradicts', meaning: 'refused-although-silent-cni' };
    if (isSilent(result) && denySymptom === 'refused') return { agreement: 'contradicts', meaning: 'silent-although-answering-cni' };
    return { agreement: 'agrees', meaning: 'denied-as-said' };
  }
  return { agreement: model === undefined ? 'no-word' : 'settles', meaning: 'open-settled' };
}

/** Where the model left it open, a clear outcome settles it. */
function ifModel(model: ModelOutcome | undefined, say: Readonly<Record<'allowed' | 'denied' | 'broken', Agreement>>): Agreement {
  if (model === undefined) return 'no-word';
  return model === 'partial' || model === 'undecided' ? 'settles' : say[model];
}
