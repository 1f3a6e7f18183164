// The document of `probe`.
import { NO_CONTROL_NEEDED, type ProbeMeaning, probeMeaning } from '../words/en/probe.ts';
import { defined } from './defined.ts';
import type {
  DialledTarget,
  ExpectedStatus,
  ProbeControl,
  ProbeModel,
  ProbeOutcomeCode,
  ProbeResultDocument,
} from './documents/probe-result.ts';

/** What a probe found; `probe`, which makes it, is an edge. */
export interface Probed {
  /** `web/frontend-6d4`. */
  readonly from: string;
  /** As it was asked: `payments/svc/api-server:8080`. */
  readonly to: string;
  readonly target: DialledTarget;
  readonly outcome: { readonly result: ProbeOutcomeCode; readonly text: string; readonly left: string | undefined };
  readonly control: ProbeControl | undefined;
  /** Why there is none. */
  readonly noControl: string | undefined;
  readonly model: ProbeModel;
  readonly cni: string;
  /** Where a request was made: the status that was expected, and the one that came. */
  readonly http?: { readonly expected: number; readonly status: number | undefined };
  readonly conclusion: { readonly agreement: ProbeResultDocument['agreement']; readonly meaning: ProbeMeaning };
}

export function probeDocument({
  from,
  to,
  target,
  outcome,
  control,
  noControl,
  model,
  cni,
  conclusion,
  http,
}: Probed): ProbeResultDocument {
  const { sentence, look } = probeMeaning(conclusion.meaning);
  return defined({
    apiVersion: 'netverdict.dev/v1' as const,
    kind: 'ProbeResult' as const,
    from,
    to,
    dialled: { host: target.host, port: target.port, protocol: target.protocol },
    result: outcome.result,
    text: outcome.text,
    http: http && (defined(http) as ExpectedStatus),
    control: control ?? { none: noControl ?? NO_CONTROL_NEEDED },
    model,
    cni,
    agreement: conclusion.agreement,
    meaning: conclusion.meaning,
    means: sentence,
    look,
    left: outcome.left,
  });
}
