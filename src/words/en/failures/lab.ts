// Failures of the lab and of proofs on the kernel of this machine.
import type { LabFailures } from '../../../failure/lab.ts';
import { counted, quoting, type Said } from '../said.ts';

export const LAB_FAILURES: { readonly [Code in keyof LabFailures]: (facts: LabFailures[Code]) => Said } = {
  'not-linux': ({ platform }) => ({
    text: `a proof needs a Linux kernel, and this is ${platform}`,
    hint: 'run it in a Linux machine or container; `why`, `map` and `lint` need no kernel',
  }),
  'tool-missing': ({ program, package: name }) => ({
    text: `the program \`${program}\` is not installed`,
    hint: `install package ${name}: apt-get install ${name}, or dnf install ${name}`,
  }),
  'tool-broken': ({ command, said }) => ({ text: `\`${command}\` does not run${quoting(said)}` }),
  'tool-too-old': ({ file, tool, found, needed }) => ({
    text: `${file} is ${found || (tool === 'iproute2' ? 'not iproute2' : 'of an unknown version')}; ${tool} ${needed} or newer is needed`,
    hint: `install a newer package ${tool}`,
  }),
  'namespaces-forbidden': ({ said, switches, isRoot }) => ({
    text: `this machine does not allow creating a network namespace (${said.join('; ')})`,
    hint: `any one of these allows it: ${[...switches, ...(isRoot ? [] : ['run as root']), CONTAINER].join(' | ')}`,
  }),
  'no-ipv6': ({ said }) => ({
    text: `a new network namespace has no IPv6 on this machine${quoting(said)}`,
    hint: 'set sysctl net.ipv6.conf.default.disable_ipv6=0, or boot the kernel without ipv6.disable=1',
  }),
  'too-few-files': ({ files, needed }) => ({
    text: `this process may open ${files} files, and the lab needs ${needed}`,
    hint: 'raise the limit: ulimit -n 4096',
  }),
  'too-many-pods': ({ pods, most }) => ({
    text: `${pods} pods are too many for a lab with a namespace per pod, which holds ${most}`,
    hint: 'no pod was left out; use fewer manifests, or prove on the flat tier, which has no such limit',
  }),
  'port-taken': ({ address, port, protocol, code, more }) => ({
    text: `cannot listen on ${address} port ${port}/${protocol} in the lab (${code})${more > 0 ? `, and ${more} more` : ''}`,
    hint: 'two servers want the same address and port; nothing else listens in the lab',
  }),
  'command-failed': ({ command, exitCode, said }) => ({ text: `\`${command}\` failed in the lab: ${said || `exit code ${exitCode}`}` }),
  'lab-fault': ({ at, said }) => ({ text: `${at === 'inside' ? 'error inside the lab' : 'the lab did not start'}${quoting(said)}` }),
  'lab-ended': (facts) => {
    switch (facts.when) {
      case 'program':
        return { text: `the program inside the lab ended (${facts.end})${quoting(facts.said)}` };
      case 'no-answer':
        return { text: 'the lab does not answer', hint: 'start it again: netverdict lab down, then netverdict lab up' };
      case 'asked':
        return { text: 'the lab ended during the request' };
      case 'before':
        return { text: 'the lab has ended' };
      case 'made':
        return { text: 'the lab ended while it was starting' };
    }
  },
  'lab-not-enforcing': ({ failed, controls, first }) => ({
    text:
      `the lab does not work on this machine: ${failed} of ${counted(controls, 'control')} failed` +
      (first === undefined
        ? ''
        : `; ${first.from} to ${first.to} ${first.protocol}/IPv${first.family} should be ${first.wanted} and was ${first.observed}`),
    hint:
      first === undefined
        ? 'no connection was tried; netverdict prove shows which control failed'
        : 'no verdict was compared; the kernel may lack a part of nftables or conntrack that the rules need',
  }),
  'nothing-to-prove': (facts) =>
    facts.why === 'no-pods'
      ? {
          text: 'the input has no pod that could send or receive a packet',
          hint: 'add manifests with pods or workloads',
        }
      : {
          text: `none of ${counted(facts.connections, 'connection')} has a verdict to compare with`,
          hint: 'fix the policies that cannot be read (netverdict lint lists them), or choose a CNI profile',
        },
  'tier-cannot': () => ({
    text: 'under this profile policies apply to traffic from a node to its own pods, which the netns tier cannot show',
    hint: 'prove it on the flat tier',
  }),
  'bad-lab-name': ({ name }) => ({
    text: `\`${name}\` is not a valid lab name`,
    hint: 'use lower-case letters, digits and dashes, at most 30 characters',
  }),
  'lab-folder': ({ folder }) => ({
    text: `${folder} belongs to another user, or others can write to it`,
    hint: 'set XDG_RUNTIME_DIR to a folder of your own',
  }),
  'lab-already-up': ({ name }) => ({
    text: `lab \`${name}\` is already up`,
    hint: 'take it down first, or start another under a new name',
  }),
  'lab-not-up': ({ name, others }) => ({
    text: `lab \`${name}\` is not up`,
    hint: others.length > 0 ? `these are up: ${others.join(', ')}` : 'netverdict lab up starts one',
  }),
  'lab-pods-changed': ({ pods }) => ({
    text: `this would add, remove or move pods: ${pods.slice(0, 5).join(', ')}${pods.length > 5 ? `, and ${pods.length - 5} more` : ''}`,
    hint: 'policies, labels, Services and namespaces can change in a running lab; for other pods take it down and up again',
  }),
};

/** NET_ADMIN alone is for the namespace that a container already has. */
const CONTAINER = 'in a container: --cap-add=SYS_ADMIN --security-opt seccomp=unconfined (NET_ADMIN alone is not enough)';
