// `test --kernel`: intents held against packets. That packets are what is looked at is shown by rules that are not those of the model.
import { expect, it } from 'vitest';
import { onKernel } from '../../src/app/intents-kernel.ts';
import { nodePorts } from '../../src/app/node-ports.ts';
import type { IntentsRun } from '../../src/question/intents.ts';
import { CART_POLICY, clusterWith, intentsOf, runOf, SHOP } from '../intents/shop.ts';
import { semanticsNamed } from '../shop-manifests.ts';
import { describeWithKernel } from './needs.ts';

const closed = clusterWith(SHOP, CART_POLICY);
const open = clusterWith(SHOP);
const file = intentsOf(
  '{ name: front, from: shop/frontend, to: shop/svc/cart:80, expect: allowed }',
  '{ name: admin, from: shop/admin, to: shop/cart, port: 7070, expect: denied }',
  '{ name: world, from: internet, to: shop/cart, port: 7070, expect: denied }',
  '{ name: out, from: shop/admin, to: 203.0.113.9, port: 443/udp, expect: allowed }',
  '{ name: nobody, from: shop/nobody-*, to: shop/cart, port: 7070, expect: denied }',
);
const codes = ({ results }: IntentsRun) => results.map(({ intent, checks }) => [intent.name, ...checks.map(({ code }) => code)].join(' '));

describeWithKernel('intents on a kernel', () => {
  it('hold where the kernel does what they expect', async () => {
    const { run, kernel } = await onKernel(nodePorts.kernel, runOf(closed, file), { cluster: closed, semantics: semanticsNamed('calico') });
    expect(codes(run)).toEqual([
      'front as-expected',
      'admin as-expected',
      'world as-expected',
      'out as-expected',
      'nobody matches-nothing',
    ]);
    expect(run.results[1]?.checks[0]?.measured).toMatchObject({
      outcome: 'denied',
      control: 'answers',
      text: '0 of 1 packets came through the kernel',
    });
    expect(kernel).toMatch(/^\d+\.\d+/);
  });

  it('that the model leaves open are settled by the packet', async () => {
    const byBlock = clusterWith(SHOP, CART_POLICY.replace('from: [ {', 'from: [ { ipBlock: { cidr: 192.0.2.0/24 } }, {'));
    const asked = intentsOf('{ name: admin, from: shop/admin, to: shop/cart, port: 7070, expect: denied }');
    const semantics = semanticsNamed('kubernetes');
    const model = runOf(byBlock, asked, 'kubernetes');
    expect(codes(model)).toEqual(['admin undecided']);
    expect(codes((await onKernel(nodePorts.kernel, model, { cluster: byBlock, semantics })).run)).toEqual(['admin as-expected']);
  });

  it('fail where the kernel has other rules than the model was asked about', async () => {
    const { run } = await onKernel(nodePorts.kernel, runOf(closed, file), { cluster: open, semantics: semanticsNamed('calico') });
    expect(codes(run)).toEqual([
      'front as-expected',
      'admin kernel-differs',
      'world kernel-differs',
      'out as-expected',
      'nobody matches-nothing',
    ]);
  });
});
