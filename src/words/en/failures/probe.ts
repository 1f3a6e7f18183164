// Failures of probes: connections that are tried from a pod of a live cluster.
import type { ProbeFailures, Prober } from '../../../failure/probe.ts';
import { quoting, type Said } from '../said.ts';
import { deedWords } from './cluster.ts';

const REPLACED = 'try again; it may have been replaced';
const TOOLS = 'the image needs sh and one of bash, agnhost, nc, python3, curl';

export const PROBE_FAILURES: { readonly [Code in keyof ProbeFailures]: (facts: ProbeFailures[Code]) => Said } = {
  'nothing-to-probe': ({ to }) => ({ text: `${to} declares no ports`, hint: `append one: ${to}:8080` }),
  'which-port': ({ to, ports }) => ({
    text: ports.length === 0 ? `which port of ${to}?` : `${to} has several ports`,
    hint: ports.length === 0 ? `append one: ${to}:8080` : `probe one of them: ${ports.join(', ')}`,
  }),
  'icmp-is-not-probed': ({ to }) => ({
    text: `${to} is a ping, and only connections to a port are tried`,
    hint: 'netverdict why says what policies do with a ping',
  }),
  'no-running-pod': ({ from }) => ({
    text: `no pod of ${from} is running, so nothing can connect from it`,
    hint: 'kubectl get pods shows why',
  }),
  'source-is-no-pod': ({ from }) => ({
    text: `a probe runs inside a pod, and ${from} is not a pod`,
    hint: 'name a pod or a workload as the source',
  }),
  'nothing-to-dial': ({ to }) => ({
    text: `${to} has no address to connect to`,
    hint: 'name a Service, a running pod, a host name or an address',
  }),
  'no-such-pod': ({ pod }) => ({ text: `pod ${pod} no longer exists`, hint: REPLACED }),
  'pod-gone': ({ pod }) => ({ text: `pod ${pod} was deleted during the probe`, hint: REPLACED }),
  'pod-not-running': ({ pod, phase }) => ({
    text: `pod ${pod} is ${phase ?? 'in an unknown phase'}, so nothing can connect from it`,
    hint: 'probe from another pod of the workload',
  }),
  'probe-left-behind': ({ namespace, name, said }) => ({
    text: `could not remove the probe's pod ${namespace}/${name}${quoting(said)}`,
    hint: `it ends by itself within 5 minutes; remove it with kubectl -n ${namespace} delete pod ${name}`,
  }),
  'probe-exec-failed': ({ pod, why, said, exitCode }) => ({
    text: `could not run a probe in ${pod}: ${why === 'no-shell' ? 'its image has no shell' : said || `exit code ${exitCode}`}`,
    hint: 'a debug container needs no tools in the image',
  }),
  'probe-no-tool': ({ pod, said }) => ({
    text: `the image of ${pod} has no tool that can connect${quoting(said)}`,
    hint: 'a debug container needs no tools in the image',
  }),
  'probe-broke': ({ by, image, why, said, exitCode }) => ({
    text: `${prober(by)} made no connection: ${broken(image, why, said, exitCode)}`,
    hint: TOOLS,
  }),
  'probe-not-started': ({ by, image, reason, said }) => ({
    text: `${prober(by)} did not start: ${reason ?? 'no kubelet reports on it'}${quoting(said)}`,
    hint: `can the node pull ${image}?`,
  }),
  'probe-refused': ({ deed, status, said }) => ({
    text: `the API server refused to ${deedWords(deed)} (${status})${quoting(said)}`,
    hint: 'try another way of probing',
  }),
  interrupted: ({ during }) => ({
    text: during === 'lab-up' ? 'interrupted; the half-built lab was removed' : 'interrupted',
    hint: during === 'probe' ? 'a debug container that has started ends by itself' : undefined,
  }),
};

function prober({ kind, name }: Prober): string {
  return kind === 'pod' ? `pod ${name}` : `debug container ${name}`;
}

function broken(image: string, why: ProbeFailures['probe-broke']['why'], said: string, exitCode: number): string {
  if (why === 'no-shell') return `image ${image} has no shell`;
  if (why === 'no-tool') return `image ${image} has no tool that can connect${quoting(said)}`;
  return `it ended with exit code ${exitCode}${said === '' ? '' : ` (${said})`}`;
}
