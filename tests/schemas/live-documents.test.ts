// The documents of commands that ask a cluster, held to their schemas: `cni` on every fixture, `probe` in every combination of outcomes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cniDocument } from '../../src/answer/cni.ts';
import { probeDocument } from '../../src/answer/probe.ts';
import { detectProfile } from '../../src/cni/detect.ts';
import { cniReport } from '../../src/cni/report.ts';
import { clusterOf } from '../../src/manifest/load.ts';
import { objectsOf } from '../../src/manifest/objects.ts';
import { parseText } from '../../src/manifest/parse.ts';
import { type Control, conclude, type ModelOutcome } from '../../src/probe/conclude.ts';
import type { ProbeResult } from '../../src/probe/script.ts';
import { root } from '../cli-process.ts';
import { checkerOf } from './documents.ts';

const asRead = (document: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(document)) as Record<string, unknown>;

describe('cni -o json', () => {
  const check = checkerOf('cni-report');
  const folder = join(root, 'tests/fixtures/cni');
  const more = `
apiVersion: v1
kind: Pod
metadata: { name: agent, namespace: kube-system, labels: { a: b }, ownerReferences: [ { apiVersion: apps/v1, kind: DaemonSet, name: aws-node, controller: true } ] }
spec: { nodeName: node-1, hostNetwork: true, containers: [ { name: a, image: a } ] }
status: { phase: Running, conditions: [ { type: Ready, status: "False" } ] }
---
apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: kube-system, labels: { a: b } }
spec: { containers: [ { name: a, image: a } ] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: many, namespace: kube-system }
spec: { podSelector: {}, ingress: [ { from: [ { podSelector: {} } ], ports: [ ${Array.from({ length: 30 }, (_, i) => `{ port: ${i + 1}, endPort: 100, protocol: SCTP }`).join(', ')} ] } ] }
---
apiVersion: v1
kind: Node
metadata: { name: node-9 }
status: { conditions: [ { type: NetworkUnavailable, status: "True", reason: Down } ] }
`;
  const documentOf = (...texts: readonly string[]) => {
    const { objects, problems } = objectsOf(texts.flatMap((text) => parseText('x.yaml', text).documents));
    return asRead(cniDocument(cniReport(clusterOf(objects, problems, 'default'), detectProfile(objects))));
  };

  it.each(readdirSync(folder))('%s', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(check(documentOf(text))).toEqual([]);
    const full = documentOf(text, more);
    expect(check(full)).toEqual([]);
    expect((full.nodes as unknown[]).length).toBe(2);
  });

  it('has been seen with every list filled', () => {
    const aws = documentOf(readFileSync(join(folder, 'aws-vpc-cni-strict.yaml'), 'utf8'), more);
    const weave = documentOf(readFileSync(join(folder, 'weave.yaml'), 'utf8'), more);
    for (const list of ['nodes', 'conditions', 'hostNetwork', 'tooManyPorts', 'plugins', 'candidates'])
      expect(aws[list], list).not.toEqual([]);
    expect(weave.missing).not.toEqual([]);
  });

  it('does not fit with an answer that there is not', () => {
    expect(check({ ...documentOf(more), enforces: 'perhaps' })).not.toEqual([]);
    expect(check({ ...documentOf(more), more: 1 })).not.toEqual([]);
  });
});

describe('probe -o json', () => {
  const check = checkerOf('probe-result');
  const results: readonly ProbeResult[] = [
    'answered',
    'refused',
    'reset',
    'timed-out',
    'no-answer',
    'name-not-resolved',
    'unreachable',
    'unclear',
  ];
  const models: readonly ModelOutcome[] = ['allowed', 'denied', 'partial', 'broken', 'undecided'];
  const controls: readonly (Control | undefined)[] = [
    undefined,
    { by: 'itself', result: 'refused', text: 'x' },
    { by: 'kubelet', result: 'answered', text: 'x' },
  ];
  const documentOf = (result: ProbeResult, outcome: ModelOutcome, control: Control | undefined, left: string | undefined) =>
    asRead(
      probeDocument({
        from: 'shop/frontend',
        to: 'shop/svc/cart:80',
        target: { host: 'cart.shop.svc', port: 80, protocol: 'TCP' },
        outcome: { result, text: 'x', left },
        control,
        noControl: control === undefined ? 'no pod' : undefined,
        model: { outcome, codes: [] },
        cni: 'calico',
        conclusion: conclude({ result, control, model: outcome, denySymptom: 'timeout' }),
      }),
    );

  it('every outcome against every verdict', () => {
    let count = 0;
    for (const result of results) {
      for (const model of models) {
        for (const control of controls) {
          expect(check(documentOf(result, model, control, count % 2 === 0 ? 'a container' : undefined))).toEqual([]);
          count++;
        }
      }
    }
    expect(count).toBe(results.length * models.length * controls.length);
  });

  it('does not fit with a result that there is not, or without a control', () => {
    const document = documentOf('answered', 'allowed', undefined, undefined);
    expect(check({ ...document, result: 'maybe' })).not.toEqual([]);
    expect(check({ ...document, control: {} })).not.toEqual([]);
  });
});
