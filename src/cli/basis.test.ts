import { describe, expect, it } from 'vitest';
import { basisOfCluster, basisOfFiles, basisOfStates } from './basis.ts';

describe('what an answer is based on', () => {
  it.each([
    [['k8s/'], ['k8s/a.yaml', 'k8s/b.yaml'], 0, '2 files under k8s/'],
    [['k8s/'], ['k8s/a.yaml'], 0, '1 file under k8s/'],
    [['.'], ['a.yaml', 'b.yaml', 'tsconfig.json'], 1, '3 files under . (1 has no Kubernetes objects)'],
    [['shop.yaml'], ['shop.yaml'], 0, 'shop.yaml'],
    [['-'], ['<stdin>'], 0, 'standard input'],
    [['k8s/', '-'], ['k8s/a.yaml', '<stdin>'], 0, '2 files under k8s/, standard input'],
    [[], ['<helm template chart>'], 0, '<helm template chart>'],
  ])('%j of %j', (paths, files, foreign, words) => {
    expect(basisOfFiles(paths, files, foreign)).toBe(words);
  });

  it('names both states that are compared, and what they share', () => {
    const states = [
      { name: 'main', made: { files: 1 } },
      { name: 'working tree', made: { files: 0 } },
    ];
    expect(basisOfStates({ states, shared: 0 })).toBe('main (1 file) and working tree (0 files)');
    expect(basisOfStates({ states, shared: 2 })).toBe('main (1 file) and working tree (0 files), with 2 files in both');
  });

  it('names the cluster, the context where it is called otherwise, and the time', () => {
    const at = new Date(2026, 0, 5, 12, 3, 41);
    const context = { name: 'prod', server: 'https://10.0.0.1:6443', cluster: 'prod', user: 'anna', namespace: 'web' };
    expect(basisOfCluster(context, at)).toBe('cluster prod, 12:03:41');
    expect(basisOfCluster({ ...context, name: 'anna@prod' }, at)).toBe('cluster prod (context anna@prod), 12:03:41');
  });
});
