// Failures between us and an API server. Read at night, so each says where, why, and what to look at next.
import type { ClusterAddress, ClusterFailures, Deed } from '../../../failure/cluster.ts';
import { quoting, type Said } from '../said.ts';

const VPN = 'is the VPN up?';

export const CLUSTER_FAILURES: { readonly [Code in keyof ClusterFailures]: (facts: ClusterFailures[Code]) => Said } = {
  'cluster-unreachable': (facts) => {
    const where = placed(facts);
    switch (facts.why) {
      case 'name':
        return { text: `the API server's host name does not resolve: ${where}`, hint: `${VPN} Does the cluster still exist?` };
      case 'refused':
        return { text: `connection refused by ${where}`, hint: 'is the cluster running?' };
      case 'no-route':
        return { text: `no route to ${where} (${facts.detail})`, hint: VPN };
      case 'cut-off':
        return { text: `the connection to ${where} keeps breaking off`, hint: 'the API server may be restarting; try again in a minute' };
      case 'other':
        return { text: `cannot reach ${where}${quoting(facts.detail)}`, hint: 'does `kubectl get ns` work?' };
    }
  },
  'cluster-slow': (facts) => ({ text: `no answer from ${placed(facts)} within ${facts.seconds} s`, hint: VPN }),
  'cluster-certificate': (facts) => {
    const where = placed(facts);
    if (facts.why === 'not-trusted') {
      return {
        text: `the kubeconfig does not trust the certificate of ${where}${quoting(facts.detail)}`,
        hint: 'if the cluster was recreated, fetch its kubeconfig again',
      };
    }
    return {
      text: `the certificate of ${where} ${facts.why === 'expired' ? 'has expired' : 'is not valid yet'}, going by this machine's clock`,
      hint: `this machine's clock says ${facts.now}; if that is right, the cluster's certificate has to be renewed`,
    };
  },
  'not-authenticated': ({ server, user, program, clockAheadSeconds }) => ({
    text: `${server} rejects the credentials of user \`${user}\` (401)`,
    hint:
      clockAheadSeconds === undefined
        ? `they are wrong or have expired; log in again${program === undefined ? '' : ` with ${program}`}, or fetch a new kubeconfig`
        : `this machine's clock is ${skew(clockAheadSeconds)} the server's, so valid credentials may look expired; set the clock, or log in again`,
  }),
  'cluster-overloaded': ({ said }) => ({ text: `the API server is overloaded (429)${quoting(said)}`, hint: 'try again in a minute' }),
  'cluster-error': ({ status, said }) => ({
    text: `the API server failed (${status})${quoting(said)}`,
    hint: 'it may be starting, or etcd may be down; try again in a minute, or look at kubectl get --raw /readyz?verbose',
  }),
  'not-an-api-server': ({ server, status, said }) => ({
    text: `${server} does not answer like a Kubernetes API server (${status})${quoting(said)}`,
    hint: 'is there a proxy or a login page in between? Check `server` in the kubeconfig',
  }),
  forbidden: ({ user, deed, said, probe }) => ({
    text: `${user === undefined ? 'you are' : `user \`${user}\` is`} not allowed to ${deedWords(deed)}${quoting(said || '403')}`,
    hint:
      probe === undefined
        ? '`netverdict rbac` prints the ClusterRole that is needed; an administrator can grant it'
        : `\`netverdict rbac --probe ${probe}\` prints the ClusterRole that is needed; Pod Security or an admission webhook may also refuse it`,
  }),
  'no-cluster': ({ files, contexts }) =>
    contexts.length === 0
      ? { text: 'no cluster is configured here', hint: looked(files) }
      : { text: 'the kubeconfig has no current context', hint: `its contexts are ${contexts.join(', ')}` },
  'no-such-context': ({ context, files, contexts }) => ({
    text: `the kubeconfig has no context \`${context}\``,
    hint: contexts.length === 0 ? looked(files) : `its contexts are ${contexts.join(', ')}`,
  }),
  'kubeconfig-unreadable': ({ file, reason }) => ({ text: `cannot read the kubeconfig ${file}: ${reason ?? 'it does not exist'}` }),
  'kubeconfig-invalid': (facts) => {
    if (facts.why === 'no-server') {
      return {
        text: `context \`${facts.context}\` refers to cluster \`${facts.cluster}\`, which has no server`,
        hint: 'correct the kubeconfig, or use another context',
      };
    }
    const what = facts.why === 'not-yaml' ? facts.detail : facts.why === 'not-a-list' ? `\`${facts.key}\` is not a list` : 'not a mapping';
    return {
      text: `${facts.file} is not a kubeconfig${quoting(what)}`,
      hint: `kubectl config view --kubeconfig ${facts.file} shows what kubectl reads in it`,
    };
  },
  'credentials-unreadable': ({ user, cluster, hasProxy, detail }) => ({
    text: `cannot use the credentials of user \`${user}\`${quoting(detail)}`,
    hint: `check user \`${user}\` and cluster \`${cluster}\` in the kubeconfig${hasProxy ? ', and its proxy-url' : ''}`,
  }),
  'as-group-without-as': () => ({ text: 'a group cannot be impersonated without a user', hint: 'name the user as well' }),
  'credential-program-failed': (facts) => {
    const program = facts.command === '' ? 'the credential program' : facts.command;
    const named = `user \`${facts.user}\` of the kubeconfig runs it for credentials; does \`kubectl get ns\` work?`;
    switch (facts.why) {
      case 'not-installed':
        return { text: `${program} is not installed, and this cluster's credentials come from it`, hint: facts.installHint ?? named };
      case 'not-started':
        return { text: `${program} could not be started${quoting(facts.detail)}`, hint: named };
      case 'too-slow':
        return { text: `${program} did not finish within ${facts.seconds} s`, hint: 'log in with it first, then try again' };
      case 'exit-code':
        return { text: `${program} failed with exit code ${facts.exitCode}`, hint: named };
      case 'no-credential':
        return { text: `${program} did not print an ExecCredential`, hint: named };
      case 'empty-credential':
        return { text: `${program} returned neither a token nor a certificate`, hint: named };
    }
  },
};

/** `{ verb: 'list', what: 'pods' }` → 'list pods'. */
export function deedWords(deed: Deed): string {
  switch (deed.verb) {
    case 'list-anything':
      return 'list any of the objects that netverdict reads';
    case 'exec':
      return `run a command in ${deed.what}`;
    case 'add-debug-container':
      return `add a debug container to ${deed.what}`;
    case 'create-pod':
      return `create a pod in namespace ${deed.what}`;
    default:
      return `${deed.verb} ${deed.what}`;
  }
}

function placed({ server, context }: ClusterAddress): string {
  return `${server} (context \`${context}\`)`;
}

function looked(files: readonly string[]): string {
  return files.length === 0 ? 'no kubeconfig was found' : `looked for a kubeconfig at ${files.join(', ')}`;
}

function skew(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const much =
    minutes < 120 ? `${minutes} min` : minutes < 2 * 24 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
  return `${much} ${seconds > 0 ? 'ahead of' : 'behind'}`;
}
