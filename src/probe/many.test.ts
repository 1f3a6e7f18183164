// Many questions over a cluster that is a few functions: what is asked of whom, how often, how many at a time, and what it means.
import { describe, expect, it } from 'vitest';
import { Failure } from '../failure.ts';
import { loadCluster } from '../manifest/load.ts';
import { chooseProfile, type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import { why } from '../question/why.ts';
import type { ProbeApi } from './connect.ts';
import { holds, type ManyOptions, type Probed, probeMany } from './many.ts';
import { type ProbePlan, planProbe } from './plan.ts';

const semantics = semanticsOf(chooseProfile('calico') as ProfileChoice);

const pod = (name: string, ip: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { nodeName: node-1, containers: [ { name: main, image: a } ] }
status: { phase: Running, podIP: ${ip}, conditions: [ { type: Ready, status: "True" } ] }
---`;
const cluster = loadCluster([
  {
    file: 'shop.yaml',
    text: `${pod('frontend', '10.0.0.1')}${pod('cart', '10.0.0.2')}${pod('checkout', '10.0.0.3')}${pod('batch', '10.0.0.4')}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: checkout-closed, namespace: shop }
spec: { podSelector: { matchLabels: { app: checkout } }, policyTypes: [Ingress] }
`,
  },
]);

function plan(from: string, to: string): ProbePlan {
  const answer = why(cluster, semantics, { from, to, namespace: 'shop' });
  if (answer.kind === 'error') throw new Error(JSON.stringify(answer.errors));
  return planProbe(cluster, answer);
}

/** What a script that was given these arguments would print: `listening` says who answers whom. */
function script(source: string, command: readonly string[], listening: (source: string, host: string, port: number) => boolean) {
  const targets = command.slice(5);
  const codes = Array.from({ length: targets.length / 4 }, (_, i) =>
    listening(source, targets[4 * i] ?? '', Number(targets[4 * i + 1])) ? 20 : 23,
  );
  if (codes.length === 1) return { code: codes[0], text: codes[0] === 20 ? 'connected (bash)' : 'no answer (bash)' };
  return { code: 30, text: codes.map((code, i) => `${i} ${code} ${code === 20 ? 'connected' : 'no answer'} (bash)`).join('\n') };
}

interface Seen {
  /** Pods in which something was run, in order. */
  readonly ran: string[];
  most: number;
}

function clusterWhere(
  listening: (source: string, host: string, port: number) => boolean,
  exec?: (name: string) => Promise<void>,
): { api: ProbeApi; seen: Seen } {
  const seen: Seen = { ran: [], most: 0 };
  let now = 0;
  const api: ProbeApi = {
    get: async () => ({ status: 200, body: { status: { phase: 'Running' } } }),
    send: async () => ({ status: 500, body: {} }),
    exec: async ({ name }, command) => {
      seen.ran.push(name);
      seen.most = Math.max(seen.most, ++now);
      try {
        await exec?.(name);
        // Others get their turn, so that what may happen at the same time does.
        await new Promise((later) => setTimeout(later, 5));
        return script(name, command, listening);
      } finally {
        now--;
      }
    },
  };
  return { api, seen };
}

const options = (more: Partial<ManyOptions> = {}): ManyOptions => ({
  way: 'exec',
  image: 'example.test/tools',
  timeoutSeconds: 1,
  denySymptom: 'timeout',
  signal: new AbortController().signal,
  ...more,
});
const results = (probed: readonly Probed[]) => probed.map((each) => ('failure' in each ? each.failure.code : each.outcome.result));

/** Policies as the cluster would enforce them: nobody but itself reaches checkout. */
const enforced = (source: string, host: string) => host !== '10.0.0.3' || source === 'checkout';

describe('many probes at once', () => {
  it('come back in the order of their plans, and mean what one alone would mean', async () => {
    const { api } = clusterWhere(enforced);
    const probed = await probeMany(api, [plan('frontend', 'cart:7070'), plan('frontend', 'checkout:5050')], options());
    expect(probed).toMatchObject([
      { outcome: { result: 'answered' }, control: undefined, conclusion: { agreement: 'agrees', meaning: 'allowed-and-answered' } },
      {
        outcome: { result: 'timed-out' },
        control: { by: 'itself', result: 'answered' },
        conclusion: { agreement: 'agrees', meaning: 'denied-as-said' },
      },
    ]);
    expect(probed.map((each, i) => holds(i === 0 ? 'allowed' : 'denied', each))).toEqual(['yes', 'yes']);
    // The other way round both are wrong.
    expect(probed.map((each, i) => holds(i === 0 ? 'denied' : 'allowed', each))).toEqual(['no', 'no']);
  });

  it('are one container per pod, whatever it dials, and one control however many ask for it', async () => {
    const { api, seen } = clusterWhere(enforced);
    const to = ['cart:7070', 'cart:7071', 'checkout:5050'];
    const plans = ['frontend', 'cart', 'batch'].flatMap((from) => to.map((each) => plan(from, each)));
    // cart → cart:7070 is a question as well: it is dialled like any other.
    const probed = await probeMany(api, plans, options());
    expect(results(probed)).toEqual(['frontend', 'cart', 'batch'].flatMap(() => ['answered', 'answered', 'timed-out']));
    expect([...seen.ran].sort()).toEqual(['batch', 'cart', 'checkout', 'frontend']);
  });

  it('stay within their bound', async () => {
    const plans = ['frontend', 'cart', 'batch'].map((from) => plan(from, 'checkout:5050'));
    const two = clusterWhere(() => true);
    await probeMany(two.api, plans, options({ atOnce: 2 }));
    expect(two.seen.most).toBe(2);
    const many = clusterWhere(() => true);
    await probeMany(many.api, plans, options({ atOnce: 8 }));
    expect(many.seen.most).toBe(3);
  });

  it('tell how far they are, controls included', async () => {
    const { api } = clusterWhere(enforced);
    const told: string[] = [];
    await probeMany(
      api,
      [plan('frontend', 'checkout:5050'), plan('batch', 'cart:7070')],
      options({ atOnce: 1, onProgress: ({ done, total }) => told.push(`${done}/${total}`) }),
    );
    expect(told).toEqual(['0/2', '1/2', '2/2', '2/3', '3/3']);
  });

  it('are not proven without a control, and say why there is none', async () => {
    const { api } = clusterWhere(enforced);
    const [denied] = await probeMany(api, [plan('frontend', 'checkout:5050')], options({ controls: false }));
    expect(denied).toMatchObject({ control: undefined, noControl: { why: 'not-wanted' } });
    expect(denied && holds('denied', denied)).toBe('not-proven');
    expect(denied && holds('allowed', denied)).toBe('no');
  });

  it('are not proven when the destination does not answer itself either', async () => {
    const { api } = clusterWhere(() => false);
    const [silent] = await probeMany(api, [plan('frontend', 'checkout:5050')], options());
    expect(silent).toMatchObject({ control: { result: 'timed-out' }, conclusion: { meaning: 'nobody-answers' } });
    expect(silent && holds('denied', silent)).toBe('not-proven');
  });

  it('go on when one pod cannot be asked, and stop when the cluster cannot', async () => {
    const gone = async (name: string) => {
      if (name === 'batch') throw new Failure('pod-gone', { pod: 'shop/batch' });
    };
    const plans = [plan('frontend', 'cart:7070'), plan('batch', 'cart:7070')];
    const probed = await probeMany(clusterWhere(() => true, gone).api, plans, options());
    expect(results(probed)).toEqual(['answered', 'pod-gone']);
    expect(probed.map((each) => holds('allowed', each))).toEqual(['yes', 'not-proven']);

    const away = async () => {
      throw new Failure('cluster-unreachable', {
        server: 'https://10.0.0.1:6443',
        context: 'prod',
        otherContexts: [],
        why: 'refused',
        detail: '',
      });
    };
    await expect(probeMany(clusterWhere(() => true, away).api, plans, options())).rejects.toMatchObject({ code: 'cluster-unreachable' });
  });

  it('end when they are interrupted, and begin nothing more', async () => {
    const abort = new AbortController();
    const { api, seen } = clusterWhere(
      () => true,
      async () => abort.abort(),
    );
    const plans = ['frontend', 'cart', 'batch'].map((from) => plan(from, 'checkout:5050'));
    await expect(probeMany(api, plans, options({ atOnce: 1, signal: abort.signal }))).rejects.toMatchObject({ code: 'interrupted' });
    expect(seen.ran).toEqual(['frontend']);
  });

  it('are nothing for no questions', async () => {
    expect(await probeMany(clusterWhere(() => true).api, [], options())).toEqual([]);
  });
});
