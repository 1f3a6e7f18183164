// Names of Services where no address is written: in files that ConfigMaps make, and alone in arguments and variables.
import { type DeclaredNeed, needsIn } from '../lint/declared-needs.ts';
import type { Cluster, Pod } from '../model/cluster.ts';
import { dig, isObject, listOf, textOf } from '../objects/read.ts';
import { selects } from '../route/endpoints.ts';

/** ConfigMaps that are mounted as files. Lines of which the last part is an address count, as for environment variables. */
export function mountedNeeds(cluster: Cluster, pod: Pod): readonly DeclaredNeed[] {
  const names = listOf(dig(pod.spec, 'volumes')).flatMap((volume) => [
    textOf(dig(volume, 'configMap', 'name')),
    ...listOf(dig(volume, 'projected', 'sources')).map((source) => textOf(dig(source, 'configMap', 'name'))),
  ]);
  const maps = (cluster.extras.get('ConfigMap') ?? []).filter(({ namespace, name }) => namespace === pod.namespace && names.includes(name));
  return maps.flatMap(({ value }) => {
    const data = dig(value, 'data');
    const texts = isObject(data) ? Object.values(data).filter((text): text is string => typeof text === 'string') : [];
    // Hosts outside are left: a file of settings names many that nobody calls.
    return texts
      .flatMap((text) => text.split('\n').flatMap((line) => needsIn(cluster, pod, '', line)))
      .filter(({ service }) => service !== undefined);
  });
}

/** These variables hold the name of something else that may well be called like a Service. */
const HOLDS_NO_HOST = /(name|user|username|password|db|database|schema|app|role|profile|type|label|prefix|topic|queue|key)$/i;

/** An argument or a variable that is just the name of a Service of its own namespace, and not of the one in front of this pod. */
export function bareNames(cluster: Cluster, pod: Pod): readonly DeclaredNeed[] {
  const containers = [...listOf(dig(pod.spec, 'containers')), ...listOf(dig(pod.spec, 'initContainers'))];
  const texts = containers.flatMap((container) => [
    ...listOf(dig(container, 'args')),
    ...listOf(dig(container, 'command')).slice(1),
    ...listOf(dig(container, 'env'))
      .filter((variable) => !HOLDS_NO_HOST.test(textOf(dig(variable, 'name')) ?? ''))
      .map((variable) => dig(variable, 'value')),
  ]);
  return texts.flatMap((text): readonly DeclaredNeed[] => {
    const service =
      typeof text === 'string' && /^[a-z][a-z0-9-]*$/.test(text) ? cluster.services.get(`${pod.namespace}/${text}`) : undefined;
    if (service === undefined || selects(service, pod)) return [];
    return [{ written: service.name, service, replica: undefined, host: service.name, port: undefined }];
  });
}
