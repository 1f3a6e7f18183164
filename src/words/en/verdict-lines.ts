// What is wrong with a line of questions for `verdicts`.
import { type LineFault, LONGEST_LINE } from '../../question/verdicts.ts';

/** `to: no pod is called "payments/nobody"`. */
export function lineFaultSentence({ code, field = 'from', found = '', icmp }: LineFault): string {
  if (icmp === true) {
    return field === 'code'
      ? 'code: the code of an ICMP message is 0-255'
      : 'port: the type of an ICMP message is 0-255; 8 is an echo request, which ping sends (128 in ICMPv6)';
  }
  switch (code) {
    case 'bad-json':
      return found;
    case 'not-an-object':
      return 'a question is a JSON object';
    case 'missing-field':
      return `${field}: is missing`;
    case 'bad-end':
      return `${field}: ${found} is not a pod (namespace/name), node/NAME or an address`;
    case 'no-such-pod':
      return `${field}: no pod is called ${found}`;
    case 'bad-port':
      return `${field}: ${found} is not a port (1-65535, or a name)`;
    case 'no-such-port':
      return field === 'to'
        ? `to: nothing is known about ${found}`
        : `port: the destination has no port called ${found} with that protocol`;
    case 'bad-protocol':
      return `protocol must be TCP, UDP, SCTP or ICMP, found ${found}`;
    case 'line-too-long':
      return `a line of ${found} characters is too long; the limit is ${LONGEST_LINE}`;
  }
}
