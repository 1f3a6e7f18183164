// A file of random questions about the pods of a cluster: the same for the same seed.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** Writes `count` lines of `{"id":…,"from":…,"to":…,"port":…}` to `out`. */
export function questions(clusterFile: string, out: string, count: number): void {
  const list = JSON.parse(readFileSync(clusterFile, 'utf8')) as {
    items: { kind: string; metadata: { name: string; namespace: string } }[];
  };
  const pods = list.items.filter(({ kind }) => kind === 'Pod').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  let state = 88172645;
  const below = (n: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
  const ports = [8080, 53, 9000, 9025, 9049, 443];
  const file = openSync(out, 'w');
  let text = '';
  for (let id = 0; id < count; id++) {
    text += `{"id":${id},"from":"${pods[below(pods.length)]}","to":"${pods[below(pods.length)]}","port":${ports[below(ports.length)]},"protocol":"TCP"}\n`;
    if (text.length > 1 << 20 || id === count - 1) {
      writeSync(file, text);
      text = '';
    }
  }
  closeSync(file);
}
