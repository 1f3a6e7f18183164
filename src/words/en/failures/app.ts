// What the application misses before a question can be asked.
import type { AppFailures } from '../../../failure/app.ts';
import type { Said } from '../said.ts';

export const APP_FAILURES: { readonly [Code in keyof AppFailures]: (facts: AppFailures[Code]) => Said } = {
  'no-input': () => ({ text: 'there are no manifests in this folder' }),
  'watch-needs-cluster': () => ({ text: 'only a live cluster can be watched, and these are files' }),
  'nothing-to-run': () => ({ text: 'the input has no pods, and no workloads that would create pods' }),
  'not-in-lab': ({ objects }) => ({
    text: `the lab has no ${objects.slice(0, 3).join(', no ')}`,
    hint: 'netverdict lab status lists what it has',
  }),
  'hold-needs-tcp': () => ({ text: 'only TCP connections can be held open', hint: 'UDP has no connections; probe again instead' }),
  'no-sctp': () => ({ text: 'a pod in the lab cannot open SCTP connections', hint: 'netverdict prove sends SCTP packets' }),
  'port-missing': ({ name }) => ({
    text: `\`${name}\` names no known port`,
    hint: 'append it: shop/cart:7070, or shop/cart:53/udp',
  }),
  'no-such-member': ({ name, why }) => ({
    text: why === 'no-pod' ? `\`${name}\` has no pod in the lab` : `\`${name}\` is not in the lab`,
    hint: 'name a pod or a workload (shop/cart), a node (node/NAME), or internet',
  }),
  'intents-unreadable': ({ file, reason }) =>
    reason === undefined
      ? { text: `cannot read ${file}: there is no such file` }
      : {
          text: `cannot read ${file}: ${reason}`,
          hint: 'it contains `intents: [ { from: shop/frontend, to: shop/cart, port: 7070, expect: allowed } ]`',
        },
};
