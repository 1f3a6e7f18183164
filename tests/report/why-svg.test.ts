import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExplanationDocument } from '../../src/answer/documents/explanation.ts';
import { openWorld } from '../../src/index.ts';
import { whyFigures } from '../../src/report/figure.ts';
import { textWidth, wrapText } from '../../src/report/svg-text.ts';
import { whySvg } from '../../src/report/why-svg.ts';
import { root } from '../cli-process.ts';
import { expectOnlyOwnMarkup } from './svg-markup.ts';

function explained(texts: Readonly<Record<string, string>>, from: string, to: string, profile = 'kubernetes'): ExplanationDocument {
  const world = openWorld(
    Object.entries(texts).map(([file, text]) => ({ file, text })),
    { profile },
  );
  if ('kind' in world) throw new Error('no world');
  const answer = world.ask('why', { from, to });
  if (answer.kind !== 'Explanation') throw new Error(JSON.stringify(answer));
  return answer;
}

const outage = (policies: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['shop.yaml', policies].map((file) => [`examples/outage/${file}`, readFileSync(join(root, 'examples/outage', file), 'utf8')]),
  );

describe('the picture of a path', () => {
  it('shows who isolates each end of a denied connection, the nearest rule, what differs, and where', () => {
    const [figure] = whyFigures(explained(outage('policies-friday.yaml'), 'web/frontend', 'payments/svc/api-server:80'));
    expect(figure).toMatchObject({ tone: 'stop', outcome: '✗ denied', title: 'web/frontend → payments/svc/api-server:80 (TCP)' });
    const [path] = figure?.paths ?? [];
    expect(path).toMatchObject({
      port: '8080/TCP',
      gate: { tone: 'stop', stopsAt: 'source' },
      from: { heading: 'Namespace', place: 'web', name: 'frontend' },
      to: { place: 'payments', name: 'api-server' },
    });
    expect(path?.from.items.map(({ tone, title, at }) => [tone, title, at])).toEqual([
      ['stop', 'frontend-egress', 'policies-friday.yaml:58'],
      ['near', 'nearest: frontend-egress egress[0].to[0]', 'policies-friday.yaml:68'],
    ]);
    expect(path?.to.items.at(-1)?.checks).toContainEqual({
      tone: 'stop',
      text: 'podSelector app=frontend',
      differs: 'pod has app=front-end',
    });
    expect(figure?.below.map(({ label, head }) => [label, head])).toContainEqual(['Cause', 'service-port-instead-of-target-port']);
  });

  it('shows the rules that allow a connection', () => {
    const document = explained(outage('policies-mended.yaml'), 'web/frontend', 'payments/svc/api-server:80');
    const [path] = whyFigures(document)[0]?.paths ?? [];
    expect(path?.gate).toMatchObject({ tone: 'pass', stopsAt: 'nowhere' });
    expect(path?.to.items).toEqual([
      { tone: 'pass', title: 'api-server-rules ingress[0]', text: 'allows it', checks: [], at: 'policies-mended.yaml:36' },
    ]);
    expect(whySvg(document)).toContain('✓ allowed: web/frontend → payments/svc/api-server:80 (TCP)');
  });

  it.each([
    ['calico', 'dropped at the source'],
    ['k3s', 'rejected at the source'],
    ['kubernetes', 'denied at the source'],
  ])('says what %s does with a denied packet: %s', (profile, text) => {
    const document = explained(outage('policies-friday.yaml'), 'web/frontend', 'payments/svc/api-server:80', profile);
    expect(whyFigures(document)[0]?.paths[0]?.gate).toMatchObject({ text, stopsAt: 'source' });
  });

  it('stops at a path that is broken or open although every policy allows it', () => {
    const document = explained(outage('policies-mended.yaml'), 'web/frontend', 'payments/svc/api-server:80');
    const [connection] = document.connections;
    if (connection === undefined) throw new Error('nothing to draw');
    const gate = (severity: 'broken' | 'open' | 'warning') => {
      const obstacles = [{ code: 'no-ready-pod', severity, facts: {}, text: 'no pod is ready' }];
      return whyFigures({ ...document, connections: [{ ...connection, obstacles }] })[0]?.paths[0]?.gate;
    };
    expect(gate('broken')).toEqual({ tone: 'stop', text: 'the path is broken', stopsAt: 'between' });
    expect(gate('open')).toEqual({ tone: 'open', text: 'undecided', stopsAt: 'between' });
    expect(gate('warning')).toMatchObject({ tone: 'pass' });
  });

  it('says what the headline of the text says, the symptom, and lists that could not be read', () => {
    const document = explained(outage('policies-friday.yaml'), 'payments/api-server', 'payments/svc/postgres-primary:5432');
    const [connection] = document.connections;
    if (connection?.dns === undefined) throw new Error('nothing to draw');
    const [figure] = whyFigures({
      ...document,
      limits: [{ kind: 'Pod', group: '', reason: 'forbidden', readIn: [], text: 'pods cannot be listed' }],
      connections: [
        {
          ...connection,
          outcome: 'allowed',
          dns: { ...connection.dns, outcome: 'denied', stops: false },
          symptom: { symptom: 'timeout', fits: 'yes', text: 'the drop is silent', look: [] },
        },
      ],
    });
    expect(figure?.but).toBe('but not by name: DNS is denied');
    expect(figure?.below.map(({ label, text }) => `${label}: ${text}`)).toEqual(
      expect.arrayContaining(['Symptom: timeout fits: the drop is silent', 'Limit: pods cannot be listed']),
    );
  });

  it('draws a path that ends before any pod, with what is broken', () => {
    const texts = { 'a.yaml': `${pod('shop', 'web')}---\n${service('shop', 'api')}` };
    const document = explained(texts, 'shop/web', 'shop/svc/api:80');
    expect(document.outcome).toBe('broken');
    const [path] = whyFigures(document)[0]?.paths ?? [];
    expect(path?.gate).toMatchObject({ tone: 'stop', stopsAt: 'between' });
    expect(path?.between.some(({ tone }) => tone === 'stop')).toBe(true);
    expectOnlyOwnMarkup(whySvg(document));
  });

  it('draws groups of pods that differ, and says how many are not shown', () => {
    const group = explained(outage('policies-friday.yaml'), 'web/frontend', 'payments/svc/api-server:80');
    const [connection] = group.connections;
    const pods = connection?.pods[0];
    if (connection === undefined || pods === undefined) throw new Error('nothing to draw');
    const many = { ...connection, pods: Array.from({ length: 7 }, () => pods), groups: [[0, 1], [2], [3], [4], [5], [6]] };
    const [figure] = whyFigures({ ...group, connections: [many] });
    expect(figure?.paths.map(({ from }) => from.count)).toEqual(['', '', '', '']);
    expect(figure?.below.map(({ text }) => text)).toContain('2 more groups of pods are not shown here; -o text lists them all');
  });

  it('is a picture whatever objects are called', () => {
    const hostile = '"><script>alert(1)</script>&\u0007';
    const document = explained(outage('policies-friday.yaml'), 'web/frontend', 'payments/svc/api-server:80');
    const renamed = JSON.parse(
      JSON.stringify(document).replaceAll('frontend-egress', JSON.stringify(hostile).slice(1, -1)),
    ) as ExplanationDocument;
    const svg = whySvg(renamed);
    expect(svg).toContain('&lt;script&gt;');
    expectOnlyOwnMarkup(svg);
  });

  it('is as high as what it shows', () => {
    const heightOf = (to: string, policies: string) =>
      Number(/height="(\d+)/.exec(whySvg(explained(outage(policies), 'web/frontend', to)))?.[1]);
    const allowed = heightOf('payments/svc/api-server:80', 'policies-mended.yaml');
    expect(allowed).toBeGreaterThan(150);
    expect(heightOf('payments/svc/api-server:80', 'policies-friday.yaml')).toBeGreaterThan(allowed + 100);
  });
});

describe('text in a picture', () => {
  const style = { size: 13, name: 'text' };

  it('is broken so that every line fits, and nothing is lost', () => {
    const text = `the rule allows ${'kubernetes.io/metadata.name=payments-'.repeat(12)} and 端口 8080`;
    const lines = wrapText(text, 200, style);
    for (const line of lines) expect(textWidth(line, style)).toBeLessThanOrEqual(200);
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
  });

  it('has no lines if it is empty', () => {
    expect(wrapText('', 200, style)).toEqual([]);
  });
});

const pod = (namespace: string, name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { namespace: ${namespace}, name: ${name}, labels: { app: ${name} } }\nspec: { containers: [] }\n`;
const service = (namespace: string, name: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { namespace: ${namespace}, name: ${name} }\nspec: { selector: { app: ${name} }, ports: [{ port: 80 }] }\n`;
