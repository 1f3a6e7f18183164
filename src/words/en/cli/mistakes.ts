// What a person can get wrong on the command line, said with the flag that helps. Code → the sentence of its facts.
import { counted, didYouMean, type Said } from '../said.ts';

/** What nearly is what was typed; empty when nothing is. */
type Near = readonly string[];

export const MISTAKES = {
  // Where objects come from.
  'bad-timeout': ({ text, most }: { readonly text: string; readonly most: number }): Said => ({
    text: `\`${text}\` is not a number of seconds from 1 to ${most}`,
    hint: 'for example 60',
  }),
  'values-without-chart': (): Said => ({ text: '--values needs --helm CHART' }),
  'file-and-cluster': (): Said => ({ text: 'both files and a cluster were named', hint: 'name only one of them' }),
  'no-input': (): Said => ({ text: 'there is nothing to read', hint: 'name manifests with -f PATH' }),
  'no-objects': (): Said => ({
    text: 'no Kubernetes object was found in the input',
    hint: 'name manifests with -f PATH, or pipe them into -f -: kubectl get … -o yaml',
  }),
  'nothing-to-keep': (): Said => ({ text: 'the input has nothing that a snapshot could hold' }),
  strict: ({ problems }: { readonly problems: number }): Said => ({
    text: `the input has ${counted(problems, 'problem')}, and --strict was given`,
  }),
  'stdin-twice': (): Said => ({ text: 'objects and questions cannot both come from standard input', hint: 'name a file for one of them' }),
  'questions-unreadable': ({ reason }: { readonly reason: string }): Said => ({ text: `cannot read the questions: ${reason}` }),

  // Names.
  'unknown-namespace': ({ name, near }: { readonly name: string; readonly near: Near }): Said => ({
    text: `namespace \`${name}\` is not in the input`,
    hint: didYouMean(near),
  }),
  'empty-namespace': ({ name }: { readonly name: string }): Said => ({
    text: `namespace \`${name}\` has no pods and no policies in the input`,
  }),
  'no-such-name': ({ name, near }: { readonly name: string; readonly near: Near }): Said => ({
    text: `there is no policy, pod or workload \`${name}\``,
    hint: didYouMean(near) ?? 'name it as namespace/name, or name its namespace with -n',
  }),
  'no-pod': ({ workload }: { readonly workload: string }): Said => ({
    text: `${workload} has neither a pod nor a pod template in the input, so no policy can select it`,
  }),
  'unknown-rule': ({ id, near }: { readonly id: string; readonly near: Near }): Said => ({
    text: `there is no rule \`${id}\``,
    hint: didYouMean(near) ?? 'netverdict lint --rules lists them',
  }),

  // map
  'bad-port': ({ text }: { readonly text: string }): Said => ({
    text: `\`${text}\` is not a port`,
    hint: 'for example 8080/tcp or 53/udp',
  }),
  'no-such-end': ({ name, near }: { readonly name: string; readonly near: Near }): Said => ({
    text: `there is no workload or pod \`${name}\``,
    hint: didYouMean(near),
  }),
  'map-too-large': ({ most, output }: { readonly most: number; readonly output: string }): Said => ({
    text: `the map has more than ${most.toLocaleString('en')} connections, too many for -o ${output}`,
    hint: 'narrow it with --focus or --port, or use -o json or -o csv, which are written row by row',
  }),

  // lint
  'fix-needs-files': ({ live }: { readonly live: boolean }): Said => ({
    text: live ? 'a live cluster cannot be fixed in place' : 'piped or rendered manifests cannot be fixed in place',
    hint: 'name files with -f',
  }),
  'baseline-invalid': ({ file }: { readonly file: string }): Said => ({
    text: `${file} is not a lint baseline`,
    hint: '--write-baseline FILE writes one',
  }),
  'baseline-unreadable': ({ file }: { readonly file: string }): Said => ({
    text: `cannot read ${file}`,
    hint: '--write-baseline FILE writes one',
  }),

  // diff
  'two-clusters': (): Said => ({
    text: 'the cluster is the old state here, and another old state was named',
    hint: 'leave out --git and -f, and name either a live cluster or a --cluster-file',
  }),
  'two-states-needed': ({ named }: { readonly named: number }): Said => ({
    text: named === 0 ? 'there is nothing to compare' : `diff compares two states, and ${named} ${named === 1 ? 'was' : 'were'} named`,
    hint: 'netverdict diff BASE HEAD, or netverdict diff --git main [PATH…]',
  }),
  'one-picture': (): Said => ({
    text: '-o svg prints one picture, so it does not go with --watch or with two CNIs',
    hint: 'use -o text or json, or name one CNI',
  }),
  'one-state-staged': (): Said => ({
    text: '--staged compares one state with the same state after enforcing its staged policies',
    hint: 'netverdict diff --staged k8s/, or netverdict diff --staged --cluster',
  }),
  'one-state-for-two-cnis': (): Said => ({
    text: '--cni A..B compares two CNIs on the same manifests, so it takes one state and no question about the order of a change',
    hint: 'netverdict diff --cni calico..cilium k8s/',
  }),
  'bad-hops': ({ text, most }: { readonly text: string; readonly most: number }): Said => ({
    text: `\`${text}\` is not a number of hops from 1 to ${most}`,
  }),
  'hops-without-from': (): Said => ({
    text: '--hops needs an end to start from',
    hint: 'netverdict map -f k8s/ --from web/frontend --hops 2',
  }),
  'hops-alone': (): Said => ({
    text: '--from shows what one end can reach, so it does not go with --focus, --direction, --pods, --exposure or --posture',
    hint: 'leave these out; --port and --cni go with it',
  }),
  'hops-format': ({ output }: { readonly output: string }): Said => ({
    text: `--from does not support -o ${output}`,
    hint: 'use text, json or md',
  }),
  'map-of-two-cnis': (): Said => ({
    text: 'map --cni A..B lists every row that differs, as text, json or md',
    hint: 'ask for one CNI at a time, or leave out the other options',
  }),
  'watch-one-cni': (): Said => ({ text: '--watch follows one CNI, not two', hint: 'leave out --watch, or name one CNI' }),

  'bad-format': ({ output }: { readonly output: string }): Said => ({
    text: `--posture cannot be printed as ${output}`,
    hint: 'use -o text, json, csv or md',
  }),
  'config-invalid': ({ file, error }: { readonly file: string; readonly error: string | undefined }): Said =>
    error === undefined
      ? { text: `${file}: \`marked\` must be a list of names`, hint: 'for example marked: [payments/db, ns/vault]' }
      : { text: `${file} is not valid YAML: ${error}` },

  // fix
  'no-such-fix': ({ number, to, count }: { readonly number: number; readonly to: string; readonly count: number }): Said => ({
    text: `there is no fix ${number} for ${to}`,
    hint: count === 0 ? 'none was found' : `there ${count === 1 ? 'is 1' : `are ${count}`}`,
  }),
  'which-port': ({ to, command }: { readonly to: string; readonly command: string }): Said => ({
    text: `several ports of ${to} need a fix`,
    hint: `name one: ${command}`,
  }),

  'not-writable': ({ reason, wanted }: { readonly reason: string; readonly wanted: 'patch' | 'files' }): Said => ({
    text: `${wanted === 'patch' ? 'this fix cannot be printed as a patch' : 'the fix was not written'}: ${reason}`,
  }),
  'not-verified': ({ differs }: { readonly differs: string | undefined }): Said => ({
    text: 'nothing was written, because the edited files do not mean what was verified',
    hint: `${differs === undefined ? 'the answer would be different' : `${differs} would differ`}; -o kubectl prints the commands`,
  }),
  'kernel-differs': ({ proof }: { readonly proof: string }): Said => ({
    text: `nothing was written, because the kernel did not do what was verified: ${proof}`,
    hint: 'netverdict prove shows where they differ',
  }),

  // test
  'live-and-files': (): Said => ({
    text: '--live tests a cluster, and -f names files',
    hint: 'leave out -f; --context chooses the cluster',
  }),
  'too-many-checks': ({ asked, most }: { readonly asked: number; readonly most: number }): Said => ({
    text: `the intents cover ${asked} connections, and at most ${most} can be tested at once`,
    hint: 'use narrower ends than */*, or split the file',
  }),
  'record-and-file': ({ file }: { readonly file: string }): Said => ({
    text: '--record prints intents and reads none',
    hint: `netverdict test --record > ${file}`,
  }),
  'too-many-pairs': ({ pairs, most }: { readonly pairs: number; readonly most: number }): Said => ({
    text: `${pairs} pairs are too many for one file, which holds at most ${most}`,
    hint: 'record one namespace at a time: --in NAMESPACE',
  }),

  // baseline
  'no-folder': (): Said => ({ text: 'a kustomize component needs a folder', hint: 'for example --out components/baseline' }),
  'no-address': ({ text }: { readonly text: string }): Said => ({
    text: `\`${text}\` is not an IP address`,
    hint: '`kubectl get endpoints kubernetes` prints the addresses',
  }),
  'no-namespace': (): Said => ({ text: 'the input has no workloads outside system namespaces', hint: 'name a namespace' }),
  'system-namespace': ({ name }: { readonly name: string }): Said => ({
    text: `\`${name}\` belongs to the cluster itself, and no manifest declares what its programs connect to`,
    hint: 'a guess could stop the cluster; name the namespaces of your applications',
  }),
  'no-label': ({ text }: { readonly text: string }): Said => ({
    text: `\`${text}\` is not a label key`,
    hint: 'for example app.kubernetes.io/name or team',
  }),
  'folder-unreadable': ({ folder, reason }: { readonly folder: string; readonly reason: string }): Said => ({
    text: `cannot read ${folder}: ${reason}`,
  }),
  'folder-not-empty': ({ folder }: { readonly folder: string }): Said => ({
    text: `${folder} is not empty`,
    hint: 'name a new folder, or empty it',
  }),

  // cluster
  'unknown-probe': ({ way, ways }: { readonly way: string; readonly ways: readonly string[] }): Said => ({
    text: `unknown way of probing \`${way}\``,
    hint: `known: ${ways.join(', ')}`,
  }),
  'bad-service-account': ({ text }: { readonly text: string }): Said => ({ text: `\`${text}\` is not of the form namespace:name` }),
  'needs-yes': (): Said => ({
    text: 'a probe creates something in the cluster, and there is no terminal to ask on',
    hint: '--yes goes ahead; --dry-run shows what would be created',
  }),
  'not-wanted': (): Said => ({ text: 'nothing was created', hint: '--exec creates nothing' }),

  'bad-status': ({ text }: { readonly text: string }): Said => ({
    text: `\`${text}\` is not an HTTP status`,
    hint: 'write three digits, for example --expect 200',
  }),

  // demo
  'examples-missing': ({ name }: { readonly name: string }): Said => ({
    text: `the example ${name} is missing from this installation`,
    hint: 'install netverdict again',
  }),

  // lab
  'command-not-found': ({ name }: { readonly name: string }): Said => ({
    text: `this machine has no program \`${name}\``,
    hint: "a pod in the lab runs this machine's programs, not those of its image; netverdict lab probe needs none",
  }),
} as const;
