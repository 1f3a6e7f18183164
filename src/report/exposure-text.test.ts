import { describe, expect, it } from 'vitest';
import type { MapExposedPeer } from '../answer/documents/connectivity-map.ts';
import { exposureText } from './exposure-text.ts';
import { paint } from './paint.ts';

const shown = (...peers: readonly MapExposedPeer[]) =>
  exposureText(
    {
      apiVersion: 'netverdict.dev/v1',
      kind: 'ConnectivityMap',
      connections: [],
      exposure: [{ workload: 'shop/cart[Deployment]', direction: 'ingress', isolated: true, peers }],
    },
    paint(false),
  )
    .replace(/ {2,}/g, '  ')
    .split('\n');

describe('the ports of a peer', () => {
  it('are said for every peer, also where it gets none', () => {
    const peer = { namespaces: '', pods: 'app=web' };
    const lines = shown(
      { peer: 'entire-cluster', allowed: [{ protocol: 'TCP', ports: '80' }] },
      { peer, allowed: [] },
      { peer: { ...peer, namespace: 'shop' }, allowed: [], named: ['http/TCP'] },
    );
    expect(lines).toContain('  ← every pod in the cluster  TCP 80');
    expect(lines).toContain('  ← pods with app=web in every namespace  no port');
    expect(lines).toContain('  ← pods with app=web in namespace shop  ports named http/TCP');
  });
});
