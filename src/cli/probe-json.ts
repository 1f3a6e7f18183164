// `probe -o json`: the same report, with stable names.
import { meaningOf, type ProbeReport } from './probe-text.ts';

export function probeJson({ from, to, target, outcome, control, noControl, model, cni, conclusion }: ProbeReport) {
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'ProbeResult',
    from,
    to,
    dialled: { host: target.host, port: target.port, protocol: target.protocol },
    result: outcome.result,
    text: outcome.text,
    control: control ?? { none: noControl ?? 'not needed' },
    model,
    cni,
    agreement: conclusion.agreement,
    meaning: conclusion.meaning,
    means: meaningOf(conclusion).sentence,
    look: meaningOf(conclusion).look,
    left: outcome.left,
  };
}
