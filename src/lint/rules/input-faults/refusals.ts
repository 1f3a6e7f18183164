// Faults of addresses, ports and peers for which the API server refuses a policy.
import { cidrHas, printCidr } from '../../../net/cidr.ts';
import { parseIp } from '../../../net/ip.ts';
import { PROTOCOLS } from '../../../net/port-set.ts';
import { dig, integerOf, textOf } from '../../../objects/read.ts';
import { readCidr } from '../../../objects/validate-cidr.ts';
import { badValue, fieldOf, mend, parentOf, siblingOf } from '../../input-faults.ts';
import { policyValueAt } from '../../written.ts';
import { inputFault } from './row.ts';

/** CIDRs that servers read in different ways, or that newer ones refuse. */
export const cidrAmbiguous = inputFault({
  id: 'cidr-ambiguous',
  catalogue: ['NP010'],
  severity: 'warning',
  fixable: true,
  messages: ['hostBits', 'oddSpelling'],
  say(problem) {
    const text = badValue(problem) ?? '';
    const cidr = readCidr(text);
    if (cidr === undefined || problem.origin === undefined) return undefined;
    const network = printCidr(cidr.network);
    const alone = `${text.slice(0, text.indexOf('/'))}/${text.includes(':') ? 128 : 32}`;
    const facts = { cidr: text, network, alone };
    // Which of the two was meant, only a person can say.
    if (/is ambiguous/.test(String(problem.facts.detail))) return { message: 'hostBits', facts };
    return { message: 'oddSpelling', facts, ...mend({ kind: 'set-value', at: problem.origin, value: network }) };
  },
});

export const cidrIsBareAddress = inputFault({
  id: 'cidr-is-bare-address',
  catalogue: ['NP011'],
  severity: 'error',
  fixable: true,
  messages: ['noPrefix'],
  say(problem) {
    const address = badValue(problem) ?? '';
    const ip = parseIp(address);
    const cidr = `${address}/${ip?.family === 6 ? 128 : 32}`;
    const fix = ip === undefined || problem.origin === undefined ? {} : mend({ kind: 'set-value', at: problem.origin, value: cidr });
    return { message: 'noPrefix', facts: { address, cidr }, ...fix };
  },
});

export const endPortMisused = inputFault({
  id: 'end-port-misused',
  catalogue: ['NP008'],
  severity: 'error',
  fixable: true,
  messages: ['upsideDown', 'needsNumber', 'outOfRange'],
  say(problem, context) {
    const { origin } = problem;
    if (origin === undefined) return undefined;
    const detail = String(problem.facts.detail);
    const written = policyValueAt(context, parentOf(origin));
    const [port, endPort] = [integerOf(dig(written, 'port')), integerOf(dig(written, 'endPort'))];
    const facts = { port: port ?? '', endPort: endPort ?? '', field: fieldOf(problem) };
    // QUOTED: kube-apiserver
    if (detail.startsWith('must be greater') && port !== undefined && endPort !== undefined) {
      const swapped = [
        { kind: 'set-value', at: siblingOf(origin, 'port'), value: endPort },
        { kind: 'set-value', at: origin, value: port },
      ] as const;
      return { message: 'upsideDown', facts, ...mend(...swapped) };
    }
    // QUOTED: kube-apiserver
    return { message: detail.startsWith('may not be specified') ? 'needsNumber' : 'outOfRange', facts };
  },
});

/** An except that cuts nothing out of its block, or all of it. */
export const exceptOutsideBlock = inputFault({
  id: 'except-outside-block',
  catalogue: ['NP009'],
  severity: 'error',
  fixable: true,
  messages: ['outside', 'wholeBlock'],
  say(problem, context) {
    const { origin } = problem;
    if (origin === undefined) return undefined;
    const block = policyValueAt(context, parentOf(parentOf(origin)));
    const [except, cidr] = [badValue(problem) ?? '', textOf(dig(block, 'cidr')) ?? ''];
    const [inner, outer] = [readCidr(except)?.network, readCidr(cidr)?.network];
    const overlaps = inner !== undefined && outer !== undefined && (cidrHas(inner, outer.first) || cidrHas(outer, inner.first));
    if (overlaps) return { message: 'wholeBlock', facts: { except, cidr } };
    return { message: 'outside', facts: { except, cidr }, ...mend({ kind: 'remove', at: origin }) };
  },
});

export const ipblockBesideSelector = inputFault({
  id: 'ipblock-beside-selector',
  catalogue: ['NP002'],
  severity: 'error',
  messages: ['both'],
  say: () => ({ message: 'both' }),
});

/** A peer without podSelector, namespaceSelector or ipBlock; often because the labels are one level too high. */
export const peerSaysNothing = inputFault({
  id: 'peer-says-nothing',
  catalogue: ['NP003', 'NP004'],
  severity: 'error',
  fixable: true,
  messages: ['empty', 'labelsTooHigh'],
  say({ origin, code }) {
    if (origin === undefined) return undefined;
    if (code !== 'unknown-field') return { message: 'empty' };
    const key = String(origin.path.at(-1));
    return {
      message: 'labelsTooHigh',
      facts: { key },
      ...mend({ kind: 'move-under', at: parentOf(origin), keys: [key], under: 'podSelector' }),
    };
  },
});

/** A number in quotes, which is a port name to the API, and not a valid one. */
export const portNumberQuoted = inputFault({
  id: 'port-number-quoted',
  catalogue: ['NP007'],
  severity: 'error',
  fixable: true,
  messages: ['quoted'],
  say(problem) {
    const { origin } = problem;
    if (origin === undefined) return undefined;
    const port = badValue(problem) ?? '';
    const number = Number(port);
    const fix = number >= 1 && number <= 65535 ? mend({ kind: 'set-value', at: origin, value: number }) : {};
    // The API server has several complaints about one such name.
    return {
      message: 'quoted',
      facts: { port },
      ...fix,
      once: `${origin.document.file} ${origin.document.start} ${origin.path.join('.')}`,
    };
  },
});

/** A protocol in lower case, or one that NetworkPolicy does not have. */
export const protocolUnknown = inputFault({
  id: 'protocol-unknown',
  catalogue: ['NP006'],
  severity: 'error',
  fixable: true,
  messages: ['lowerCase', 'icmp', 'unknown'],
  say(problem) {
    const protocol = badValue(problem) ?? '';
    const upper = protocol.toUpperCase();
    const facts = { protocol, upper };
    if (problem.origin !== undefined && (PROTOCOLS as readonly string[]).includes(upper))
      return { message: 'lowerCase', facts, ...mend({ kind: 'set-value', at: problem.origin, value: upper }) };
    return { message: upper.startsWith('ICMP') ? 'icmp' : 'unknown', facts };
  },
});
