// What the application misses before a question can be asked.
import type { AppFailures } from '../../../failure/app.ts';
import type { Said } from '../said.ts';

export const APP_FAILURES: { readonly [Code in keyof AppFailures]: (facts: AppFailures[Code]) => Said } = {
  'no-input': () => ({ text: 'there are no manifests in this folder' }),
  'watch-needs-cluster': () => ({ text: 'only a live cluster can be watched, and these are files' }),
  'intents-unreadable': ({ file, reason }) =>
    reason === undefined
      ? { text: `cannot read ${file}: there is no such file` }
      : {
          text: `cannot read ${file}: ${reason}`,
          hint: 'it contains `intents: [ { from: shop/frontend, to: shop/cart, port: 7070, expect: allowed } ]`',
        },
};
