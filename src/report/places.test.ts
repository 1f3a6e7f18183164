import { describe, expect, it } from 'vitest';
import type { Origin } from '../model/origin.ts';
import { commonFolder, withShortPlaces } from './places.ts';

const origin = (file: string): Origin => ({
  document: { file, text: undefined, start: 0, end: 0, line: 1, format: 'yaml' },
  path: [],
});

describe('the folder that places share', () => {
  it.each([
    [['deploy/prod/shop/cart.yaml', 'deploy/prod/shop/policies/deny.yaml'], 'deploy/prod/shop/'],
    [['deploy/prod/cart.yaml'], 'deploy/prod/'],
    [['deploy/prod-a/cart.yaml', 'deploy/prod-b/cart.yaml'], 'deploy/'],
    [['/srv/shop/cart.yaml', '/srv/shop/deny.yaml'], '/srv/shop/'],
    [['cart.yaml', 'deploy/prod/deny.yaml'], ''],
    [['<stdin>'], ''],
    [['cluster:NetworkPolicy/shop/deny'], ''],
    [[], ''],
  ])('%j → %j', (files, folder) => {
    expect(commonFolder(files)).toBe(folder);
  });

  it('is left out of every place and given back once', () => {
    const say = (print: (at: Origin) => string) =>
      ['deploy/overlays/prod/cart.yaml', 'deploy/overlays/prod/deny.yaml'].map((file) => print(origin(file)));
    expect(withShortPlaces(say)).toEqual({ text: ['cart.yaml', 'deny.yaml'], folder: 'deploy/overlays/prod/' });
  });

  it('stays where it is when it is short, and when nothing is shared', () => {
    expect(withShortPlaces((print) => print(origin('k8s/cart.yaml')))).toEqual({ text: 'k8s/cart.yaml', folder: '' });
    expect(withShortPlaces((print) => print(undefined))).toEqual({ text: '', folder: '' });
  });
});
