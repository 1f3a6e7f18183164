import { describe, expect, it } from 'vitest';
import type { Place } from '../answer/documents/common.ts';
import { commonFolder, printPlace, withShortPlaces } from './places.ts';

const place = (file: string): Place => ({ file, line: 7, column: 3 });

describe('a place in a text', () => {
  it.each([
    [place('k8s/cart.yaml'), 'nothing', 'k8s/cart.yaml:7'],
    [place('k8s/cart.yaml'), 'path', 'k8s/cart.yaml:7'],
    [
      { file: 'cluster:NetworkPolicy/shop/cart', line: 0, column: 0, path: 'spec.egress[0]' },
      'nothing',
      'NetworkPolicy/shop/cart spec.egress[0]',
    ],
    [{ file: 'cluster:NetworkPolicy/shop/cart', line: 0, column: 0, path: 'spec.egress[0]' }, 'object', 'spec.egress[0]'],
    [{ file: 'cluster:NetworkPolicy/shop/cart', line: 0, column: 0, path: 'spec.egress[0]' }, 'path', ''],
    [{ file: 'cluster:Pod/shop/cart', line: 0, column: 0 }, 'nothing', 'Pod/shop/cart'],
    [undefined, 'nothing', ''],
  ] as const)('%j beside words that say %s: %s', (at, beside, text) => {
    expect(printPlace(at, beside)).toBe(text);
  });
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
    const say = (print: (at: Place) => string) =>
      ['deploy/overlays/prod/cart.yaml', 'deploy/overlays/prod/deny.yaml'].map((file) => print(place(file)));
    expect(withShortPlaces(say)).toEqual({ text: ['cart.yaml:7', 'deny.yaml:7'], folder: 'deploy/overlays/prod/' });
  });

  it('stays where it is when it is short, and when nothing is shared', () => {
    expect(withShortPlaces((print) => print(place('k8s/cart.yaml')))).toEqual({ text: 'k8s/cart.yaml:7', folder: '' });
    expect(withShortPlaces((print) => print(undefined))).toEqual({ text: '', folder: '' });
  });
});
