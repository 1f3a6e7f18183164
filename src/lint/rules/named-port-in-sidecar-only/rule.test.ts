import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { namedPortInSidecarOnly } from './rule.ts';

const ingress = policy('in', 'podSelector: {}\ningress: [{ ports: [{ port: metrics }] }]');
const pod = (main: string, init: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: cart, namespace: shop }\nspec: { containers: [{ name: main, ports: [${main}] }], initContainers: [{ name: side, ports: [${init}] }] }\n`;
const port = '{ name: metrics, containerPort: 9090 }';

describe('named-port-in-sidecar-only', () => {
  it.each([
    ['only the init container', pod('', port), ['6 warning init']],
    ['both', pod(port, port), []],
    ['only the main container', pod(port, ''), []],
    ['nobody', pod('', ''), []],
  ])('%s has it', (_, yaml, expected) => {
    expect(found(namedPortInSidecarOnly, stream(ingress, yaml))).toEqual(expected);
  });
});
