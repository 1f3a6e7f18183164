import { describe, expect, it } from 'vitest';
import type { GroupedRow } from '../../src/answer/map-groups.ts';
import { mapFigure } from '../../src/report/map-figure.ts';
import { mapSvg } from '../../src/report/map-svg.ts';
import { expectOnlyOwnMarkup } from './svg-markup.ts';

const tcp = (ports: string): GroupedRow['allowed'] => [{ protocol: 'TCP', ports }];
const row = (from: string, to: string, ports = '80'): GroupedRow => ({ from, to, allowed: tcp(ports) });
const many = (count: number, each: (i: number) => GroupedRow): readonly GroupedRow[] => Array.from({ length: count }, (_, i) => each(i));

/** 20 shops that call their own database and all ask DNS. */
const SHOPS = [
  ...many(20, (i) => row(`shop-${i}/web[Deployment]`, 'kube-system/dns[Deployment]', '53')),
  ...many(20, (i) => row(`shop-${i}/web[Deployment]`, `shop-${i}/db[StatefulSet]`, '5432')),
  row('0.0.0.0-255.255.255.255', 'shop-0/web[Deployment]', '443'),
  row('lonely/job[Job]', 'kube-system/dns[Deployment]', '53'),
];

describe('a map as a figure', () => {
  it('folds hubs and the outside to badges with counts', () => {
    const { badges, nodes, edges, notes } = mapFigure(
      many(20, (i) => row(`a/web-${i}`, 'kube-system/dns', '53')).concat(row('a/web-1', 'a/web-2')),
    );
    expect(badges.map(({ text }) => text)).toEqual(['kube-system/dns: reached by all 20']);
    expect(nodes.map(({ name, text }) => [name, text])).toEqual([
      ['a/web-1', ''],
      ['a/web-2', 'on TCP 80'],
    ]);
    expect(edges).toEqual([{ from: 0, to: 1, text: 'a/web-1 → a/web-2: TCP 80' }]);
    expect(notes).toContain('18 more ends connect only to these hubs');
  });

  it('places senders to the left of receivers, also in a cycle', () => {
    const circle = [row('a/1', 'a/2'), row('a/2', 'a/3'), row('a/3', 'a/1'), row('a/0', 'a/1')];
    const { columns, nodes, edges } = mapFigure(circle);
    expect(columns.map((column) => column.map((node) => nodes[node]?.name))).toEqual([['a/0'], ['a/1'], ['a/2'], ['a/3']]);
    expect(edges).toHaveLength(4);
  });

  it('keeps a small application whole', () => {
    const { badges, nodes } = mapFigure([row('a/web', 'a/api'), row('a/api', 'a/db'), row('0.0.0.0-255.255.255.255', 'a/web')]);
    expect(badges).toEqual([]);
    expect(nodes.map(({ name }) => name)).toEqual(['a/api', 'a/db', 'a/web', 'outside the cluster']);
  });

  it('groups ends by namespace when there are too many, and counts connections inside', () => {
    const { by, nodes, edges, notes } = mapFigure([
      ...many(80, (i) => row(`a/web-${i}`, `a/api-${i}`)),
      ...many(3, (i) => row(`a/web-${i}`, `b/db-${i}`)),
    ]);
    expect(by).toBe('namespace');
    expect(nodes.map(({ name, text }) => [name, text])).toEqual([
      ['a', '80 connections inside'],
      ['b', ''],
    ]);
    expect(edges.map(({ text }) => text)).toEqual(['a → b: 3 connections']);
    expect(notes[0]).toBe('2 namespaces with 163 ends; a line means at least one allowed connection');
  });

  it('draws or counts each connection, never both', () => {
    const { badges, edges } = mapFigure(SHOPS);
    expect(edges).toHaveLength(20);
    expect(badges.map(({ text }) => text)).toEqual(['kube-system/dns: reached by 21 of 42', 'outside the cluster: reaches 1 of 42']);
  });

  it('counts undecided connections, and says when none is allowed', () => {
    expect(mapFigure(SHOPS, 2).notes).toContain('2 undecided connections not shown');
    expect(mapFigure([]).notes).toEqual(['no connection is allowed', 'connections between two ends that are not shown are not allowed']);
  });
});

describe('the picture of a map', () => {
  it('has a line for each pair, and says each in words for screen readers', () => {
    const svg = mapSvg([row('a/web', 'a/api'), row('a/api', 'a/db', '5432')], 0);
    expect(svg.match(/class="s-pass"/g)).toHaveLength(2);
    expect(svg).toContain('<title>a/api → a/db: TCP 5432</title>');
    expect(svg).toMatch(/aria-label="[^"]*a\/web → a\/api: TCP 80/);
  });

  it('is a picture whatever ends are called, however long', () => {
    const svg = mapSvg([row('a/"><script>x</script>', `b/${'long-'.repeat(60)}\u0007`)], 0);
    expect(svg).toContain('&lt;script&gt;');
    expectOnlyOwnMarkup(svg);
  });
});
