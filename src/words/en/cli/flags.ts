// Which flag of the command line helps after a failure. Edges know no flags, so their sentences (failures.ts) name none.
import type { Failure, FailureCode, FailureFacts } from '../../../failure.ts';

const FLAGS: { readonly [Code in FailureCode]?: (facts: FailureFacts[Code]) => string | undefined } = {
  'no-input': () => '-f PATH names them; --cluster reads a live cluster',
  'watch-needs-cluster': () => '--cluster or --context NAME reads the cluster; leave out -f',
  'intents-unreadable': ({ file, reason }) =>
    reason === undefined ? `netverdict test --record > ${file} records what is allowed now` : undefined,
  'stdin-is-a-terminal': () => '-f - reads standard input; -f PATH reads files',
  'file-exists': () => '-o patch prints the edit as a patch',
  'render-failed': (facts) => (facts.why === 'not-installed' ? '-f - reads manifests from standard input' : undefined),
  'stdin-has-no-history': () => 'name them with -f PATH',
  'cluster-unreachable': otherContext,
  'cluster-slow': (facts) => ['--request-timeout SECONDS waits longer', otherContext(facts)].filter(Boolean).join('; '),
  forbidden: ({ probe }) =>
    probe === undefined
      ? undefined
      : {
          debug: '--exec or --throwaway probes another way',
          exec: '--throwaway probes with a pod of its own',
          throwaway: '--exec probes without a new pod',
        }[probe],
  'no-cluster': ({ contexts }) =>
    contexts.length === 0
      ? '--kubeconfig FILE names one; -f PATH reads manifests instead'
      : `choose one: --context ${contexts.join(' | ')}`,
  'no-such-context': ({ contexts }) => (contexts.length === 0 ? '--kubeconfig FILE names one' : undefined),
  'kubeconfig-unreadable': () => '--kubeconfig FILE names the right one',
  'kubeconfig-invalid': (facts) => (facts.why === 'no-server' ? '--context NAME chooses another context' : undefined),
  'as-group-without-as': () => '--as USER --as-group GROUP',
  'pod-not-running': () => '--throwaway probes from a new pod with the same labels',
  'probe-exec-failed': withoutExec,
  'probe-no-tool': withoutExec,
  'probe-broke': () => '--image NAME uses another image',
  'probe-not-started': () => '--image NAME uses another image; --exec needs none',
  'probe-refused': () => '--exec uses a tool of the image, --throwaway a pod of its own',
  'too-many-pods': () => 'netverdict prove --tier flat',
  'nothing-to-prove': (facts) => (facts.why === 'no-pods' ? '-f PATH names manifests' : '--cni NAME chooses a profile'),
  'tier-cannot': () => '--tier flat',
  'bad-lab-name': () => 'for example --name shop',
  'lab-already-up': ({ name }) =>
    `netverdict lab down${name === 'default' ? '' : ` --name ${name}`} takes it down; netverdict lab up --name OTHER starts another`,
  'lab-not-up': ({ others }) => (others.length > 0 ? 'choose one with --name' : 'netverdict lab up -f PATH'),
};

function otherContext({ otherContexts }: { readonly otherContexts: readonly string[] }): string | undefined {
  return otherContexts.length === 0 ? undefined : `for another cluster: --context ${otherContexts.slice(0, 6).join(' | ')}`;
}

function withoutExec(): string {
  return 'without --exec a debug container is added to the pod';
}

/** `flagHint(failure)` → '--image NAME uses another image'; undefined when no flag helps. */
export function flagHint(failure: Failure): string | undefined {
  if (failure.facts === undefined) return undefined;
  const say = FLAGS[failure.code as FailureCode] as ((facts: FailureFacts[FailureCode]) => string | undefined) | undefined;
  return say?.(failure.facts);
}
