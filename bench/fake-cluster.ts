// A process of its own that serves the objects of a file as an API server would, for programs that are measured beside it:
// `tsx bench/fake-cluster.ts cluster.json` prints the path of a kubeconfig and serves until its stdin ends.
import { readFileSync } from 'node:fs';
import { json, startFakeApiServer } from '../tests/fake-apiserver.ts';

const { items } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as { items: readonly { readonly kind: string }[] };
const ofKind = (wanted: string) => items.filter(({ kind }) => kind === wanted);

/** What kubectl must be told before it asks for `pods,svc,netpol,ns`: [plural, kind, short name]. */
const CORE = [
  ['pods', 'Pod', 'po'],
  ['services', 'Service', 'svc'],
  ['namespaces', 'Namespace', 'ns'],
] as const;
const NETWORKING = [['networkpolicies', 'NetworkPolicy', 'netpol']] as const;

function discovery(groupVersion: string, kinds: typeof CORE | typeof NETWORKING): object {
  const resources = kinds.map(([name, kind, short]) => ({
    name,
    kind,
    singularName: kind.toLowerCase(),
    shortNames: [short],
    namespaced: kind !== 'Namespace',
    verbs: ['get', 'list', 'watch'],
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

const DISCOVERY: Readonly<Record<string, object>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/api/v1': discovery('v1', CORE),
  '/apis/networking.k8s.io/v1': discovery('networking.k8s.io/v1', NETWORKING),
};

const server = await startFakeApiServer(
  {
    '/api/v1/pods': ofKind('Pod'),
    '/api/v1/namespaces': ofKind('Namespace'),
    '/apis/networking.k8s.io/v1/networkpolicies': ofKind('NetworkPolicy'),
  },
  (_request, response, path) => {
    const found = DISCOVERY[new URL(path, 'http://x').pathname];
    return found === undefined ? false : json(response, 200, found);
  },
  [{ name: 'networking.k8s.io', versions: ['v1'] }],
);
console.log(server.kubeconfig);
process.stdin.on('end', () => void server.stop());
process.stdin.resume();
