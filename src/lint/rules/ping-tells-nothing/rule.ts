// A container that pings or traces while policies isolate it: ICMP is no protocol of a NetworkPolicy, so the answer says nothing.
import { argumentsOf } from '../../containers.ts';
import { listed } from '../../list-words.ts';
import { isolationOfClass, workloadsByClass } from '../../reached.ts';
import { defineRule } from '../../rule.ts';

export const pingTellsNothing = defineRule({
  id: 'ping-tells-nothing',
  catalogue: ['NP109'],
  summary: 'a pod under egress policies is started with ping or traceroute',
  severity: 'note',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: {
    icmp: {
      text: '{pod} is started with `{program}`, and policies isolate it for egress: they speak of TCP, UDP and SCTP only, so its answer says nothing about them',
      hint: 'try a TCP connection to the port that is meant, for example nc -z HOST PORT',
    },
  },
  check(context, report) {
    for (const [number, pods] of workloadsByClass(context).entries()) {
      for (const pod of pods) {
        const program = argumentsOf(pod)
          .map((text) => PROGRAM.exec(text)?.[1])
          .find((name) => name !== undefined);
        if (program === undefined || !isolationOfClass(context, 'egress', number).isolated) continue;
        report('icmp', { pod: listed([pod.workload]), program }, pod.origin);
      }
    }
  },
});

/** As a command of its own, also inside a shell line: `sh -c "ping -c1 cart && run"`. */
const PROGRAM = /(?:^|[;&|(\s]|\/bin\/)(ping6?|traceroute6?|tracepath)(?:\s|$)/;
