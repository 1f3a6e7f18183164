// The ports of a program on this machine. The only file of app/ that touches an edge, and each edge is loaded when it is first used:
// a question about files must not pay for the client of a cluster.
import type { Ports } from './ports.ts';

export const nodePorts: Ports = {
  files: {
    read: async (paths) => (await import('../source/files.ts')).readInputs(paths, {}),
    one: async (path) => (await import('../source/one-file.ts')).oneFile(path),
    kindOf: async (path) => (await import('../source/one-file.ts')).kindOfPath(path),
    change: async (changes) => (await import('../source/write.ts')).writeChanges(changes),
  },
  render: {
    kustomized: async (folder) => (await import('../source/render.ts')).kustomized(folder),
    helmed: async (chart, values, namespace) => (await import('../source/render.ts')).helmed(chart, values, namespace),
    printed: async (command, path, label) => (await import('../source/render-at.ts')).renderedAt(command, path, label),
  },
  cluster: {
    read: async (wish) => (await import('../source/live.ts')).readCluster(wish),
    watch: async (wish) => (await import('../source/live-watch.ts')).watchCluster(wish),
    probing: async (access, work) => {
      const { openApi } = await import('../source/live-request.ts');
      const api = await openApi(access);
      try {
        return await work({
          get: (path) => api.get(path),
          send: (method, path, body, type) => api.send(method, path, body, type),
          exec: async (where, command, signal) => (await import('../source/live-exec.ts')).execInPod(api, where, command, signal),
        });
      } finally {
        api.close();
      }
    },
  },
  git: {
    repositoryAt: async (path) => (await import('../source/git.ts')).repositoryAt(path),
    commitOf: async (repository, revision) => (await import('../source/git.ts')).commitOf(repository, revision),
    mergeBase: async (repository, one, other) => (await import('../source/git.ts')).mergeBase(repository, one, other),
    insideOf: async (repository, path) => (await import('../source/git.ts')).insideOf(repository, path),
    manifestsAt: async (repository, commit, paths, label) =>
      (await import('../source/git.ts')).manifestsAt(repository, commit, paths, label),
    printedAt: async (repository, commit, wish) => (await import('../source/render-at.ts')).renderedTree(repository, commit, wish),
    textsAt: async (revision, paths) => (await import('../source/git-texts.ts')).textsAt(revision, paths),
  },
  clock: { now: () => Date.now() },
  kernel: {
    ask: async (cluster, semantics, asks, options) => (await import('../lab/ask.ts')).askKernel(cluster, semantics, asks, options),
    prove: async (cluster, options) => (await import('../lab/prove.ts')).prove(cluster, options),
  },
};
