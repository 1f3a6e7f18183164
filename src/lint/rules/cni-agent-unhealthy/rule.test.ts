import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { stream } from '../../../../tests/lint/shop.ts';
import { cniAgentUnhealthy } from './rule.ts';

const daemonSet = (name: string, ready: number) =>
  `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: ${name}, namespace: kube-system }\nspec: { template: { spec: { containers: [] } } }\nstatus: { desiredNumberScheduled: 3, numberReady: ${ready} }\n`;
const pod = (ready: string) => `apiVersion: v1
kind: Pod
metadata: { name: cilium-x, namespace: kube-system, ownerReferences: [{ apiVersion: apps/v1, kind: DaemonSet, name: cilium, uid: u, controller: true }] }
spec: { nodeName: node-7, containers: [] }
status: { phase: Running, conditions: [{ type: Ready, status: "${ready}" }] }
`;

describe('cni-agent-unhealthy', () => {
  it.each([
    ['an agent that is missing on a node', daemonSet('cilium', 2), ['1 error count']],
    ['one that is ready everywhere', daemonSet('cilium', 3), []],
    ['another DaemonSet', daemonSet('fluentd', 2), []],
    ['a pod of it that is not ready', stream(pod('False'), daemonSet('cilium', 3)), ['1 error nodes']],
    ['a pod of it that is', stream(pod('True'), daemonSet('cilium', 3)), []],
  ])('%s', (_, yaml, expected) => {
    expect(found(cniAgentUnhealthy, yaml)).toEqual(expected);
  });
});
