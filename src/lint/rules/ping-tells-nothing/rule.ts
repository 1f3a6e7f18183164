// A container that pings or traces while policies isolate it: ICMP is no protocol of a NetworkPolicy, so the answer says nothing.
import { argumentsOf } from '../../containers.ts';
import { firstNames } from '../../facts.ts';
import { isolationOfClass, workloadsByClass } from '../../reached.ts';
import { defineRule } from '../../rule.ts';

export const pingTellsNothing = defineRule({
  id: 'ping-tells-nothing',
  catalogue: ['NP109'],
  severity: 'note',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['icmp'],
  check(context, report) {
    for (const [number, pods] of workloadsByClass(context).entries()) {
      for (const pod of pods) {
        const program = argumentsOf(pod)
          .map((text) => PROGRAM.exec(text)?.[1])
          .find((name) => name !== undefined);
        if (program === undefined || !isolationOfClass(context, 'egress', number).isolated) continue;
        report('icmp', { pod: firstNames([pod.workload]), program }, pod.origin);
      }
    }
  },
});

/** As a command of its own, also inside a shell line: `sh -c "ping -c1 cart && run"`. */
const PROGRAM = /(?:^|[;&|(\s]|\/bin\/)(ping6?|traceroute6?|tracepath)(?:\s|$)/;
